"""Trainings while they run: metrics, logs, wishes, states within a fold."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from threading import Thread
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.runs import RunView, Wish
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.persistence import experiments as rows
from sonde.learning.services import experiments, families, runs, training
from sonde.learning.services.metric_writing import write_points
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.conftest import wait_until
from tests.integration.learning.slow_model import SlowModel, listed
from tests.integration.learning.toy_source import HandRun, Killed, person, with_toys

pytestmark = pytest.mark.integration
FOREST = ModelConfig("random-forest", 1, {"n_trees": 10})
SLOW = ModelConfig("slow")


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "RunAda")


@pytest.fixture(scope="module")
def bob(outside: Ports) -> Actor:
    return person(outside, "RunBob")


@pytest.fixture(autouse=True)
def slow() -> Iterator[SlowModel]:
    with listed(SlowModel()) as model:
        yield model


@pytest.fixture
def make(outside: Ports, ada: Actor) -> Callable[..., Experiment]:
    def make(model: ModelConfig = SLOW, **changes: Any) -> Experiment:
        wanted = NewExperiment("tones", "tones", model, SplitConfig(""))
        with unit_of_work(outside):
            return experiments.create(ada, replace(wanted, **changes))

    return make


@pytest.fixture
def view(outside: Ports, ada: Actor) -> Callable[[str], RunView]:
    def view(experiment_id: str) -> RunView:
        with unit_of_work(outside):
            return runs.view(ada, experiment_id)

    return view


@pytest.fixture
def ask(outside: Ports, ada: Actor) -> Callable[[str, str], RunView]:
    def ask(experiment_id: str, action: str) -> RunView:
        with unit_of_work(outside):
            return runs.control(ada, experiment_id, action)

    return ask


def work_on(outside: Ports, made: Experiment) -> Thread:
    thread = Thread(target=run_job, args=(outside, made.summary.job_id, "test worker"), daemon=True)
    thread.start()
    return thread


def test_a_classical_training_tells_each_fold(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make(FOREST)
    run_job(outside, made.summary.job_id, "test worker")
    with unit_of_work(outside):
        result = experiments.get(ada, made.id).result
        (curve,) = runs.curves(ada, [made.id], ["fold/macro_f1"])
        told = {metric.key: metric for metric in runs.latest(ada, made.id)}
        seen = runs.view(ada, made.id)
        lines = runs.log_lines(ada, made.id)
        found = runs.log_lines(ada, made.id, level="info", text="held OUT")
        debug = runs.log_lines(ada, made.id, level="warning")
        later = runs.log_lines(ada, made.id, after=lines[2].id)
    assert result is not None
    assert curve.part == ""
    assert curve.steps.tolist() == [1, 2, 3]
    assert curve.values.tolist() == [fold.macro_f1 for fold in result.evaluation.folds]
    assert told["fold/macro_f1"].value == curve.values[-1]
    assert told["fold/macro_f1"].best_value == curve.values.max()
    assert told["fold/seconds"].best_value == min(
        runs_of(outside, ada, made.id, "fold/seconds").tolist()
    )
    assert [part.name for part in seen.parts][:3] == ["fold 1", "fold 2", "fold 3"]
    assert seen.parts[-1].name == "final model"
    assert all(part.fraction == 1.0 for part in seen.parts)
    assert [part.macro_f1 for part in seen.parts[:3]] == curve.values.tolist()
    assert lines[0].text.startswith("Random forest, 3 folds, 96 windows")
    assert lines[-1].text.startswith("Finished: macro-F1 ")
    assert len(found) == 4
    assert debug == ()
    assert later == lines[3:]


def runs_of(outside: Ports, actor: Actor, experiment_id: str, key: str) -> Any:
    with unit_of_work(outside):
        return np.concatenate([one.values for one in runs.all_points(actor, experiment_id, key)])


def test_acceptance_monitor_export_is_complete_and_curves_keep_their_extrema(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make(FOREST)
    random = np.random.default_rng(4)
    values = random.normal(size=5000)
    values[[17, 4321]] = [99.0, -99.0]
    values[100] = np.nan
    owner = {
        "experiment_id": made.id,
        "workspace_id": ada.workspace_id,
        "owner_id": ada.user_id,
    }
    ends: Any = {}
    for start in range(0, 5000, 700):
        new = [
            (start + i, float(one), 1e9 + i) for i, one in enumerate(values[start : start + 700])
        ]
        with unit_of_work(outside):
            ends = write_points(owner, {("train/loss", "fold 1"): new}, ends)
    with unit_of_work(outside):
        (whole,) = runs.all_points(ada, made.id, "train/loss")
        (thin,) = runs.curves(ada, [made.id], ["train/loss"], 200)
        csv = "".join(runs.points_csv(ada, made.id)).splitlines()
        (metric,) = runs.latest(ada, made.id)
    np.testing.assert_array_equal(whole.values, values)
    assert whole.steps.tolist() == list(range(5000))
    assert len(csv) == 5001
    assert csv[18].startswith('train/loss,"fold 1",17,99.0,')
    assert thin.n_points == 5000
    assert len(thin.steps) <= 200
    assert {17, 4321, 0, 4999} <= set(thin.steps.tolist())
    assert (metric.best_value, metric.best_step, metric.step) == (-99.0, 4321, 4999)


def test_steps_that_are_told_again_replace_the_old_ones(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make(FOREST)
    series = ("train/loss", "fold 1")
    owner = {"experiment_id": made.id, "workspace_id": ada.workspace_id, "owner_id": ada.user_id}
    with unit_of_work(outside):
        ends = write_points(owner, {series: [(n, 10.0 - n, 1.0) for n in range(1, 2001)]}, {})
        ends = write_points(owner, {series: [(5, 3.0, 2.0), (6, 2.0, 3.0)]}, ends)
        (curve,) = runs.all_points(ada, made.id)
        (metric,) = runs.latest(ada, made.id)
    assert curve.steps.tolist() == [1, 2, 3, 4, 5, 6]
    assert curve.values.tolist() == [9.0, 8.0, 7.0, 6.0, 3.0, 2.0]
    assert (metric.value, metric.best_value, metric.best_step) == (2.0, 2.0, 6)
    assert ends[series].last_step == 6


def test_a_training_killed_within_a_fold_goes_on_there_and_ends_the_same(
    outside: Ports, ada: Actor, make: Callable[..., Experiment], slow: SlowModel
) -> None:
    made, whole = make(), make()

    def killed(step: int) -> None:
        if step == 3 and len(slow.seen) == 2:
            raise Killed

    slow.at_step = killed
    first = HandRun(outside, ada)
    with pytest.raises(Killed):
        training.train(first, made.id)
    slow.at_step = None
    outcome = training.train(HandRun(outside, ada, saved=first.saved, attempt=2), made.id)
    assert outcome.effect is not None
    with unit_of_work(outside):
        outcome.effect()
    assert 1 < slow.resumed_at[0] <= 4
    run_job(outside, whole.summary.job_id, "test worker")
    with unit_of_work(outside):
        one, other = experiments.get(ada, made.id).result, experiments.get(ada, whole.id).result
        curves = runs.all_points(ada, made.id, "train/loss")
        files = rows.find(made.id, ada.workspace_ids)
    assert one is not None
    assert other is not None
    assert files is not None
    assert one.evaluation == other.evaluation
    assert one.model_hash == other.model_hash
    assert {curve.part: curve.steps.tolist() for curve in curves} == {
        part: [1, 2, 3, 4, 5]
        for part in ("fold 1", "fold 2", "fold 3", "leaky fold 1", "final model")
    }


class DiesOnceKept(HandRun):
    """A worker that dies when a part's answers have just been kept."""

    part = ""

    def save_checkpoint(self, data: Mapping[str, Any]) -> None:
        """Keep it, and die if it is the part's."""
        super().save_checkpoint(data)
        if self.part in data["keys"]:
            raise Killed


