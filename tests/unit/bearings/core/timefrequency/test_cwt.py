"""The wavelet image: closed forms for tones and impacts, energy, scaling, time shift."""

import numpy as np
import pytest
import pywt
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.timefrequency.cwt import WaveletSettings, wavelet_image
from sonde.bearings.core.timefrequency.image import ImageSize
from sonde.platform.core.errors import Invalid

RATE_HZ = 4096.0
TIME_S = np.arange(16_384) / RATE_HZ
INNER = slice(256, 768)


@settings(deadline=None, max_examples=25)
@given(st.floats(60.0, 1500.0), st.floats(1e-3, 1e3), st.floats(4.0, 15.0))
def test_a_tone_has_its_closed_form(tone_hz: float, amplitude: float, cycles: float) -> None:
    choice = WaveletSettings(cycles=cycles, lowest_hz=30.0, highest_hz=1900.0)
    image = wavelet_image(amplitude * np.cos(2 * np.pi * tone_hz * TIME_S), RATE_HZ, choice)
    distance = cycles * (tone_hz / image.frequencies_hz - 1)
    expected = amplitude * np.exp(-(distance**2) / 2)
    near = np.abs(distance) < 3.4
    for column in (300, 512, 700):
        np.testing.assert_allclose(
            image.values[near, column], expected[near], atol=8e-3 * amplitude
        )


@settings(deadline=None, max_examples=20)
@given(st.integers(3000, 13_000), st.floats(0.1, 100.0))
def test_an_impact_has_its_closed_form(position: int, height: float) -> None:
    """The transform of a unit impulse is the wavelet: its height f sqrt(2 pi) / (c fs) at 0."""
    samples = np.zeros(16_384)
    samples[position] = height
    choice = WaveletSettings(lowest_hz=100.0, highest_hz=900.0)
    image = wavelet_image(samples, RATE_HZ, choice)
    expected = height * 2 * image.frequencies_hz * np.sqrt(2 * np.pi) / (6 * RATE_HZ)
    np.testing.assert_allclose(image.values.max(axis=1), expected, rtol=0.02)
    column = image.values[-1].argmax()
    assert abs(image.times_s[column] - position / RATE_HZ) < 2 * 16 / RATE_HZ


def test_white_noise_has_its_closed_form_energy() -> None:
    """The mean square of a row is 2 sigma² f sqrt(pi) / (c fs / 2): Parseval under the Gaussian."""
    noise = np.random.default_rng(5).normal(size=131_072)
    choice = WaveletSettings(rows=8, cycles=6.0, lowest_hz=100.0, highest_hz=500.0)
    image = wavelet_image(noise, RATE_HZ, choice, ImageSize(257, 131_072))
    measured = (image.values.astype(float) ** 2).mean(axis=1)
    expected = 4 * np.sqrt(np.pi) * image.frequencies_hz / (6 * RATE_HZ)
    np.testing.assert_allclose(measured, expected, rtol=0.06)


@settings(deadline=None, max_examples=15)
@given(st.floats(1e-3, 1e3), st.integers(1, 200))
def test_scale_and_time_shift(factor: float, columns: int) -> None:
    shift = columns * 16
    rng = np.random.default_rng(9)
    burst = np.zeros(16_384)
    burst[4000:6000] = rng.normal(size=2000) * np.hanning(2000)
    burst -= burst.mean()
    choice = WaveletSettings(lowest_hz=50.0, highest_hz=1900.0)
    one = wavelet_image(burst, RATE_HZ, choice).values
    other = wavelet_image(factor * np.roll(burst, shift), RATE_HZ, choice).values / factor
    np.testing.assert_allclose(other.max(axis=1), one.max(axis=1), rtol=0.05)
    difference = np.abs(other[:, columns + 100 : 1000] - one[:, 100 : 1000 - columns])
    assert difference.mean() < 0.005 * one.max()
    assert np.quantile(difference, 0.999) < 0.15 * one.max()


def test_pywt_sees_the_same() -> None:
    rng = np.random.default_rng(2)
    samples = rng.normal(size=4096)
    choice = WaveletSettings(rows=16, cycles=6.0, lowest_hz=80.0, highest_hz=800.0)
    ours = wavelet_image(samples, RATE_HZ, choice, ImageSize(257, 4096))
    # Bandwidth B and centre C of their complex Morlet that make our Gaussian: B = 2 (c / 2 pi)².
    wavelet = pywt.ContinuousWavelet(f"cmor{2 * (6 / (2 * np.pi)) ** 2:.10f}-1.0")
    scales = RATE_HZ / ours.frequencies_hz
    theirs, _ = pywt.cwt(samples - samples.mean(), scales, wavelet, precision=14)
    amplitude = 2 * np.abs(theirs) / np.sqrt(scales)[:, np.newaxis]
    inner = slice(600, 3400)
    level = amplitude[:, inner].max()
    # Our columns each hold the highest of one or two moments; theirs are single moments.
    held = np.maximum(amplitude[:, :-1], amplitude[:, 1:])
    assert np.abs(ours.values[:, inner] - held[:, inner]).max() < 0.15 * level
    correlation = np.corrcoef(ours.values[:, inner].ravel(), amplitude[:, inner].ravel())[0, 1]
    assert correlation > 0.995


def test_more_cycles_take_more_rows_than_asked_for() -> None:
    image = wavelet_image(TIME_S, RATE_HZ, WaveletSettings(cycles=30.0))
    assert image.values.shape[0] > 64
    ratio = image.frequencies_hz[1:] / image.frequencies_hz[:-1]
    np.testing.assert_allclose(ratio, ratio[0])


def test_an_image_is_small_enough_to_be_sent() -> None:
    image = wavelet_image(np.ones(102_400, dtype=np.float32), 20_480.0)
    assert image.values.shape == (64, 1024)
    assert image.values.dtype == np.float32
    assert image.values.max() == 0


@pytest.mark.parametrize(
    ("lowest", "highest"), [(500.0, 400.0), (100.0, 3000.0), (0.01, 100.0), (-5.0, 100.0)]
)
def test_an_impossible_range_is_refused(lowest: float, highest: float) -> None:
    with pytest.raises(Invalid, match="this signal allows"):
        wavelet_image(TIME_S, RATE_HZ, WaveletSettings(lowest_hz=lowest, highest_hz=highest))


@pytest.mark.parametrize(("rows", "cycles"), [(4, 6.0), (300, 6.0), (64, 1.0), (64, 100.0)])
def test_impossible_settings_are_refused(rows: int, cycles: float) -> None:
    with pytest.raises(Invalid):
        WaveletSettings(rows=rows, cycles=cycles)
