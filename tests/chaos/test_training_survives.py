"""A training outlives its killed workers, loses at most one fold, and has one result."""

import random
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments
from sonde.platform.core.jobs import JobState
from sonde.platform.services import jobs, notifications
from sonde.platform.services.work import unit_of_work
from tests.chaos.training_worker import make_training_ports
from tests.conftest import wait_until

pytestmark = pytest.mark.timeout(900)
WORKER = Path(__file__).with_name("training_worker.py")


@pytest.fixture
def outside(team, tmp_path):
    """The ports of the training's workers."""
    team.servers["folder"] = str(tmp_path / "files")
    ports = make_training_ports(**team.servers)
    yield ports
    ports.database.engine.dispose()


def begin(outside, owner, **changes):
    """Ask for a training of six folds that takes some seconds."""
    wanted = NewExperiment(
        "slow",
        "tones",
        ModelConfig("random-forest", 0, {"n_trees": 600}),
        SplitConfig("group-k-fold", n_folds=6),
        **changes,
    )
    with unit_of_work(outside):
        return experiments.create(owner, wanted)


def test_check_32_a_killed_training_resumes_and_ends_once(team, owner, outside, soak):
    worker = team.hire("train", script=WORKER)
    team.hire("default", script=WORKER)
    team.hire("beat", script=WORKER)
    dice = random.Random(32)
    left = 50 if soak else 2
    while left > 0:
        left -= kill_through_a_training((worker, team), owner, outside, (dice, left))


def kill_through_a_training(workers, owner, outside, chance):
    """Kill the worker at random points of one training, see it end once; return the kills."""
    (worker, team), (dice, most) = workers, chance
    made = begin(outside, owner)

    def job():
        with unit_of_work(outside):
            return jobs.get(owner, made.summary.job_id)

    def scores_told():
        with unit_of_work(outside):
            told = notifications.list_notifications(owner, limit=100).items
        return sum(made.id in note.link and "macro-F1" in note.title for note in told)

    def fold():
        found = re.match(r"Training fold (\d+)", job().phase)
        return int(found[1]) if found else 0

    kills = reached = 0
    while kills < most:
        wait_until(lambda: job().state is JobState.RUNNING or job().state.is_final, 180)
        if kills % 3 == 2:  # a job that never comes to a checkpoint is given up by design
            wait_until(lambda so_far=reached: fold() > so_far or job().state.is_final, 180)
        time.sleep(dice.uniform(0.3, 2.0))
        if job().state.is_final:
            break
        reached = max(reached, fold())
        worker.child().kill()
        kills += 1
        wait_until(lambda: job().state is not JobState.RUNNING, 60)
    wait_until(lambda: job().state.is_final, 300)
    assert job().state is JobState.SUCCEEDED, team.words()
    assert job().attempt > 1
    with unit_of_work(outside):
        result = experiments.get(owner, made.id).result
        phases = Counter(
            event.message for event in jobs.events_of(owner, job().id) if event.name == "phase"
        )
    assert result is not None
    assert len(result.evaluation.folds) == 6
    wait_until(lambda: scores_told() > 0, 60)
    assert scores_told() == 1
    repeated = sum(phases[f"Training fold {n} of 6"] - 1 for n in range(1, 7))
    assert repeated <= job().attempt - 1, "each kill repeats one fold at most"
    assert len(list(outside.files.keys(experiments.file_prefix(made.id)))) == 2
    return kills


def test_check_35_a_cancelled_training_stops_within_five_seconds(team, owner, outside):
    team.hire("train", script=WORKER)
    made = begin(outside, owner)

    def job():
        with unit_of_work(outside):
            return jobs.get(owner, made.summary.job_id)

    wait_until(lambda: job().phase.startswith("Training fold"), 60)
    with unit_of_work(outside):
        jobs.cancel(owner, made.summary.job_id)
    prefix = experiments.file_prefix(made.id)
    wait_until(lambda: not list(outside.files.keys(prefix)), 5)
    assert job().state is JobState.CANCELLED
    with unit_of_work(outside):
        assert experiments.get(owner, made.id).result is None
