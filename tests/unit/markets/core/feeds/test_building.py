"""Candles from trades equal the venue's, in any order of arrival; what was missed is marked."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.feeds.building import CandleBuilder
from sonde.markets.core.feeds.events import Tick
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

KEY = "x:AB"
MINUTE = 60_000


def _tick(at_ms, price, sequence=None, quantity=1):
    return Tick(KEY, at_ms, Decimal(price), Decimal(quantity), sequence)


def _builder(**options):
    return CandleBuilder(KEY, Timeframe("1m"), **options)


def _facts(bar):
    return (bar.open_time_ms, bar.open, bar.high, bar.low, bar.close, bar.volume)


def _plain_bars(ticks):
    """The bars by definition: sort, cut, first, max, min, last, sum."""
    bars = {}
    for tick in sorted(ticks, key=lambda one: (one.time_ms, one.sequence)):
        bars.setdefault(tick.time_ms // MINUTE * MINUTE, []).append(tick)
    return {
        at: (
            at,
            some[0].price,
            max(one.price for one in some),
            min(one.price for one in some),
            some[-1].price,
            sum(one.quantity for one in some),
        )
        for at, some in bars.items()
    }


@given(
    st.lists(
        st.tuples(st.integers(0, 5 * MINUTE), st.integers(1, 50), st.integers(1, 9)),
        min_size=1,
        max_size=60,
    ),
    st.randoms(use_true_random=False),
)
def test_bars_equal_the_definition_whatever_the_order_within_a_bar(trades, random):
    trades.sort()
    ticks = [_tick(at, price, n, quantity) for n, (at, price, quantity) in enumerate(trades)]
    by_bar = {}
    for tick in ticks:
        by_bar.setdefault(tick.time_ms // MINUTE, []).append(tick)
    builder, bars = _builder(), []
    for some in by_bar.values():
        arriving = some + random.sample(some, min(3, len(some)))  # some come twice
        random.shuffle(arriving)
        for tick in arriving:
            bars += builder.add(tick)
    bars += builder.close_until(6 * MINUTE)
    expected = _plain_bars(ticks)
    with_trades = [bar for bar in bars if bar.volume]
    assert {bar.open_time_ms: _facts(bar) for bar in with_trades} == expected
    times = [bar.open_time_ms for bar in bars]
    assert times == list(range(times[0], times[-1] + 1, MINUTE))
    assert [bar.is_whole for bar in bars] == [False] + [True] * (len(bars) - 1)


def test_a_bar_without_trades_repeats_the_last_close():
    builder = _builder()
    builder.add(_tick(0, 5, 1))
    bars = builder.add(_tick(3 * MINUTE, 6, 2))
    assert [(bar.close, bar.volume) for bar in bars] == [(5, 1), (5, 0), (5, 0)]
    assert [bar.is_whole for bar in bars] == [False, True, True]


def test_late_trades_change_no_bar_that_was_ended():
    builder = _builder()
    builder.add(_tick(0, 5, 1))
    builder.add(_tick(MINUTE, 6, 2))
    assert builder.add(_tick(59_999, 99, 3)) == ()
    assert builder.late == 1
    assert builder.growing().high == 6


def test_bars_are_not_whole_while_trades_are_missed():
    builder = _builder()
    builder.add(_tick(0, 5, 1))
    builder.add(_tick(MINUTE, 6, 2))
    builder.interrupt()
    ended = builder.add(_tick(3 * MINUTE, 7, 9))  # the connection is back in the fourth minute
    assert [bar.is_whole for bar in ended] == [False, False]
    ended = builder.add(_tick(5 * MINUTE, 7, 10))
    assert [(bar.open_time_ms, bar.is_whole) for bar in ended] == [
        (3 * MINUTE, False),
        (4 * MINUTE, True),
    ]


def test_a_missing_number_shows_a_missed_trade_until_it_comes():
    builder = _builder(has_every_number=True)
    builder.add(_tick(0, 5, 1))
    builder.add(_tick(MINUTE, 5, 2))
    builder.add(_tick(MINUTE + 9, 5, 4))
    assert not builder.growing().is_whole
    assert builder.missed == 1
    builder.add(_tick(MINUTE + 5, 5, 3))
    assert builder.growing().is_whole
    assert builder.missed == 0


def test_a_number_missing_between_two_bars_spoils_both():
    builder = _builder(has_every_number=True)
    builder.add(_tick(0, 5, 1))
    builder.add(_tick(MINUTE, 5, 2))
    (ended,) = builder.add(_tick(2 * MINUTE, 5, 4))
    assert not ended.is_whole
    (after,) = builder.add(_tick(3 * MINUTE, 5, 5))
    assert not after.is_whole
    (third,) = builder.add(_tick(4 * MINUTE, 5, 6))
    assert third.is_whole


def test_the_growing_bar_is_marked_as_unfinished():
    builder = _builder()
    assert builder.growing() is None
    builder.add(_tick(0, 5, 1))
    assert not builder.growing().is_finished
    assert builder.close_until(59_999) == ()
    assert builder.close_until(60_000)[0].is_finished


@pytest.mark.parametrize(
    "tick",
    [
        Tick("x:CD", 0, Decimal(1), Decimal(1)),
        Tick(KEY, 0, Decimal(1), Decimal(1), for_display=True),
    ],
)
def test_other_instruments_and_drawn_points_are_refused(tick):
    with pytest.raises(Invalid):
        _builder().add(tick)
