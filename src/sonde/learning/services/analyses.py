"""Analyses: long questions about trained experiments, answered once by a job and kept."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analyses import analysis
from sonde.learning.core.analysing.kind import AnalysisKind
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.persistence import analyses as rows
from sonde.learning.services import experiments
from sonde.learning.services.analysis_materials import (
    arrays_as_bytes,
    arrays_from_bytes,
    material,
    require_finished,
)
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id, new_id
from sonde.platform.core.jobs import Job, JobOutcome, JobRun, JobState
from sonde.platform.core.paging import Slice
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

JOB_KIND = "learning.analyse"


@dataclass(frozen=True)
class Analysis:
    """A question about experiments, and its answer as far as it is.

    Parameters
    ----------
    id, kind, title : str
    experiment_ids : tuple of str
    params : mapping
        Every parameter written out.
    state : JobState
        ``succeeded`` means that `result` is there.
    job : Job, optional
        What computes it, or failed to; None once it is answered.
    result : mapping, optional
    has_arrays : bool
        Whether `arrays` holds more.
    error : str
        Why it failed, for people.
    """

    id: str
    kind: str
    title: str
    experiment_ids: tuple[str, ...]
    params: Mapping[str, Any]
    state: JobState
    job: Job | None
    result: Mapping[str, Any] | None
    has_arrays: bool
    error: str


@dataclass(frozen=True)
class _Question:
    """A checked question: what is asked, of what, and the stamp that its answer is kept under."""

    kind: AnalysisKind
    experiment_ids: tuple[str, ...]
    params: Mapping[str, Any]
    workspace_id: str
    titles: tuple[str, ...]
    stamp: str


def ask(
    actor: Actor, kind: str, experiment_ids: Sequence[str], params: Mapping[str, object]
) -> Analysis:
    """Return the answer that is kept, or queue the job that computes it (queue ``train``).

    Whoever asks the same at the same time gets the same job; a failed one is tried again. Raises
    NotFound, Conflict for an unfinished experiment, Invalid for parameters, Forbidden for viewers
    where it has to be computed.
    """
    question = _question(actor, kind, experiment_ids, params)
    known = rows.find_asked(question.workspace_id, question.stamp)
    if known is not None and _needs_nobody(known):
        return _view(actor, known)
    actor.require(Role.ANALYST)
    rows.claim(
        (question.workspace_id, actor.user_id),
        question.stamp,
        kind=kind,
        experiment_ids=list(question.experiment_ids),
        params=dict(question.params),
    )
    row = rows.hold(question.workspace_id, question.stamp)
    if row is None:
        raise NotFound("This experiment was deleted.", experiment_id=question.experiment_ids[0])
    known = rows.find_asked(question.workspace_id, question.stamp)
    if known is not None and _needs_nobody(known):
        return _view(actor, known)
    job = _enqueue(actor, question, row.id)
    rows.assign(row.id, job.id)
    return get(actor, row.id)


def look(
    actor: Actor, kind: str, experiment_ids: Sequence[str], params: Mapping[str, object]
) -> Analysis | None:
    """Return an analysis if somebody asked for it already; starts nothing. Raises as `ask`."""
    question = _question(actor, kind, experiment_ids, params)
    found = rows.find_asked(question.workspace_id, question.stamp)
    return None if found is None else _view(actor, found)


def get(actor: Actor, analysis_id: str) -> Analysis:
    """Return one analysis; raises NotFound for what is not the actor's to see."""
    return _view(actor, _find(actor, analysis_id))


