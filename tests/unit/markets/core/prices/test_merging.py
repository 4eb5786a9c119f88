"""Overlapping imports, periods of files, sources."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.prices.columns import joined
from sonde.markets.core.prices.merging import merged
from sonde.markets.core.prices.partition import by_period
from sonde.markets.core.prices.series import Source, with_source
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Conflict
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, columns

TIMES = st.sets(st.integers(0, 60), max_size=40).map(
    lambda bars: BEGIN + HOUR * np.array(sorted(bars), dtype=np.int64)
)


@given(TIMES, TIMES)
def test_a_merge_is_the_union_sorted_and_unique(one, other):
    made = merged(columns(one), columns(other))
    assert made.columns.open_time_ms.tolist() == sorted({*one.tolist(), *other.tolist()})
    assert (made.n_new, made.n_same, made.n_changed) == (
        len({*other} - {*one}),
        len({*other} & {*one}),
        0,
    )


@given(TIMES, TIMES)
def test_with_overwriting_the_newer_set_wins_everywhere(one, other):
    made = merged(columns(one), columns(other, np.full(other.size, 20.0)), overwrite=True)
    newest = {**dict.fromkeys(one.tolist(), 10.0), **dict.fromkeys(other.tolist(), 20.0)}
    found = dict(zip(made.columns.open_time_ms.tolist(), made.columns.close.tolist(), strict=True))
    assert found == newest
    assert made.n_changed == len({*one} & {*other})


def test_defect_17_the_same_row_twice_is_one_row():
    bars = columns(BEGIN + HOUR * np.arange(5))
    again = merged(merged(bars, bars).columns, bars)
    assert (again.columns.n, again.n_new, again.n_same) == (5, 0, 5)


def test_defect_17_rows_that_differ_are_told_and_not_replaced_silently():
    stored = columns(BEGIN + HOUR * np.arange(8))
    newer = columns(BEGIN + HOUR * np.arange(8), np.r_[10.0, np.full(7, 11.5)])
    with pytest.raises(Conflict) as caught:
        merged(stored, newer)
    assert "7 bars differ from what is stored: 2021-06-01 01:00 UTC open 10, now 11.5;" in str(
        caught.value
    )
    assert "and 2 more. Choose to overwrite" in str(caught.value)
    with pytest.raises(Conflict, match="the last bar that was stored, perhaps before it was fin"):
        merged(stored.rows(slice(0, 2)), newer)


@given(TIMES, st.sampled_from(["1m", "1h", "1d"]))
def test_periods_cut_a_series_without_loss(times, name):
    parts = dict(by_period(columns(times), Timeframe(name)))
    assert joined(list(parts.values())).open_time_ms.tolist() == times.tolist()
    assert list(parts) == sorted(parts)


def test_sources_of_one_place_are_one():
    file = Source("file", "a.csv", "ab", 5, 100)
    live = Source("live", "binance", "", 6, 1)
    sources = with_source(
        with_source(with_source([], file), live), Source("live", "binance", "", 9, 2)
    )
    assert sources == (file, Source("live", "binance", "", 9, 3))
