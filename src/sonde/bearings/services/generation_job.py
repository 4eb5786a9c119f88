"""The work behind a generation: workers take its parts one by one, the first joins them.

The parent job runs on one queue and asks for a second worker on the other. Both claim parts; if
the second never comes, or dies, the parent does its share too, so that nothing waits for nobody.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.generations import Generation, Part
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.persistence import generation_parts as parts
from sonde.bearings.persistence import generations as rows
from sonde.bearings.services import datasets, generations
from sonde.bearings.services.datasets import DatasetPlan
from sonde.bearings.services.generation_files import (
    delete_parts,
    join_parts,
    part_key,
    part_keys,
    require_space,
    working_file,
    write_part,
)
from sonde.platform.core.errors import NotFound, SondeError
from sonde.platform.core.identifiers import is_id, made_at, new_id
from sonde.platform.core.jobs import JobCancelled, JobOutcome, JobRun, LeaseLost
from sonde.platform.core.ports import FileStore
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

CLAIM_S = 20.0
_KEPT = timedelta(days=3)
_LOOK_EVERY_S = 0.5
_PAUSE_S = 0.2
_SHARE_OF_MAKING = 0.85
_MAKING, _JOINING = "Simulating", "Joining"


class PartLost(Exception):
    """Another worker has taken this part over, or nobody wants it any more."""


@dataclass(frozen=True)
class Shared:
    """What every worker of a generation needs.

    Parameters
    ----------
    job : JobRun
    generation : Generation
    config : GenerationConfig
    files : FileStore
    as_new_version : bool
        Whether a data set of its name gets this as its next version.
    """

    job: JobRun
    generation: Generation
    config: GenerationConfig
    files: FileStore
    as_new_version: bool = False

    @property
    def id(self) -> str:
        """The generation's id."""
        return self.generation.id


def open_shared(job: JobRun, generation_id: str) -> Shared:
    """Look up what a worker needs; raises NotFound."""
    with job.work():
        generation = generations.get(job.actor, generation_id)
        files = ports().files
    return Shared(job, generation, generations.config_of(generation), files)


def generate(job: JobRun, generation_id: str, *, as_new_version: bool = False) -> JobOutcome:
    """Make a generation with whoever helps; its data set is stored exactly once.

    Emits ``bearings.dataset_stored``. A cancelled job leaves no files.
    """
    shared = replace(open_shared(job, generation_id), as_new_version=as_new_version)
    try:
        _begin(shared)
        _make_all(shared)
        return _join(shared)
    except JobCancelled:
        delete_parts(shared.files, shared.id)
        raise


def help_generation(job: JobRun, generation_id: str, parent_id: str) -> JobOutcome:
    """Make parts of a generation until there are none left, or its own job has ended."""
    shared = open_shared(job, generation_id)
    made = 0
    while not _has_ended(shared, parent_id):
        part = _take(shared)
        if part is None:
            return JobOutcome({"parts": made})
        try:
            _make(shared, part, parent_id)
        except PartLost:
            continue
        made += 1
    _leave(shared, parent_id)
    return JobOutcome({"parts": made})


def _begin(shared: Shared) -> None:
    """Begin afresh on the first try, and ask for a second worker."""
    job = shared.job
    require_space(shared.generation.n_bytes)
    if job.attempt > 1:
        return
    delete_parts(shared.files, shared.id)
    with job.work():
        parts.clear(shared.id)
        if len(parts.file_keys(shared.id)) > 1:
            jobs.enqueue(
                job.actor,
                kind=generations.PART_KIND,
                params={"generation_id": shared.id, "parent_id": job.job_id},
                title=f"Generate {shared.generation.name}: second worker",
                subject_link=f"/data-generation?generation={shared.id}",
            )


def _make_all(shared: Shared) -> None:
    """Make parts until all are made, by whomever."""
    while True:
        part = _take(shared)
        if part is not None:
            with suppress(PartLost):
                _make(shared, part, "")
                shared.job.save_checkpoint({"parts": part.number + 1})
        elif _tell(shared):
            return
        else:
            time.sleep(_PAUSE_S)


def _take(shared: Shared) -> Part | None:
    with shared.job.work():
        return parts.take(shared.id, CLAIM_S)


