"""The squared envelope and its spectrum: closed forms and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import fft
from scipy.signal import hilbert

from sonde.bearings.core.bands import candidate_bands, most_impulsive_band
from sonde.bearings.core.envelope import squared_envelope, squared_envelope_spectrum
from sonde.platform.core.errors import Invalid

RATE_HZ = 2000.0


def _modulated(depth: float, modulation_hz: float, carrier_hz: float) -> np.ndarray:
    time_s = np.arange(8000) / RATE_HZ
    return (1 + depth * np.cos(2 * np.pi * modulation_hz * time_s)) * np.cos(
        2 * np.pi * carrier_hz * time_s
    )


@settings(deadline=None, max_examples=40)
@given(st.floats(0.05, 0.9), st.integers(4, 60), st.integers(300, 700))
def test_amplitude_modulation_shows_at_its_frequency_and_depth(
    depth: float, modulation_hz: int, carrier_hz: int
) -> None:
    spectrum = squared_envelope_spectrum(
        _modulated(depth, modulation_hz, carrier_hz), RATE_HZ, (100.0, 900.0)
    )
    power = 1 + depth**2 / 2
    position = round(modulation_hz / spectrum.resolution_hz)
    assert spectrum.values[position] == pytest.approx(2 * depth / power, rel=1e-6)
    assert spectrum.values[2 * position] == pytest.approx(depth**2 / 2 / power, rel=1e-6)


def test_the_whole_band_gives_the_envelope_of_hilbert() -> None:
    signal = _modulated(0.5, 10, 500)
    envelope = squared_envelope(fft.rfft(signal), len(signal), RATE_HZ, (0.0, 1000.0))
    expected = np.abs(hilbert(signal)) ** 2
    assert envelope.mean() == pytest.approx(expected.mean(), rel=1e-3)
    assert envelope.max() == pytest.approx(expected.max(), rel=1e-3)


@settings(deadline=None, max_examples=30)
@given(st.floats(1e-3, 1e3), st.integers(0, 8000))
def test_neither_scale_nor_circular_shift_changes_it(factor: float, shift: int) -> None:
    signal = _modulated(0.4, 25, 450) + np.random.default_rng(0).normal(size=8000) * 0.1
    one = squared_envelope_spectrum(signal, RATE_HZ, (200.0, 900.0)).values
    other = squared_envelope_spectrum(np.roll(signal, shift) * factor, RATE_HZ, (200.0, 900.0))
    np.testing.assert_allclose(other.values, one, rtol=1e-6, atol=1e-9)


def test_silence_has_no_lines() -> None:
    assert squared_envelope_spectrum(np.zeros(1000), RATE_HZ, (10.0, 900.0)).values.max() == 0


@pytest.mark.parametrize("band", [(500.0, 400.0), (-1.0, 100.0), (100.0, 1001.0), (100.0, 100.1)])
def test_an_impossible_band_is_refused(band: tuple[float, float]) -> None:
    with pytest.raises(Invalid):
        squared_envelope_spectrum(np.ones(1000), RATE_HZ, band)


@given(st.floats(1000.0, 200_000.0), st.floats(5.0, 100.0))
def test_candidate_bands_stay_off_the_edge_near_nyquist(rate_hz: float, shaft_hz: float) -> None:
    bands = candidate_bands(rate_hz, shaft_hz)
    assert len(bands) >= 2
    for low, high in bands:
        assert 0 < low < high <= 0.92 * rate_hz / 2 * (1 + 1e-12)


def test_the_impulsive_band_is_the_one_that_rings() -> None:
    rng = np.random.default_rng(5)
    rate_hz = 48_000.0
    signal = rng.normal(size=96_000)
    ring = np.exp(-np.arange(200) / 40) * np.sin(2 * np.pi * 9_000 / rate_hz * np.arange(200))
    for start in range(100, 95_000, 900):
        signal[start : start + 200] += 8 * ring
    low, high = most_impulsive_band(signal, rate_hz, 25.0)
    assert low < 9_000 < high
    assert high - low < 12_000
