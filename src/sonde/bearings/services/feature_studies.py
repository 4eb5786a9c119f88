"""Studies of features: which matter and which suffice, computed once by a job and kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sonde.bearings.core.features.importance import importance
from sonde.bearings.core.features.selection import select
from sonde.bearings.core.features.study import IMPORTANCE, StudyConfig, StudyData, study_data
from sonde.bearings.persistence import feature_studies as rows
from sonde.bearings.services import datasets, features
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.services import jobs

JOB_KIND = "bearings.feature-study"
# Grows when a method of importance or selection changes: what was found before is found again.
VERSION = 1


@dataclass(frozen=True)
class Study:
    """A study, as far as it is.

    Parameters
    ----------
    config : StudyConfig
    result : mapping, optional
        What was found, JSON-ready; None until then.
    job : Job, optional
        The job that makes it, or failed to.
    """

    config: StudyConfig
    result: Mapping[str, Any] | None
    job: Job | None


def look(actor: Actor, dataset_id: str, config: StudyConfig) -> Study:
    """Return a study if somebody asked for it already; starts nothing. Raises NotFound."""
    row = rows.find(dataset_id, _stamp(actor, dataset_id, config))
    if row is None:
        return Study(config, None, None)
    return Study(config, row.result, None if row.result else _find_job(actor, row.job_id))


def start(actor: Actor, dataset_id: str, config: StudyConfig) -> Study:
    """Return a study, and queue its job where nobody did; everybody who asks gets the same one.

    Raises NotFound, Forbidden for viewers where it has to be made, and Conflict while the features
    are not extracted.
    """
    dataset = datasets.get(actor, dataset_id)
    stamp = _stamp(actor, dataset_id, config)
    owner = (dataset.workspace_id, actor.user_id)
    rows.claim(dataset_id, owner, stamp, config.as_json())
    row = rows.find(dataset_id, stamp, held=True)
    if row is None:
        raise NotFound("This data set was deleted.", id=dataset_id)
    job = _find_job(actor, row.job_id)
    if row.result is not None or (job is not None and not job.state.is_final):
        return Study(config, row.result, None if row.result else job)
    features.table(actor, dataset_id, config.names)
    job = jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"dataset_id": dataset_id, "config": config.as_json(), "stamp": stamp},
        title=f"Study features of {dataset.name}: {config.question}",
        subject_link=f"{features.PAGE}?dataset={dataset_id}&tab={config.question}",
    )
    rows.assign(row.id, job.id)
    return Study(config, None, job)


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Make a study for the person behind the job; the result is kept when the job ends."""
    dataset_id, stamp = str(params["dataset_id"]), str(params["stamp"])
    given = dict(params["config"])
    config = StudyConfig(**{**given, "names": tuple(given["names"])})
    job.progress("Making folds", 0.02)
    with job.work():
        table = features.table(job.actor, dataset_id, config.names)
        recordings = datasets.recordings(job.actor, dataset_id)
    data = study_data(table, recordings, config.n_folds, config.seed)

    def progress(done: float, fold: str) -> None:
        job.progress("Studying", 0.05 + 0.94 * done, fold)

    result = {**_found(data, config, progress), **_facts(data, config)}
    return JobOutcome(
        {"question": config.question, "method": config.method},
        effect=lambda: rows.finish(dataset_id, stamp, result),
    )


def _found(data: StudyData, config: StudyConfig, progress: Any) -> dict[str, Any]:
    if config.question == IMPORTANCE:
        return importance(data, config.method, config.seed, progress).as_json()
    return select(data, config.method, config.n_features, config.seed, progress).as_json()


def _facts(data: StudyData, config: StudyConfig) -> dict[str, Any]:
    """Return what everybody who reads the result has to know."""
    return {
        "question": config.question,
        "method": config.method,
        "classes": list(data.class_names),
        "n_recordings": len(data.labels),
        "certificate": data.certificate,
        "is_honest": data.is_honest,
        "left_out": list(data.left_out),
    }


def _stamp(actor: Actor, dataset_id: str, config: StudyConfig) -> str:
    """Return a hash of the data, the features with their versions, and what is asked."""
    dataset = datasets.get(actor, dataset_id)
    meant = [
        VERSION,
        features.stamps(dataset, config.names),
        dataset.content_hash,
        config.as_json(),
    ]
    return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()


def _find_job(actor: Actor, job_id: str) -> Job | None:
    if not job_id:
        return None
    try:
        return jobs.get(actor, job_id)
    except NotFound:
        return None
