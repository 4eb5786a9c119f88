"""What every network promises beside what every model does."""

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from sonde.learning.core.fitting.fit_run import FitRun
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.deep.architecture import Architecture, InputShape
from sonde.learning.core.models.deep.building import build_module
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.models.deep.cost import network_cost
from sonde.learning.core.models.deep.export import PARITY, deep_model, disagreement
from sonde.learning.core.models.deep.fitted import DeepModel, as_module
from sonde.platform.core.errors import Invalid
from tests.contract.small_models import TWO_EPOCHS, small_config
from tests.unit.learning.toy_problem import RATE_HZ, toy_problem

SHAPE = InputShape(1, 256, RATE_HZ)
N_CLASSES = 4


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(params=list(ARCHITECTURES.values()), ids=lambda architecture: architecture.name)
def architecture(request: pytest.FixtureRequest) -> Architecture:
    return request.param


def _values(architecture: Architecture, **values: Any) -> dict[str, Any]:
    specification = MODELS[architecture.name]
    return specification.values(small_config(specification, **values).values)


@cache
def _model(name: str) -> DeepModel:
    """Return the untrained network of an architecture, exported."""
    architecture = ARCHITECTURES[name]
    values = _values(architecture)
    module = build_module(architecture, SHAPE, N_CLASSES, values, 3)
    return deep_model(architecture, SHAPE, N_CLASSES, values, module, np.arange(N_CLASSES))


def test_acceptance_models_every_parameter_gets_a_gradient(architecture: Architecture) -> None:
    module = build_module(architecture, SHAPE, N_CLASSES, _values(architecture), 3).train()
    problem = toy_problem(groups_per_class=4, recordings_per_group=1, windows_per_recording=2)
    windows = torch.from_numpy(problem.read_windows(np.arange(len(problem))))
    labels = torch.from_numpy(problem.labels)
    loss = torch.nn.functional.cross_entropy(module(windows), labels)
    if hasattr(module, "extra_loss"):
        targets = torch.linspace(-1, 1, len(problem) * len(module.auxiliary_targets))
        loss = loss + module.extra_loss(windows, labels, targets.reshape(len(problem), -1))
    loss.backward()
    without = [
        name
        for name, parameter in module.named_parameters()
        if parameter.grad is None or not bool((parameter.grad != 0).any())
    ]
    assert without == []


def test_acceptance_models_onnx_agrees_within_1e_4(architecture: Architecture) -> None:
    model = _model(architecture.name)
    assert disagreement(as_module(model), model) < PARITY == 1e-4
    windows = np.random.default_rng(1).normal(size=(40, 1, 256)).astype(np.float32)
    logits, features = model.outputs(windows)
    assert logits.shape == (40, N_CLASSES)
    with torch.no_grad():
        tensor = torch.from_numpy(windows)
        module = as_module(model)
        assert np.abs(module(tensor).numpy() - logits).max() < 1e-4 * max(1, np.abs(logits).max())
        assert np.allclose(module.representation(tensor), features, atol=1e-4)


def test_acceptance_models_two_epochs_through_the_real_trainer(
    architecture: Architecture,
) -> None:
    problem = toy_problem(groups_per_class=4, recordings_per_group=1, windows_per_recording=2)
    steps: dict[int, dict[str, float]] = {}
    run = FitRun(
        lambda fraction: None,
        log=lambda step, values: steps.setdefault(step, {}).update(values),
    )
    specification = MODELS[architecture.name]
    config = small_config(specification, TWO_EPOCHS)
    model = specification.fit(problem, np.arange(len(problem)), config, run)
    assert isinstance(model, DeepModel)
    assert sorted(steps) == [1, 2]
    assert all(np.isfinite(steps[step]["train/loss"]) for step in steps)
    fresh = build_module(architecture, SHAPE, N_CLASSES, specification.values(config.values), 7)
    still = [
        name
        for name, parameter in fresh.named_parameters()
        if np.array_equal(parameter.detach().numpy(), model.weights[name])
    ]
    assert still == []


def test_cost_is_told_without_torch_and_is_that_of_torch(architecture: Architecture) -> None:
    for shape in (SHAPE, InputShape(2, 1000, 1000.0), InputShape(1, 64, 64.0)):
        for values in (_values(architecture), _values(architecture, scaling="window")):
            told = network_cost(architecture, shape, N_CLASSES, values)
            module = build_module(architecture, shape, N_CLASSES, values, 0)
            assert told.n_parameters == sum(one.numel() for one in module.parameters())
            assert told.macs > 0
            assert told.activation_bytes > 0


def test_reads_windows_of_another_length_while_training(architecture: Architecture) -> None:
    module = build_module(architecture, SHAPE, N_CLASSES, _values(architecture), 3)
    for n_samples in (128, 200, 256):
        assert module(torch.randn(2, 1, n_samples)).shape == (2, N_CLASSES)


def test_refuses_windows_that_are_too_short_or_of_another_shape(
    architecture: Architecture,
) -> None:
    with pytest.raises(Invalid, match="at least 64 samples"):
        network_cost(architecture, InputShape(1, 63, 1.0), 4, _values(architecture))
    model = _model(architecture.name)
    with pytest.raises(Invalid, match=r"trained on windows of \(channel, sample\) \(1, 256\)"):
        model.predict_proba(np.zeros((2, 1, 128), np.float32))
    assert model.predict_proba(np.zeros((0, 1, 256), np.float32)).shape == (0, N_CLASSES)
