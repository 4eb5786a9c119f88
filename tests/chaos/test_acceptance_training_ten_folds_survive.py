"""Ten folds and workers killed at random: the same result as without, also within a fold."""

import random
import time
from pathlib import Path

import pytest

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments, runs
from sonde.platform.core.jobs import JobState
from sonde.platform.services import jobs, notifications
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.chaos.training_worker import make_training_ports
from tests.conftest import wait_until

pytestmark = pytest.mark.timeout(1800)
WORKER = Path(__file__).with_name("training_worker.py")
FOREST = ModelConfig("random-forest", 7, {"n_trees": 100})
NETWORK = ModelConfig(
    "cnn-1d",
    7,
    {},
    TrainingConfig(epochs=8, early_stopping=False, augmentations=("noise", "mixup"), device="cpu"),
)


@pytest.fixture
def outside(team, tmp_path):
    """The ports of the training's workers."""
    team.servers["folder"] = str(tmp_path / "files")
    ports = make_training_ports(**team.servers)
    yield ports
    ports.database.engine.dispose()


class Watched:
    """An experiment of the owner, looked at from outside."""

    def __init__(self, outside, owner, ref, model, split):
        self.outside, self.owner = outside, owner
        with unit_of_work(outside):
            self.made = experiments.create(owner, NewExperiment("slow", ref, model, split))

    def job(self):
        with unit_of_work(self.outside):
            return jobs.get(self.owner, self.made.summary.job_id)

    def checkpoints(self):
        with unit_of_work(self.outside):
            told = jobs.events_of(self.owner, self.made.summary.job_id, limit=5000)
        return sum(event.name == "checkpoint" for event in told)

    def result(self):
        with unit_of_work(self.outside):
            return experiments.get(self.owner, self.made.id).result

    def curves(self, key):
        with unit_of_work(self.outside):
            return runs.all_points(self.owner, self.made.id, key)

    def is_over(self):
        return self.job().state.is_final


def kill_at_random(worker, watched, dice, kills):
    """Kill the worker's child that many times at random moments of the training."""
    done = 0
    while done < kills and not watched.is_over():
        wait_until(lambda: watched.job().state is JobState.RUNNING or watched.is_over(), 120)
        before = watched.checkpoints()
        if done % 3 == 2:  # a job that never comes to a checkpoint is given up by design
            wait_until(
                lambda so_far=before: watched.checkpoints() > so_far or watched.is_over(), 120
            )
        time.sleep(dice.uniform(0.2, 1.2))
        if watched.is_over():
            break
        worker.child().kill()
        done += 1
        wait_until(lambda: watched.job().state is not JobState.RUNNING, 60)
    return done


def test_acceptance_training_ten_folds_survive_a_killed_worker(team, owner, outside, soak):
    split = SplitConfig("group-k-fold", n_folds=10)
    undisturbed = Watched(outside, owner, "ten", FOREST, split)
    run_job(outside, undisturbed.job().id, "test worker")
    worker = team.hire("train", script=WORKER)
    team.hire("default", script=WORKER)
    team.hire("beat", script=WORKER)
    watched = Watched(outside, owner, "ten", FOREST, split)
    wanted = 20 if soak else 2
    kills = kill_at_random(worker, watched, random.Random(20), wanted)
    wait_until(watched.is_over, 300)
    assert watched.job().state is JobState.SUCCEEDED, team.words()
    assert kills >= min(wanted, 2)
    assert watched.job().attempt == kills + 1
    result, expected = watched.result(), undisturbed.result()
    assert len(result.evaluation.folds) == 10
    assert result.evaluation == expected.evaluation
    assert result.model_hash == expected.model_hash
    (scores,) = watched.curves("fold/macro_f1")
    assert scores.steps.tolist() == list(range(1, 11))
    assert scores.values.tolist() == [fold.macro_f1 for fold in expected.evaluation.folds]
    with unit_of_work(outside):
        told = notifications.list_notifications(owner, limit=100).items
    assert sum(watched.made.id in note.link and "macro-F1" in note.title for note in told) == 1


def test_acceptance_training_within_a_fold_survives_with_the_same_weights(
    team, owner, outside, soak
):
    worker = team.hire("train", script=WORKER)
    team.hire("default", script=WORKER)
    team.hire("beat", script=WORKER)
    split = SplitConfig("stratified-group-hold-out")
    undisturbed = Watched(outside, owner, "tones", NETWORK, split)
    watched = Watched(outside, owner, "tones", NETWORK, split)
    wait_until(undisturbed.is_over, 240)
    dice, wanted = random.Random(43), 6 if soak else 1
    for _ in range(wanted):
        reached = sum(len(curve.steps) for curve in watched.curves("train/loss"))
        wait_until(
            lambda so_far=reached: (
                sum(len(curve.steps) for curve in watched.curves("train/loss")) > so_far + 1
                or watched.is_over()
            ),
            120,
        )
        time.sleep(dice.uniform(0.0, 0.5))
        if watched.is_over():
            break
        worker.child().kill()
        wait_until(lambda: watched.job().state is not JobState.RUNNING, 60)
    wait_until(watched.is_over, 240)
    assert watched.job().state is JobState.SUCCEEDED, team.words()
    assert watched.job().attempt > 1
    assert watched.result().model_hash == undisturbed.result().model_hash
    assert watched.result().evaluation == undisturbed.result().evaluation
    both = [
        {
            curve.part: (curve.steps.tolist(), curve.values.tolist())
            for curve in one.curves("train/loss")
        }
        for one in (watched, undisturbed)
    ]
    assert both[0] == both[1], "every epoch is told once, and is the same"
