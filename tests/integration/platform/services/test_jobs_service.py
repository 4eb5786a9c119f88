"""Jobs on the real database: who may do what, and what a worker's lease is worth."""

import threading
import time
from dataclasses import replace

import pytest

from sonde.platform.core.actor import Role
from sonde.platform.core.domain import Domain
from sonde.platform.core.errors import Conflict, Forbidden, NotFound, Unavailable
from sonde.platform.core.jobs import (
    JobCancelled,
    JobKind,
    JobOutcome,
    JobState,
    LeaseLost,
    LeaseTiming,
)
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.persistence.database import session as current_session
from sonde.platform.persistence.memory import MemoryCache, MemoryFiles, MemoryHints, MemoryQueue
from sonde.platform.services import events, jobs, leases, notifications
from sonde.platform.services.schedules import start_scheduled
from sonde.platform.services.sweeps import sweep
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

pytestmark = pytest.mark.integration

QUICK = LeaseTiming(lease_s=0.6, beat_s=0.05, grace_s=0.3)


def _double(job, params):
    job.progress("doubling", 0.5)
    return JobOutcome(result={"twice": params["number"] * 2, "link": "/doubled"})


def _refuse(job, params):
    raise Conflict("The number is taken.")


def _break(job, params):
    raise ZeroDivisionError("secret path")


def _starve(job, params):
    if job.attempt < 3:
        raise Unavailable("The exchange is closed.")
    return JobOutcome()


def _wait(job, params):
    while True:
        job.progress("waiting", 0.1)
        time.sleep(0.01)


def _ignore(job, params):
    time.sleep(params["seconds"])
    return JobOutcome(effect=lambda: pytest.fail("a lost job must have no effect"))


def _resume(job, params):
    steps = list((job.checkpoint() or {"steps": []})["steps"])
    with job.work():
        pass
    if job.attempt == 1:
        job.save_checkpoint({"steps": [*steps, "first"]})
        raise Unavailable
    return JobOutcome(result={"steps": [*steps, "second"], "owner": job.actor.name})


TOYS = {
    "toy.double": _double,
    "toy.refuse": _refuse,
    "toy.break": _break,
    "toy.starve": _starve,
    "toy.wait": _wait,
    "toy.ignore": _ignore,
    "toy.resume": _resume,
}
TOY = Domain(
    slug="toy",
    title="Toy",
    jobs=lambda: [
        JobKind(name, name, "default", load=lambda function=function: function, max_attempts=3)
        for name, function in TOYS.items()
    ],
)


@pytest.fixture
def outside(ports):
    return Ports(
        database=ports.database,
        files=MemoryFiles(),
        cache=MemoryCache(),
        queue=MemoryQueue(),
        hints=MemoryHints(),
        parts=Parts((TOY,)),
    )


@pytest.fixture
def ada(people):
    return people("Ada")


def _enqueue(outside, actor, kind="toy.double", **params):
    with unit_of_work(outside):
        return jobs.enqueue(actor, kind=kind, params=params, title=f"A {kind}")


def _get(outside, actor, job):
    with unit_of_work(outside):
        return jobs.get(actor, job.id)


def _make_due(outside, job):
    """Let the pause before the next try be over."""
    from sqlalchemy import text

    with outside.database.transaction():
        session = current_session()
        session.execute(
            text("update jobs set not_before = now() - interval '1 s' where id = :id"),
            {"id": job.id},
        )


def _history(outside, actor, job):
    with unit_of_work(outside):
        return [event.name for event in jobs.events_of(actor, job.id)]


def test_enqueue_wakes_a_worker_after_the_commit_and_hints(outside, ada):
    with unit_of_work(outside):
        job = jobs.enqueue(ada, kind="toy.double", params={"number": 2}, title="Twice two")
        assert outside.queue.woken == []
    assert outside.queue.woken == [("default", job.id)]
    assert outside.hints.published == [(ada.user_id, "jobs")]
    assert (job.state, job.attempt, job.delayed) == (JobState.QUEUED, 0, False)