def arrays(actor: Actor, analysis_id: str) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of an answer; raises NotFound, and Conflict while there is none."""
    row, job = _find(actor, analysis_id)
    if row.result is None:
        state = rows.state_of(job, row)
        raise Conflict(f"This analysis is not answered yet ({state.value}).", id=analysis_id)
    return arrays_from_bytes(ports().files.read(row.arrays_key)) if row.arrays_key else {}


def of_experiment(
    actor: Actor, experiment_id: str, *, cursor: str = "", limit: int = 50
) -> Slice[Analysis]:
    """Return what was asked about an experiment, newest first; raises NotFound."""
    experiments.find(actor, experiment_id)
    if cursor and not is_id(cursor):
        raise Invalid("This cursor leads nowhere.", field="cursor")
    found = rows.of_experiment(experiment_id, actor.workspace_ids, before=cursor, limit=limit + 1)
    views = [_view(actor, one) for one in found]
    return Slice.cut(views, limit, key=lambda one: one.id)


def delete(actor: Actor, analysis_id: str) -> None:
    """Delete an answer, so that it can be computed anew; a running job is cancelled.

    Raises NotFound, and Forbidden for other people's.
    """
    actor.require(Role.ANALYST)
    row, job = _find(actor, analysis_id)
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only who asked or an administrator can delete this analysis.")
    if not rows.state_of(job, row).is_final:
        jobs.cancel(actor, row.job_id)
    rows.remove(analysis_id)
    files, key = ports().files, row.arrays_key
    if key:
        after_commit(lambda: files.delete(key))


def run(job: JobRun, analysis_id: str) -> JobOutcome:
    """Compute an answer for the person behind the job; it is kept when the job ends."""
    job.progress("Opening the experiments", 0.0)
    with job.work():
        row, _ = _find(job.actor, analysis_id)
        kind = analysis(row.kind)
        materials = tuple(material(job, one) for one in row.experiment_ids)
        files = ports().files
    answer = kind.compute(
        materials,
        row.params,
        lambda done, what: job.progress(kind.title, 0.02 + 0.97 * done, what),
    )
    result = json.loads(json.dumps(dict(answer.result), allow_nan=False))
    key = ""
    if answer.arrays:
        key = f"{experiments.file_prefix(row.experiment_ids[0])}analysis-{new_id()}"
        files.put(key, arrays_as_bytes(answer.arrays))

    def keep() -> None:
        if not rows.finish(analysis_id, result, key):
            files.delete(key)
            raise Conflict("This analysis was deleted while it was computed.")

    return JobOutcome({"analysis_id": analysis_id, "link": _link(kind, row)}, effect=keep)


def _question(
    actor: Actor, name: str, experiment_ids: Sequence[str], params: Mapping[str, object]
) -> _Question:
    kind = analysis(name)
    ids = tuple(dict.fromkeys(experiment_ids))
    kind.accept_count(len(ids))
    accepted = kind.validate(params)
    found = [experiments.find(actor, one)[0] for one in ids]
    for row in found:
        require_finished(row)
        title = MODELS[row.model].title if row.model in MODELS else row.model
        kind.accept_model(title, is_network=row.model in ARCHITECTURES)
    meant = [
        kind.name,
        kind.version,
        [[row.id, (row.result or {}).get("model_hash"), row.test_key] for row in found],
        dict(accepted),
    ]
    stamp = hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()
    titles = tuple(row.title for row in found)
    return _Question(kind, ids, accepted, found[0].workspace_id, titles, stamp)


def _enqueue(actor: Actor, question: _Question, analysis_id: str) -> Job:
    titles = question.titles
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    return jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"analysis_id": analysis_id},
        title=f"{question.kind.title}: {titles[0]}{more}",
        subject_link=question.kind.page.format(ids=",".join(question.experiment_ids)),
    )


def _link(kind: AnalysisKind, row: rows.AnalysisRow) -> str:
    return kind.page.format(ids=",".join(row.experiment_ids))


def _needs_nobody(found: rows.Found) -> bool:
    """Whether an answer is there or somebody computes it."""
    row, job = found
    state = rows.state_of(job, row)
    return (state is JobState.SUCCEEDED and row.result is not None) or not state.is_final


def _find(actor: Actor, analysis_id: str) -> rows.Found:
    found = rows.find(analysis_id, actor.workspace_ids) if is_id(analysis_id) else None
    if found is None:
        raise NotFound(f"There is no analysis {analysis_id}.", id=analysis_id)
    for experiment_id in found[0].experiment_ids:
        experiments.find(actor, experiment_id)
    return found


def _view(actor: Actor, found: rows.Found) -> Analysis:
    row, job_row = found
    state = rows.state_of(job_row, row)
    if state is JobState.SUCCEEDED and row.result is None:
        state = JobState.FAILED
    return Analysis(
        id=row.id,
        kind=row.kind,
        title=analysis(row.kind).title,
        experiment_ids=tuple(row.experiment_ids),
        params=row.params,
        state=state,
        job=None if row.result is not None else _job(actor, row.job_id),
        result=row.result,
        has_arrays=bool(row.arrays_key),
        error=job_row.error if job_row is not None and row.result is None else "",
    )


def _job(actor: Actor, job_id: str) -> Job | None:
    try:
        return jobs.get(actor, job_id) if job_id else None
    except NotFound:
        return None
