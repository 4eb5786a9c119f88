"""A training killed anywhere, any number of times, ends as one that was never killed."""

from collections.abc import Mapping

import numpy as np
import pytest
import torch

from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.training.loop import TrainedModule
from sonde.learning.core.training.session import Budget
from sonde.learning.core.training.tensor_files import from_file
from tests.unit.learning.core.training.small_fit import OFTEN, Killed, Ledger, fit

BASE = TrainingConfig(epochs=3, batch_size=10, learning_rate=0.01, device="cpu")
CASES: Mapping[str, dict[str, object]] = {
    "plain": {},
    "augmented": {"augmentations": ("noise", "shift", "time-warp", "mixup", "cutmix", "random")},
    "one-cycle sgd": {"schedule": "one-cycle", "optimiser": "sgd"},
    "plateau rmsprop": {"schedule": "plateau", "optimiser": "rmsprop", "patience": 1},
    "masked": {"pretraining": "masked", "pretraining_epochs": 2, "optimiser": "adam"},
    "contrastive": {"pretraining": "contrastive", "pretraining_epochs": 2, "tensorboard": True},
    "resized, all kept": {"progressive_resizing": (64, 128), "checkpoints": "all"},
    "without validation": {"validation_fraction": 0.0, "loss": "focal", "precision": "bf16"},
    "with a teacher": {"teacher": "another", "label_smoothing": 0.1},
}
TIMED = {"wall_time", "throughput", "pretraining/throughput"}


def _teacher(indices):
    return np.tile([0.7, 0.1, 0.1, 0.1], (len(indices), 1))


def _fit(training: TrainingConfig, ledger: Ledger, budget: Budget = OFTEN) -> TrainedModule:
    return fit(training, ledger, budget=budget, teacher=_teacher if training.teacher else None)


def _curves(trained: TrainedModule) -> list[dict[str, float]]:
    return [{k: v for k, v in one.items() if k not in TIMED} for one in trained.curves]


def _same_weights(one: TrainedModule, other: TrainedModule) -> bool:
    ours, theirs = one.module.state_dict(), other.module.state_dict()
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize("case", CASES)
def test_acceptance_training_a_kill_at_any_point_changes_no_bit(case: str) -> None:
    training = TrainingConfig(**{**BASE.__dict__, **CASES[case]})
    whole = Ledger()
    expected = _fit(training, whole)
    points = np.random.default_rng(len(case)).integers(1, whole.events, 5)
    kills = 0
    for point in points.tolist():
        ledger = Ledger(die_at=point)
        try:
            trained = _fit(training, ledger)
        except Killed:
            kills += 1
            trained = _fit(training, ledger)
        assert _same_weights(trained, expected), point
        assert _curves(trained) == _curves(expected), point
        assert (trained.best_epoch, trained.temperature) == (
            expected.best_epoch,
            expected.temperature,
        )
        assert set(ledger.files) == set(whole.files)
    # How often progress is told follows the clock, so that a late point may never come.
    assert kills >= 3


def test_acceptance_training_twenty_kills_in_a_row_change_no_bit() -> None:
    training = TrainingConfig(**{**BASE.__dict__, **CASES["augmented"], "epochs": 6})
    expected = _fit(training, Ledger())
    ledger, random, kills = Ledger(), np.random.default_rng(0), 0
    while kills < 20:
        ledger.die_at = ledger.events + int(random.integers(1, 9))
        try:
            trained = _fit(training, ledger)
            break
        except Killed:
            kills += 1
    else:
        trained = _fit(training, ledger)
    assert kills > 3
    assert _same_weights(trained, expected)


def test_what_is_kept_after_epochs_only_is_enough() -> None:
    training = TrainingConfig(**{**BASE.__dict__, **CASES["augmented"]})
    rare = Budget(keep_every_s=1e9, keep_share=1e9)
    expected = _fit(training, whole := Ledger(), rare)
    ledger = Ledger(die_at=whole.events // 2)
    with pytest.raises(Killed):
        _fit(training, ledger, rare)
    assert _same_weights(_fit(training, ledger, rare), expected)
    assert len(whole.states) == training.epochs + 1


def test_a_state_of_another_fit_is_not_taken_up() -> None:
    other = Ledger()
    _fit(BASE, other)
    ledger = Ledger(state=other.states[3])
    changed = TrainingConfig(**{**BASE.__dict__, "learning_rate": 0.02})
    assert _same_weights(_fit(changed, ledger), _fit(changed, Ledger()))
    assert not ledger.notes
    assert _same_weights(_fit(BASE, Ledger(state=b"no state at all")), _fit(BASE, Ledger()))


def test_a_training_that_has_ended_is_not_done_again() -> None:
    ledger = Ledger()
    expected = _fit(BASE, ledger)
    told = dict(ledger.logs)
    ledger.logs.clear()
    assert _same_weights(_fit(BASE, ledger), expected)
    assert told
    assert not ledger.logs


def test_the_state_holds_optimiser_schedule_random_numbers_and_no_pickle() -> None:
    ledger = Ledger()
    _fit(TrainingConfig(**{**BASE.__dict__, "schedule": "plateau"}), ledger)
    tensors, values = from_file(ledger.states[-2])
    assert any(name.startswith("optimiser.0.exp_avg") for name in tensors)
    assert "random.cpu" in tensors
    assert {"plateau", "watch", "place", "history"} <= set(values)
    assert not any(b"pickle" in state or state[:1] == b"\x80" for state in ledger.states[:1])
