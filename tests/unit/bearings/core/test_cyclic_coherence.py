"""Cyclic coherence: closed forms of modulated noise, statistics of plain noise, laws."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import loadmat
from scipy.signal import butter, sosfilt

from sonde.bearings.core.cyclic_coherence import CoherenceSettings, cyclic_coherence
from sonde.platform.core.errors import Invalid

RATE_HZ = 4096.0
COUNT = 40_960
TIME_S = np.arange(COUNT) / RATE_HZ
FEW_BANDS = CoherenceSettings(highest_cyclic_hz=120.0, bands=16)


def _noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=COUNT)


def _modulated(depth: float, modulation_hz: float, seed: int = 0) -> np.ndarray:
    return (1 + depth * np.cos(2 * np.pi * modulation_hz * TIME_S)) * _noise(seed)


@settings(deadline=None, max_examples=20)
@given(st.floats(0.3, 1.0), st.integers(5, 55), st.integers(0, 99))
def test_acceptance_look_modulated_noise_is_coherent_at_its_modulation(
    depth: float, modulation_hz: int, seed: int
) -> None:
    """White noise times 1 + m cos: |coherence|² is (m / (1 + m²/2))², and (m²/4 / ...)² at 2a."""
    found = cyclic_coherence(_modulated(depth, modulation_hz, seed), RATE_HZ, FEW_BANDS)
    spectrum = found.enhanced
    line = round(modulation_hz / spectrum.resolution_hz)
    power = 1 + depth**2 / 2
    assert spectrum.values.argmax() == line
    assert spectrum.values[line] == pytest.approx((depth / power) ** 2, abs=0.025)
    assert spectrum.values[2 * line] == pytest.approx((depth**2 / 4 / power) ** 2, abs=0.01)
    column = np.abs(found.cyclic_hz - modulation_hz).argmin()
    assert (found.values[:, column] > found.threshold).all()


@pytest.mark.parametrize("bands", [16, 64])
@pytest.mark.parametrize("coloured", [False, True])
def test_acceptance_look_stationary_noise_stays_below_its_threshold(
    bands: int, coloured: bool
) -> None:
    choice = CoherenceSettings(highest_cyclic_hz=100.0, bands=bands, false_alarm=0.01)
    above, enhanced_above = [], []
    for seed in range(6):
        noise = _noise(seed)
        if coloured:
            noise = np.convolve(noise, np.exp(-np.arange(40) / 9) * np.cos(np.arange(40)), "same")
        found = cyclic_coherence(noise, RATE_HZ, choice)
        above.append((found.values > found.threshold).mean())
        enhanced_above.append((found.enhanced.values > found.enhanced_threshold).mean())
    assert np.mean(above) == pytest.approx(0.01, abs=0.006)
    assert np.mean(enhanced_above) < 0.02


def test_only_the_band_that_swings_is_coherent() -> None:
    band = butter(6, (900.0, 1300.0), "bandpass", fs=RATE_HZ, output="sos")
    signal = sosfilt(band, _modulated(0.9, 23.0)) + 0.05 * _noise(4)
    found = cyclic_coherence(signal, RATE_HZ, FEW_BANDS)
    column = np.abs(found.cyclic_hz - 23.0).argmin()
    coherent = found.carrier_hz[found.values[:, column] > 3 * found.threshold]
    assert coherent.min() > 700
    assert coherent.max() < 1500
    inside = cyclic_coherence(signal, RATE_HZ, FEW_BANDS, band=(900.0, 1300.0)).enhanced
    outside = cyclic_coherence(signal, RATE_HZ, FEW_BANDS, band=(1600.0, 2048.0))
    assert inside.values[230] > 0.2
    assert outside.enhanced.values[230] < outside.enhanced_threshold


@settings(deadline=None, max_examples=15)
@given(st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_neither_scale_nor_level_changes_it(factor: float, level: float) -> None:
    samples = _modulated(0.5, 30.0)[:8192]
    one = cyclic_coherence(samples, RATE_HZ, FEW_BANDS)
    other = cyclic_coherence(factor * (samples + level), RATE_HZ, FEW_BANDS)
    np.testing.assert_allclose(other.values, one.values, atol=2e-3)
    assert one.values.min() >= 0
    assert one.values.max() <= 1


def test_running_backwards_changes_nothing() -> None:
    """Time reversal conjugates every line: all magnitudes stay (but for the window's one step)."""
    samples = _modulated(0.7, 30.0)
    one = cyclic_coherence(samples, RATE_HZ, FEW_BANDS).enhanced.values
    other = cyclic_coherence(np.roll(samples[::-1], 1), RATE_HZ, FEW_BANDS).enhanced.values
    np.testing.assert_allclose(other, one, atol=1e-4)


def test_it_is_the_smoothed_cyclic_periodogram() -> None:
    samples = _modulated(0.6, 20.0)[:4096]
    found = cyclic_coherence(samples, RATE_HZ, CoherenceSettings(60.0, 16))
    weights = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(4096) / 4096)
    lines = np.fft.fft((samples - samples.mean()) * weights)
    lines[0] = 0
    for band in (0, 3, 15):
        upper = np.arange(band * 128 + 1, band * 128 + 129)
        for shift in (3, 20, 57):
            own, lower = lines[upper], lines[upper - shift]
            bounded = np.sum(np.abs(own) ** 2) * np.sum(np.abs(lower) ** 2)
            expected = np.abs(np.sum(own * lower.conj())) ** 2 / bounded
            assert found.values[band, shift] == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_prewhitening_takes_the_difference_of_two_tones_away() -> None:
    tones = 30 * np.sin(2 * np.pi * 510.3 * TIME_S) + 30 * np.sin(2 * np.pi * 560.3 * TIME_S)
    samples = tones + _modulated(0.9, 33.0)
    plain = cyclic_coherence(samples, RATE_HZ, FEW_BANDS)
    white = cyclic_coherence(samples, RATE_HZ, CoherenceSettings(120.0, 16, prewhiten=True))
    row, column = 4, np.abs(plain.cyclic_hz - 50.0).argmin()
    assert plain.values[row, column] > 0.4  # one line of the pair has no partner in the band
    assert white.values[row, column] < 0.1
    assert white.enhanced.values.argmax() == 330


