"""Laws of the augmentations, over random windows, strengths and seeds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.learning.core.fitting.training_config import AUGMENTATIONS
from sonde.learning.core.training.augmentations.catalogue import BENDS, MIXES, Batch, augment
from sonde.learning.core.training.augmentations.random_policy import random_policy
from sonde.learning.core.training.augmentations.time_warp import warped_places

EVERY = settings(max_examples=20)
strengths = st.floats(0.0, 1.0)
seeds = st.integers(0, 2**32)


def _windows(seed: int, n: int = 6, channels: int = 2, length: int = 96) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, channels, length)).astype(np.float32)


def _batch(seed: int, n: int = 6) -> Batch:
    labels = np.eye(3, dtype=np.float32)[np.arange(n) % 3]
    return Batch(_windows(seed, n), labels, labels[:, ::-1].copy(), np.ones((n, 1), np.float32))


def _bend(name: str):
    if name == "random":
        return lambda w, s, r: random_policy(w, s, r, tuple(BENDS.values()))
    return BENDS[name]


@pytest.mark.parametrize("name", [*BENDS, "random"])
@EVERY
@given(strength=strengths, seed=seeds)
def test_a_bend_keeps_shape_type_and_input_and_repeats_itself(name, strength, seed) -> None:
    windows = _windows(seed)
    before = windows.copy()
    bent = _bend(name)(windows, strength, np.random.default_rng(seed))
    assert bent.shape == windows.shape
    assert bent.dtype == np.float32
    assert np.isfinite(bent).all()
    assert np.array_equal(windows, before)
    assert np.array_equal(bent, _bend(name)(windows, strength, np.random.default_rng(seed)))


@pytest.mark.parametrize("name", [*BENDS, "random"])
def test_a_bend_of_no_strength_changes_nothing_and_one_of_full_strength_does(name) -> None:
    windows = _windows(1)
    assert np.array_equal(_bend(name)(windows, 0.0, np.random.default_rng(0)), windows)
    assert not np.array_equal(_bend(name)(windows, 1.0, np.random.default_rng(0)), windows)


@EVERY
@given(strength=strengths, seed=seeds)
def test_shift_keeps_the_magnitudes_of_the_spectrum(strength, seed) -> None:
    windows = _windows(seed)
    moved = BENDS["shift"](windows, strength, np.random.default_rng(seed))
    before, after = (np.abs(np.fft.rfft(one, axis=2)) for one in (windows, moved))
    assert after == pytest.approx(before, abs=1e-3)
    assert np.array_equal(np.sort(moved, axis=2), np.sort(windows, axis=2))


@EVERY
@given(strength=strengths, seed=seeds)
def test_scale_and_magnitude_warp_stay_within_their_range(strength, seed) -> None:
    ones = np.ones((5, 1, 64), dtype=np.float32)
    gains = BENDS["scale"](ones, strength, np.random.default_rng(seed))
    assert (gains >= 2.0**-strength - 1e-5).all()
    assert (gains <= 2.0**strength + 1e-5).all()
    assert np.ptp(gains, axis=2).max() == 0.0
    curve = BENDS["magnitude-warp"](ones, strength, np.random.default_rng(seed))
    assert (np.abs(curve - 1.0) <= 0.5 * strength + 1e-5).all()


@EVERY
@given(strength=strengths, seed=seeds)
def test_noise_is_at_most_half_the_spread_and_silence_stays_silent(strength, seed) -> None:
    windows = _windows(seed, length=4096)
    added = BENDS["noise"](windows, strength, np.random.default_rng(seed)) - windows
    assert (added.std(axis=2) <= 0.55 * strength * windows.std(axis=2) + 1e-6).all()
    silence = np.zeros((2, 1, 64), dtype=np.float32)
    assert not BENDS["noise"](silence, strength, np.random.default_rng(seed)).any()


@EVERY
@given(seed=seeds)
def test_time_runs_forward_from_end_to_end_when_it_is_warped(seed) -> None:
    knots = np.random.default_rng(seed).uniform(0.9, 1.1, (4, 5))
    places = warped_places(knots, 96)
    assert (np.diff(places, axis=1) > 0).all()
    assert places[:, 0].tolist() == [0.0] * 4
    assert places[:, -1] == pytest.approx(95.0)
    windows = _windows(seed)
    warped = BENDS["time-warp"](windows, 1.0, np.random.default_rng(seed))
    assert (warped <= windows.max(axis=2, keepdims=True) + 1e-6).all()
    assert warped[:, :, 0] == pytest.approx(windows[:, :, 0])


@pytest.mark.parametrize("name", MIXES)
@EVERY
@given(strength=strengths, seed=seeds)
def test_a_mixed_label_is_a_distribution_that_leans_to_its_own_window(name, strength, seed) -> None:
    batch = _batch(seed)
    mixed = augment(batch, (name,), strength, np.random.default_rng(seed))
    assert mixed.labels.sum(axis=1) == pytest.approx(1.0)
    assert mixed.teacher.sum(axis=1) == pytest.approx(1.0)
    own = (mixed.labels * batch.labels).sum(axis=1)
    assert (own >= 0.5 - 1e-2).all()
    assert mixed.windows.dtype == np.float32


def test_mixup_mixes_windows_as_it_mixes_labels() -> None:
    values = np.arange(4, dtype=np.float32)
    windows = np.repeat(values, 8).reshape(4, 1, 8)
    mixed, mixing = MIXES["mixup"](windows, 1.0, np.random.default_rng(0))
    assert mixed[:, 0, 0] == pytest.approx(mixing.mix(values[:, None])[:, 0])


def test_the_share_of_cutmix_is_the_length_that_stayed() -> None:
    values = np.arange(4, dtype=np.float32)
    windows = np.repeat(values, 64).reshape(4, 1, 64)
    mixed, mixing = MIXES["cutmix"](windows, 1.0, np.random.default_rng(0))
    stayed = (mixed[:, 0] == values[:, None]).mean(axis=1)
    others = mixing.partner != np.arange(4)
    assert others.any()
    assert stayed[others] == pytest.approx(mixing.share[others])


def test_every_name_of_the_configuration_is_an_augmentation() -> None:
    batch = _batch(0)
    for name in AUGMENTATIONS:
        bent = augment(batch, (name,), 1.0, np.random.default_rng(0))
        assert not np.array_equal(bent.windows, batch.windows), name
    lonely = _batch(0, 1)
    assert augment(lonely, ("mixup",), 1.0, np.random.default_rng(0)) == lonely
