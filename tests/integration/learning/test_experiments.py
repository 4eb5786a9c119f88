"""Experiments on the real PostgreSQL: made, trained, judged, asked and deleted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.certificate import Leaking
from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import estimates, experiments, predictions, training
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound, Unreadable
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobCancelled, JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services import jobs, notifications
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import HandRun, Killed, person, with_toys
from tests.unit.learning.toy_problem import toy_windows

pytestmark = pytest.mark.integration
FOREST = ModelConfig("random-forest", 1, {"n_trees": 20})


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "Ada")


@pytest.fixture(scope="module")
def bob(outside: Ports) -> Actor:
    return person(outside, "Bob")


@pytest.fixture
def make(outside: Ports, ada: Actor) -> Callable[..., Experiment]:
    def make(ref: str = "tones", model: ModelConfig = FOREST, **changes: Any) -> Experiment:
        wanted = NewExperiment("tones", ref, model, SplitConfig(""))
        with unit_of_work(outside):
            return experiments.create(ada, replace(wanted, **changes))

    return make


@pytest.fixture
def look(outside: Ports, ada: Actor) -> Callable[[str], Experiment]:
    def look(experiment_id: str) -> Experiment:
        with unit_of_work(outside):
            return experiments.get(ada, experiment_id)

    return look


@pytest.fixture(scope="module")
def trained(outside: Ports, ada: Actor) -> Experiment:
    """A finished experiment, trained by the real job runner."""
    with unit_of_work(outside):
        made = experiments.create(ada, NewExperiment("tones", "tones", FOREST))
    assert made.summary.state is JobState.QUEUED
    assert run_job(outside, made.summary.job_id, "test worker") == "succeeded"
    with unit_of_work(outside):
        return experiments.get(ada, made.id)


def test_a_trained_experiment_knows_what_it_is_worth(trained: Experiment) -> None:
    summary, result = trained.summary, trained.result
    assert result is not None
    assert summary.state is JobState.SUCCEEDED
    assert summary.title == "Random forest on Toy tones"
    assert trained.split.policy == "group-k-fold"
    assert summary.is_honest is True
    assert summary.macro_f1 == result.evaluation.macro_f1
    assert result.evaluation.interval.low <= summary.macro_f1 <= result.evaluation.interval.high
    assert len(result.evaluation.folds) == 3
    assert sum(map(sum, result.evaluation.confusion)) == 96
    assert result.leaky is not None
    assert summary.leaky_macro_f1 == result.leaky.macro_f1
    assert "recordings" in result.leaky.warning
    assert result.novelty is not None
    assert {row.attribute for row in result.novelty.unseen} == {"load", "size"}
    assert result.class_counts[0] == ("healthy", 24, 3)
    assert dict(result.versions)["numpy"] == np.__version__


def test_the_end_is_told_and_leaves_only_the_model_and_what_it_told(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    with unit_of_work(outside):
        job = jobs.get(ada, trained.summary.job_id)
        told = notifications.list_notifications(ada).items
    assert job.fraction == 1.0
    assert job.link == f"/experiment/{trained.id}/results"
    assert any(note.title.startswith("Random forest on Toy tones: macro-F1") for note in told)
    assert len(list(outside.files.keys(experiments.file_prefix(trained.id)))) == 2


def test_what_a_killed_attempt_never_named_is_gone_in_the_end(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make()
    first = HandRun(outside, ada, die_in="Training fold 2")
    with pytest.raises(Killed):
        training.train(first, made.id)
    orphan = experiments.file_prefix(made.id) + new_id()
    outside.files.put(orphan, b"stored, but its worker died before it could be noted")
    outcome = training.train(HandRun(outside, ada, saved=first.saved), made.id)
    assert outcome.effect is not None
    with unit_of_work(outside):
        outcome.effect()
    left = list(outside.files.keys(experiments.file_prefix(made.id)))
    assert len(left) == 2
    assert orphan not in left


def test_a_recording_is_predicted(
    outside: Ports, ada: Actor, trained: Experiment, tmp_path: Path
) -> None:
    with unit_of_work(outside):
        opened = predictions.open_model(ada, trained.id)
    windows = toy_windows(np.full(6, 2), 3.0, np.random.default_rng(5))
    np.save(tmp_path / "outer.npy", windows)
    told = predictions.ask(opened, tmp_path / "outer.npy", "outer.npy", {"sampling_rate_hz": 256})
    assert told.verdict == "outer"
    assert told.classes[0].probability > 0.3
    assert sum(row.probability for row in told.classes) == pytest.approx(1.0)
    assert told.is_unlike_training is False
    assert told.evidence == {"verdict": "inner"}
    assert told.assumptions == {"sampling rate": "256 Hz"}
    assert (told.n_windows, told.is_honest) == (6, True)
    np.save(tmp_path / "odd.npy", 300.0 * windows[:, :, ::-1] ** 3)
    odd = predictions.ask(opened, tmp_path / "odd.npy", "odd.npy", {})
    assert odd.is_unlike_training is True
    (tmp_path / "text.npy").write_text("no recording", encoding="utf-8")
    with pytest.raises(Unreadable):
        predictions.ask(opened, tmp_path / "text.npy", "text.npy", {})


@pytest.mark.parametrize(
    "model",
    [ModelConfig("minirocket", 0, {"n_kernels": 168}), ModelConfig("rbf-svm")],
    ids=lambda config: config.model,
)
def test_every_model_goes_the_whole_way(
    outside: Ports,
    ada: Actor,
    make: Callable[..., Experiment],
    look: Callable[[str], Experiment],
    tmp_path: Path,
    model: ModelConfig,
) -> None:
    made = make(model=model, split=SplitConfig("stratified-group-hold-out"))
    assert run_job(outside, made.summary.job_id, "test worker") == "succeeded"
    assert look(made.id).summary.macro_f1 is not None
    with unit_of_work(outside):
        opened = predictions.open_model(ada, made.id)
    path = tmp_path / "ball.npy"
    np.save(path, toy_windows(np.full(8, 3), 3.0, np.random.default_rng(5)))
    assert predictions.ask(opened, path, "ball.npy", {}).verdict == "ball"


def test_a_class_with_one_group_is_named_and_the_others_score_beside(
    outside: Ports, make: Callable[..., Experiment], look: Callable[[str], Experiment]
) -> None:
    made = make("lonely")
    run_job(outside, made.summary.job_id, "test worker")
    result = look(made.id).result
    assert result is not None
    assert result.certificate.notes == ("healthy: 1 bearing, divided by record",)
    assert result.certificate.is_honest
    assert result.evaluation.named_classes == ("inner", "outer", "ball")
    assert 0.0 < result.evaluation.named_macro_f1 <= 1.0


def test_a_leaking_split_is_refused_unless_asked_for_by_name(
    outside: Ports,
    ada: Actor,
    make: Callable[..., Experiment],
    look: Callable[[str], Experiment],
) -> None:
    with pytest.raises(Leaking):
        make(split=SplitConfig("leave-one-load-out"))
    by_name = make(split=SplitConfig("random-windows"))
    run_job(outside, by_name.summary.job_id, "test worker")
    leaky = look(by_name.id)
    assert leaky.summary.is_honest is False
    assert leaky.result is not None
    assert leaky.result.leaky is None
    insisting = make(split=SplitConfig("leave-one-load-out", allow_leaks=True))
    assert insisting.summary.split_detail == "load"
    with unit_of_work(outside):
        wanted = NewExperiment("tones", "tones", FOREST, SplitConfig("leave-one-load-out"))
        told = estimates.estimate(ada, wanted)
        best = experiments.best_honest_score(ada)
    assert not told.certificate.is_honest
    assert told.n_runs > 0
    assert 0.0 < told.low_s < told.high_s
    assert best is not None
    assert best.experiment_id != by_name.id


def test_a_killed_training_resumes_after_its_last_fold(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make()
    first = HandRun(outside, ada, die_in="Training fold 3")
    with pytest.raises(Killed):
        training.train(first, made.id)
    second = HandRun(outside, ada, saved=first.saved)
    outcome = training.train(second, made.id)
    assert second.phases == [
        "Reading the data",
        "Training fold 3 of 3",
        "Training leaky comparison 1 of 1",
        "Training the final model",
        "Measuring novelty",
    ]
    assert second.fractions == pytest.approx(sorted(second.fractions))
    whole = training.train(HandRun(outside, ada), made.id)
    assert outcome.result["macro_f1"] == whole.result["macro_f1"]
    third = HandRun(outside, ada, saved={"stamp": "of something else", "keys": {"features": "x"}})
    training.train(third, made.id)
    assert "Measuring features" in third.phases


def test_a_cancelled_training_leaves_no_file(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make()
    run = HandRun(outside, ada, die_in="Training fold 2", how=JobCancelled)
    with pytest.raises(JobCancelled):
        training.train(run, made.id)
    assert run.saved is not None
    assert list(outside.files.keys(experiments.file_prefix(made.id))) == []


def test_deleting_takes_the_job_and_the_files_along(
    outside: Ports, ada: Actor, bob: Actor, make: Callable[..., Experiment]
) -> None:
    made = make()
    run = HandRun(outside, ada, die_in="Training fold 2")
    with pytest.raises(Killed):
        training.train(run, made.id)
    with pytest.raises(NotFound), unit_of_work(outside):
        experiments.delete(bob, made.id)
    with unit_of_work(outside):
        experiments.delete(ada, made.id)
    with unit_of_work(outside):
        assert jobs.get(ada, made.summary.job_id).state is JobState.CANCELLED
        with pytest.raises(NotFound):
            experiments.get(ada, made.id)
    assert list(outside.files.keys(experiments.file_prefix(made.id))) == []


def test_a_result_for_a_deleted_experiment_is_dropped(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    made = make()
    outcome = training.train(HandRun(outside, ada), made.id)
    with unit_of_work(outside):
        experiments.delete(ada, made.id)
    assert outcome.effect is not None
    with pytest.raises(Conflict), unit_of_work(outside):
        outcome.effect()
    assert list(outside.files.keys(experiments.file_prefix(made.id))) == []


def test_lists_are_paged_and_only_ones_own(
    outside: Ports, ada: Actor, bob: Actor, trained: Experiment, make: Callable[..., Experiment]
) -> None:
    for number in range(3):
        make(title=f"Paged {number}")
    with unit_of_work(outside):
        page = experiments.list_experiments(ada, limit=2)
        rest = experiments.list_experiments(ada, cursor=page.next_cursor, limit=100)
        assert [row.title for row in page.items] == ["Paged 2", "Paged 1"]
        assert rest.items[0].title == "Paged 0"
        assert rest.next_cursor == ""
        assert experiments.search(ada, "AGED 1")[0][1] == "Paged 1"
        assert trained.id in experiments.of_problem(ada, "tones", "tones")
        counted = experiments.counts(ada)
        assert counted.total == counted.this_week == 2 + len(rest.items)
        assert 1 <= counted.finished < counted.total
        assert len(experiments.recent(ada, 3)) == 3
        assert experiments.list_experiments(bob).items == ()
        assert experiments.best_honest_score(bob) is None
        assert experiments.search(bob, "Paged") == ()
        with pytest.raises(Invalid, match="cursor"):
            experiments.list_experiments(ada, cursor="\0")
        with pytest.raises(NotFound):
            experiments.get(ada, "\0")
        for call in (experiments.get, predictions.open_model):
            with pytest.raises(NotFound):
                call(bob, trained.id)


def test_bad_wishes_are_refused(outside: Ports, make: Callable[..., Experiment]) -> None:
    with pytest.raises(Invalid, match="no model"):
        make(model=ModelConfig("oracle"))
    with pytest.raises(Invalid, match="has no setting"):
        make(model=ModelConfig("rbf-svm", 0, {"trees": 3}))
    with pytest.raises(Invalid, match="no split policy"):
        make(split=SplitConfig("by-colour"))
    with pytest.raises(Invalid, match="at most 200"):
        make(title="x" * 201)
    for changes in ({"title": "a\0b"}, {"options": {"a": "\0"}}):
        with pytest.raises(Invalid):
            make(**changes)
    with pytest.raises(Invalid, match="seed"):
        make(model=ModelConfig("random-forest", -1))
    with pytest.raises(NotFound):
        make("elsewhere")
    viewer = person(outside, "Vera", Role.VIEWER)
    with pytest.raises(Forbidden), unit_of_work(outside):
        experiments.create(viewer, NewExperiment("tones", "tones", FOREST))


def test_untrained_experiments_cannot_be_asked(
    outside: Ports, ada: Actor, make: Callable[..., Experiment]
) -> None:
    with pytest.raises(Conflict, match="no trained model yet"), unit_of_work(outside):
        predictions.open_model(ada, make().id)


def test_data_that_cannot_be_learned_from_fails_with_a_sentence(
    outside: Ports,
    ada: Actor,
    make: Callable[..., Experiment],
    look: Callable[[str], Experiment],
) -> None:
    broken = make("broken")
    assert run_job(outside, broken.summary.job_id, "test worker") == "failed"
    assert "features that are no numbers" in look(broken.id).summary.error
    pair = make("pair")
    run_job(outside, pair.summary.job_id, "test worker")
    result = look(pair.id).result
    assert result is not None
    assert result.novelty is None, "two groups are too few to measure novelty"


def test_problems_are_listed_and_described(outside: Ports, ada: Actor) -> None:
    with unit_of_work(outside):
        choices = [row for row in experiments.problem_choices(ada) if row[0] == "tones"]
        assert [choice.ref for _, choice in choices][:2] == ["tones", "lonely"]
        assert experiments.describe_problem(ada, "tones", "tones")["honest_policy"]
        with pytest.raises(NotFound):
            experiments.describe_problem(ada, "no-such-source", "tones")
