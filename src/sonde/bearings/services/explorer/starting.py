"""The jobs behind an answer: one for all who wait for it."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.services.explorer import keeping
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job, JobState
from sonde.platform.services import jobs
from sonde.platform.services.work import ports


def start(
    actor: Actor,
    dataset: Dataset,
    kind: str,
    params: Mapping[str, Any],
    *,
    key: str,
    title: str,
) -> Job:
    """Queue the job that computes an answer; raises Forbidden for viewers."""
    actor.require(Role.ANALYST)
    job = jobs.enqueue(
        actor,
        kind=kind,
        params={"dataset_id": dataset.id, **params},
        title=title,
        subject_link=f"/data-explorer?dataset={dataset.id}",
    )
    ports().cache.set(f"{key}:job", job.id.encode(), keeping.TTL_S)
    return job


def running(actor: Actor, key: str) -> Job | None:
    """Return the job that computes an answer or failed to; None where another try is due."""
    started = ports().cache.get(f"{key}:job")
    if started is None:
        return None
    try:
        job = jobs.get(actor, started.decode())
    except NotFound:
        return None
    return None if job.state is JobState.SUCCEEDED else job
