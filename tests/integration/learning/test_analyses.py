"""Analyses on the real PostgreSQL: asked, computed once, kept, and gone with their experiments."""

from threading import Barrier, Thread
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.analyses import KINDS
from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import analyses, experiments
from sonde.learning.services.analyses import Analysis
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import person, with_toys

pytestmark = pytest.mark.integration
FOREST = ModelConfig("random-forest", 1, {"n_trees": 20})
QUICK = {"n_draws": 50}


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "Ada-Asks")


@pytest.fixture(scope="module")
def bob(outside: Ports) -> Actor:
    return person(outside, "Bob-Asks")


def train(outside: Ports, actor: Actor, model: ModelConfig = FOREST, ref: str = "tones") -> str:
    with unit_of_work(outside):
        made = experiments.create(actor, NewExperiment("tones", ref, model, SplitConfig("")))
    assert run_job(outside, made.summary.job_id, "test worker") == "succeeded"
    return made.id


@pytest.fixture(scope="module")
def trained(outside: Ports, ada: Actor) -> Experiment:
    """A finished experiment."""
    made = train(outside, ada)
    with unit_of_work(outside):
        return experiments.get(ada, made)


def answered(outside: Ports, actor: Actor, kind: str, ids: list[str], **params: Any) -> Analysis:
    """Ask, run the job, and return the answer."""
    with unit_of_work(outside):
        asked = analyses.ask(actor, kind, ids, params)
    assert asked.state is JobState.QUEUED
    assert asked.job is not None
    assert run_job(outside, asked.job.id, "test worker") == "succeeded"
    with unit_of_work(outside):
        found = analyses.get(actor, asked.id)
    assert found.state is JobState.SUCCEEDED
    assert found.job is None
    assert found.result is not None
    return found


QUESTIONS = ("curves", "errors", "architectures", "robustness", "calibration", "prediction-sets")


@pytest.mark.parametrize("kind", [*QUESTIONS, "unseen"])
def test_acceptance_evaluate_every_question_is_answered_by_a_job(
    outside: Ports, ada: Actor, trained: Experiment, kind: str
) -> None:
    draws = {"n_draws": 50} if "n_draws" in KINDS[kind].defaults else {}
    found = answered(outside, ada, kind, [trained.id], **draws)
    assert found.result is not None
    assert found.result["n_samples"] == 96
    assert found.result["group_noun"] == "bearing"
    assert len(found.params) == len(KINDS[kind].defaults)


def test_the_same_question_is_answered_once(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    found = answered(outside, ada, "curves", [trained.id], n_draws=61)
    with unit_of_work(outside):
        again = analyses.ask(ada, "curves", [trained.id], {"n_draws": "61", "seed": 0})
        other = analyses.ask(ada, "curves", [trained.id], {"n_draws": 62})
        assert analyses.look(ada, "curves", [trained.id], {"n_draws": 63}) is None
    assert (again.id, again.result) == (found.id, found.result)
    assert other.id != found.id


def test_asked_twice_at_once_makes_one_job(outside: Ports, ada: Actor, trained: Experiment) -> None:
    meet, found = Barrier(2), []

    def ask() -> None:
        with unit_of_work(outside):
            meet.wait()
            found.append(analyses.ask(ada, "curves", [trained.id], {"n_draws": 64}))

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.id for one in found}) == 1
    assert len({one.job.id for one in found if one.job}) == 1


