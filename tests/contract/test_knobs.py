"""Every setting of every model does something: another value makes another model."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.models.deep.specification import build_module
from sonde.learning.core.problem import Problem
from tests.contract.small_models import small_config
from tests.unit.learning.toy_problem import toy_problem

SHAPE = InputShape(1, 4096, 4096.0)
OTHERWISE: Mapping[tuple[str, str], Any] = {
    ("random-forest", "max_depth"): 1,
    ("extra-trees", "max_depth"): 1,
    ("physics-constrained-cnn", "reference_class"): 2,
    ("multitask-cnn", "attributes"): "speed",
    ("voting", "members"): "random-forest(n_trees=40), rbf-svm",
    ("stacking", "members"): "random-forest(n_trees=40), k-nn",
    ("voting-windows", "members"): "minirocket(n_kernels=504), minirocket(n_kernels=504)",
    ("stacking-windows", "members"): "minirocket(n_kernels=504), minirocket(n_kernels=504)",
}
TRIED_ELSEWHERE = {
    "snapshot": "its settings decide how a network is trained: test_snapshot_ensemble.py",
}


def knobs() -> Iterator[Any]:
    for model in MODELS.values():
        if model.name in TRIED_ELSEWHERE:
            continue
        for knob in model.hyper_parameters:
            yield pytest.param(model.name, knob, id=f"{model.name}-{knob.name}")


def otherwise(model: str, knob: HyperParameter) -> Any:
    """Return a value that is not the default, and that 32 windows can feel."""
    if (model, knob.name) in OTHERWISE:
        return OTHERWISE[model, knob.name]
    if knob.choices:
        return next(one for one in knob.choices if one != knob.default)
    if isinstance(knob.default, bool):
        return not knob.default
    if knob.low is not None and float(knob.low) != float(knob.default):
        return type(knob.default)(knob.low)
    return knob.high


@cache
def problem() -> Problem:
    """Many windows of four classes, not equally many of each."""
    return toy_problem(
        groups_per_class=4, recordings_per_group=2, windows_per_recording=8, noise=4.0
    )


@cache
def observed(model: str, changes: tuple[tuple[str, Any], ...]) -> Any:
    """Return what can be seen of a model with these settings."""
    specification = MODELS[model]
    if model in ARCHITECTURES:
        values = specification.values(dict(changes))
        module = build_module(ARCHITECTURES[model], SHAPE, 4, values, 0)
        plan = ARCHITECTURES[model].plan(SHAPE, 4, values)
        own = {name: value for name, value in vars(module).items() if not name.startswith("_")}
        return repr(module), repr(plan), repr(own)
    base = small_config(specification)
    config = ModelConfig(model, base.seed, {**base.values, **dict(changes)}, base.training)
    labels = problem().labels
    few = np.flatnonzero((labels != 0) | (np.arange(len(labels)) % 4 == 0))
    fitted = specification.fit(problem(), few, config, lambda fraction: None)
    read: Any = (
        problem().read_windows if specification.eats == "windows" else problem().read_features
    )
    told = fitted.predict_proba(read(np.arange(0, len(labels), 5)))
    arrays = fitted.arrays()
    return told.round(9).tolist(), {name: one.tolist() for name, one in arrays.items()}


@pytest.mark.parametrize(("model", "knob"), list(knobs()))
def test_acceptance_wizard_every_setting_of_a_model_changes_the_model(
    model: str, knob: HyperParameter
) -> None:
    assert observed(model, ()) != observed(model, ((knob.name, otherwise(model, knob)),))