def test_enqueue_that_rolls_back_wakes_nobody(outside, ada):
    with pytest.raises(RuntimeError), unit_of_work(outside):  # noqa: PT012
        jobs.enqueue(ada, kind="toy.double", params={}, title="Never")
        raise RuntimeError
    assert outside.queue.woken == []


def test_enqueue_asks_for_a_known_kind_and_the_right_role(outside, ada):
    with unit_of_work(outside), pytest.raises(NotFound):
        jobs.enqueue(ada, kind="toy.unknown", params={}, title="?")
    with unit_of_work(outside), pytest.raises(Forbidden):
        jobs.enqueue(replace(ada, role=Role.VIEWER), kind="toy.double", params={}, title="?")


def test_a_job_runs_to_its_result(outside, ada):
    job = _enqueue(outside, ada, number=21)
    assert run_job(outside, job.id, "w1", timing=QUICK) == "succeeded"
    done = _get(outside, ada, job)
    assert done.state is JobState.SUCCEEDED
    assert done.result["twice"] == 42
    assert (done.link, done.fraction, done.phase) == ("/doubled", 1.0, "doubling")
    assert done.finished_at >= done.started_at >= done.created_at
    assert _history(outside, ada, job) == ["queued", "started", "phase", "succeeded"]
    assert run_job(outside, job.id, "w1", timing=QUICK) == "not taken"


def test_a_refusal_fails_with_its_sentence_and_tells_the_owner(outside, ada):
    job = _enqueue(outside, ada, "toy.refuse")
    assert run_job(outside, job.id, "w1", timing=QUICK) == "failed"
    failed = _get(outside, ada, job)
    assert (failed.error, failed.error_code) == ("The number is taken.", "conflict")
    with unit_of_work(outside):
        (told,) = notifications.list_notifications(ada).items
    assert (told.kind, told.body) == ("job.failed", "The number is taken.")


def test_a_broken_job_shows_no_trace(outside, ada):
    job = _enqueue(outside, ada, "toy.break")
    assert run_job(outside, job.id, "w1", timing=QUICK) == "failed"
    failed = _get(outside, ada, job)
    assert failed.error_code == "internal"
    assert "secret" not in failed.error


def test_unavailable_is_tried_again_after_a_pause(outside, ada):
    job = _enqueue(outside, ada, "toy.starve")
    assert run_job(outside, job.id, "w1", timing=QUICK) == "released"
    assert run_job(outside, job.id, "w1", timing=QUICK) == "not taken", "the pause is on"
    waiting = _get(outside, ada, job)
    assert (waiting.state, waiting.attempt) == (JobState.QUEUED, 1)
    assert waiting.message == "The exchange is closed."
    _make_due(outside, job)
    assert run_job(outside, job.id, "w1", timing=QUICK) == "released"
    _make_due(outside, job)
    assert run_job(outside, job.id, "w1", timing=QUICK) == "succeeded"
    assert _get(outside, ada, job).attempt == 3


def test_a_resumed_job_starts_from_its_checkpoint(outside, ada):
    job = _enqueue(outside, ada, "toy.resume")
    assert run_job(outside, job.id, "w1", timing=QUICK) == "released"
    _make_due(outside, job)
    assert run_job(outside, job.id, "w2", timing=QUICK) == "succeeded"
    assert _get(outside, ada, job).result == {"steps": ["first", "second"], "owner": "Ada"}


def test_a_cancelled_job_stops_and_may_be_started_again(outside, ada):
    job = _enqueue(outside, ada, "toy.wait")
    with unit_of_work(outside):
        assert jobs.cancel(ada, job.id).state is JobState.CANCELLED
    assert run_job(outside, job.id, "w1", timing=QUICK) == "not taken"
    with unit_of_work(outside), pytest.raises(Conflict):
        jobs.cancel(ada, job.id)
    with unit_of_work(outside):
        again = jobs.retry(ada, job.id)
    assert (again.state, again.attempt, again.can_retry) == (JobState.QUEUED, 0, False)
    with unit_of_work(outside), pytest.raises(Conflict):
        jobs.retry(ada, job.id)


