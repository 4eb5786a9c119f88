"""Data sets made from data sets: a filtered part of one, or several together."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sonde.bearings.core.datasets import Dataset, NewRecording, StoredRecording
from sonde.bearings.core.merging import BearingNames, Merged, merge
from sonde.bearings.core.recording_query import RecordingQuery, query_from_json, query_to_json
from sonde.bearings.persistence import recording_queries
from sonde.bearings.persistence.signal_files import append_signals, writing
from sonde.bearings.services import datasets, quotas
from sonde.bearings.services.datasets import DatasetPlan
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid, SondeError
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.core.quota import Quota
from sonde.platform.services import jobs
from sonde.platform.services.work import ports

SUBSET_JOB, MERGE_JOB = "bearings.subset", "bearings.merge"
MOST_MERGED = 20
_TOLD_EVERY = 50
_VALUE_BYTES = 4

Progress = Callable[[float], None]


@dataclass(frozen=True)
class NewName:
    """What the new data set will be called.

    Parameters
    ----------
    name : str
    as_new_version : bool
        Whether it may be the next version of a data set of that name.
    description : str
    """

    name: str
    as_new_version: bool = False
    description: str = ""


@dataclass(frozen=True)
class Made:
    """What a data set will be made of: its plan, and the signals in their order.

    Parameters
    ----------
    plan : DatasetPlan
        Its recordings do not say yet where their signals stand.
    sources : tuple of Path
        The signal file of each recording.
    """

    plan: DatasetPlan
    sources: tuple[Path, ...]


def start_subset(actor: Actor, dataset_id: str, query: RecordingQuery, new: NewName) -> Job:
    """Queue the job that stores a part of a data set as a new one.

    Raises NotFound, Forbidden for viewers, Invalid if nothing is left, Conflict for a taken name.
    Emits ``bearings.dataset_stored`` at its end.
    """
    plan_subset(actor, dataset_id, query, new)
    return jobs.enqueue(
        actor,
        kind=SUBSET_JOB,
        params={"dataset_id": dataset_id, "filter": query_to_json(query), "new": vars(new)},
        title=f"Store a part as {new.name.strip()}",
        subject_link=f"/datasets/{dataset_id}",
    )


def start_merge(
    actor: Actor, dataset_ids: Sequence[str], new: NewName, bearings: BearingNames
) -> Job:
    """Queue the job that stores several data sets as one.

    Raises NotFound, Forbidden for viewers, Invalid for less than two, Conflict for a taken name or
    contradicting classes. Emits ``bearings.dataset_stored`` at its end.
    """
    plan_merge(actor, dataset_ids, new, bearings)
    return jobs.enqueue(
        actor,
        kind=MERGE_JOB,
        params={
            "dataset_ids": list(dataset_ids),
            "new": vars(new),
            "bearings": bearings.value,
        },
        title=f"Merge into {new.name.strip()}",
        subject_link="/datasets",
    )


def run_subset(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Store a part of a data set; the work of a job."""
    with job.work():
        made = plan_subset(
            job.actor,
            params["dataset_id"],
            query_from_json(params["filter"]),
            NewName(**params["new"]),
        )
    return _run(job, made)


