"""The spectrogram: energy, scaling, time shift, and nothing high lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import ShortTimeFFT
from scipy.signal.windows import hann

from sonde.bearings.core.spectra import Window, window_weights
from sonde.bearings.core.timefrequency.image import WHOLE, ImageSize
from sonde.bearings.core.timefrequency.stft import Scaling, SpectrogramSettings, spectrogram
from sonde.platform.core.errors import Invalid

RATE_HZ = 2048.0
NOISE = np.random.default_rng(3).normal(size=8192)


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from([16, 64, 255, 256, 1000]),
    st.floats(0.0, 0.95),
    st.sampled_from(list(Window)),
    st.floats(1e-3, 1e3),
)
def test_the_density_holds_the_energy_of_every_stretch(
    length: int, overlap: float, window: Window, scale: float
) -> None:
    choice = SpectrogramSettings(length, overlap, window, Scaling.DENSITY)
    samples = NOISE[:3000] * scale
    image = spectrogram(samples, RATE_HZ, choice, WHOLE)
    weights = window_weights(length, window, np.dtype(float))
    centred = samples - samples.mean()
    power = [
        np.sum((centred[start : start + length] * weights) ** 2) / np.sum(weights**2)
        for start in range(0, 3000 - length + 1, choice.hop)
    ]
    np.testing.assert_allclose(image.values.sum(axis=0) * RATE_HZ / length, power, rtol=2e-4)


@settings(deadline=None, max_examples=25)
@given(st.integers(4, 120), st.floats(1e-3, 1e3), st.sampled_from([Window.HANN, Window.FLATTOP]))
def test_a_tone_shows_its_amplitude_and_place(line: int, amplitude: float, window: Window) -> None:
    time_s = np.arange(4096) / RATE_HZ
    image = spectrogram(
        amplitude * np.sin(2 * np.pi * line * 8 * time_s),
        RATE_HZ,
        SpectrogramSettings(256, 0.5, window),
        WHOLE,
    )
    row = int(image.values[:, 7].argmax())
    assert image.frequencies_hz[row] == line * 8
    assert image.values[row, 7] == pytest.approx(amplitude, rel=1e-4)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 20))
def test_a_shift_by_whole_hops_moves_the_columns(hops: int) -> None:
    choice = SpectrogramSettings(256, 0.75)
    samples = np.concatenate([NOISE[:6000] - NOISE[:6000].mean()])
    start = hops * choice.hop
    moved = samples[start:] + (samples.mean() - samples[start:].mean())
    one = spectrogram(samples, RATE_HZ, choice, WHOLE)
    other = spectrogram(moved, RATE_HZ, choice, WHOLE)
    columns = other.values.shape[1]
    expected = one.values[3:, hops : hops + columns]
    np.testing.assert_allclose(other.values[3:, : expected.shape[1]], expected, atol=1e-5)
    np.testing.assert_allclose(one.times_s[hops] - other.times_s[0], start / RATE_HZ)


def test_it_agrees_with_scipy() -> None:
    choice = SpectrogramSettings(256, 0.5, Window.HANN, Scaling.DENSITY)
    ours = spectrogram(NOISE, RATE_HZ, choice, WHOLE)
    peer = ShortTimeFFT(hann(256, sym=False), 128, RATE_HZ, fft_mode="onesided2X", scale_to="psd")
    theirs = peer.spectrogram(NOISE - NOISE.mean(), p0=1, p1=1 + ours.values.shape[1])
    np.testing.assert_allclose(ours.values, theirs, rtol=1e-3, atol=1e-7)


def test_reducing_while_computing_is_reducing_afterwards() -> None:
    choice = SpectrogramSettings(64, 0.9)
    size = ImageSize(rows=10, columns=50)
    small = spectrogram(NOISE, RATE_HZ, choice, size)
    whole = spectrogram(NOISE, RATE_HZ, choice, WHOLE)
    again = whole.reduced(size)
    np.testing.assert_allclose(small.values, again.values, rtol=1e-6)
    np.testing.assert_array_equal(small.times_s, again.times_s)
    assert small.values.max() == pytest.approx(whole.values.max())
    assert small.values.shape[0] <= 10
    assert small.values.shape[1] <= 50
    assert again.beginning_at(3.0).times_s[0] == small.times_s[0] + 3.0


def test_long_signals_are_reduced_a_few_frames_at_a_time() -> None:
    long = np.random.default_rng(0).normal(size=300_000).astype(np.float32)
    choice = SpectrogramSettings(64, 0.9)
    image = spectrogram(long, RATE_HZ, choice)
    assert image.values.shape == (33, 1021)
    whole = spectrogram(long, RATE_HZ, choice, WHOLE)
    np.testing.assert_allclose(image.values, whole.reduced().values, rtol=1e-5)


@pytest.mark.parametrize(
    ("length", "overlap"), [(8, 0.5), (100_000, 0.5), (256, 0.96), (256, -0.1)]
)
def test_impossible_settings_are_refused(length: int, overlap: float) -> None:
    with pytest.raises(Invalid):
        SpectrogramSettings(length, overlap)


@pytest.mark.parametrize(
    "samples", [np.ones(15), np.ones((4, 100)), np.array([np.nan] * 100), np.array([np.inf] * 100)]
)
def test_signals_that_cannot_be_seen_are_refused(samples: np.ndarray) -> None:
    with pytest.raises(Invalid):
        spectrogram(samples, RATE_HZ)


def test_a_stretch_longer_than_the_signal_is_cut() -> None:
    assert spectrogram(NOISE[:100], RATE_HZ).values.shape == (51, 1)


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(Invalid, match="positive"):
        spectrogram(NOISE, 0.0)
