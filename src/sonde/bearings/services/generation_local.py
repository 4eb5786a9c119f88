"""A generation into a file, by processes of its own: no server, no database."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import NewRecording, content_hash
from sonde.bearings.core.export import writing
from sonde.bearings.core.export.formats import export_format
from sonde.bearings.core.export.manifest import (
    VERSION,
    Exported,
    Manifest,
    facts_of,
    name_of,
)
from sonde.bearings.core.simulate.describing import simulate_recording
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.services.generation_files import working_file
from sonde.bearings.services.generations import designation_of
from sonde.platform.core.errors import Invalid, Unavailable
from sonde.platform.core.identifiers import new_id

MAX_WORKERS = 64
_HDF5 = "hdf5"
_BATCH_BYTES = 3_000_000
_BATCHES_AHEAD = 3
Made = list[tuple[NewRecording, NDArray[np.float32]]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FileWish:
    """Where a generation goes.

    Parameters
    ----------
    target : Path
        Replaced at the end, whole.
    format : str
        One of ``EXPORT_FORMATS``.
    workers : int
        Processes; the content does not depend on it.
    """

    target: Path
    format: str = "hdf5"
    workers: int = 1


def generate_file(config: GenerationConfig, wish: FileWish, progress: Progress) -> str:
    """Write a generation to a file; return the hash of its content.

    `progress` is told how many of how many signals are written. Raises Invalid for a target that
    cannot be written, TooLarge beyond the limits and Unavailable if a worker process dies. The
    target is replaced only once everything is there.
    """
    if not 1 <= wish.workers <= MAX_WORKERS:
        raise Invalid(f"Choose 1 to {MAX_WORKERS} workers.", field="workers")
    if not wish.target.absolute().parent.is_dir():
        raise Invalid(f"There is no folder {wish.target.absolute().parent}.", field="out")
    if wish.target.is_dir():
        raise Invalid(f"{wish.target} is a folder; name a file in it.", field="out")
    config.check_size()
    export_format(wish.format)
    beside = wish.target.with_name(f".{wish.target.name}.{new_id()}.part")
    try:
        described = _write(config, wish, beside, progress)
        beside.replace(wish.target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Invalid(f"{wish.target} cannot be written: {reason}.", field="out") from None
    finally:
        beside.unlink(missing_ok=True)
    return content_hash(described)


def _write(
    config: GenerationConfig, wish: FileWish, target: Path, progress: Progress
) -> list[NewRecording]:
    """Write the signals as they come; other formats than HDF5 are made of that at the end."""
    if wish.format == _HDF5:
        return _write_hdf5(config, wish.workers, target, progress)
    with working_file() as path:
        described = _write_hdf5(config, wish.workers, path, progress)
        named = {name_of(place): facts_of(one) for place, one in enumerate(described)}
        signals = _stored(path, described)
        writing.write(wish.format, target, Manifest(_facts(config), named), signals)
    return described


def _write_hdf5(
    config: GenerationConfig, workers: int, target: Path, progress: Progress
) -> list[NewRecording]:
    """Write HDF5, whose manifest is read last: it grows with the signals."""
    described: list[NewRecording] = []
    named: dict[str, Mapping[str, Any]] = {}

    def signals() -> Iterator[Exported]:
        for recording, samples in _made(config, workers):
            name = name_of(len(described))
            described.append(recording)
            named[name] = facts_of(recording)
            yield Exported(name, recording, samples)
            progress(len(described), config.n_signals)

    writing.write(_HDF5, target, Manifest(_facts(config), named), signals())
    return described


def _stored(path: Path, described: list[NewRecording]) -> Iterator[Exported]:
    with h5py.File(path, "r") as file:
        for place, recording in enumerate(described):
            name = name_of(place)
            yield Exported(name, recording, file[name][...])


def _facts(config: GenerationConfig) -> dict[str, Any]:
    """Return what the file says of itself; its own name is not part of it."""
    return {
        "sonde_export": VERSION,
        "name": f"Simulated {config.kind} bearings",
        "designation": designation_of(config),
        "made_from": {"config": config.to_json(), "config_hash": config.content_hash},
    }


def _made(
    config: GenerationConfig, workers: int
) -> Iterator[tuple[NewRecording, NDArray[np.float32]]]:
    """Go through all signals in order, made here or by so many processes."""
    if workers == 1:
        for index in range(config.n_signals):
            yield simulate_recording(config, index)
        return
    context = get_context("forkserver")
    context.set_forkserver_preload([simulate_recording.__module__])
    executor = ProcessPoolExecutor(workers, mp_context=context)
    try:
        for batch in _in_order(executor, config, workers * _BATCHES_AHEAD):
            yield from batch
    except BrokenProcessPool:
        raise Unavailable(
            "A worker process has ended, perhaps for want of memory; try with fewer workers."
        ) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _in_order(
    executor: ProcessPoolExecutor, config: GenerationConfig, n_ahead: int
) -> Iterator[Made]:
    """Yield the batches in order, only so many made ahead that memory stays flat."""
    each = len(config.channels) * config.n_samples * 4
    size = max(1, min(_BATCH_BYTES // each, 64))
    waiting: deque[Future[Made]] = deque()
    for first in range(0, config.n_signals, size):
        if len(waiting) == n_ahead:
            yield waiting.popleft().result()
        last = min(first + size, config.n_signals)
        waiting.append(executor.submit(_make_batch, config, first, last))
    while waiting:
        yield waiting.popleft().result()


def _make_batch(config: GenerationConfig, first: int, last: int) -> Made:
    return [simulate_recording(config, index) for index in range(first, last)]
