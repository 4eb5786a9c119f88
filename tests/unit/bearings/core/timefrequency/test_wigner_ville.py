"""The pseudo-Wigner-Ville distribution: marginals, tones, sweeps, and the definition itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.timefrequency.image import ImageSize
from sonde.bearings.core.timefrequency.wigner_ville import (
    WignerVilleSettings,
    analytic,
    wigner_ville,
)
from sonde.platform.core.errors import Invalid

RATE_HZ = 1024.0


def _energy(image_values: np.ndarray, rows_hz: float) -> np.ndarray:
    return image_values.sum(axis=0, dtype=float) * rows_hz


@settings(deadline=None, max_examples=25)
@given(st.integers(64, 3000), st.integers(8, 200), st.floats(1e-2, 1e2))
def test_columns_hold_the_energy(count: int, columns: int, scale: float) -> None:
    samples = scale * np.random.default_rng(count).normal(size=count)
    image = wigner_ville(samples, RATE_HZ, WignerVilleSettings(64), ImageSize(64, columns))
    used = image.values.shape[1]
    starts = np.arange(used) * count // used
    widths = np.diff(np.append(starts, count))
    envelope = np.add.reduceat(np.abs(analytic(samples)) ** 2, starts) / widths / 2
    measured = _energy(image.values, RATE_HZ / 2 / 64)
    np.testing.assert_allclose(measured, envelope, rtol=2e-3, atol=1e-5 * envelope.max())


@pytest.mark.parametrize("count", [1000, 1001])
def test_the_whole_image_holds_the_mean_square(count: int) -> None:
    samples = np.random.default_rng(1).normal(size=count)
    image = wigner_ville(samples, RATE_HZ, size=ImageSize(256, 1024))
    mean = _energy(image.values, RATE_HZ / 2 / 256).mean()
    assert mean == pytest.approx(samples.var(), rel=5e-3)


@settings(deadline=None, max_examples=25)
@given(st.integers(20, 235), st.floats(1e-2, 1e2))
def test_a_tone_stands_at_its_frequency(row: int, amplitude: float) -> None:
    tone_hz = row * 2.0
    samples = amplitude * np.cos(2 * np.pi * tone_hz * np.arange(8192) / RATE_HZ)
    image = wigner_ville(samples, RATE_HZ)
    middle = image.values[:, 512]
    assert image.frequencies_hz[middle.argmax()] == tone_hz
    # The Hann lag window of 256 lags: its area over the rate, times A² / 2 for each half.
    assert middle.max() == pytest.approx(amplitude**2 * 128 / RATE_HZ, rel=1e-3)


def test_a_sweep_is_a_straight_line() -> None:
    time_s = np.arange(16_384) / RATE_HZ
    sweep = np.cos(2 * np.pi * (50 * time_s + 0.5 * 24 * time_s**2))
    image = wigner_ville(sweep, RATE_HZ)
    ridge = image.frequencies_hz[image.values.argmax(axis=0)]
    inner = slice(40, -40)
    np.testing.assert_allclose(ridge[inner], 50 + 24 * image.times_s[inner], atol=2.1)


def test_it_is_the_definition_where_every_sample_is_a_column() -> None:
    samples = np.random.default_rng(8).normal(size=96)
    lines, half = 32, 16
    image = wigner_ville(samples, RATE_HZ, WignerVilleSettings(lines), ImageSize(64, 96))
    signal = analytic(samples).astype(complex)
    lags = np.arange(-half + 1, half)
    weights = 0.5 + 0.5 * np.cos(np.pi * lags / half)
    for moment in (0, 5, 40, 95):
        for row in (0, 3, 17, 31):
            inside = (np.abs(lags) <= moment) & (np.abs(lags) <= 95 - moment)
            kept = lags[inside]
            products = signal[moment + kept] * signal[moment - kept].conj() * weights[inside]
            expected = np.sum(products * np.exp(-2j * np.pi * kept * row / lines)).real / RATE_HZ
            assert image.values[row, moment] == pytest.approx(expected, abs=1e-5)


def test_an_impact_between_two_columns_is_not_lost() -> None:
    samples = np.zeros(102_400)
    samples[50_051] = 100.0
    image = wigner_ville(samples, 20_480.0)
    energy = _energy(image.values, 40.0)
    assert energy.argmax() == 50_051 // 100
    assert energy.sum() * 100 == pytest.approx(100.0**2, rel=1e-3)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 100))
def test_a_shift_by_whole_columns_moves_the_image(columns: int) -> None:
    burst = np.zeros(4096)
    burst[1000:1600] = np.random.default_rng(4).normal(size=600) * np.hanning(600)
    burst -= burst.mean()
    one = wigner_ville(burst, RATE_HZ).values
    other = wigner_ville(np.roll(burst, 4 * columns), RATE_HZ).values
    np.testing.assert_allclose(
        other[:, columns + 100 : 900], one[:, 100 : 900 - columns], atol=1e-4 * one.max()
    )


def test_too_many_samples_are_refused_with_advice() -> None:
    with pytest.raises(Invalid, match="Zoom in"):
        wigner_ville(np.zeros(1_048_577, dtype=np.float32), RATE_HZ)


@pytest.mark.parametrize("lines", [16, 33, 4096])
def test_impossible_settings_are_refused(lines: int) -> None:
    with pytest.raises(Invalid):
        WignerVilleSettings(lines)