def test_many_cyclic_frequencies_are_reduced_for_sending() -> None:
    choice = CoherenceSettings(highest_cyclic_hz=1000.0, bands=32)
    found = cyclic_coherence(_modulated(0.9, 333.3), RATE_HZ, choice)
    assert found.values.shape[1] <= 1024
    assert found.values.dtype == np.float32
    column = found.values.mean(axis=0).argmax()
    assert found.cyclic_hz[column] == pytest.approx(333.3, abs=1.0)


def test_silence_is_not_coherent() -> None:
    assert cyclic_coherence(np.zeros(4096), RATE_HZ, FEW_BANDS).values.max() == 0


@pytest.mark.parametrize(
    ("count", "choice", "band"),
    [
        (500, FEW_BANDS, None),
        (2048, CoherenceSettings(bands=512), None),
        (4096, CoherenceSettings(highest_cyclic_hz=1.0), None),
        (4096, CoherenceSettings(highest_cyclic_hz=5000.0), None),
        (4096, FEW_BANDS, (100.0, 101.0)),
    ],
)
def test_what_does_not_fit_is_refused(
    count: int, choice: CoherenceSettings, band: tuple[float, float] | None
) -> None:
    with pytest.raises(Invalid):
        cyclic_coherence(_noise(0)[:count], RATE_HZ, choice, band)


@pytest.mark.parametrize(("bands", "false_alarm"), [(4, 0.01), (600, 0.01), (16, 0.0), (16, 0.6)])
def test_impossible_settings_are_refused(bands: int, false_alarm: float) -> None:
    with pytest.raises(Invalid):
        CoherenceSettings(bands=bands, false_alarm=false_alarm)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("record", "order"),
    [(106, 5.4152), (170, 5.4152), (210, 5.4152), (145, 3.5848), (235, 3.5848), (259, 3.5848)],
)
def test_acceptance_look_measured_race_faults_stand_in_the_enhanced_envelope_spectrum(
    real_data: Path, record: int, order: float
) -> None:
    held = loadmat(real_data / "bearings" / "cwru" / "12k_drive_end" / f"{record}.mat")
    samples = held[f"X{record}_DE_time"][:, 0].astype(np.float32)
    found = cyclic_coherence(samples, 12_000.0)
    strongest = found.enhanced.frequency_hz[found.enhanced.values.argmax()] / (1772 / 60)
    assert strongest == pytest.approx(order, rel=0.015)
    assert found.enhanced.values.max() > 20 * found.enhanced_threshold