def test_a_running_job_notices_the_cancel(outside, ada, in_thread):
    job = _enqueue(outside, ada, "toy.wait")
    running = in_thread(run_job, outside, job.id, "w1", timing=QUICK)
    _until(lambda: _get(outside, ada, job).phase == "waiting")
    with unit_of_work(outside):
        jobs.cancel(ada, job.id)
    assert running.result(timeout=2) == "JobCancelled"
    assert _get(outside, ada, job).state is JobState.CANCELLED


def test_a_job_that_will_not_stop_is_ended_with_its_process(outside, ada, in_thread):
    ended = []
    job = _enqueue(outside, ada, "toy.ignore", seconds=1.0)
    running = in_thread(
        run_job, outside, job.id, "w1", timing=QUICK, end=lambda: ended.append("child")
    )
    _until(lambda: _get(outside, ada, job).state is JobState.RUNNING)
    with unit_of_work(outside):
        jobs.cancel(ada, job.id)
    _until(lambda: ended)
    assert running.result(timeout=3) == "JobCancelled"


def test_a_stopped_worker_hands_its_job_over(outside, ada, in_thread):
    leaving = threading.Event()
    job = _enqueue(outside, ada, "toy.wait")
    running = in_thread(run_job, outside, job.id, "w1", timing=QUICK, leaving=leaving)
    _until(lambda: _get(outside, ada, job).phase == "waiting")
    leaving.set()
    assert running.result(timeout=2) == "handed over"
    assert _get(outside, ada, job).state is JobState.QUEUED
    assert _history(outside, ada, job)[-1] == "handed over"
    with unit_of_work(outside):
        sweep()
    assert outside.queue.woken[-1] == ("default", job.id)
    with unit_of_work(outside):
        jobs.cancel(ada, job.id)


def test_other_people_see_and_change_nothing(outside, ada, people):
    eve, viewer = people("Eve"), people("Vic", Role.VIEWER, ada.workspace_id)
    mate = people("Mat", Role.ANALYST, ada.workspace_id)
    boss = people("Bo", Role.ADMIN, ada.workspace_id)
    job = _enqueue(outside, ada)
    with unit_of_work(outside):
        for act in (jobs.get, jobs.cancel, jobs.retry, jobs.events_of):
            with pytest.raises(NotFound):
                act(eve, job.id)
        assert jobs.list_jobs(eve).items == ()
        for other in (viewer, mate):
            assert jobs.get(other, job.id).owner_name == "Ada"
            with pytest.raises(Forbidden):
                jobs.cancel(other, job.id)
        assert jobs.active(mate) == ()
        assert jobs.cancel(boss, job.id).state is JobState.CANCELLED


def test_lists_go_on_from_a_cursor(outside, ada):
    made = [_enqueue(outside, ada).id for _ in range(5)]
    with unit_of_work(outside):
        first = jobs.list_jobs(ada, limit=3)
        rest = jobs.list_jobs(ada, limit=3, cursor=first.next_cursor)
        assert [job.id for job in (*first.items, *rest.items)] == made[::-1]
        assert rest.next_cursor == ""
        assert jobs.list_jobs(ada, states=[JobState.FAILED]).items == ()
        assert [job.id for job in jobs.active(ada)] == made[::-1]


def test_check_33_a_dead_broker_delays_a_job_and_loses_none(outside, ada):
    outside.queue.is_down = True
    job = _enqueue(outside, ada, number=1)
    assert _get(outside, ada, job).delayed
    with unit_of_work(outside):
        sweep()
    assert _get(outside, ada, job).delayed, "still down: still delayed"
    outside.queue.is_down = False
    with unit_of_work(outside):
        sweep()
    assert ("default", job.id) in outside.queue.woken
    assert not _get(outside, ada, job).delayed
    assert run_job(outside, job.id, "w1", timing=QUICK) == "succeeded"


