"""The physics in a loss is felt, and true physics can be told from scrambled physics."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.models.deep import multitask, physics_constrained
from sonde.learning.core.models.deep.architecture import Architecture, InputShape
from sonde.learning.core.models.deep.physics_network import band_energies
from sonde.learning.core.models.deep.specification import build_module, specification_of
from sonde.learning.core.training.material import auxiliary_targets
from sonde.platform.core.errors import Invalid
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem(groups_per_class=4, recordings_per_group=1, windows_per_recording=2)
EVERY = np.arange(len(PROBLEM))
WINDOWS = torch.from_numpy(PROBLEM.read_windows(EVERY))
LABELS = torch.from_numpy(PROBLEM.labels)
SHAPE = InputShape(1, 256, 256.0)
SMALL = {"width": 8, "depth": 2, "first_kernel": 17}
NONE = torch.zeros(len(LABELS), 0)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def _network(architecture: Architecture, **values: Any) -> Any:
    knobs = specification_of(architecture).values(SMALL | values)
    return build_module(architecture, SHAPE, 4, knobs, 3).train()


def test_a_tone_has_its_energy_in_its_band() -> None:
    time_s = torch.arange(256) / 256.0
    tone = torch.sin(2 * torch.pi * 40.0 * time_s)[None, None]
    energies = band_energies(torch.cat([tone, 10.0 * tone]), 6)
    edges = 2.0 * 64.0 ** (np.arange(7) / 6)
    assert energies[0].argmax() == np.searchsorted(edges, 40.0) - 1
    # Twenty decibels more in every band that holds anything.
    held = energies[0] > -20
    assert torch.allclose(energies[1][held] - energies[0][held], torch.tensor(4.60517), atol=1e-3)


def test_bands_narrower_than_a_line_and_short_windows_stay_finite() -> None:
    for n_samples, n_bands in ((64, 128), (65, 2), (256, 128)):
        assert torch.isfinite(band_energies(torch.randn(2, 3, n_samples), n_bands)).all()


def test_acceptance_models_the_physics_loss_pulls_on_every_weight() -> None:
    network = _network(physics_constrained.ARCHITECTURE)
    network(WINDOWS)
    loss = network.extra_loss(WINDOWS, LABELS, NONE)
    assert loss > 0.0
    loss.backward()
    for name, weights in network.named_parameters():
        assert bool((weights.grad != 0).any()), name
    without = _network(physics_constrained.ARCHITECTURE, physics_weight=0.0)
    without(WINDOWS)
    without.extra_loss(WINDOWS, LABELS, NONE).backward()
    assert all(bool((weights.grad == 0).all()) for weights in without.parameters())


def test_acceptance_models_scrambled_physics_is_told_from_true_physics() -> None:
    said = torch.eye(4)[LABELS]
    losses = {}
    for physics in ("true", "scrambled"):
        network = _network(physics_constrained.ARCHITECTURE, physics=physics)
        network(WINDOWS)
        network.extra_loss(WINDOWS, LABELS, NONE)
        energies = band_energies(network.scaling(WINDOWS), network.physics.n_bands)
        losses[physics] = float(network.disagreement(said, energies))
        losses[f"{physics}, asked of nobody"] = float(network.disagreement(said * 0, energies))
    assert losses["true"] < 0.5 * losses["true, asked of nobody"]
    assert losses["scrambled"] > 2.0 * losses["true"]


def test_the_physics_alone_teaches_the_classes_and_scrambled_physics_does_not() -> None:
    right = {}
    for physics in ("true", "scrambled"):
        network = _network(physics_constrained.ARCHITECTURE, physics=physics)
        optimiser = torch.optim.Adam(network.parameters(), 1e-2)
        for _ in range(40):
            optimiser.zero_grad()
            network(WINDOWS)
            network.extra_loss(WINDOWS, LABELS, NONE).backward()
            optimiser.step()
        told = network.eval()(WINDOWS).argmax(dim=1)
        right[physics] = float((told == LABELS).float().mean())
    assert right["true"] > 0.9
    assert right["scrambled"] < 0.4


def test_the_reference_is_the_class_that_is_named_and_travels_with_the_weights() -> None:
    network = _network(physics_constrained.ARCHITECTURE, reference_class=3)
    network(WINDOWS)
    network.extra_loss(WINDOWS, LABELS, NONE)
    energies = band_energies(network.scaling(WINDOWS), network.physics.n_bands)
    assert torch.allclose(network.band_means[2], energies[LABELS == 2].mean(dim=0), atol=1e-4)
    assert {"band_means", "band_spread", "band_counts"} <= set(network.state_dict())
    with pytest.raises(Invalid, match="one of 1 to 4, not 5"):
        _network(physics_constrained.ARCHITECTURE, reference_class=5)


def test_nothing_is_asked_before_a_reference_window_was_seen() -> None:
    network = _network(physics_constrained.ARCHITECTURE)
    faulty = LABELS != 0
    network(WINDOWS[faulty])
    assert network.extra_loss(WINDOWS[faulty], LABELS[faulty], NONE[faulty]) == 0.0


def test_attributes_with_units_are_numbers_and_what_is_unknown_does_not_count() -> None:
    problem = replace(
        PROBLEM,
        attributes={
            "speed": np.array([f"{1700 + 10 * (index % 4)} rpm" for index in EVERY]),
            "severity": np.array(["severe", "30 % mild"] * 16),
        },
    )
    targets = torch.from_numpy(auxiliary_targets(problem, ("speed", "load", "severity"), EVERY))
    assert torch.isfinite(targets).tolist()[:2] == [[True, False, False], [True, False, True]]
    network = _network(multitask.ARCHITECTURE)
    assert network.auxiliary_targets == ("speed", "load", "severity")
    network(WINDOWS)
    network.extra_loss(WINDOWS, LABELS, targets).backward()
    felt = network.attribute_head[0].weight.grad.abs().sum(dim=1)
    assert felt[0] > 0
    assert felt[1] == 0
    network(WINDOWS)
    assert network.extra_loss(WINDOWS, LABELS, torch.full_like(targets, torch.nan)) == 0.0


def test_a_multitask_network_learns_to_tell_a_number() -> None:
    amplitude = np.linspace(0.5, 2.0, len(PROBLEM))
    windows = (PROBLEM.read_windows(EVERY) * amplitude[:, None, None]).astype(np.float32)
    problem = replace(
        PROBLEM,
        read_windows=lambda indices: windows[indices],
        attributes={"load": np.array([f"{value:.3f} kN" for value in amplitude])},
    )
    values = SMALL | {"attributes": "load", "attribute_weight": 3.0}
    training = TrainingConfig(epochs=25, batch_size=16, learning_rate=1e-2, validation_fraction=0.0)
    specification = specification_of(multitask.ARCHITECTURE)
    config = ModelConfig(specification.name, 3, values, training)
    fitted = specification.fit(problem, EVERY, config, lambda _: None)
    from sonde.learning.core.models.deep.fitted import DeepModel, as_module

    assert isinstance(fitted, DeepModel)
    with torch.no_grad():
        told = as_module(fitted).tell_attributes(torch.from_numpy(windows))[:, 0].numpy()
    assert np.corrcoef(told, amplitude)[0, 1] > 0.8


def test_attributes_are_refused_in_words() -> None:
    for text in ("", "load, load", ", ".join(f"a{number}" for number in range(17))):
        with pytest.raises(Invalid, match="different names separated by commas"):
            multitask.attributes(text)
