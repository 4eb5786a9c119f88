"""Extracting the features of a data set: what its job does."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.features.blocks import (
    LONGEST,
    Block,
    block_bytes,
    feature_channel,
    read_block,
)
from sonde.bearings.core.features.measuring import measure
from sonde.bearings.core.features.own import OwnBand, own_band
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.persistence import features as rows
from sonde.bearings.persistence.signal_files import read_signal
from sonde.bearings.services import datasets
from sonde.bearings.services.features import PAGE, circumstances, folder
from sonde.platform.core.errors import Invalid
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobCancelled, JobOutcome, JobRun
from sonde.platform.core.ports import FileStore
from sonde.platform.services.work import after_commit, ports

_SAVE_EVERY_S = 5.0


@dataclass(frozen=True)
class _Plan:
    """What is to be measured, fixed before anything is computed."""

    job_id: str
    dataset_id: str
    recordings: tuple[StoredRecording, ...]
    path: Path
    geometry: Geometry | None
    blocks: tuple[Block, ...]
    files: FileStore

    @property
    def pieces(self) -> str:
        """Return where the pieces of this job stand in the file store."""
        return f"{folder(self.dataset_id)}{self.job_id}/"

    @property
    def names(self) -> tuple[str, ...]:
        """Return every column that is measured."""
        return tuple(name for block in self.blocks for name in block.names)

    @property
    def own(self) -> tuple[OwnBand, ...]:
        """Return the own bands among them."""
        return tuple(own_band(block.own) for block in self.blocks if block.own is not None)


def extract(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Measure every recording and keep the values; raises NotFound if the data set is gone."""
    plan = _plan(job, params)
    keys = _resume(job, plan)
    try:
        keys = _measure_rest(job, plan, keys)
    except JobCancelled:
        _drop_pieces(plan)
        raise
    parts = [read_block(plan.files.read(key), plan.names).values for key in keys]
    values = np.concatenate(parts)
    stored = _store(plan, values)
    unmeasured = int(np.isnan(values).all(axis=1).sum())
    return JobOutcome(
        {
            "recordings": len(plan.recordings),
            "features": len(plan.names),
            "unmeasured": unmeasured,
            "link": f"{PAGE}?dataset={plan.dataset_id}",
        },
        effect=lambda: _finish(plan, stored),
    )


def _plan(job: JobRun, params: Mapping[str, Any]) -> _Plan:
    with job.work():
        dataset = datasets.get(job.actor, str(params["dataset_id"]))
        return _Plan(
            job.job_id,
            dataset.id,
            datasets.recordings(job.actor, dataset.id),
            datasets.signal_file(dataset),
            datasets.geometry_of(dataset.designation),
            tuple(Block(tuple(one["names"]), one["stamp"], one["own"]) for one in params["blocks"]),
            ports().files,
        )


def _resume(job: JobRun, plan: _Plan) -> list[str]:
    """Return the keys of what an earlier attempt measured, as far as they are all there."""
    keys = list((job.checkpoint() or {}).get("keys", ()))
    return keys if all(plan.files.exists(key) for key in keys) else []


def _measure_rest(job: JobRun, plan: _Plan, keys: list[str]) -> list[str]:
    """Measure what is left, saving every few seconds; return the keys of all pieces."""
    keys = list(keys)
    done = sum(_n_rows(plan, key) for key in keys)
    piece: list[NDArray[np.float64]] = []
    saved_at = time.monotonic()
    for number, recording in enumerate(plan.recordings[done:], start=done):
        job.progress("Measuring", 0.98 * number / len(plan.recordings), recording.title)
        piece.append(_measured(plan, recording))
        if time.monotonic() - saved_at > _SAVE_EVERY_S:
            keys.append(_save(plan, number + 1, piece))
            job.save_checkpoint({"keys": keys})
            piece, saved_at = [], time.monotonic()
    if piece:
        keys.append(_save(plan, len(plan.recordings), piece))
    return keys


def _n_rows(plan: _Plan, key: str) -> int:
    return len(read_block(plan.files.read(key), plan.names).recording_ids)


def _save(plan: _Plan, stop: int, piece: Sequence[NDArray[np.float64]]) -> str:
    key = f"{plan.pieces}{new_id()}"
    ids = [one.id for one in plan.recordings[stop - len(piece) : stop]]
    plan.files.put(key, block_bytes(ids, np.stack(piece)))
    return key


def _measured(plan: _Plan, recording: StoredRecording) -> NDArray[np.float64]:
    """Return the features of one recording; all NaN where it cannot be measured."""
    channel = feature_channel(recording)
    samples = read_signal(plan.path, recording.signal_path, channel, 0, LONGEST)
    about = circumstances(recording, plan.geometry)
    try:
        return measure(samples, about, plan.names, plan.own)
    except Invalid:
        return np.full(len(plan.names), np.nan)


def _store(plan: _Plan, values: NDArray[np.float64]) -> dict[str, str]:
    """Write one file for each block; return their keys by stamp."""
    ids = [one.id for one in plan.recordings]
    stored, at = {}, 0
    for block in plan.blocks:
        key = f"{folder(plan.dataset_id)}{new_id()}"
        plan.files.put(key, block_bytes(ids, values[:, at : at + len(block.names)]))
        stored[block.stamp] = key
        at += len(block.names)
    return stored


def _finish(plan: _Plan, stored: Mapping[str, str]) -> None:
    """Note the files; called inside the transaction that ends the job."""
    gone = [key for stamp, key in stored.items() if not rows.finish(plan.dataset_id, stamp, key)]

    def clean() -> None:
        _drop_pieces(plan)
        for key in gone:
            plan.files.delete(key)

    after_commit(clean)


def _drop_pieces(plan: _Plan) -> None:
    for key in list(plan.files.keys(plan.pieces)):
        plan.files.delete(key)
