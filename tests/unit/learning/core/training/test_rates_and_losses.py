"""Learning rates by their closed forms, and losses beside PyTorch's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.training.losses import (
    Criterion,
    class_weights,
    criterion_of,
    distillation_loss,
    soften,
)
from sonde.learning.core.training.optimisers import optimiser_of
from sonde.learning.core.training.schedules import Plateau, learning_rate

CONFIG = TrainingConfig(epochs=10, learning_rate=1.0)
STEPS = 7


def _curve(**changed) -> list[float]:
    config = replace(CONFIG, **changed)
    return [learning_rate(config, step, STEPS, 1.0) for step in range(10 * STEPS)]


def test_no_schedule_holds_the_rate() -> None:
    assert set(_curve(schedule="none")) == {1.0}


def test_step_divides_by_ten_after_each_third() -> None:
    curve = _curve(schedule="step")
    assert sorted({round(one, 6) for one in curve}) == [0.01, 0.1, 1.0]
    assert curve == sorted(curve, reverse=True)


def test_cosine_is_that_of_pytorch() -> None:
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 10 * STEPS)
    theirs = []
    for _ in range(10 * STEPS):
        theirs.append(schedule.get_last_lr()[0])
        optimiser.step()
        schedule.step()
    assert _curve(schedule="cosine") == pytest.approx(theirs)


def test_warm_up_rises_in_a_line_to_the_rate() -> None:
    curve = _curve(schedule="none", warm_up_epochs=2)
    assert curve[: 2 * STEPS] == pytest.approx(np.arange(1, 15) / 14)
    assert set(curve[2 * STEPS :]) == {1.0}


def test_one_cycle_rises_for_its_share_and_falls_to_next_to_nothing() -> None:
    for warm, top in ((0, 21), (5, 35)):
        curve = _curve(schedule="one-cycle", warm_up_epochs=warm)
        assert int(np.argmax(curve)) == top
        assert curve[0] == pytest.approx(1 / 25)
        assert curve[-1] < 0.01
        assert max(curve) == pytest.approx(1.0)


def test_plateau_halves_when_the_loss_falls_no_more() -> None:
    plateau = Plateau(wait=2)
    for loss in (1.0, 0.9, 0.95, 0.9, 0.8, 0.9, 0.9):
        plateau.see(loss)
    assert plateau.factor == 0.25
    assert learning_rate(replace(CONFIG, schedule="plateau"), 3, STEPS, 0.25) == 0.25


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("balanced", [False, True])
def test_cross_entropy_is_that_of_pytorch(smoothing, balanced) -> None:
    labels = np.array([0, 0, 0, 1, 2, 2])
    logits = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    weights = torch.from_numpy(class_weights(labels, 3, balanced=balanced))
    ours = Criterion(weights, smoothing)(logits, torch.eye(3)[labels])
    theirs = torch.nn.functional.cross_entropy(
        logits, torch.from_numpy(labels), weight=weights, label_smoothing=smoothing
    )
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)


def test_focal_loss_is_its_formula_and_cross_entropy_without_gamma() -> None:
    logits, labels = torch.tensor([[2.0, 0.0]]), torch.tensor([[1.0, 0.0]])
    p = float(torch.softmax(logits, 1)[0, 0])
    focal = criterion_of(replace(CONFIG, loss="focal", focal_gamma=2.0), torch.ones(2))
    assert float(focal(logits, labels)) == pytest.approx(-((1 - p) ** 2) * np.log(p), rel=1e-5)
    plain = criterion_of(replace(CONFIG, loss="focal", focal_gamma=0.0), torch.ones(2))
    assert float(plain(logits, labels)) == pytest.approx(-np.log(p), rel=1e-5)


def test_a_class_that_is_not_trained_weighs_nothing() -> None:
    for balanced in (False, True):
        weights = class_weights(np.array([0, 2]), 3, balanced=balanced)
        assert weights.tolist() == [1.0, 0.0, 1.0]


def test_a_student_that_agrees_with_its_teacher_has_nothing_to_learn() -> None:
    logits = torch.tensor([[1.0, -1.0, 0.5]])
    said = torch.softmax(logits, 1).double().numpy()
    for temperature in (1.0, 4.0):
        soft = torch.from_numpy(soften(said, temperature))
        assert float(distillation_loss(logits, soft, temperature)) == pytest.approx(0, abs=1e-5)
        assert float(distillation_loss(-logits, soft, temperature)) > 0.05


@pytest.mark.parametrize(
    ("name", "kind"), [("adam", "Adam"), ("adamw", "AdamW"), ("sgd", "SGD"), ("rmsprop", "RMSprop")]
)
def test_an_optimiser_decays_matrices_only(name, kind) -> None:
    net = torch.nn.Sequential(torch.nn.Conv1d(1, 2, 3), torch.nn.BatchNorm1d(2))
    optimiser = optimiser_of(net, replace(CONFIG, optimiser=name, weight_decay=0.1))
    assert type(optimiser).__name__ == kind
    decays = {
        one.ndim: group["weight_decay"]
        for group in optimiser.param_groups
        for one in group["params"]
    }
    assert decays == {3: 0.1, 1: 0.0}