@pytest.mark.parametrize("part", ["fold 1", "leaky fold 1"])
def test_a_worker_killed_right_after_a_part_was_kept_loses_nothing_of_its_curves(
    outside: Ports, ada: Actor, make: Callable[..., Experiment], part: str
) -> None:
    made = make()
    first = DiesOnceKept(outside, ada)
    first.part = part
    with pytest.raises(Killed):
        training.train(first, made.id)
    training.train(HandRun(outside, ada, saved=first.saved, attempt=2), made.id)
    with unit_of_work(outside):
        curves = runs.all_points(ada, made.id, "train/loss")
    assert {curve.part: curve.steps.tolist() for curve in curves} == {
        part: [1, 2, 3, 4, 5]
        for part in ("fold 1", "fold 2", "fold 3", "leaky fold 1", "final model")
    }


def test_acceptance_monitor_pause_holds_and_resume_goes_on(
    outside: Ports, make: Callable[..., Experiment], slow: SlowModel, view: Any, ask: Any
) -> None:
    made = make()
    slow.n_steps, slow.step_s = 4, 0.1
    thread = work_on(outside, made)
    wait_until(lambda: view(made.id).parts, 20)
    ask(made.id, "pause")
    wait_until(lambda: any("Paused" in line.text for line in all_lines(outside, made)), 10)
    before = view(made.id)
    time.sleep(0.6)
    after = view(made.id)
    assert before.job.fraction == after.job.fraction
    assert after.wish is Wish.PAUSE
    assert after.job.state is JobState.RUNNING
    ask(made.id, "resume")
    thread.join(30)
    assert view(made.id).summary.state is JobState.SUCCEEDED


