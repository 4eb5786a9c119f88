"""Waterfalls: every line in its column, nothing high lost, refusals in clear words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.speed_profile import profile_of_speeds
from sonde.bearings.core.waterfall import (
    WaterfallSettings,
    WaterfallSignal,
    evenly_spread,
    stretches,
    waterfall,
)
from sonde.platform.core.errors import Invalid


def _tone(hz: float, rate_hz: float, count: int = 2000, amplitude: float = 1.0) -> WaterfallSignal:
    samples = amplitude * np.sin(2 * np.pi * hz * np.arange(count) / rate_hz)
    return WaterfallSignal(f"{hz:g}", hz, samples, rate_hz, hz)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 390),
    st.sampled_from([1000.0, 2000.0, 5000.0]),
    st.integers(16, 2000),
    st.floats(1e-3, 1e3),
)
def test_acceptance_look_a_tone_stands_in_its_column_with_its_amplitude(
    line: int, rate_hz: float, columns: int, amplitude: float
) -> None:
    hz = line * rate_hz / 2000
    picture = waterfall(
        [_tone(hz, rate_hz, amplitude=amplitude)], WaterfallSettings(rate_hz / 2, columns)
    )
    top = np.nanargmax(picture.values[0])
    width = rate_hz / 2 / columns
    assert picture.values[0, top] == pytest.approx(amplitude, rel=1e-4)
    assert abs(picture.axis[top] - hz) <= width / 2 + rate_hz / 2000
    assert picture.values.dtype == np.float32


def test_acceptance_look_orders_stand_still_while_the_speed_changes() -> None:
    rows = [_tone(hz, 2000.0) for hz in (20.0, 35.0, 50.0)]
    picture = waterfall(rows, WaterfallSettings(5.0, 100, in_orders=True))
    assert picture.axis_unit == "orders"
    assert picture.names == ("20", "35", "50")
    np.testing.assert_allclose(picture.axis[np.nanargmax(picture.values, axis=1)], 1, atol=0.03)


def test_above_half_the_rate_there_is_nothing() -> None:
    picture = waterfall(
        [_tone(100.0, 1000.0), _tone(100.0, 4000.0)], WaterfallSettings(2000.0, 200)
    )
    assert np.isnan(picture.values[0, 51:]).all()
    assert np.isfinite(picture.values[0, :50]).all()
    assert np.isfinite(picture.values[1]).all()


def test_short_signals_repeat_their_lines_over_fine_columns() -> None:
    picture = waterfall([_tone(100.0, 1000.0, count=100)], WaterfallSettings(400.0, 400))
    assert np.isfinite(picture.values).all()
    assert picture.axis[np.nanargmax(picture.values[0])] == pytest.approx(100, abs=5)


def test_a_run_up_climbs() -> None:
    time_s = np.arange(40_000) / 4000
    samples = np.sin(2 * np.pi * (20 * time_s + 0.5 * 30 * time_s**2))
    picture = waterfall(stretches(samples, 4000.0, 2000, rows=40), WaterfallSettings(400.0, 200))
    ridge = picture.axis[np.nanargmax(picture.values, axis=1)]
    np.testing.assert_allclose(ridge, 20 + 30 * picture.positions, atol=10)
    assert picture.positions[0] == pytest.approx(0.25)
    assert picture.positions[-1] == pytest.approx(9.75)
    points_s = np.linspace(0, 10, 50)
    profile = profile_of_speeds(points_s, 20 + 30 * points_s)
    rows = stretches(samples, 4000.0, 2000, rows=40, speed=profile)
    orders = waterfall(rows, WaterfallSettings(4.0, 40, in_orders=True))
    np.testing.assert_allclose(orders.axis[np.nanargmax(orders.values, axis=1)], 1.0, atol=0.4)


@given(st.integers(0, 5000), st.integers(1, 200))
def test_rows_are_spread_evenly_and_hold_both_ends(total: int, most: int) -> None:
    chosen = evenly_spread(total, most)
    assert len(chosen) == min(total, most)
    assert (np.diff(chosen) > 0).all()
    if total > most > 1:
        assert chosen[0] == 0
        assert chosen[-1] == total - 1


def test_refusals_say_why() -> None:
    with pytest.raises(Invalid, match="at least one"):
        waterfall([])
    with pytest.raises(Invalid, match="at most 120"):
        waterfall(_tone(50.0, 1000.0, 100) for _ in range(121))
    unplaced = WaterfallSignal("A", 0, np.ones(100), 1000.0)
    with pytest.raises(Invalid, match="no shaft speed"):
        waterfall([unplaced], WaterfallSettings(in_orders=True))
    with pytest.raises(Invalid, match="no numbers"):
        waterfall([WaterfallSignal("A", 0, np.full(100, np.nan), 1000.0)])
    with pytest.raises(Invalid, match="Stretches"):
        list(stretches(np.zeros(100), 100.0, 200))


@pytest.mark.parametrize("choice", [(100.0, 4), (100.0, 5000), (0.0, 100)])
def test_impossible_settings_are_refused(choice: tuple[float, int]) -> None:
    with pytest.raises(Invalid):
        WaterfallSettings(*choice)
