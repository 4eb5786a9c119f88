"""Scaling, export, bundles and what may be asked of a trained network."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from sonde.learning.core.bundle import Bundle, ModelCard, dump, load
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES, DEFAULT
from sonde.learning.core.models.deep.cnn_1d import ARCHITECTURE
from sonde.learning.core.models.deep.cost import network_cost
from sonde.learning.core.models.deep.export import deep_model
from sonde.learning.core.models.deep.fitted import DeepModel, as_module
from sonde.learning.core.models.deep.scaling import settle, statistics
from sonde.learning.core.models.deep.specification import build_module, input_shape
from sonde.platform.core.errors import Invalid, Unreadable
from tests.contract.small_models import small_config
from tests.unit.learning.toy_problem import RATE_HZ, toy_problem

SHAPE = InputShape(1, 256, RATE_HZ)


def _values(**given: object) -> dict[str, object]:
    specification = MODELS[ARCHITECTURE.name]
    return specification.values(small_config(specification, **given).values)


def _model(**given: object) -> DeepModel:
    values = _values(**given)
    module = build_module(ARCHITECTURE, SHAPE, 4, values, 3)
    return deep_model(ARCHITECTURE, SHAPE, 4, values, module, np.arange(4))


def _card(model: DeepModel) -> ModelCard:
    return ModelCard(
        title="Toy",
        model=model.architecture.name,
        config={},
        class_names=("healthy", "inner", "outer", "ball"),
        feature_recipe="toy-bands 1",
        feature_names=(),
        sampling_rate_hz=RATE_HZ,
        unit="unknown",
        window_shape=(1, 256),
        source="toy",
        source_options={},
        certificate={},
        macro_f1=1.0,
        data_hash="toy",
        created_at="2026-11-21T00:00:00Z",
    )


def test_statistics_are_those_of_the_training_windows() -> None:
    problem = toy_problem()
    chosen = np.arange(0, len(problem), 2)
    mean, spread = statistics(problem, chosen, seed=0)
    windows = problem.read_windows(chosen).astype(np.float64)
    assert mean[0, 0] == pytest.approx(windows.mean(), abs=1e-6)
    assert spread[0, 0] == pytest.approx(windows.std(), rel=1e-6)


def test_a_silent_channel_is_not_divided_by_zero() -> None:
    problem = toy_problem()
    silent = replace(problem, read_windows=lambda indices: 0 * problem.read_windows(indices) + 2)
    mean, spread = statistics(silent, np.arange(8), seed=0)
    assert (mean[0, 0], spread[0, 0]) == (2.0, 1.0)


def test_scaling_by_training_is_kept_and_exported() -> None:
    module = build_module(ARCHITECTURE, SHAPE, 4, _values(), 3)
    problem = toy_problem()
    loud = replace(problem, read_windows=lambda indices: 50 * problem.read_windows(indices) + 7)
    settle(module.scaling, loud, np.arange(len(problem)), 0)
    model = deep_model(ARCHITECTURE, SHAPE, 4, _values(), module, np.arange(4))
    assert model.weights["scaling.mean"][0, 0] == pytest.approx(7.0, abs=1.0)
    windows = loud.read_windows(np.arange(4))
    with torch.no_grad():
        told = as_module(model)(torch.from_numpy(windows)).softmax(dim=1).numpy()
    assert np.allclose(told, model.predict_proba(windows), atol=1e-4)


def test_scaling_by_window_forgets_the_level_and_none_does_not() -> None:
    windows = toy_problem().read_windows(np.arange(6))
    told = _model(scaling="window").outputs(windows)[0]
    louder = _model(scaling="window").outputs(7.0 * windows + 3.0)[0]
    assert np.allclose(told, louder, atol=1e-4)
    for scaling in ("none", "training"):
        model = _model(scaling=scaling)
        assert not np.allclose(model.outputs(windows)[0], model.outputs(7 * windows)[0], atol=1e-2)


def test_the_same_seed_draws_the_same_weights_and_leaves_torch_alone() -> None:
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    one, two, three = (build_module(ARCHITECTURE, SHAPE, 4, _values(), s) for s in (3, 3, 4))
    assert torch.equal(before, torch.random.get_rng_state())
    pairs = zip(one.parameters(), two.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    others = zip(one.parameters(), three.parameters(), strict=True)
    assert not all(torch.equal(a, b) for a, b in others)


def test_a_diverged_network_is_not_kept() -> None:
    module = build_module(ARCHITECTURE, SHAPE, 4, _values(), 3)
    with torch.no_grad():
        module.head[1].weight.fill_(float("nan"))
    with pytest.raises(Invalid, match="diverged"):
        deep_model(ARCHITECTURE, SHAPE, 4, _values(), module, np.arange(4))


def test_a_network_that_answers_otherwise_than_its_export_is_not_kept() -> None:
    module = build_module(ARCHITECTURE, SHAPE, 4, _values(), 3)
    plain = module.forward
    module.forward = lambda windows: plain(windows) + 1e-3
    with pytest.raises(Invalid, match=r"differs from the trained one by 1\.0e-03"):
        deep_model(ARCHITECTURE, SHAPE, 4, _values(), module, np.arange(4))


def test_temperature_makes_probabilities_milder() -> None:
    model = _model()
    windows = toy_problem().read_windows(np.arange(6))
    sharp, mild = model.predict_proba(windows), replace(model, temperature=5.0)
    assert (mild.predict_proba(windows).max(axis=1) < sharp.max(axis=1)).all()


def test_a_bundle_brings_a_network_back() -> None:
    model = _model()
    content, _ = dump(Bundle(_card(model), model, None))
    again = load(content).fitted
    windows = toy_problem().read_windows(np.arange(6))
    assert np.array_equal(again.predict_proba(windows), model.predict_proba(windows))
    assert isinstance(again, DeepModel)
    assert np.array_equal(again.representation(windows), model.representation(windows))
    with torch.no_grad():
        told = as_module(again)(torch.from_numpy(windows)).numpy()
    assert np.allclose(told, model.outputs(windows)[0], atol=1e-4)


def test_a_bundle_with_a_bent_graph_or_bent_settings_is_refused() -> None:
    model = _model()
    for bent in (
        replace(model, onnx=model.onnx[:-40]),
        replace(model, onnx=np.zeros(9, np.uint8)),
        replace(model, classes=np.array([7])),
        replace(model, temperature=0.0),
        replace(model, values={**model.values, "width": 10**9}),
        replace(model, values={}),
        replace(model, n_classes=-4),
        replace(model, shape=InputShape(1, 2**40, 1.0)),
    ):
        content, _ = dump(Bundle(_card(model), bent, None))
        with pytest.raises(Unreadable):
            load(content)


def test_weights_of_another_network_become_no_module() -> None:
    model = replace(_model(), values=_values(width=16))
    with pytest.raises(ValueError, match="weights are not those"):
        as_module(model)


def test_an_empty_problem_has_no_input_shape() -> None:
    problem = toy_problem()
    with pytest.raises(Invalid, match="no windows"):
        input_shape(replace(problem, labels=problem.labels[:0]))


def test_the_default_network_is_small() -> None:
    architecture = ARCHITECTURES[DEFAULT]
    values = MODELS[DEFAULT].values({})
    cost = network_cost(architecture, InputShape(1, 20_480, 20_480.0), 11, values)
    assert cost.n_parameters < 300_000
    assert cost.macs < 100e6
    assert cost.training_macs == 3 * cost.macs


def test_forms_and_counts_need_no_torch() -> None:
    script = (
        "import sys; from sonde.learning.core.models.catalogue import MODELS; "
        "from sonde.learning.core.models.deep.catalogue import ARCHITECTURES, DEFAULT; "
        "from sonde.learning.core.models.deep.architecture import InputShape; "
        "from sonde.learning.core.models.deep.cost import network_cost; "
        "network_cost(ARCHITECTURES[DEFAULT], InputShape(1, 2048, 1.0), 3, "
        "MODELS[DEFAULT].values({})); "
        "print(sorted({'torch', 'onnx', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
