"""Jobs outlive dead workers, a dead broker and a dead database, and take effect once."""

import random
import signal
import time
from collections import Counter

import psutil
import pytest

from sonde.platform.core.jobs import JobState
from sonde.platform.services import jobs, notifications
from sonde.platform.services.work import unit_of_work
from tests.conftest import wait_until

pytestmark = pytest.mark.timeout(900)


class Watch:
    """One job, seen from outside."""

    def __init__(self, team, owner, kind, **params):
        self.team, self.owner = team, owner
        with unit_of_work(team.ports):
            job = jobs.enqueue(owner, kind=kind, params=self._signed(params), title=kind)
        self.job_id = job.id

    def _signed(self, params):
        self.ledger = self.team.folder / f"{time.monotonic_ns()}.ledger"
        self.ledger.touch()
        return {**params, "ledger": str(self.ledger)}

    def look(self):
        with unit_of_work(self.team.ports):
            return jobs.get(self.owner, self.job_id)

    def lines(self):
        return [line.split() for line in self.ledger.read_text().splitlines()]

    def is_at_work(self):
        return self.look().state is JobState.RUNNING and bool(self.lines())

    def await_state(self, state, seconds=60.0):
        end = time.monotonic() + seconds
        while (job := self.look()).state is not state:
            if time.monotonic() > end or job.state.is_final:
                pytest.fail(f"{job}, not {state}\n{self.team.words()}")
            time.sleep(0.05)

    def effects(self):
        wait_until(self.is_told, 10)
        with unit_of_work(self.team.ports):
            told = notifications.list_notifications(self.owner, limit=500).items
        return sum(1 for note in told if note.title == self.job_id)

    def is_told(self):
        with unit_of_work(self.team.ports):
            told = notifications.list_notifications(self.owner, limit=500).items
        return any(note.title == self.job_id for note in told)


def test_check_32_killed_workers_lose_at_most_one_step(team, owner, soak):
    kills = 50 if soak else 3
    dice = random.Random(32)
    worker = team.hire()
    team.hire("beat")
    watch = Watch(team, owner, "chaos.count", steps=kills * 6, step_s=0.15)
    for number in range(kills):
        wait_until(watch.is_at_work, 60)
        time.sleep(dice.uniform(0.05, 0.6))
        if watch.look().state.is_final:
            break
        if number % 2:
            worker.kill()
            worker.start()
        else:
            worker.child().kill()
        wait_until(lambda: watch.look().state is not JobState.RUNNING, 30)
    watch.await_state(JobState.SUCCEEDED, 60)
    assert watch.effects() == 1
    runs = Counter(int(step) for _, _, step in watch.lines())
    assert set(runs) == set(range(kills * 6)), "every step was taken"
    assert sum(runs.values()) - len(runs) <= kills, "each kill repeats one step at most"
    assert watch.look().attempt > 1


def test_an_orderly_stop_hands_the_job_over(team, owner):
    team.hire("beat")
    worker = team.hire()
    watch = Watch(team, owner, "chaos.count", steps=10, step_s=0.3)
    wait_until(watch.is_at_work)
    worker.process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    worker.process.wait(10)
    assert time.monotonic() - started < 5
    assert watch.look().state is JobState.QUEUED
    worker.start()
    watch.await_state(JobState.SUCCEEDED)
    assert watch.effects() == 1
    assert watch.look().attempt == 2


def test_check_33_a_dead_broker_delays_jobs_and_loses_none(team, owner, valkey, soak):
    # Longer than the running job: its worker finds the broker gone when it is done.
    away_s = 60.0 if soak else 4.0
    team.hire()
    team.hire("beat")
    before = Watch(team, owner, "chaos.count", steps=5, step_s=0.3)
    wait_until(before.is_at_work)
    waiting = Watch(team, owner, "chaos.count", steps=2, step_s=0.01)
    valkey.server.stop(signal.SIGKILL)
    try:
        started = time.monotonic()
        during = Watch(team, owner, "chaos.count", steps=2, step_s=0.01)
        assert time.monotonic() - started < 1.5, "a dead broker holds nobody up"
        assert during.look().delayed
        assert waiting.look().delayed
        time.sleep(away_s)
    finally:
        valkey.server.start()
    for watch in (before, waiting, during):
        watch.await_state(JobState.SUCCEEDED)
        assert watch.effects() == 1
    assert not during.look().delayed


