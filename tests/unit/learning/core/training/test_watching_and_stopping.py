"""Who watches over a training, and what a stop leaves: no epoch is chosen on what was learned."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.training import loop
from tests.unit.learning.core.training.small_fit import PROBLEM, Ledger, fit
from tests.unit.learning.toy_problem import toy_problem

BASE = TrainingConfig(epochs=2, batch_size=16, learning_rate=0.01, device="cpu")


def test_later_cycles_of_a_snapshot_ensemble_are_watched_by_groups_that_none_has_learned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = toy_problem(3, 6, 1, 2)
    trainings: list[loop.TrainedModule] = []
    train = loop.train

    def noted(*given: Any, **named: Any) -> loop.TrainedModule:
        trainings.append(train(*given, **named))
        return trainings[-1]

    monkeypatch.setattr(loop, "train", noted)
    network = "cnn-1d(width=8, depth=2, first_kernel=17)"
    config = ModelConfig(
        "snapshot", 0, {"network": network, "n_cycles": 4}, replace(BASE, epochs=4)
    )
    MODELS["snapshot"].fit(problem, np.arange(len(problem)), config, lambda _done: None)
    assert len(trainings) == 4
    learned = {sample for one in trainings for sample in one.teaching.tolist()}
    watched = {sample for one in trainings for sample in one.watching.tolist()}
    assert watched
    assert not set(problem.groups[list(learned)]) & set(problem.groups[list(watched)])


@pytest.mark.parametrize("pretraining", ["masked", "contrastive"])
def test_a_stop_during_pretraining_still_leaves_a_network_that_was_taught(pretraining: str) -> None:
    ledger = Ledger(stop_after=3)
    training = replace(BASE, epochs=3, pretraining=pretraining, pretraining_epochs=40)
    trained = fit(training, ledger)
    assert len(ledger.pretraining) < 40
    assert sorted(ledger.logs) == [1]
    assert (trained.best_epoch, trained.ended) == (1, "asked")


def test_the_last_step_of_a_stack_hears_members_whose_teacher_has_not_seen_the_answers() -> None:
    problem = toy_problem(3, 4, 1, 1)
    every, asked = np.arange(len(problem)), []

    def teacher(samples: Any) -> Any:
        asked.extend(samples.tolist())
        return np.full((len(samples), 3), 1 / 3)

    members = "cnn-1d(width=8, depth=2, first_kernel=17), cnn-1d(width=16, depth=2, first_kernel=9)"
    training = replace(BASE, epochs=1, teacher="somebody", validation_fraction=0.0)
    values = {"members": members, "n_folds": 2}
    config = ModelConfig("stacking-windows", 0, values, training)
    MODELS["stacking-windows"].fit(problem, every, config, Ledger().run(teacher))
    assert sorted(asked) == sorted([*every.tolist()] * 2)


def test_whoever_watches_follows_from_the_given_seed_alone() -> None:
    halves = [
        fit_with(watch_seed=watch_seed, seed=seed) for watch_seed, seed in ((5, 0), (5, 1), (6, 0))
    ]
    assert halves[0].watching.tolist() == halves[1].watching.tolist()
    assert halves[0].watching.tolist() != halves[2].watching.tolist()


def fit_with(*, watch_seed: int, seed: int) -> loop.TrainedModule:
    from tests.unit.learning.core.training.small_fit import small_net

    config = ModelConfig("small", seed, {}, replace(BASE, epochs=1))
    every = np.arange(len(PROBLEM))
    return loop.train(small_net(), PROBLEM, every, config, Ledger().run(), watch_seed=watch_seed)
