"""Shipped networks with a state or loss of their own go on after a kill, and can be taught."""

import numpy as np
import pytest

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.models.catalogue import MODELS
from tests.unit.learning.core.training.small_fit import Killed, Ledger
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem(windows_per_recording=1)
EVERY = np.arange(len(PROBLEM))
TRAINING = TrainingConfig(
    epochs=2, batch_size=8, device="cpu", augmentations=("random", "mixup"), learning_rate=0.01
)


def _arrays(name: str, ledger: Ledger, training: TrainingConfig = TRAINING, teacher=None):
    config = ModelConfig(name, 1, {}, training)
    fitted = MODELS[name].fit(ledger.reader(PROBLEM), EVERY, config, ledger.run(teacher))
    return fitted.arrays()


@pytest.mark.parametrize("name", ["physics-constrained-cnn", "gru"])
def test_a_shipped_network_killed_after_an_epoch_ends_the_same(name: str) -> None:
    expected = _arrays(name, Ledger())
    ledger = Ledger()
    first = ledger.run().keep

    def keep_and_die(state: bytes) -> None:
        first(state)
        raise Killed

    ledger._keep = keep_and_die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        _arrays(name, ledger)
    assert ledger.state is not None
    del ledger._keep
    again = _arrays(name, ledger)
    assert ledger.notes
    weights = [key for key in expected if key.startswith("weights.")]
    assert weights
    assert all(np.array_equal(expected[key], again[key]) for key in weights)


def test_a_shipped_network_is_taught_by_a_fitted_forest() -> None:
    forest = MODELS["random-forest"].fit(
        PROBLEM, EVERY, ModelConfig("random-forest"), lambda _fraction: None
    )
    said = forest.predict_proba(PROBLEM.read_features(EVERY))
    taught = TrainingConfig(**{**TRAINING.__dict__, "teacher": "another", "augmentations": ()})
    plain, ledger = Ledger(), Ledger()
    _arrays("gru", plain, TrainingConfig(**{**TRAINING.__dict__, "augmentations": ()}))
    _arrays("gru", ledger, taught, teacher=lambda indices: said[indices])
    assert ledger.logs[1]["train/loss"] != plain.logs[1]["train/loss"]
