"""A snapshot ensemble: what its settings decide, and that a kill changes no bit of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.members import restored_members
from tests.unit.learning.core.training.small_fit import Killed, Ledger
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem(windows_per_recording=1)
EVERY = np.arange(len(PROBLEM))
TRAINING = TrainingConfig(epochs=4, batch_size=8, device="cpu", learning_rate=0.01)
NETWORK = "cnn-1d(width=8, depth=2, first_kernel=17)"


def _arrays(
    ledger: Ledger, training: TrainingConfig = TRAINING, **values: Any
) -> Mapping[str, Any]:
    config = ModelConfig("snapshot", 1, {"network": NETWORK, "n_cycles": 2, **values}, training)
    fitted = MODELS["snapshot"].fit(ledger.reader(PROBLEM), EVERY, config, ledger.run())
    return fitted.arrays()


def _weights(arrays: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: one.tobytes() for name, one in arrays.items() if ".weights." in name}


def test_acceptance_wizard_every_setting_of_a_snapshot_ensemble_changes_it() -> None:
    ledger = Ledger()
    two = _arrays(ledger)
    four = _arrays(Ledger(), n_cycles=4)
    other = _arrays(Ledger(), network="cnn-1d(width=16, depth=2, first_kernel=17)")
    assert [len(restored_members(one, "windows")) for one in (two, four)] == [2, 4]
    assert len(_weights(four)) == 2 * len(_weights(two))
    assert _weights(other) != _weights(two)
    assert {name.split("/")[0] for name in ledger.logs[1]} == {"cycle 2"}
    assert {"cycle 1/best.safetensors", "cycle 2/best.safetensors"} == set(ledger.files)


def test_a_snapshot_ensemble_killed_anywhere_ends_the_same() -> None:
    whole = Ledger()
    expected = _weights(_arrays(whole))
    for point in np.linspace(3, whole.events * 0.6, 4).astype(int).tolist():
        ledger = Ledger(die_at=point)
        with pytest.raises(Killed):
            _arrays(ledger)
        assert _weights(_arrays(ledger)) == expected, point


def test_a_cycle_that_is_done_is_not_trained_again() -> None:
    ledger = Ledger()
    expected = _weights(_arrays(ledger))
    ledger.logs.clear()
    assert _weights(_arrays(ledger)) == expected
    assert not ledger.logs
    assert "2 of 2 steps are done already." in ledger.notes