def test_a_cancelled_analysis_can_be_asked_again(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    with unit_of_work(outside):
        asked = analyses.ask(ada, "curves", [trained.id], {"n_draws": 65})
        assert asked.job is not None
        jobs.cancel(ada, asked.job.id)
    with unit_of_work(outside):
        assert analyses.get(ada, asked.id).state is JobState.CANCELLED
        with pytest.raises(Conflict, match="not answered"):
            analyses.arrays(ada, asked.id)
    found = answered(outside, ada, "curves", [trained.id], n_draws=65)
    assert found.id == asked.id


def test_arrays_are_kept_and_go_with_the_answer(
    outside: Ports, ada: Actor, bob: Actor, trained: Experiment
) -> None:
    found = answered(outside, ada, "prediction-sets", [trained.id], n_draws=66)
    assert found.has_arrays
    with unit_of_work(outside):
        sets = analyses.arrays(ada, found.id)["sets"]
        assert sets.shape == (96, 4)
        assert sets.dtype == np.bool_
        listed = analyses.of_experiment(ada, trained.id)
        assert found.id in {one.id for one in listed.items}
        for call in (analyses.get, analyses.arrays, analyses.delete):
            with pytest.raises(NotFound):
                call(bob, found.id)
    before = set(outside.files.keys())
    with unit_of_work(outside):
        analyses.delete(ada, found.id)
    assert len(before - set(outside.files.keys())) == 1
    with unit_of_work(outside), pytest.raises(NotFound):
        analyses.get(ada, found.id)


def test_everything_asked_goes_with_the_experiment(outside: Ports, ada: Actor) -> None:
    first, second = train(outside, ada), train(outside, ada, ModelConfig("rbf-svm"))
    both = answered(outside, ada, "architectures", [first, second], n_runs=20)
    assert both.result is not None
    assert {row["is_best"] for row in both.result["rows"]} <= {True, False}
    assert len(both.result["rows"]) == 2
    with unit_of_work(outside):
        waiting = analyses.ask(ada, "curves", [second], {})
        experiments.delete(ada, second)
    with unit_of_work(outside):
        for one in (both, waiting):
            with pytest.raises(NotFound):
                analyses.get(ada, one.id)
        assert waiting.job is not None
        assert jobs.get(ada, waiting.job.id).state is JobState.CANCELLED
        experiments.delete(ada, first)
    assert list(outside.files.keys(experiments.file_prefix(first))) == []


def test_refitted_folds_say_what_the_experiment_said(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    found = answered(outside, ada, "robustness", [trained.id], change="gain", n_draws=50)
    assert found.result is not None
    assert found.result["repeats"] is True
    assert found.result["rows"][0]["name"] == "untouched"
    assert trained.result is not None
    assert found.result["rows"][0]["macro_f1"] == pytest.approx(
        trained.result.evaluation.macro_f1, abs=1e-6
    )
    kept = list(outside.files.keys(experiments.file_prefix(trained.id) + "fold-"))
    assert len(kept) == 3


def test_the_headline_and_its_interval_are_the_experiments_own(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    found = answered(outside, ada, "architectures", [trained.id], n_runs=21)
    assert found.result is not None
    assert trained.result is not None
    row, own = found.result["rows"][0], trained.result.evaluation
    assert row["macro_f1"] == pytest.approx(own.macro_f1, abs=1e-6)
    assert row["macro_f1_interval"] == pytest.approx(
        [own.interval.low, own.interval.high], abs=1e-6
    )


def test_bad_questions_are_refused_with_a_sentence(
    outside: Ports, ada: Actor, bob: Actor, trained: Experiment
) -> None:
    with unit_of_work(outside):
        for kind, ids, params, words in (
            ("oracle", [trained.id], {}, "no analysis 'oracle'"),
            ("curves", [trained.id], {"colour": 1}, "knows no 'colour'"),
            ("curves", [trained.id], {"n_draws": 1}, "lies between"),
            ("curves", [], {}, "takes 1 experiment"),
            ("robustness", [trained.id], {"change": "rain"}, "one of noise"),
        ):
            with pytest.raises(Invalid, match=words):
                analyses.ask(ada, kind, ids, params)
        with pytest.raises(NotFound):
            analyses.ask(bob, "curves", [trained.id], {})
        unfinished = experiments.create(ada, NewExperiment("tones", "tones", FOREST))
        with pytest.raises(Conflict, match="no held-out predictions"):
            analyses.ask(ada, "curves", [unfinished.id], {})
    viewer = person(outside, "Vera-Asks", Role.VIEWER)
    with pytest.raises(NotFound), unit_of_work(outside):
        analyses.ask(viewer, "curves", [trained.id], {})


def test_models_tested_on_other_samples_are_not_set_beside(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    other = train(outside, ada, ref="lonely")
    with unit_of_work(outside):
        asked = analyses.ask(ada, "architectures", [trained.id, other], {})
    assert asked.job is not None
    assert run_job(outside, asked.job.id, "test worker") == "failed"
    with unit_of_work(outside):
        found = analyses.get(ada, asked.id)
    assert found.state is JobState.FAILED
    assert "tested on other samples" in found.error