def _tell(shared: Shared) -> bool:
    """Note how far the generation is; say whether all parts are there."""
    with shared.job.work():
        n_done = parts.n_done(shared.id)
        is_whole = all(parts.file_keys(shared.id))
    total = shared.generation.n_signals
    share = _SHARE_OF_MAKING * n_done / total
    shared.job.progress(_MAKING, share, f"{n_done:,} of {total:,} signals")
    return is_whole


def _make(shared: Shared, part: Part, parent_id: str) -> None:
    """Make one part and put its file into the store; raises PartLost."""
    key = part_key(shared.id)
    looked_at = time.monotonic()

    def done(count: int) -> None:
        nonlocal looked_at
        shared.job.check()
        if time.monotonic() - looked_at > _LOOK_EVERY_S:
            _keep(shared, part, count, parent_id)
            looked_at = time.monotonic()

    try:
        with working_file() as path:
            write_part(shared.config, part, path, done)
            shared.job.check()
            shared.files.put(key, path)
        with shared.job.work():
            is_ours = parts.finish(shared.id, part, key)
    except (JobCancelled, LeaseLost, PartLost):
        shared.files.delete(key)
        raise
    if not is_ours:
        shared.files.delete(key)
        raise PartLost


def _keep(shared: Shared, part: Part, count: int, parent_id: str) -> None:
    """Hold on to a part; raises PartLost once it is not ours or not wanted any more."""
    with shared.job.work():
        is_ours = parts.keep(shared.id, part, count, CLAIM_S)
    if not is_ours or (parent_id and _has_ended(shared, parent_id)):
        raise PartLost
    if not parent_id:
        _tell(shared)


def _has_ended(shared: Shared, parent_id: str) -> bool:
    with shared.job.work():
        try:
            return jobs.get(shared.job.actor, parent_id).state.is_final
        except NotFound:
            return True


def _leave(shared: Shared, parent_id: str) -> None:
    """Clean up behind a parent that was cancelled or failed: whoever leaves last does."""
    with shared.job.work():
        state = jobs.get(shared.job.actor, parent_id).state
    if state.value in {"cancelled", "failed"}:
        delete_parts(shared.files, shared.id)


def _join(shared: Shared) -> JobOutcome:
    """Join the parts under a key that the checkpoint names, so that a next try uses it again."""
    job = shared.job
    key = str((job.checkpoint() or {}).get("file_key") or f"signals/{new_id()}.h5")
    job.save_checkpoint({"file_key": key})
    with job.work():
        keys = parts.file_keys(shared.id)
    job.progress(_JOINING, _SHARE_OF_MAKING)

    def done(number: int) -> None:
        job.progress(_JOINING, _SHARE_OF_MAKING + 0.1 * number / len(keys))

    try:
        with working_file() as path:
            sources = list(_paths(shared, keys))
            recordings = join_parts(shared.config, sources, path, done)
            job.progress("Storing", 0.96)
            shared.files.put(key, path)
            job.check()
    except JobCancelled:
        shared.files.delete(key)
        raise
    result = {"signals": len(recordings), "config_hash": shared.generation.config_hash}
    return JobOutcome(result, effect=lambda: _seal(shared, recordings, key))


def _paths(shared: Shared, keys: tuple[str, ...]) -> Iterator[Path]:
    for key in keys:
        yield shared.files.local_path(key)


def _seal(shared: Shared, recordings: tuple[NewRecording, ...], key: str) -> None:
    """Add the data set; what the parts left behind goes once that is certain."""
    actor, generation = shared.job.actor, shared.generation
    plan = DatasetPlan(
        name=generation.name,
        origin="generation",
        designation=generations.designation_of(shared.config),
        recordings=recordings,
        made_from={
            "generation": generation.id,
            "config_hash": generation.config_hash,
            "config": dict(generation.config),
        },
        as_new_version=shared.as_new_version,
    )
    try:
        dataset = datasets.create_sealed(actor, plan, file_key=key)
    except SondeError:
        shared.files.delete(key)
        raise
    rows.note_dataset(generation.id, dataset.id)
    files, generation_id = shared.files, shared.id
    after_commit(lambda: delete_parts(files, generation_id))


def sweep() -> int:
    """Delete files of parts that processes which died have left; return how many."""
    files, old = ports().files, ports().clock() - _KEPT
    gone = 0
    for key, name in part_keys(files):
        if is_id(name) and made_at(name) < old:
            files.delete(key)
            gone += 1
    return gone