def all_lines(outside: Ports, made: Experiment) -> Any:
    with unit_of_work(outside):
        from sonde.learning.persistence import runs as run_rows

        return run_rows.lines(made.id, levels=("info",))


def test_acceptance_monitor_stop_now_keeps_the_best(
    outside: Ports, ada: Actor, make: Any, slow: SlowModel, view: Any, ask: Any
) -> None:
    made = make()
    slow.n_steps, slow.step_s = 1000, 0.02
    thread = work_on(outside, made)
    wait_until(lambda: view(made.id).job.phase.startswith("Training fold"), 20)
    ask(made.id, "stop")
    with pytest.raises(Conflict, match="stopping already"):
        ask(made.id, "resume")
    thread.join(60)
    with unit_of_work(outside):
        result = experiments.get(ada, made.id).result
        kept = runs.files(ada, made.id)
    assert result is not None
    assert [fold.name for fold in result.evaluation.folds] == ["fold 1"]
    assert "1 of 3 folds" in result.stopped
    assert result.leaky is None
    assert list(kept) == ["fold 1/centres.bin"]
    with pytest.raises(Conflict, match="finished already"):
        ask(made.id, "pause")


def test_acceptance_monitor_stop_now_keeps_the_best_epoch_of_a_network(
    outside: Ports, ada: Actor, make: Any, view: Any, ask: Any
) -> None:
    training = TrainingConfig(epochs=1000, early_stopping=False, device="cpu")
    made = make(ModelConfig("cnn-1d", training=training))
    thread = work_on(outside, made)

    def epochs() -> int:
        with unit_of_work(outside):
            found = runs.all_points(ada, made.id, "train/loss")
        return max((len(curve.steps) for curve in found), default=0)

    wait_until(lambda: epochs() >= 2, 120)
    ask(made.id, "stop")
    thread.join(120)
    with unit_of_work(outside):
        result = experiments.get(ada, made.id).result
        told = {metric.key for metric in runs.latest(ada, made.id)}
    assert result is not None
    assert [fold.name for fold in result.evaluation.folds] == ["fold 1"]
    assert epochs() < 1000
    assert {"validation/loss", "learning_rate", "gradient_norm", "throughput"} <= told


