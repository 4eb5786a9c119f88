"""Exports: a data set as one file for other programs, there to download for a day."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.export.formats import Export, export_format, file_name
from sonde.bearings.core.export.manifest import Exported, manifest_of, name_of
from sonde.bearings.core.export.writing import write
from sonde.bearings.core.recording_query import RecordingQuery, query_from_json, query_to_json
from sonde.bearings.persistence import exports as rows
from sonde.bearings.persistence import recording_queries
from sonde.bearings.persistence.signal_files import read_channels, reading
from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

JOB: Final = "bearings.export"
KEPT: Final = timedelta(days=1)
_ALL = RecordingQuery()
_TOLD_EVERY = 20


def start(actor: Actor, dataset_id: str, slug: str, query: RecordingQuery = _ALL) -> Job:
    """Queue the job that writes a data set, or a part of it, as one file.

    Raises NotFound, and Invalid for an unknown format or an empty part.
    """
    dataset = datasets.get(actor, dataset_id)
    chosen = export_format(slug)
    if not _chosen(actor, dataset, query):
        raise Invalid("No recording fits this filter; there is nothing to export.", field="filter")
    return jobs.enqueue(
        actor,
        kind=JOB,
        params={"dataset_id": dataset.id, "format": slug, "filter": query_to_json(query)},
        title=f"Export {dataset.name} to {chosen.title}",
        subject_link=f"/datasets/{dataset.id}",
    )


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Write the file and keep it for a day; the work of a job."""
    with job.work():
        dataset = datasets.get(job.actor, params["dataset_id"])
        chosen = _chosen(job.actor, dataset, query_from_json(params["filter"]))
        source = datasets.signal_file(dataset)
    kind = export_format(params["format"])
    key = f"exports/{job.job_id}{kind.extension}"
    with tempfile.TemporaryDirectory(prefix="sonde-export-") as folder:
        path = Path(folder) / f"export{kind.extension}"
        signals = _told(job, signals_of(source, chosen), len(chosen))
        write(kind.slug, path, manifest_of(dataset, chosen), signals)
        job.progress("Storing", 0.96)
        with job.work():
            size = ports().files.put(key, path)
            now = ports().clock()
    export = Export(
        id=new_id(),
        workspace_id=dataset.workspace_id,
        owner_id=job.actor.user_id,
        dataset_id=dataset.id,
        dataset_name=dataset.name,
        format=kind.slug,
        file_key=key,
        file_name=file_name(dataset.name, dataset.version, kind),
        job_id=job.job_id,
        size_bytes=size,
        created_at=now,
        expires_at=now + KEPT,
    )
    return JobOutcome(
        {
            "recordings": len(chosen),
            "bytes": size,
            "download": download_path(export.id),
            "link": f"/datasets/{dataset.id}?tab=exports",
        },
        effect=lambda: rows.add(export),
    )


def write_local(
    actor: Actor, dataset_id: str, slug: str, target: Path, query: RecordingQuery = _ALL
) -> int:
    """Write a data set to a file of this machine at once; return the number of recordings."""
    dataset = datasets.get(actor, dataset_id)
    chosen = _chosen(actor, dataset, query)
    if not chosen:
        raise Invalid("No recording fits this filter; there is nothing to export.", field="filter")
    signals = signals_of(datasets.signal_file(dataset), chosen)
    write(slug, target, manifest_of(dataset, chosen), signals)
    return len(chosen)


def signals_of(source: Path, recordings: Sequence[StoredRecording]) -> Iterator[Exported]:
    """Read recordings one after the other from their signal file."""
    with reading(source) as file:
        for position, one in enumerate(recordings):
            yield Exported(name_of(position), one, read_channels(file, one.signal_path))


def download_path(export_id: str) -> str:
    """Return where a file can be downloaded."""
    return f"/api/v1/datasets/exports/{export_id}/file"


def list_exports(actor: Actor, dataset_id: str) -> tuple[Export, ...]:
    """Return the actor's files of a data set that can still be downloaded; raises NotFound."""
    dataset = datasets.get(actor, dataset_id)
    return tuple(rows.of_dataset(dataset.id, actor.user_id, ports().clock()))


def get(actor: Actor, export_id: str) -> Export:
    """Return one of the actor's files; raises NotFound, also once its day is over."""
    export = rows.find(export_id, actor.user_id)
    if export is None or export.expires_at <= ports().clock():
        raise NotFound(
            "There is no such file, or its day is over; export the data set again.", id=export_id
        )
    return export


def local_file(actor: Actor, export_id: str) -> tuple[Export, Path]:
    """Return one of the actor's files and where it lies; raises NotFound."""
    export = get(actor, export_id)
    return export, ports().files.local_path(export.file_key)


def remove(actor: Actor, export_id: str) -> None:
    """Remove one of the actor's files before its day is over; raises NotFound."""
    _forget([get(actor, export_id)])


def sweep() -> int:
    """Remove the files whose day is over; return how many there were."""
    return _forget(rows.expired(ports().clock()))


def _forget(over: Sequence[Export]) -> int:
    files = ports().files
    keys = [one.file_key for one in over]

    def delete() -> None:
        for key in keys:
            files.delete(key)

    rows.remove([one.id for one in over])
    after_commit(delete)
    return len(over)


def _chosen(actor: Actor, dataset: Dataset, query: RecordingQuery) -> list[StoredRecording]:
    every = datasets.recordings(actor, dataset.id)
    if not query.is_narrow:
        return list(every)
    wanted = frozenset(recording_queries.ids(dataset.id, query))
    return [one for one in every if one.id in wanted]


def _told(job: JobRun, signals: Iterator[Exported], total: int) -> Iterator[Exported]:
    for position, one in enumerate(signals):
        if position % _TOLD_EVERY == 0:
            job.progress("Writing", 0.95 * position / total, one.recording.file)
        yield one
