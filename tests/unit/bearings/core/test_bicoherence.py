"""Bicoherence: the phase-coupled and the free triple of Kim and Powers (1979), and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.bicoherence import BicoherenceSettings, bicoherence
from sonde.platform.core.errors import Invalid

RATE_HZ = 1024.0
COUNT = 65_536
SHORT = BicoherenceSettings(length=128)


def _walk(rng: np.random.Generator) -> np.ndarray:
    """A phase that wanders little within a stretch, and anywhere within the signal."""
    return 0.08 * np.cumsum(rng.normal(size=COUNT))


def _triple(
    coupled: bool, seed: int, first_hz: float = 176.0, second_hz: float = 80.0
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time_s = np.arange(COUNT) / RATE_HZ
    one = 2 * np.pi * first_hz * time_s + _walk(rng)
    other = 2 * np.pi * second_hz * time_s + _walk(rng)
    free = 2 * np.pi * (first_hz + second_hz) * time_s + _walk(rng)
    both = one + other if coupled else free
    return np.cos(one) + np.cos(other) + np.cos(both) + 0.02 * rng.normal(size=COUNT)


@pytest.mark.parametrize("seed", range(4))
def test_acceptance_look_a_coupled_triple_is_bicoherent_and_a_free_one_is_not(seed: int) -> None:
    coupled = bicoherence(_triple(True, seed), RATE_HZ, SHORT)
    free = bicoherence(_triple(False, seed), RATE_HZ, SHORT)
    assert coupled.values[10, 22] > 0.85
    assert free.values[10, 22] < 0.05
    best = coupled.strongest(1)[0]
    assert best.first_hz == pytest.approx(176, abs=16)
    assert best.second_hz == pytest.approx(80, abs=16)
    assert best.sum_hz == best.first_hz + best.second_hz


def test_a_square_law_couples_completely() -> None:
    rng = np.random.default_rng(3)
    time_s = np.arange(COUNT) / RATE_HZ
    tones = np.cos(2 * np.pi * 176 * time_s + _walk(rng)) + np.cos(
        2 * np.pi * 80 * time_s + _walk(rng)
    )
    found = bicoherence(tones + tones**2, RATE_HZ, SHORT)
    assert found.values[10, 22] > 0.85
    assert found.values[10, 10] > 0.85


def test_acceptance_look_gaussian_noise_stays_below_its_threshold() -> None:
    choice = BicoherenceSettings(length=128, false_alarm=0.01)
    above = []
    for seed in range(6):
        noise = np.random.default_rng(seed).normal(size=COUNT)
        coloured = np.convolve(noise, np.exp(-np.arange(20) / 5), "same")
        found = bicoherence(coloured, RATE_HZ, choice)
        values = found.values[np.isfinite(found.values)]
        above.append((values > found.threshold).mean())
    assert np.mean(above) == pytest.approx(0.01, abs=0.006)


@settings(deadline=None, max_examples=20)
@given(st.floats(1e-6, 1e6), st.floats(-1e3, 1e3), st.integers(0, 50))
def test_bounded_and_the_same_at_every_scale_and_level(
    factor: float, level: float, seed: int
) -> None:
    samples = np.random.default_rng(seed).exponential(size=4096)
    one = bicoherence(samples, RATE_HZ, SHORT)
    other = bicoherence(factor * (samples + level), RATE_HZ, SHORT)
    np.testing.assert_allclose(other.values[3:], one.values[3:], atol=5e-3)
    assert np.nanmin(one.values) >= 0
    assert np.nanmax(one.values) <= 1


@settings(deadline=None, max_examples=10)
@given(st.integers(1, 60))
def test_a_time_shift_changes_nothing_but_the_ends(stretches: int) -> None:
    samples = _triple(True, 1)
    one = bicoherence(samples, RATE_HZ, SHORT).values[10, 22]
    other = bicoherence(samples[64 * stretches :], RATE_HZ, SHORT).values[10, 22]
    assert other == pytest.approx(one, abs=0.02)


def test_it_is_the_definition() -> None:
    samples = np.random.default_rng(5).exponential(size=3000)
    found = bicoherence(samples, RATE_HZ, BicoherenceSettings(64))
    weights = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(64) / 64)
    frames = [samples[start : start + 64] for start in range(0, 3000 - 63, 32)]
    lines = np.fft.rfft([(one - one.mean()) * weights for one in frames], axis=1)
    for first, second in ((5, 5), (12, 7), (20, 10)):
        pair, total = lines[:, first] * lines[:, second], lines[:, first + second]
        bound = np.mean(np.abs(pair) ** 2) * np.mean(np.abs(total) ** 2)
        expected = np.abs(np.mean(pair * total.conj())) ** 2 / bound
        assert found.values[second, first] == pytest.approx(expected, rel=1e-3)
    assert np.isnan(found.values[7, 5])
    assert found.first_hz[12] == 12 * 16
    assert found.second_hz[7] == 7 * 16


def test_a_lower_range_allows_longer_stretches() -> None:
    found = bicoherence(_triple(True, 0), RATE_HZ, BicoherenceSettings(1024, highest_hz=300.0))
    assert found.values.shape == (151, 301)


def test_very_long_signals_are_read_at_stretches_evenly_spread() -> None:
    noise = np.random.default_rng(0).normal(size=200_000).astype(np.float32)
    assert bicoherence(noise, RATE_HZ, SHORT).n_stretches == 2048


def test_silence_is_not_coupled() -> None:
    found = bicoherence(np.zeros(8192), RATE_HZ, SHORT)
    assert np.nanmax(found.values) == 0
    assert found.strongest(3) == ()


@pytest.mark.parametrize(
    ("count", "choice"),
    [
        (600, SHORT),
        (100, SHORT),
        (8192, BicoherenceSettings(128, highest_hz=10.0)),
        (8192, BicoherenceSettings(128, highest_hz=600.0)),
    ],
)
def test_what_does_not_fit_is_refused(count: int, choice: BicoherenceSettings) -> None:
    with pytest.raises(Invalid):
        bicoherence(np.random.default_rng(0).normal(size=count), RATE_HZ, choice)


@pytest.mark.parametrize(("length", "false_alarm"), [(16, 0.01), (100_000, 0.01), (128, 0.7)])
def test_impossible_settings_are_refused(length: int, false_alarm: float) -> None:
    with pytest.raises(Invalid):
        BicoherenceSettings(length, false_alarm=false_alarm)