class DyingDatabase:
    """A database that is gone after its first transaction."""

    def __init__(self, database):
        self.database, self.left = database, 1

    def transaction(self, reads=None):
        if self.left == 0:
            raise Unavailable
        self.left -= 1
        return self.database.transaction()


def test_what_was_committed_is_not_refused_because_of_what_follows(outside, ada):
    outside.queue.is_down = True
    dying = replace(outside, database=DyingDatabase(outside.database))
    with unit_of_work(dying):
        job = jobs.enqueue(ada, kind="toy.double", params={}, title="Just in time")
        events.emit(ada, kind="k", title="Just in time")
    assert _get(outside, ada, job).state is JobState.QUEUED
    with unit_of_work(outside):
        sweep()
    with unit_of_work(outside):
        assert notifications.unread_count(ada) == 1


def test_check_34_a_silent_worker_loses_its_job_and_can_write_no_more(outside, ada):
    job = _enqueue(outside, ada, number=1)
    with unit_of_work(outside):
        stale = leases.take(job.id, "w1", LeaseTiming(lease_s=0.05))
    time.sleep(0.1)
    with unit_of_work(outside):
        sweep()
    assert _get(outside, ada, job).state is JobState.QUEUED
    effects = []
    for write in (
        lambda: leases.beat(stale),
        lambda: leases.hold(stale),
        lambda: leases.note_progress(stale, phase="late", fraction=1.0, eta_s=None),
        lambda: leases.save_checkpoint(stale, {"late": True}),
        lambda: leases.succeed(stale, JobOutcome()),
        lambda: leases.fail(stale, "late", "late"),
        lambda: leases.release(stale, "late"),
    ):
        with pytest.raises(LeaseLost), unit_of_work(outside):
            write()
    assert effects == []
    _make_due(outside, job)
    assert run_job(outside, job.id, "w2", timing=QUICK) == "succeeded"
    done = _get(outside, ada, job)
    assert (done.attempt, done.phase) == (2, "doubling")
    with pytest.raises(LeaseLost), unit_of_work(outside):
        leases.beat(stale)


def test_a_job_whose_workers_keep_dying_fails_in_the_end(outside, ada):
    job = _enqueue(outside, ada)
    for _ in range(3):
        _make_due(outside, job)
        with unit_of_work(outside):
            assert leases.take(job.id, "w1", LeaseTiming(lease_s=-1.0)) is not None
        with unit_of_work(outside):
            sweep()
    failed = _get(outside, ada, job)
    assert failed.state is JobState.FAILED
    assert "3 times" in failed.error


def test_a_cancelled_lease_says_so(outside, ada):
    job = _enqueue(outside, ada)
    with unit_of_work(outside):
        lease = leases.take(job.id, "w1", QUICK)
    with unit_of_work(outside):
        jobs.cancel(ada, job.id)
    with pytest.raises(JobCancelled), unit_of_work(outside):
        leases.beat(lease)


def test_the_remaining_time_follows_the_pace(outside, ada):
    job = _enqueue(outside, ada)
    with unit_of_work(outside):
        lease = leases.take(job.id, "w1", LeaseTiming())
    with unit_of_work(outside):
        leases.note_progress(lease, phase="reading", fraction=0.5, eta_s=30.0)
    assert _get(outside, ada, job).eta_s == pytest.approx(30.0, abs=1.0)
    with unit_of_work(outside):
        leases.succeed(lease, JobOutcome())
    assert _get(outside, ada, job).eta_s is None


def test_a_job_whose_owner_is_gone_fails(outside, ada):
    stranger = replace(ada, user_id="0" * 26)
    job = _enqueue(outside, stranger)
    assert run_job(outside, job.id, "w1", timing=QUICK) == "failed"


def test_a_schedule_starts_one_job_at_a_time(outside):
    with unit_of_work(outside):
        job = start_scheduled("toy.starve")
    with unit_of_work(outside):
        assert start_scheduled("toy.starve") is None
    assert job.title == "toy.starve"


def _until(condition, timeout_s=3.0):
    give_up_at = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def in_thread():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        yield pool.submit
