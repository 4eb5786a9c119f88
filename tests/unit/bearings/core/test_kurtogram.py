"""The kurtogram: what Antoni (2006, 2007) states of it, and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.kurtogram import kurtogram
from sonde.bearings.core.spectral_kurtosis import noise_threshold, spectral_kurtosis
from sonde.platform.core.errors import Invalid

RATE_HZ = 20_480.0
NYQUIST_HZ = RATE_HZ / 2


def _rings(carrier_hz: float, decay_hz: float, height: float, seed: int = 0) -> np.ndarray:
    """Noise, and every 20.3 ms a ring whose band is `decay_hz` wide."""
    samples = np.random.default_rng(seed).normal(size=40_960)
    time_s = np.arange(2048) / RATE_HZ
    ring = np.exp(-np.pi * decay_hz * time_s) * np.sin(2 * np.pi * carrier_hz * time_s)
    for start in range(50, 38_900, 416):
        samples[start : start + 2048] += height * ring
    return samples


@pytest.mark.parametrize(
    ("carrier_hz", "decay_hz", "height", "narrowest", "widest"),
    [
        (3_000.0, 150.0, 4.0, 150, 900),
        (6_500.0, 600.0, 6.0, 500, 3500),
        (1_200.0, 80.0, 3.0, 80, 900),
    ],
)
def test_acceptance_look_impulses_are_found_in_their_band_at_its_level(
    carrier_hz: float, decay_hz: float, height: float, narrowest: float, widest: float
) -> None:
    best = kurtogram(_rings(carrier_hz, decay_hz, height), RATE_HZ).best
    low, high = best.band
    assert best.significant
    assert low <= carrier_hz <= high
    assert narrowest <= high - low <= widest


@pytest.mark.parametrize("seed", range(8))
def test_acceptance_look_stationary_noise_has_a_kurtosis_of_zero(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=40_960)
    coloured = np.convolve(noise, np.hanning(9) * np.cos(np.arange(9)), mode="same")
    for samples in (noise, coloured):
        found = kurtogram(samples, RATE_HZ)
        assert not found.best.significant
        for level in found.levels[:6]:
            assert np.nanmax(np.abs(level)) < 0.25


@pytest.mark.parametrize("tone_hz", [700.0, 3_333.3, 8_111.7])
def test_acceptance_look_a_tone_has_a_kurtosis_of_minus_one(tone_hz: float) -> None:
    tone = 10 * np.sin(2 * np.pi * tone_hz * np.arange(40_960) / RATE_HZ)
    found = kurtogram(tone + 0.3 * np.random.default_rng(1).normal(size=40_960), RATE_HZ)
    for level in found.levels[:8]:
        band = int(tone_hz / NYQUIST_HZ * len(level))
        assert level[band] == pytest.approx(-1, abs=0.03)
    assert not found.best.significant


def test_a_strong_slow_tone_makes_no_impact_where_the_signal_ends() -> None:
    time_s = np.arange(40_960) / RATE_HZ
    samples = 100 * np.cos(2 * np.pi * 29.87 * time_s) + np.random.default_rng(2).normal(
        size=40_960
    )
    assert not kurtogram(samples, RATE_HZ).best.significant


def test_impulses_at_the_edge_near_half_the_rate_do_not_count() -> None:
    samples = _rings(9_900.0, 60.0, 8.0)
    _, high = kurtogram(samples, RATE_HZ).best.band
    assert high <= 0.92 * NYQUIST_HZ + 1e-6
    finest = kurtogram(samples, RATE_HZ).levels[-1]
    assert np.isnan(finest[int(0.95 * len(finest)) :]).all()
    assert np.isnan(finest[0])


@settings(deadline=None, max_examples=15)
@given(st.floats(1e-4, 1e4), st.floats(-1e3, 1e3))
def test_neither_scale_nor_level_changes_it(factor: float, level: float) -> None:
    samples = _rings(3_000.0, 300.0, 5.0)[:8192]
    one = kurtogram(samples, RATE_HZ)
    other = kurtogram(factor * (samples + level), RATE_HZ)
    for ours, theirs in zip(one.levels, other.levels, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-3, equal_nan=True)


def test_the_image_repeats_each_band_over_its_width() -> None:
    found = kurtogram(_rings(3_000.0, 300.0, 5.0), RATE_HZ, most_bands=12)
    frequencies_hz, image = found.image()
    assert [len(level) for level in found.levels] == [1, 2, 3, 4, 6, 8, 12]
    assert image.shape == (7, 24)
    assert found.names[:3] == pytest.approx((0.0, 1.0, 1.585), abs=1e-3)
    column = int(np.argmin(np.abs(frequencies_hz - found.best.centre_hz)))
    assert np.nanmax(image[:, column]) == pytest.approx(found.best.kurtosis)


def test_silence_is_not_impulsive() -> None:
    best = kurtogram(np.zeros(4096), RATE_HZ).best
    assert best.kurtosis == 0
    assert not best.significant


def test_spectral_kurtosis_at_one_resolution() -> None:
    frequencies_hz, kurtosis, threshold = spectral_kurtosis(_rings(3_000.0, 300.0, 12.0), RATE_HZ)
    assert frequencies_hz[kurtosis.argmax()] == pytest.approx(3_000, abs=200)
    assert kurtosis.max() > 3 * threshold
    _, quiet, threshold = spectral_kurtosis(np.random.default_rng(3).normal(size=40_960), RATE_HZ)
    assert abs(quiet.mean()) < 0.05
    assert (quiet > threshold).mean() < 0.04


@settings(deadline=None, max_examples=10)
@given(st.integers(100, 2000), st.integers(0, 1000))
def test_noise_stays_below_its_threshold(count: int, seed: int) -> None:
    power = np.random.default_rng(seed).standard_exponential((400, count))
    kurtosis = (power**2).mean(axis=1) / power.mean(axis=1) ** 2 - 2
    above = (kurtosis > noise_threshold(np.array([float(count)]), 0.01)[0]).mean()
    assert above <= 0.03


@pytest.mark.parametrize(
    ("samples", "rate_hz"),
    [(np.ones(100), 1.0), (np.ones((2, 500)), 1.0), (np.full(500, np.nan), 1.0), (np.ones(500), 0)],
)
def test_signals_without_a_kurtogram_are_refused(samples: np.ndarray, rate_hz: float) -> None:
    with pytest.raises(Invalid):
        kurtogram(samples, rate_hz)


def test_stretches_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Invalid, match="choose 8 to"):
        spectral_kurtosis(np.ones(1000), 1.0, 500)
