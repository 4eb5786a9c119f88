"""What every model promises, asked of every registered one."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.fitting.specification import (
    FittedModel,
    ModelConfig,
    ModelSpecification,
)
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.catalogue import MODELS, model, predict
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid
from tests.contract.small_models import (
    LEARNING,
    TWO_EPOCHS,
    bent,
    is_deep,
    small_config,
)
from tests.unit.learning.toy_problem import toy_problem


@pytest.fixture(params=list(MODELS.values()), ids=lambda specification: specification.name)
def specification(request: pytest.FixtureRequest) -> ModelSpecification:
    return request.param


@pytest.fixture(scope="module")
def problem() -> Problem:
    """32 windows of four classes."""
    return _problem()


@cache
def _whole(name: str) -> FittedModel:
    """Return the model fitted on all 32 windows, once for all tests."""
    return _fit(MODELS[name], _problem())


def _problem() -> Problem:
    return toy_problem(groups_per_class=4, recordings_per_group=1, windows_per_recording=2)


def _fit(
    specification: ModelSpecification,
    problem: Problem,
    indices: Any = None,
    training: TrainingConfig = LEARNING,
    **values: Any,
) -> FittedModel:
    chosen = np.arange(len(problem)) if indices is None else indices
    config = small_config(specification, training, **values)
    return specification.fit(problem, chosen, config, lambda fraction: None)


def _inputs(specification: ModelSpecification, problem: Problem) -> np.ndarray:
    every = np.arange(len(problem))
    return (
        problem.read_windows(every)
        if specification.eats == "windows"
        else problem.read_features(every)
    )


def test_acceptance_models_overfits_32_windows_of_four_classes(
    specification: ModelSpecification, problem: Problem
) -> None:
    assert len(problem) == 32
    fitted = _whole(specification.name)
    told = predict(specification, fitted, problem, np.arange(32), lambda fraction: None)
    assert told.argmax(axis=1).tolist() == problem.labels.tolist()
    assert np.allclose(told.sum(axis=1), 1.0)
    assert (told >= 0.0).all()


def test_generalises_to_groups_it_never_saw(
    specification: ModelSpecification, problem: Problem
) -> None:
    fitted = _whole(specification.name)
    fresh = toy_problem(groups_per_class=4, recordings_per_group=1, seed=9)
    told = fitted.predict_proba(_inputs(specification, fresh)).argmax(axis=1)
    assert (told == fresh.labels).mean() > 0.8


def test_acceptance_models_saved_and_loaded_gives_equal_outputs(
    specification: ModelSpecification, problem: Problem
) -> None:
    fitted = _whole(specification.name)
    again = specification.restore(fitted.arrays())
    inputs = _inputs(specification, problem)
    assert np.array_equal(fitted.predict_proba(inputs), again.predict_proba(inputs))


def test_is_deterministic(specification: ModelSpecification, problem: Problem) -> None:
    inputs = _inputs(specification, problem)
    one, two = (
        _fit(specification, problem, training=TWO_EPOCHS).predict_proba(inputs) for _ in range(2)
    )
    assert np.array_equal(one, two)


def test_arrays_of_something_else_are_refused(
    specification: ModelSpecification, problem: Problem
) -> None:
    arrays = _whole(specification.name).arrays()
    with pytest.raises(KeyError):
        specification.restore({})
    hostile = bent(specification.name, arrays)
    with pytest.raises(ValueError, match=r"."):
        specification.restore(arrays | hostile)


def test_classes_that_were_not_trained_get_no_probability(
    specification: ModelSpecification, problem: Problem
) -> None:
    training = TWO_EPOCHS if is_deep(specification) else LEARNING
    for trained in ([0, 2],) if is_deep(specification) else ([0, 2], [0, 1, 3]):
        chosen = np.flatnonzero(np.isin(problem.labels, trained))
        told = _fit(specification, problem, chosen, training).predict_proba(
            _inputs(specification, problem)
        )
        absent = sorted({0, 1, 2, 3} - set(trained))
        assert (told[:, absent] == 0.0).all()
        if not is_deep(specification):
            assert (told.argmax(axis=1)[chosen] == problem.labels[chosen]).all()


def test_stops_when_progress_says_so(specification: ModelSpecification, problem: Problem) -> None:
    class Stop(Exception):
        pass

    def stop(fraction: float) -> None:
        assert 0.0 <= fraction <= 1.0
        raise Stop

    with pytest.raises(Stop):
        specification.fit(problem, np.arange(32), ModelConfig(specification.name), stop)


def test_names_its_knobs_and_checks_them(specification: ModelSpecification) -> None:
    assert model(specification.name) is specification
    assert specification.title
    assert specification.help.endswith(".")
    defaults = specification.values({})
    assert specification.values({k: str(v) for k, v in defaults.items()}) == defaults
    with pytest.raises(Invalid, match="has no setting 'colour'"):
        specification.values({"colour": 3})
    for knob in specification.hyper_parameters:
        assert knob.help.endswith(".")
        assert knob.accept(knob.default) == knob.default
        if knob.high is not None:
            with pytest.raises(Invalid, match="lies between"):
                knob.accept(knob.high + 1)
        if knob.choices:
            with pytest.raises(Invalid, match="is one of"):
                knob.accept("something else")


def test_knobs_refuse_what_is_no_number_of_theirs() -> None:
    knob = HyperParameter("trees", "Trees", "Many.", 3)
    for value in ("3.5", "many", None, "nan", "inf"):
        with pytest.raises(Invalid):
            knob.accept(value)
    with pytest.raises(Invalid):
        HyperParameter("c", "C", "Penalty.", 1.0).accept("inf")
    with pytest.raises(Invalid):
        HyperParameter("balance", "Balance", "Or not.", True).accept("perhaps")
    with pytest.raises(Invalid, match="no model 'oracle'"):
        model("oracle")
