"""The cepstrum: echoes, rahmonics, editing there and back, prewhitening, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import fft

from sonde.bearings.core.cepstrum import (
    power_cepstrum,
    prewhitened,
    rahmonics,
    real_cepstrum,
    strongest_quefrency,
    without_families,
)
from sonde.bearings.core.envelope import squared_envelope_spectrum
from sonde.platform.core.errors import Invalid

RATE_HZ = 8192.0
TIME_S = np.arange(16_384) / RATE_HZ
seeds = st.integers(0, 2**20)


def noise(seed: int, count: int = 2048) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count)


def harmonics(spacing_hz: float, count: int) -> np.ndarray:
    return sum(np.cos(2 * np.pi * k * spacing_hz * TIME_S + k**2) for k in range(1, count + 1))


@pytest.mark.parametrize(("height", "delay"), [(0.5, 40), (0.2, 100), (-0.3, 333)])
def test_acceptance_look_cepstrum_of_an_echo_is_the_published_series(
    height: float, delay: int
) -> None:
    pulse = np.zeros(4096)
    pulse[[0, delay]] = 1.0, height
    seen = real_cepstrum(pulse, 1.0)
    for n in range(1, 4):  # log|1 + a z| = sum of (-1)^(n+1) a^n / n, half of it on each side
        expected = (-1) ** (n + 1) * height**n / n / 2
        assert seen.values[n * delay] == pytest.approx(expected, abs=2e-3)


def test_a_family_of_harmonics_shows_at_the_inverse_of_its_spacing() -> None:
    signal = harmonics(64.0, 40) + 0.1 * noise(1, len(TIME_S))
    seen = real_cepstrum(signal, RATE_HZ)
    quefrency_s, _ = strongest_quefrency(seen, 0.005, 0.025)
    assert quefrency_s == pytest.approx(1 / 64, abs=seen.step_s)
    row = rahmonics(seen, 1.004 / 64, count=4)
    assert [one.multiple for one in row] == [1, 2, 3, 4]
    np.testing.assert_allclose([one.quefrency_s for one in row], np.arange(1, 5) / 64, rtol=1e-3)
    assert all(one.prominence > 5 for one in row)


def test_rahmonics_end_where_the_axis_ends() -> None:
    seen = real_cepstrum(noise(3), 1.0)
    assert len(rahmonics(seen, 400.0, count=9)) == 2


@given(seeds, st.floats(0.01, 100))
def test_a_factor_moves_only_the_first_value(seed: int, factor: float) -> None:
    signal = noise(seed)
    one, scaled = real_cepstrum(signal, 1.0).values, real_cepstrum(factor * signal, 1.0).values
    np.testing.assert_allclose(scaled[1:], one[1:], atol=1e-8)
    assert scaled[0] - one[0] == pytest.approx(np.log(factor), abs=1e-6)


@given(seeds, st.integers(0, 2048))
def test_a_circular_shift_changes_nothing(seed: int, shift: int) -> None:
    signal = noise(seed)
    one, later = real_cepstrum(signal, 1.0), real_cepstrum(np.roll(signal, shift), 1.0)
    np.testing.assert_allclose(later.values, one.values, atol=1e-8)


@given(seeds)
def test_the_cepstrum_obeys_parseval(seed: int) -> None:
    signal = noise(seed, 1001)
    values = real_cepstrum(signal, 1.0).values
    both = np.concatenate([values, values[1:][::-1]])
    amplitude = np.abs(fft.fft(signal - signal.mean()))
    amplitude[0] = amplitude[1]  # nothing is left at 0 Hz; its neighbour stands in
    expected = np.sum(np.log(amplitude) ** 2)
    assert np.sum(both**2) * 1001 == pytest.approx(expected, rel=1e-6)


def test_the_power_cepstrum_is_four_times_the_square() -> None:
    signal = noise(7)
    real, power = real_cepstrum(signal, 2.0), power_cepstrum(signal, 2.0)
    np.testing.assert_allclose(power.values, 4 * real.values**2)
    assert power.quefrency_s[1] == 0.5
    assert len(power.below(10.0).values) == 21


@given(arrays(np.float64, st.integers(16, 300), elements=st.floats(-100, 100, width=32)))
def test_acceptance_look_cepstrum_editing_nothing_gives_the_signal_back(
    signal: np.ndarray,
) -> None:
    if np.ptp(signal) < 1e-3:
        return
    same = without_families(signal, 1.0, ())
    np.testing.assert_allclose(same, signal, atol=1e-6 * np.abs(signal).max())


def test_an_edited_family_is_gone_and_the_rest_stays() -> None:
    rest = noise(5, len(TIME_S))
    signal = rest + harmonics(64.0, 60)
    left = without_families(signal, RATE_HZ, (1 / 64,))
    tones = np.abs(fft.rfft(left))[128 : 128 * 60 : 128] / len(TIME_S) * 2
    assert tones.mean() < 0.1  # they were 1
    assert left.std() == pytest.approx(rest.std(), rel=0.15)
    assert np.corrcoef(left, rest)[0, 1] > 0.95


def test_prewhitening_takes_tones_and_keeps_impulses() -> None:
    impulses = np.zeros(len(TIME_S))
    impulses[::97] = 1.0
    ring = np.exp(-TIME_S[:200] * 900) * np.sin(2 * np.pi * 2500 * TIME_S[:200])
    faulty = np.convolve(impulses, ring)[: len(TIME_S)]
    signal = faulty + 3 * np.sin(2 * np.pi * 300 * TIME_S) + 0.05 * noise(2, len(TIME_S))
    white = prewhitened(signal)
    np.testing.assert_allclose(np.abs(fft.rfft(white))[1:-1].std(), 0, atol=1e-6)
    assert np.mean(white**2) == pytest.approx(1)
    seen = squared_envelope_spectrum(white, RATE_HZ, (100.0, 4000.0))
    strongest = seen.frequency_hz[5:][seen.values[5:].argmax()]
    assert strongest / (RATE_HZ / 97) % 1 == pytest.approx(0, abs=0.01) or strongest / (
        RATE_HZ / 97
    ) % 1 == pytest.approx(1, abs=0.01)


def test_float32_stays_float32() -> None:
    signal = noise(4).astype(np.float32)
    assert real_cepstrum(signal, 1.0).values.dtype == np.float32
    assert prewhitened(signal).dtype == np.float32
    same = without_families(signal, 1.0, ())
    assert same.dtype == np.float32
    np.testing.assert_allclose(same, signal, atol=1e-4)


def test_what_has_no_cepstrum_is_refused() -> None:
    for samples, rate in ((np.zeros(4), 1.0), (np.ones(99), 1.0), (noise(1), 0.0)):
        with pytest.raises(Invalid):
            real_cepstrum(samples, rate)
    seen = real_cepstrum(noise(1), 1.0)
    for quefrency in (1.0, 5000.0):
        with pytest.raises(Invalid):
            rahmonics(seen, quefrency)
    with pytest.raises(Invalid):
        strongest_quefrency(seen, 5000.0, 6000.0)
    with pytest.raises(Invalid):
        without_families(noise(1), 1.0, (2.0,))