def run_merge(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Store several data sets as one; the work of a job."""
    with job.work():
        made = plan_merge(
            job.actor,
            params["dataset_ids"],
            NewName(**params["new"]),
            BearingNames(params["bearings"]),
        )
    return _run(job, made)


def _run(job: JobRun, made: Made) -> JobOutcome:
    with tempfile.TemporaryDirectory(prefix="sonde-derive-") as folder:
        path = Path(folder) / "signals.h5"
        plan = write(made, path, lambda done: job.progress("Copying signals", 0.9 * done))
        job.progress("Storing", 0.95)
        with job.work():
            key = datasets.store_signals(path, key=f"signals/{job.job_id}.h5")
    result: dict[str, Any] = {"link": "/datasets"}

    def seal() -> None:
        result["link"] = f"/datasets/{_seal(job.actor, plan, key).id}"

    return JobOutcome(result, effect=seal)


def _seal(actor: Actor, plan: DatasetPlan, key: str) -> Dataset:
    """Make the data set; where that is refused, its signals go again."""
    try:
        return datasets.create_sealed(actor, plan, file_key=key)
    except SondeError:
        ports().files.delete(key)
        raise


def plan_subset(actor: Actor, dataset_id: str, query: RecordingQuery, new: NewName) -> Made:
    """Return what a part of a data set will be; raises NotFound, Forbidden, Invalid, Conflict."""
    source = _checked(actor, (dataset_id,), new)[0]
    wanted = frozenset(recording_queries.ids(dataset_id, query))
    kept = [one for one in datasets.recordings(actor, dataset_id) if one.id in wanted]
    if not kept:
        raise Invalid("No recording fits this filter; nothing was stored.", field="filter")
    _require_room(actor, kept)
    plan = DatasetPlan(
        new.name,
        "subset",
        source.designation,
        tuple(_renewed(one) for one in kept),
        description=new.description,
        tags=source.tags,
        made_from={"datasets": [dataset_id], "filter": query_to_json(query)},
        as_new_version=new.as_new_version,
    )
    return Made(plan, (datasets.signal_file(source),) * len(kept))


def plan_merge(
    actor: Actor, dataset_ids: Sequence[str], new: NewName, bearings: BearingNames
) -> Made:
    """Return what several data sets will be together.

    Raises NotFound, Forbidden, Invalid, and Conflict for a taken name or contradicting classes.
    """
    sources = _checked(actor, dataset_ids, new)
    merged = preview_merge(actor, dataset_ids, bearings)
    _require_room(actor, merged.recordings)
    designations = {one.designation for one in sources}
    plan = DatasetPlan(
        new.name,
        "merge",
        designations.pop() if len(designations) == 1 else "",
        tuple(_renewed(one) for one in merged.recordings),
        description=new.description,
        tags=tuple(dict.fromkeys(tag for one in sources for tag in one.tags)),
        made_from={"datasets": list(dataset_ids), "bearings": bearings.value},
        as_new_version=new.as_new_version,
    )
    files = {one.id: datasets.signal_file(one) for one in sources}
    return Made(plan, tuple(files[one.dataset_id] for one in merged.recordings))


def preview_merge(
    actor: Actor, dataset_ids: Sequence[str], bearings: BearingNames = BearingNames.SAME
) -> Merged:
    """Return which recordings a merge would hold; raises NotFound, Invalid, Conflict."""
    if not 2 <= len(set(dataset_ids)) == len(dataset_ids) <= MOST_MERGED:
        raise Invalid(f"Choose 2 to {MOST_MERGED} different data sets.", field="datasets")
    names = {each: datasets.get(actor, each).name for each in dataset_ids}
    every = [one for each in dataset_ids for one in datasets.recordings(actor, each)]
    return merge(every, names, bearings)


def write(made: Made, path: Path, progress: Progress) -> DatasetPlan:
    """Write the signals into a new file and return the plan that knows where they stand."""
    recordings = made.plan.recordings
    places: list[str] = []
    with writing(path) as writer:
        for source, start, stop in _runs(made.sources):
            wanted = [one.signal_path for one in recordings[start:stop]]
            for place in append_signals(writer, source, wanted):
                places.append(place)
                if len(places) % _TOLD_EVERY == 0:
                    progress(len(places) / len(recordings))
    pairs = zip(recordings, places, strict=True)
    placed = tuple(replace(one, signal_path=place) for one, place in pairs)
    return replace(made.plan, recordings=placed)


def make(actor: Actor, made: Made) -> Dataset:
    """Store at once what `plan_subset` or `plan_merge` planned, without a job."""
    with tempfile.TemporaryDirectory(prefix="sonde-derive-") as folder:
        path = Path(folder) / "signals.h5"
        plan = write(made, path, lambda _done: None)
        key = datasets.store_signals(path)
    return _seal(actor, plan, key)


def _runs(sources: Sequence[Path]) -> list[tuple[Path, int, int]]:
    """Return stretches of equal files, so that each is opened once."""
    runs: list[tuple[Path, int, int]] = []
    for position, source in enumerate(sources):
        if runs and runs[-1][0] == source:
            runs[-1] = (source, runs[-1][1], position + 1)
        else:
            runs.append((source, position, position + 1))
    return runs


def _checked(actor: Actor, dataset_ids: Sequence[str], new: NewName) -> list[Dataset]:
    actor.require(Role.ANALYST)
    datasets.check_free(actor, new.name, as_new_version=new.as_new_version)
    return [datasets.get(actor, each) for each in dataset_ids]


def _require_room(actor: Actor, recordings: Sequence[StoredRecording]) -> None:
    """Raise TooLarge before anything is copied that the actor may not keep."""
    n_values = sum(one.n_samples * len(one.channels) for one in recordings)
    quotas.require_room(actor, Quota(len(recordings), n_values * _VALUE_BYTES))


def _renewed(recording: StoredRecording) -> NewRecording:
    """Return a stored recording as one on its way into another data set."""
    return NewRecording(
        **{each.name: getattr(recording, each.name) for each in fields(NewRecording)}
    )
