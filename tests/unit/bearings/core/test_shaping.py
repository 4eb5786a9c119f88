"""Resampling folds nothing back, pieces are exact parts, and what was normalised can be undone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.shaping import Shaping, checked_shaping, resampled, shaped
from sonde.platform.core.errors import Invalid


def tone(frequency_hz: float, rate_hz: float, n: int = 16_384) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * np.arange(n) / rate_hz).astype(np.float32)[None, :]


def rms(samples: np.ndarray) -> float:
    """Return the RMS of the middle, where the filter has no edges."""
    quarter = samples.shape[1] // 4
    return float(np.sqrt(np.mean(np.square(samples[0, quarter:-quarter], dtype=np.float64))))


@pytest.mark.parametrize(("old", "new"), [(25_600, 12_000), (48_000, 12_000), (97_656, 48_828)])
def test_what_lies_above_the_new_nyquist_frequency_is_gone_not_folded(old, new) -> None:
    kept = resampled(tone(0.40 * new, old), old, new)
    assert rms(kept) == pytest.approx(np.sqrt(0.5), rel=1e-3)
    gone = resampled(tone(0.52 * new, old), old, new)
    assert 20 * np.log10(rms(gone) / np.sqrt(0.5)) < -60


@pytest.mark.parametrize(("old", "new"), [(25_600, 12_000), (12_000, 25_600), (64_000, 20_480)])
def test_a_tone_below_both_limits_is_the_same_tone_afterwards(old, new) -> None:
    frequency = 1_000.0
    made = resampled(tone(frequency, old), old, new)
    assert made.shape[1] == pytest.approx(16_384 * new / old, abs=1)
    exact = tone(frequency, new, made.shape[1])
    middle = slice(made.shape[1] // 4, -made.shape[1] // 4)
    np.testing.assert_allclose(made[0, middle], exact[0, middle], atol=2e-3)


@given(st.integers(64, 3000), st.integers(64, 800), st.integers(1, 3))
def test_windows_are_following_parts_and_nothing_is_lost_but_the_rest(n, length, channels) -> None:
    samples = np.arange(n * channels, dtype=np.float32).reshape(channels, n)
    shaping = Shaping(length=length, cut="window")
    if n < length:
        with pytest.raises(Invalid, match="fewer than"):
            list(shaped(samples, None, shaping))
        return
    pieces = list(shaped(samples, None, shaping))
    whole = np.concatenate([piece.samples for piece in pieces], axis=1)
    np.testing.assert_array_equal(whole, samples[:, : n // length * length])


@given(st.integers(0, 100), st.floats(0.01, 100), st.floats(-50, 50))
def test_normalising_can_be_undone(seed: int, spread: float, mean: float) -> None:
    values = np.random.default_rng(seed).standard_normal((2, 500)) * spread + mean
    samples = values.astype(np.float32)
    (piece,) = shaped(samples, 100.0, Shaping(normalise=True))
    assert abs(float(piece.samples[0].mean())) < 1e-4
    assert float(piece.samples[0].std()) == pytest.approx(1, rel=1e-4)
    back = piece.samples[0] * piece.standard_deviation + piece.mean
    np.testing.assert_allclose(back, samples[0], atol=1e-4 * (spread + abs(mean)))


def test_a_crop_is_the_beginning_of_what_was_resampled() -> None:
    shaping = Shaping(resample_hz=12_800.0, length=1000, cut="crop")
    (piece,) = shaped(tone(500, 25_600), 25_600.0, shaping)
    assert piece.samples.shape == (1, 1000)
    assert piece.sampling_rate_hz == 12_800


def test_an_unknown_rate_cannot_be_changed() -> None:
    with pytest.raises(Invalid, match="rate is unknown"):
        list(shaped(tone(500, 25_600), None, Shaping(resample_hz=12_800.0)))


@pytest.mark.parametrize(
    "shaping",
    [
        Shaping(cut="slice"),
        Shaping(cut="window"),
        Shaping(length=3),
        Shaping(resample_hz=-1.0),
        Shaping(resample_hz=float("nan")),
    ],
)
def test_what_makes_no_sense_is_refused(shaping: Shaping) -> None:
    with pytest.raises(Invalid):
        checked_shaping(shaping)