def test_controls_belong_to_the_owner(
    outside: Ports, bob: Actor, ada: Actor, make: Callable[..., Experiment], ask: Any, view: Any
) -> None:
    made = make(FOREST)
    with unit_of_work(outside), pytest.raises(NotFound):
        runs.control(bob, made.id, "pause")
    for read in (
        lambda: runs.curves(bob, [made.id]),
        lambda: runs.latest(bob, made.id),
        lambda: runs.all_points(bob, made.id),
        lambda: runs.log_lines(bob, made.id),
        lambda: runs.files(bob, made.id),
        lambda: runs.view(bob, made.id),
    ):
        with unit_of_work(outside), pytest.raises(NotFound):
            read()
    with unit_of_work(outside), pytest.raises(Forbidden):
        runs.control(replace(bob, workspace_ids=ada.workspace_ids), made.id, "pause")
    with unit_of_work(outside), pytest.raises(Forbidden):
        runs.control(replace(ada, role=Role.VIEWER), made.id, "pause")
    with pytest.raises(Invalid, match="An action is one of"):
        ask(made.id, "explode")
    assert ask(made.id, "pause").wish is Wish.PAUSE
    assert ask(made.id, "cancel").job.state is JobState.CANCELLED


def test_a_family_differs_by_its_seed_only(outside: Ports, ada: Actor) -> None:
    wanted = NewExperiment("tones", "tones", FOREST, notes="Luck or worth?")
    with unit_of_work(outside):
        made = families.create_family(ada, wanted, [3, 1, 2])
        summaries = [experiments.get(ada, one.id).summary for one in made]
    assert [one.model.seed for one in made] == [3, 1, 2]
    assert len({one.family_id for one in summaries}) == 1
    assert all(one.family_id and one.notes == "Luck or worth?" for one in summaries)
    assert len({one.job_id for one in summaries}) == 3


def test_a_teacher_is_fitted_on_each_training_side_only(
    outside: Ports, ada: Actor, make: Callable[..., Experiment], slow: SlowModel
) -> None:
    teacher = make()
    config = ModelConfig("slow", training=TrainingConfig(teacher=teacher.id))
    eve = person(outside, "RunEve")
    with unit_of_work(outside), pytest.raises(Invalid, match="not finished"):
        experiments.create(ada, NewExperiment("tones", "tones", config))
    run_job(outside, teacher.summary.job_id, "test worker")
    with unit_of_work(outside), pytest.raises(Invalid, match="same data set"):
        experiments.create(ada, NewExperiment("tones", "pair", config))
    student = make(config)
    with unit_of_work(outside), pytest.raises(NotFound):
        experiments.create(eve, NewExperiment("tones", "tones", config))
    slow.seen.clear()
    run_job(outside, student.summary.job_id, "test worker")
    with unit_of_work(outside):
        assert experiments.get(ada, student.id).result is not None
    teachers, students = slow.seen[::2], slow.seen[1::2]
    assert len(students) == 5
    for taught, own, targets in zip(teachers, students, slow.taught, strict=True):
        np.testing.assert_array_equal(taught, own)
        assert targets.shape == (len(own), 4)
        np.testing.assert_allclose(targets.sum(axis=1), 1.0)


def test_rows_of_before_training_was_configured_still_load(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make(FOREST)
    with unit_of_work(outside):
        found = rows.find(made.id, ada.workspace_ids)
        assert found is not None
        config = {**found[0].config, "model": {**found[0].config["model"]}}
        del config["model"]["training"]
        found[0].config = config
    with unit_of_work(outside):
        assert experiments.get(ada, made.id).model.training == TrainingConfig()