def test_check_34_a_stopped_worker_writes_nothing_when_it_wakes(team, owner):
    team.hire("beat")
    first = team.hire()
    watch = Watch(team, owner, "chaos.count", steps=12, step_s=0.3)
    wait_until(watch.is_at_work)
    family = [first.main(), first.child()]
    for process in family:
        process.suspend()
    team.hire()
    stopped_at = time.monotonic()
    wait_until(lambda: watch.look().attempt == 2 and watch.look().state is JobState.RUNNING, 60)
    assert time.monotonic() - stopped_at < 60
    wait_until(lambda: watch.lines()[-1][1] == "2")
    for process in family:
        process.resume()
    watch.await_state(JobState.SUCCEEDED)
    time.sleep(1.0)
    done = watch.look()
    assert watch.effects() == 1
    assert (done.attempt, done.state) == (2, JobState.SUCCEEDED)
    late = [line for line in watch.lines() if line[1] == "1" and float(line[0]) > stopped_at + 3]
    assert len(late) <= 1, "the old worker leaves at its next look"


def test_check_35_a_cancelled_job_stops_within_five_seconds(team, owner, soak):
    cancels = 100 if soak else 3
    team.hire("beat")
    worker = team.hire(timing={"lease_s": 15.0, "beat_s": 1.0, "grace_s": 3.0})
    dice = random.Random(35)
    for number in range(cancels):
        stubborn = number == 0 or dice.random() < 0.2
        kind, params = (
            ("chaos.ignore", {"seconds": 60})
            if stubborn
            else ("chaos.count", {"steps": 5000, "step_s": 0.01})
        )
        watch = Watch(team, owner, kind, **params)
        wait_until(watch.is_at_work, 30)
        time.sleep(dice.uniform(0.0, 0.3))
        with unit_of_work(team.ports):
            jobs.cancel(owner, watch.job_id)
        cancelled_at = time.monotonic()
        time.sleep(5.0 if stubborn else 1.5)
        last_sign_s = float(watch.lines()[-1][0]) - cancelled_at
        assert last_sign_s < 5.0
        seen = len(watch.lines())
        time.sleep(0.2)
        assert len(watch.lines()) == seen, "it has stopped"
        assert watch.look().state is JobState.CANCELLED
        assert not watch.is_told(), "a cancelled job has no effect"
    after = Watch(team, owner, "chaos.count", steps=1, step_s=0.01)
    after.await_state(JobState.SUCCEEDED)
    assert psutil.pid_exists(worker.process.pid), "the worker itself lives on"


def test_check_36_jobs_go_on_after_the_database_was_killed(team, owner, postgres):
    team.hire("beat")
    team.hire()
    watch = Watch(team, owner, "chaos.count", steps=12, step_s=0.2)
    wait_until(watch.is_at_work)
    server = psutil.Process(postgres.server.process.pid)
    backends = server.children(recursive=True)
    postgres.server.stop(signal.SIGKILL)
    psutil.wait_procs(backends, timeout=10)
    time.sleep(1.0)
    postgres.server.start()
    back_at = time.monotonic()
    wait_until(lambda: _answers(team.ports), 10)
    steps = len(watch.lines())
    wait_until(lambda: len(watch.lines()) > steps or watch.look().state.is_final, 10)
    assert time.monotonic() - back_at < 10
    watch.await_state(JobState.SUCCEEDED)
    assert watch.effects() == 1


def _answers(ports):
    from sonde.platform.core.errors import Unavailable

    try:
        ports.database.check()
    except Unavailable:
        return False
    return True
