"""Window features: blind to level, sharp on the bearing's own lines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.features.windows import (
    feature_names,
    recipe_for,
    window_features,
)
from sonde.bearings.core.geometry import Geometry

GEOMETRY = Geometry(9, 7.94, 39.04)
RATE_HZ = 12_000.0


def struck(order, speed_rpm=1800.0, rate=RATE_HZ, seed=0, length=None):
    """Noise with a ringing that is struck `order` times a turn."""
    rng = np.random.default_rng(seed)
    n = length or int(rate)
    strikes = np.zeros(n)
    every = rate / (order * speed_rpm / 60)
    strikes[np.arange(0, n - 1, every).astype(int)] = 8.0
    time_s = np.arange(200) / rate
    ring = np.exp(-time_s * 900) * np.sin(2 * np.pi * 0.3 * rate * time_s)
    return np.convolve(strikes, ring)[:n] + 0.3 * rng.standard_normal(n)


def features(signal, speed_rpm=1800.0, rate=RATE_HZ):
    values = window_features(signal[None].astype(np.float32), rate, np.array([speed_rpm]), GEOMETRY)
    return dict(zip(feature_names(GEOMETRY), values[0], strict=True))


@pytest.mark.parametrize("line", ["BPFO", "BPFI", "2BSF"])
def test_the_struck_line_stands_out(line):
    order = {"BPFO": GEOMETRY.bpfo, "BPFI": GEOMETRY.bpfi, "2BSF": GEOMETRY.ball_strike}[line]
    values = features(struck(order))
    lines = {name: values[f"1x{name}@1"] for name in ("BPFO", "BPFI", "2BSF", "FTF")}
    assert max(lines, key=lines.get) == line
    assert lines[line] > 2


def test_speed_and_rate_drop_out():
    slow = features(struck(GEOMETRY.bpfo, 1500.0), 1500.0)
    fast = features(struck(GEOMETRY.bpfo, 1800.0, 24_000.0, length=24_000), 1800.0, 24_000.0)
    assert slow["1xBPFO@1"] == pytest.approx(fast["1xBPFO@1"], abs=1.0)


@settings(max_examples=20, deadline=None)
@given(scale=st.floats(1e-3, 1e3), offset=st.floats(-100, 100))
def test_level_and_offset_cannot_be_learned(scale, offset):
    signal = struck(GEOMETRY.bpfi).astype(np.float64)
    plain = window_features(signal[None], RATE_HZ, np.array([1800.0]), GEOMETRY)
    moved = window_features(signal[None] * scale + offset, RATE_HZ, np.array([1800.0]), GEOMETRY)
    np.testing.assert_allclose(moved, plain, atol=2e-2)


def test_each_window_stands_for_itself():
    signals = np.stack([struck(GEOMETRY.bpfo), struck(GEOMETRY.bpfi, seed=1)])
    speeds = np.array([1800.0, 1800.0])
    together = window_features(signals, RATE_HZ, speeds, GEOMETRY)
    for row in range(2):
        alone = window_features(signals[row : row + 1], RATE_HZ, speeds[:1], GEOMETRY)
        np.testing.assert_allclose(together[row], alone[0], atol=1e-6)


def test_without_geometry_only_the_shape_is_used():
    values = window_features(np.ones((3, 1000)), RATE_HZ, np.ones(3), None)
    assert values.shape == (3, 26)
    assert np.isfinite(values).all()
    assert not recipe_for(None).with_lines
    assert recipe_for(GEOMETRY).name == "bearing-windows-1"


def test_no_windows_give_no_rows():
    empty = window_features(np.empty((0, 1000)), RATE_HZ, np.empty(0), GEOMETRY)
    assert empty.shape == (0, len(feature_names(GEOMETRY)))


def test_lines_beyond_the_band_are_zero_rather_than_noise():
    short = struck(GEOMETRY.bpfo, 1800.0, length=300)
    assert np.isfinite(list(features(short).values())).all()
