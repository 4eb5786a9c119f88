"""What a filled form starts on the real PostgreSQL: every word of it is found in what is stored."""

from dataclasses import replace
from typing import Any

import pytest

from sonde.learning.core.experiments import Experiment
from sonde.learning.services import estimates, experiments, families, results
from sonde.learning.ui.experiment_new.form import wanted_of
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, SondeError
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import person, with_toys

pytestmark = pytest.mark.integration
FORM: dict[str, Any] = {
    "data": "tones|tones",
    "model": "random-forest",
    "values/random-forest/n_trees": 10,
    "split/policy": "group-k-fold",
    "split/n_folds": 2,
}


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "Ada")


def begin(outside: Ports, actor: Actor, *, consent: bool = False, **form: Any) -> list[Experiment]:
    """Start what a form asks for, and train it."""
    wanted, seeds = wanted_of(FORM | form, allow_leaks=consent)
    with unit_of_work(outside):
        made = families.create_family(actor, wanted, seeds)
    for one in made:
        run_job(outside, one.summary.job_id, "test worker")
    with unit_of_work(outside):
        return [experiments.get(actor, one.id) for one in made]


def test_acceptance_wizard_words_and_seeds_are_found_in_what_was_trained(
    outside: Ports, ada: Actor
) -> None:
    words = {"title": "Mine", "notes": "why not", "tags": ["baseline", "small"], "seeds": "0-1"}
    first, second = begin(outside, ada, **words)
    assert first.summary.title == "Mine"
    assert first.summary.notes == "why not"
    assert first.summary.family_id == second.summary.family_id != ""
    assert first.result is not None
    assert second.result is not None
    assert (first.summary.seed, second.summary.seed) == (0, 1)
    assert first.result.model_hash != second.result.model_hash
    assert first.result.certificate == second.result.certificate
    with unit_of_work(outside):
        assert set(results.tags(ada, first.id)) == {"baseline", "small"}
        sure = results.intervals(ada, first.id)
    assert sure is not None
    assert sure.accuracy is not None
    assert sure.accuracy[0] <= first.result.evaluation.accuracy <= sure.accuracy[1]
    for one, known in zip(first.result.evaluation.classes, sure.classes, strict=True):
        assert known.name == one.name
        assert known.recall is not None
        assert known.recall[0] <= one.recall <= known.recall[1]


def test_acceptance_wizard_consent_decides_about_a_leak(outside: Ports, ada: Actor) -> None:
    leaky = {"split/policy": "leave-one-attribute-out", "split/attribute": "load"}
    with pytest.raises(SondeError, match="leak"):
        begin(outside, ada, **leaky)
    (made,) = begin(outside, ada, consent=True, **leaky)
    assert made.summary.is_honest is False


def test_acceptance_wizard_a_teacher_that_cannot_be_is_told_before_the_start(
    outside: Ports, ada: Actor
) -> None:
    (teacher,) = begin(outside, ada)
    network = {"model": "cnn-1d", "training/epochs": 2}
    with unit_of_work(outside):
        plain, _ = wanted_of(FORM | network)
        taught, _ = wanted_of(FORM | network | {"training/teacher": teacher.id})
        alone, both = estimates.estimate(ada, plain), estimates.estimate(ada, taught)
        assert both.high_s > alone.high_s
        elsewhere = replace(taught, ref="lonely")
        with pytest.raises(Invalid, match="same data set"):
            estimates.estimate(ada, elsewhere)
        lost, _ = wanted_of(FORM | network | {"training/teacher": new_id()})
        with pytest.raises(SondeError, match="no experiment"):
            estimates.estimate(ada, lost)
        forest = replace(taught, model=replace(taught.model, model="random-forest", values={}))
        with pytest.raises(Invalid, match="cannot learn from a teacher"):
            estimates.estimate(ada, forest)


def test_acceptance_wizard_says_how_many_trainings_are_before_it(
    outside: Ports, ada: Actor
) -> None:
    eve = person(outside, "Eve")
    wanted, _ = wanted_of(FORM)
    with unit_of_work(outside):
        assert estimates.estimate(eve, wanted).n_before == 0
        waiting = experiments.create(eve, wanted)
        assert estimates.estimate(eve, wanted).n_before == 1
        assert estimates.estimate(ada, wanted).n_before == 0
        experiments.delete(eve, waiting.id)
        assert estimates.estimate(eve, wanted).n_before == 0


def test_acceptance_wizard_pretraining_and_snapshots_are_counted(
    outside: Ports, ada: Actor
) -> None:
    with unit_of_work(outside):
        plain, _ = wanted_of(FORM | {"model": "cnn-1d"})
        before, _ = wanted_of(FORM | {"model": "cnn-1d", "training/pretraining": "masked"})
        snapshots, _ = wanted_of(FORM | {"model": "snapshot"})
        told = [estimates.estimate(ada, one) for one in (plain, before, snapshots)]
    assert [one.work.n_epochs for one in told] == [30, 35, 30]
    assert told[0].n_parameters == told[2].n_parameters
