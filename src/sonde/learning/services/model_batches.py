"""Predictions of a whole data set or of many files by a registered model, as jobs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sonde.learning.core.batch_prediction import Batch, BatchSummary
from sonde.learning.core.sources import accept_answers
from sonde.learning.persistence import model_predictions as rows
from sonde.learning.persistence.model_predictions import ModelBatchRow
from sonde.learning.services import experiments, inference, registry
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from sonde.platform.core.identifiers import is_id, new_id
from sonde.platform.core.jobs import Job
from sonde.platform.core.ports import FileStore
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

JOB_KIND = "learning.predict"
MOST_FILES = 500
_LISTED = 100


def predict_problem(actor: Actor, name: str, wanted: str, problem: tuple[str, str]) -> Batch:
    """Queue the prediction of every recording of a data set, given by source and ref.

    Raises Forbidden for viewers, and NotFound for a model or data set that is not the actor's.
    """
    serving = inference.open_version(actor, name, wanted)
    source, ref = problem
    for slug, choice in experiments.problem_choices(actor):
        if (slug, choice.ref) == problem:
            asked = {"source": source, "ref": ref}
            return _enqueue(actor, serving, new_id(), choice.title, asked)
    raise NotFound("There is no such data set to predict.", source=source, ref=ref)


def predict_files(
    actor: Actor,
    name: str,
    wanted: str,
    files: Sequence[tuple[str, Path]],
    given: Mapping[str, Any],
) -> Batch:
    """Queue the prediction of files, given by name and place; they are kept until it is done.

    Raises Forbidden for viewers, NotFound, Invalid for what is said of them, and TooLarge for more
    than 500 files.
    """
    actor.require(Role.ANALYST)
    if not files:
        raise Invalid("Choose at least one file.", field="files")
    if len(files) > MOST_FILES:
        raise TooLarge(f"One batch has at most {MOST_FILES} files.", limit=MOST_FILES)
    serving = inference.open_version(actor, name, wanted)
    accept_answers(serving.source.asks, given)
    batch_id, store, kept = new_id(), ports().files, []
    for number, (known_as, path) in enumerate(files):
        key = f"{prefix(batch_id)}input-{number}"
        store.put(key, path)
        kept.append({"name": known_as, "key": key})
    title = files[0][0] if len(files) == 1 else f"{len(files)} files"
    return _enqueue(actor, serving, batch_id, title, {"files": kept, "given": dict(given)})


def get(actor: Actor, name: str, batch_id: str) -> Batch:
    """Return a batch; raises NotFound for what is not the actor's to see."""
    return _as_batch(actor, name, find(actor, name, batch_id))


def list_batches(actor: Actor, name: str) -> tuple[Batch, ...]:
    """Return the batches of a model, newest first; raises NotFound."""
    found = rows.batches(registry.find_model(actor, name).id, _LISTED)
    return tuple(_as_batch(actor, name, row) for row in found)


def results(actor: Actor, name: str, batch_id: str) -> tuple[str, bytes]:
    """Return a file name and the rows of a batch as CSV.

    Raises NotFound, and Conflict while it is not finished.
    """
    row = find(actor, name, batch_id)
    if not row.result_key:
        raise Conflict("This prediction is not finished yet.", batch_id=batch_id)
    return f"{name}-{row.number}-{row.id.lower()}.csv", ports().files.read(row.result_key)


def remove(actor: Actor, name: str, batch_id: str) -> None:
    """Delete a batch with its files; a running one is cancelled. Raises NotFound, Forbidden."""
    row = find(actor, name, batch_id)
    actor.require(Role.ANALYST)
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can delete this prediction.")
    job = _job(actor, row)
    if job is not None and not job.state.is_final:
        jobs.cancel(actor, job.id)
    rows.remove_batch(batch_id)
    files = ports().files
    after_commit(lambda: drop_files(files, batch_id))


def find(actor: Actor, name: str, batch_id: str) -> ModelBatchRow:
    """Return the row of a model's batch; raises NotFound for what is not the actor's."""
    model_id = registry.find_model(actor, name).id
    row = rows.find_batch(batch_id, actor.workspace_ids) if is_id(batch_id) else None
    if row is None or row.model_id != model_id:
        raise NotFound(f"{name} has no batch {batch_id}.", batch_id=batch_id)
    return row


def prefix(batch_id: str) -> str:
    """Return what the keys of a batch's files begin with."""
    return f"registry/batches/{batch_id}/"


def drop_files(files: FileStore, batch_id: str, keeping: str = "") -> None:
    """Delete the files of a batch but one."""
    for key in list(files.keys(prefix(batch_id))):
        if key != keeping:
            files.delete(key)


def _enqueue(
    actor: Actor,
    serving: inference.Serving,
    batch_id: str,
    title: str,
    asked: Mapping[str, Any],
) -> Batch:
    version = serving.version
    rows.add_batch(
        id=batch_id,
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        owner_name=actor.name,
        model_id=serving.model_id,
        number=version.number,
        title=title,
        asked=dict(asked),
    )
    job = jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"model_name": version.model_name, "batch_id": batch_id},
        title=f"Ask {version.model_name} about {title}",
        subject_link=f"{registry.model_path(version.model_name)}?tab=batches",
    )
    rows.change_batch(batch_id, job_id=job.id)
    return get(actor, version.model_name, batch_id)


def _as_batch(actor: Actor, name: str, row: ModelBatchRow) -> Batch:
    return Batch(
        id=row.id,
        model_name=name,
        title=row.title,
        version=row.number,
        job=_job(actor, row),
        summary=BatchSummary(**row.summary) if row.finished_at else None,
        owner_name=row.owner_name,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def _job(actor: Actor, row: ModelBatchRow) -> Job | None:
    try:
        return jobs.get(actor, row.job_id)
    except NotFound:
        return None
