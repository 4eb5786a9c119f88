"""Features of data sets: extracted once by a job, then there for everybody who may see the data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.features.blocks import Block, join, plan_blocks, read_block
from sonde.bearings.core.features.measuring import Circumstances
from sonde.bearings.core.features.registry import BY_NAME, DEFAULT_NAMES
from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.persistence import features as rows
from sonde.bearings.services import datasets, own_features
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, NotFound
from sonde.platform.core.jobs import Job
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

JOB_KIND = "bearings.features"
PAGE = "/feature-engineering"


@dataclass(frozen=True)
class Extraction:
    """How far the features of a data set are.

    Parameters
    ----------
    is_ready : bool
        All that was asked for is there.
    job : Job, optional
        The job that computes what is missing, if one was started and did not succeed yet.
    """

    is_ready: bool
    job: Job | None


def folder(dataset_id: str) -> str:
    """Return where the files of a data set's features stand in the file store."""
    return f"features/{dataset_id}/"


def circumstances(recording: StoredRecording, geometry: Geometry | None) -> Circumstances:
    """Return what is known of a recording beside its samples."""
    return Circumstances(recording.sampling_rate_hz, recording.speed_rpm, geometry, recording.unit)


def table(actor: Actor, dataset_id: str, names: Sequence[str] = ()) -> FeatureTable:
    """Return features of every recording; no names mean the 36 of the original platform.

    Raises NotFound, Invalid for an unknown feature, and Conflict while they are not extracted.
    """
    dataset = datasets.get(actor, dataset_id)
    wanted = tuple(names) or DEFAULT_NAMES
    blocks = _blocks(dataset, wanted)
    there = rows.files(dataset_id, [block.stamp for block in blocks])
    files = ports().files
    try:
        read = [read_block(files.read(there[one.stamp]), one.names) for one in blocks]
    except (KeyError, NotFound):
        raise Conflict(
            f"The features of {dataset.name} are not extracted yet: start the extraction on the "
            "Features page.",
            dataset_id=dataset_id,
        ) from None
    return join(read, wanted)


def ensure(actor: Actor, dataset_id: str, names: Sequence[str] = ()) -> Job | None:
    """Queue the extraction of what is missing; None if everything is there.

    Whoever asks while it is computed gets the job that runs already. Raises NotFound, Invalid for
    an unknown feature, and Forbidden for viewers where something is missing.
    """
    dataset = datasets.get(actor, dataset_id)
    missing = _missing(dataset, _blocks(dataset, tuple(names) or DEFAULT_NAMES))
    if not missing:
        return None
    stamps = sorted(block.stamp for block in missing)
    rows.claim(dataset_id, (dataset.workspace_id, actor.user_id), stamps)
    held = rows.hold(dataset_id, stamps)
    alive = _alive(actor, {row.job_id for row in held if row.job_id and not row.file_key})
    orphans = {row.stamp for row in held if row.job_id not in alive}
    if not orphans:
        return alive[max(alive)]
    job = jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"dataset_id": dataset_id, "blocks": _as_json(missing, orphans)},
        title=f"Extract features of {dataset.name}",
        subject_link=f"{PAGE}?dataset={dataset_id}",
    )
    rows.assign(dataset_id, sorted(orphans), job.id)
    return job


def extraction(actor: Actor, dataset_id: str, names: Sequence[str] = ()) -> Extraction:
    """Return whether features are there, and the newest job that is about them."""
    dataset = datasets.get(actor, dataset_id)
    missing = _missing(dataset, _blocks(dataset, tuple(names) or DEFAULT_NAMES))
    if not missing:
        return Extraction(is_ready=True, job=None)
    started = [
        found for job_id in rows.waiting(dataset_id)[:1] if (found := _find_job(actor, job_id))
    ]
    return Extraction(is_ready=False, job=started[0] if started else None)


def available(actor: Actor, dataset_id: str) -> tuple[str, ...]:
    """Return the names of all features that are extracted, own ones last; raises NotFound."""
    dataset = datasets.get(actor, dataset_id)
    own = own_features.bands_of(dataset.workspace_id)
    blocks = _blocks(dataset, (*BY_NAME, *own))
    missing = {block.stamp for block in _missing(dataset, blocks)}
    there = {name for block in blocks if block.stamp not in missing for name in block.names}
    return tuple(name for name in (*BY_NAME, *own) if name in there)


def drop_files(dataset_id: str) -> None:
    """Delete the files of a data set that goes for good; their rows go with its own."""
    files = ports().files

    def drop() -> None:
        for key in list(files.keys(folder(dataset_id))):
            files.delete(key)

    after_commit(drop)


def stamps(dataset: Dataset, names: Sequence[str]) -> list[str]:
    """Return what the values of these features depend on, as hashes; raises Invalid."""
    return sorted(block.stamp for block in _blocks(dataset, names))


def _blocks(dataset: Dataset, names: Sequence[str]) -> tuple[Block, ...]:
    own = own_features.bands_of(dataset.workspace_id)
    return plan_blocks(dataset, names, {column: band.as_json() for column, band in own.items()})


def _missing(dataset: Dataset, blocks: Iterable[Block]) -> tuple[Block, ...]:
    blocks = tuple(blocks)
    there = rows.files(dataset.id, [block.stamp for block in blocks])
    files = ports().files
    return tuple(
        block
        for block in blocks
        if block.stamp not in there or not files.exists(there[block.stamp])
    )


def _as_json(blocks: Iterable[Block], stamps: set[str]) -> list[dict[str, object]]:
    return [
        {"names": list(one.names), "stamp": one.stamp, "own": one.own}
        for one in blocks
        if one.stamp in stamps
    ]


def _alive(actor: Actor, job_ids: Iterable[str]) -> dict[str, Job]:
    found = {job_id: _find_job(actor, job_id) for job_id in job_ids}
    return {
        job_id: job for job_id, job in found.items() if job is not None and not job.state.is_final
    }


def _find_job(actor: Actor, job_id: str) -> Job | None:
    try:
        return jobs.get(actor, job_id)
    except NotFound:
        return None
