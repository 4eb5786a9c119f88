"""Timeframes: grids and lengths."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.timeframes import TIMEFRAMES, Timeframe, timeframe_of_length
from sonde.platform.core.errors import Invalid

NAMES = st.sampled_from(TIMEFRAMES)
TIMES = st.integers(-(10**14), 10**14)


@given(NAMES, TIMES)
def test_a_time_lies_in_the_bar_that_its_floor_opens(name, time_ms):
    timeframe = Timeframe(name)
    opened = timeframe.floor(time_ms)
    assert opened <= time_ms < opened + timeframe.ms
    assert timeframe.is_on_grid(opened)
    assert timeframe.floor_all(np.array([time_ms])).tolist() == [opened]


def test_weeks_open_on_mondays_and_days_at_midnight():
    moment = datetime(2024, 8, 14, 15, 30, tzinfo=UTC)
    opened = {
        name: datetime.fromtimestamp(
            Timeframe(name).floor(int(moment.timestamp() * 1000)) / 1000, UTC
        )
        for name in ("1w", "1d", "4h")
    }
    assert opened["1w"] == datetime(2024, 8, 12, tzinfo=UTC)
    assert opened["1d"] == datetime(2024, 8, 14, tzinfo=UTC)
    assert opened["4h"] == datetime(2024, 8, 14, 12, tzinfo=UTC)


@given(NAMES, NAMES, TIMES)
def test_a_coarser_bar_is_made_of_whole_finer_ones(coarse, fine, time_ms):
    outer, inner = Timeframe(coarse), Timeframe(fine)
    if outer.holds(inner):
        opened = outer.floor(time_ms)
        assert inner.is_on_grid(opened)
        assert inner.is_on_grid(opened + outer.ms)


def test_lengths_name_timeframes():
    assert [timeframe_of_length(Timeframe(name).ms) for name in TIMEFRAMES] == [
        Timeframe(name) for name in TIMEFRAMES
    ]
    with pytest.raises(Invalid, match=r"no timeframe '7m'; choose one of 1s, 1m"):
        Timeframe("7m")
