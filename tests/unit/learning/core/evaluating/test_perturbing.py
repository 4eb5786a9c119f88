"""Changed windows: each change does what it says, and its first level nothing."""

import numpy as np
import pytest

from sonde.learning.core.evaluating.perturbing import (
    PERTURBATIONS,
    add_noise,
    change_gain,
    lose_samples,
    perturbation,
    shift_rate,
    shift_speed,
)
from sonde.platform.core.errors import Invalid

RATE_HZ = 4096
TIME_S = np.arange(RATE_HZ) / RATE_HZ


def random() -> np.random.Generator:
    return np.random.default_rng(0)


def tone(frequency_hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * TIME_S)[None, None, :].astype(np.float32)


def peak_hz(windows: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(windows[0, 0])).argmax()) * RATE_HZ / windows.shape[2]


@pytest.mark.parametrize("name", list(PERTURBATIONS))
def test_acceptance_evaluate_the_first_level_changes_nothing(name: str) -> None:
    windows = random().normal(size=(3, 2, 640)).astype(np.float32)
    change = PERTURBATIONS[name]
    for level in change.levels:
        changed = change.change(windows, level, random())
        assert changed.shape == windows.shape
        assert changed.dtype == np.float32
        assert np.isfinite(changed).all()
        if level == change.levels[0]:
            assert (changed == windows).all()
        else:
            assert (changed != windows).any()


def test_noise_has_the_ratio_that_was_asked_for() -> None:
    windows = tone(100.0)
    for snr_db in (20.0, 0.0):
        noise = add_noise(windows, snr_db, random()) - windows
        found = 10 * np.log10(windows.var() / noise.var())
        assert found == pytest.approx(snr_db, abs=0.4)


def test_lost_samples_hold_the_last_value() -> None:
    windows = np.arange(1000, dtype=np.float32)[None, None, :]
    changed = lose_samples(windows, 0.4, random())[0, 0]
    assert (np.diff(changed) >= 0).all()
    assert (changed != windows[0, 0]).mean() == pytest.approx(0.4, abs=0.02)
    assert changed[0] == 0.0


def test_gain_multiplies() -> None:
    assert (change_gain(tone(50.0), 2.0, random()) == 2.0 * tone(50.0)).all()


@pytest.mark.parametrize("percent", [-10.0, 5.0, 10.0])
def test_a_wrong_clock_moves_every_frequency(percent: float) -> None:
    moved = shift_rate(tone(1000.0), percent, random())
    assert peak_hz(moved) == pytest.approx(1000.0 * (1 + percent / 100), abs=3.0)
    assert moved.std() == pytest.approx(tone(1000.0).std(), rel=0.03)


def test_another_speed_moves_the_rhythm_and_not_the_ringing() -> None:
    rhythm = 1.0 + np.cos(2 * np.pi * 40.0 * TIME_S)
    bursts = (rhythm * np.sin(2 * np.pi * 1200.0 * TIME_S))[None, None, :].astype(np.float32)
    moved = shift_speed(bursts + tone(30.0), 10.0, random())
    spectrum = np.abs(np.fft.rfft(moved[0, 0]))
    assert abs(int(spectrum[1100:1300].argmax()) + 1100 - 1200) <= 2
    assert int(spectrum[:100].argmax()) == pytest.approx(33, abs=1)
    sides = np.sort(np.argsort(spectrum[1220:1270])[-1:]) + 1220
    assert sides[0] == pytest.approx(1244, abs=2)


def test_an_unknown_change_is_refused() -> None:
    with pytest.raises(Invalid, match="choose one of noise"):
        perturbation("rain")
