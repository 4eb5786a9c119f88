"""Spectra by settings: known tones and noise, Parseval, scaling, shift, against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import signal as peer

from sonde.bearings.core.spectra import Window, noise_bandwidth, window_weights
from sonde.bearings.core.spectrum_settings import (
    Detrend,
    Scaling,
    SpectrumSettings,
    measured_spectrum,
)
from sonde.platform.core.errors import Invalid

signals = arrays(
    np.float64, st.integers(16, 400), elements=st.floats(-100, 100, allow_nan=False, width=32)
)
PSD = SpectrumSettings(window=Window.RECTANGULAR, scaling=Scaling.PSD)


@pytest.mark.parametrize("window", list(Window))
def test_windows_are_those_of_scipy(window: Window) -> None:
    name = "boxcar" if window is Window.RECTANGULAR else window.value
    expected = peer.get_window(name, 256)
    weights = window_weights(256, window, np.dtype(float))
    np.testing.assert_allclose(weights, expected, atol=1e-7)
    exact = 256 * (expected**2).sum() / expected.sum() ** 2
    assert noise_bandwidth(window) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("window", list(Window))
@pytest.mark.parametrize("averages", [1, 7])
def test_acceptance_look_spectrum_amplitude_is_right_by_coherent_gain(
    window: Window, averages: int
) -> None:
    time_s = np.arange(40_960) / 8192
    sine = (0.7 * np.sin(2 * np.pi * 256 * time_s + 1) + 5).astype(np.float32)
    settings = SpectrumSettings(window=window, averages=averages, segment_length=8192)
    seen = measured_spectrum(sine, 8192.0, settings).spectrum
    assert seen.values.dtype == np.float32
    assert float(seen.values[256]) == pytest.approx(0.7, rel=1e-4)


def test_a_flat_top_shows_a_tone_between_lines_within_a_thousandth() -> None:
    time_s = np.arange(8192) / 8192
    for offset in (0.1, 0.25, 0.5):
        sine = np.sin(2 * np.pi * (500 + offset) * time_s)
        flat = measured_spectrum(sine, 8192.0, SpectrumSettings(window=Window.FLATTOP))
        assert flat.spectrum.values.max() == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize("window", list(Window))
@pytest.mark.parametrize("detrend", [Detrend.MEAN, Detrend.LINEAR, Detrend.NONE])
def test_acceptance_look_spectrum_psd_is_that_of_welch(window: Window, detrend: Detrend) -> None:
    noise = np.random.default_rng(5).normal(size=20_000) + 3
    settings = SpectrumSettings(window, Scaling.PSD, 1, 1024, 0.5, detrend)
    seen = measured_spectrum(noise, 1000.0, settings)
    name = "boxcar" if window is Window.RECTANGULAR else window.value
    kind = {Detrend.NONE: False, Detrend.MEAN: "constant", Detrend.LINEAR: "linear"}[detrend]
    frequency_hz, expected = peer.welch(noise, 1000.0, name, 1024, 512, detrend=kind)
    np.testing.assert_allclose(seen.spectrum.frequency_hz, frequency_hz)
    np.testing.assert_allclose(seen.spectrum.values, expected, rtol=1e-5, atol=1e-12)
    assert seen.averages == (20_000 - 512) // 512


@given(signals, st.floats(1.0, 1e5))
def test_density_obeys_parseval(signal: np.ndarray, rate: float) -> None:
    seen = measured_spectrum(signal, rate, PSD).spectrum
    assert seen.values.sum() * seen.resolution_hz == pytest.approx(signal.var(), abs=1e-6)


@given(signals, st.floats(0.01, 100.0), st.sampled_from(list(Window)))
def test_amplitudes_scale_with_the_signal(
    signal: np.ndarray, factor: float, window: Window
) -> None:
    settings = SpectrumSettings(window=window, detrend=Detrend.LINEAR)
    one = measured_spectrum(signal, 100.0, settings).spectrum.values
    scaled = measured_spectrum(signal * factor, 100.0, settings).spectrum.values
    np.testing.assert_allclose(scaled, one * factor, atol=1e-6 * factor, rtol=1e-6)


@given(signals, st.integers(0, 400))
def test_a_circular_shift_changes_no_magnitude(signal: np.ndarray, shift: int) -> None:
    one = measured_spectrum(signal, 50.0, PSD).spectrum.values
    shifted = measured_spectrum(np.roll(signal, shift), 50.0, PSD).spectrum.values
    np.testing.assert_allclose(shifted, one, atol=1e-6, rtol=1e-6)


def test_averaging_calms_noise_by_the_root_of_the_averages() -> None:
    noise = np.random.default_rng(1).normal(size=64 * 512)
    settings = SpectrumSettings(
        scaling=Scaling.PSD, window=Window.RECTANGULAR, segment_length=512, overlap=0
    )
    values = measured_spectrum(noise, 1.0, settings).spectrum.values[1:-1]
    assert values.std() / values.mean() == pytest.approx(1 / 8, rel=0.2)


def test_a_line_is_taken_out() -> None:
    ramp = np.linspace(-4, 9, 1000)
    settings = SpectrumSettings(detrend=Detrend.LINEAR)
    assert measured_spectrum(ramp, 10.0, settings).spectrum.values.max() < 1e-12


@pytest.mark.parametrize(
    ("averages", "overlap"), [(2, 0.0), (5, 0.5), (20, 0.75), (100, 0.0), (333, 0.9)]
)
def test_at_least_so_many_averages_are_taken(averages: int, overlap: float) -> None:
    settings = SpectrumSettings(averages=averages, overlap=overlap)
    seen = measured_spectrum(np.random.default_rng(0).normal(size=30_011), 10.0, settings)
    assert averages <= seen.averages <= averages * 1.2 + 1


@pytest.mark.parametrize(
    "wrong",
    [{"averages": 0}, {"overlap": 0.96}, {"overlap": -0.1}, {"segment_length": 4}],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        SpectrumSettings(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("samples", "rate", "settings"),
    [
        (np.zeros(3), 1.0, SpectrumSettings()),
        (np.zeros(99), 0.0, SpectrumSettings()),
        (np.zeros(99), 1.0, SpectrumSettings(segment_length=100)),
        (np.zeros(99), 1.0, SpectrumSettings(averages=50)),
        (np.zeros((2, 99)), 1.0, SpectrumSettings()),
    ],
)
def test_signals_too_short_are_refused(
    samples: np.ndarray, rate: float, settings: SpectrumSettings
) -> None:
    with pytest.raises(Invalid):
        measured_spectrum(samples, rate, settings)
