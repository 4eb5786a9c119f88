"""Spectra: closed forms, Parseval, scaling, shift in time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sonde.bearings.core.spectra import Window, amplitude_spectrum, power_spectral_density
from sonde.platform.core.errors import Invalid

signals = arrays(
    np.float64, st.integers(8, 400), elements=st.floats(-100, 100, allow_nan=False, width=32)
)


@given(signals, st.floats(1.0, 1e5))
def test_power_density_obeys_parseval(signal: np.ndarray, rate: float) -> None:
    density = power_spectral_density(signal, rate)
    assert density.values.sum() * density.resolution_hz == pytest.approx(signal.var(), abs=1e-6)


@given(signals)
def test_amplitudes_obey_parseval(signal: np.ndarray) -> None:
    squares = amplitude_spectrum(signal, 1.0).values ** 2
    power = squares.sum() / 2
    if len(signal) % 2 == 0:
        power += squares[-1] / 2
    assert power == pytest.approx(signal.var(), abs=1e-6)


@given(signals, st.floats(0.01, 100.0))
def test_spectra_scale_with_the_signal(signal: np.ndarray, factor: float) -> None:
    one = amplitude_spectrum(signal, 100.0).values
    scaled = amplitude_spectrum(signal * factor, 100.0).values
    np.testing.assert_allclose(scaled, one * factor, atol=1e-6 * factor, rtol=1e-6)


@given(signals, st.integers(0, 400))
def test_a_circular_shift_in_time_changes_no_magnitude(signal: np.ndarray, shift: int) -> None:
    one = power_spectral_density(signal, 50.0).values
    shifted = power_spectral_density(np.roll(signal, shift), 50.0).values
    np.testing.assert_allclose(shifted, one, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("window", list(Window))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sine_shows_with_its_amplitude(window: Window, dtype: type) -> None:
    time_s = np.arange(4800) / 4800
    sine = (2.5 * np.sin(2 * np.pi * 120 * time_s)).astype(dtype)
    spectrum = amplitude_spectrum(sine, 4800.0, window)
    assert spectrum.values.dtype == dtype
    assert spectrum.frequency_hz[spectrum.values.argmax()] == 120.0
    assert spectrum.values.max() == pytest.approx(2.5, rel=1e-4)


def test_white_noise_has_a_flat_density() -> None:
    noise = np.random.default_rng(3).normal(size=2**17)
    density = power_spectral_density(noise, 1000.0, Window.HANN)
    blocks = density.values[1:-1].reshape(-1)[: 2**16 - 64].reshape(64, -1).mean(axis=1)
    np.testing.assert_allclose(blocks, 2 / 1000, rtol=0.15)


def test_the_part_below_a_frequency_is_cut_there() -> None:
    spectrum = amplitude_spectrum(np.arange(100.0), 100.0)
    assert spectrum.below(10.0).frequency_hz[-1] == 10.0
    assert len(spectrum.below(1e9).values) == len(spectrum.values)


@pytest.mark.parametrize(
    ("samples", "rate"), [(np.zeros(1), 1.0), (np.zeros((2, 4)), 1.0), (np.zeros(9), 0.0)]
)
def test_what_has_no_spectrum_is_refused(samples: np.ndarray, rate: float) -> None:
    with pytest.raises(Invalid):
        amplitude_spectrum(samples, rate)
