"""What the clock starts does not fill the database."""

import pytest

from sonde.platform.core.jobs import JobState
from sonde.platform.persistence import jobs as rows
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


def test_of_finished_jobs_of_a_kind_the_newest_stay(ports, actor, monkeypatch):
    kinds = [kind for part in ports.parts.every for kind in part.jobs()]
    kind = next(one.name for one in kinds if one.name == "bearings.dataset_sweep")
    made = []
    for _ in range(5):
        with unit_of_work(ports):
            job = jobs.enqueue(actor, kind=kind, params={}, title="swept")
            jobs.cancel(actor, job.id)
            made.append(job.id)
    with unit_of_work(ports):
        waiting = jobs.enqueue(actor, kind=kind, params={}, title="waits")
    with unit_of_work(ports):
        rows.forget_finished(kind, keep=2)
    with unit_of_work(ports):
        left = [one.id for one in jobs.list_jobs(actor, limit=100).items if one.kind == kind]
        assert sorted(left) == sorted([*made[-2:], waiting.id])
        assert jobs.get(actor, made[-1]).state is JobState.CANCELLED
        assert rows.history(made[0], 10) == ()
        jobs.cancel(actor, waiting.id)
