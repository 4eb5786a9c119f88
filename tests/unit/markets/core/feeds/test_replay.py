"""A replay is the same every time, at any speed, with pause, resume, seek and an end."""

import asyncio
import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.feeds.clock import VirtualClock
from sonde.markets.core.feeds.events import Bar, Interrupted, Tick
from sonde.markets.core.feeds.port import FeedStanding, Topic, TopicKind
from sonde.markets.core.feeds.recorded import RecordedTicks, events_between
from sonde.markets.core.feeds.replay import ReplayFeed, replay_of
from sonde.markets.core.feeds.replay_state import ReplayState
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from tests.unit.markets.core.feeds.samples import AB, MINUTE, candles

BARS = Topic(TopicKind.CANDLES, "AB", "1m")
TICKS = Topic(TopicKind.TICKS, "AB")


def _feed(speed=1.0, n=5, wall_ms=1_000_000):
    recordings = [candles(n)]
    return ReplayFeed(recordings, replay_of(recordings, wall_ms, speed), VirtualClock(wall_ms))


def _all(feed, *topics):
    async def collect():
        return [event async for event in feed.subscribe(topics)]

    return asyncio.run(collect())


@pytest.mark.parametrize("speed", [1.0, 60.0, 1_000_000.0])
def test_every_speed_tells_the_same(speed):
    feed = _feed(speed)
    feed.play()
    bars = _all(feed, BARS)
    assert [bar.open_time_ms for bar in bars] == [k * MINUTE for k in range(5)]
    assert bars[0] == Bar(
        "x:AB",
        "1m",
        0,
        *map(Decimal, ("10.00", "11.00", "9.50", "10.25", "1.0")),
        is_finished=True,
    )
    assert feed.state().standing is FeedStanding.ENDED
    with pytest.raises(Conflict, match="at its end"):
        feed.play()


def test_a_bar_is_told_at_its_close_and_never_before():
    feed = _feed(speed=1.0, n=3)
    feed.play()

    async def watch():
        async for bar in feed.subscribe([BARS]):
            assert feed.position_ms() >= bar.open_time_ms + MINUTE

    asyncio.run(watch())


def test_points_on_the_way_of_a_candle_are_for_display_and_within_it():
    ticks = [e for e in events_between([candles(1)], 0, MINUTE) if isinstance(e, Tick)]
    assert [tick.price for tick in ticks] == [10, Decimal("9.5"), 11, Decimal("10.25")]
    assert all(tick.for_display for tick in ticks)
    assert [tick.time_ms for tick in ticks] == [0, 19_999, 39_999, 59_999]


def test_pause_stands_still_and_resume_goes_on():
    feed = _feed(speed=60.0)
    feed.play()
    feed.clock.advance(1_000)
    feed.pause()
    assert feed.position_ms() == MINUTE
    feed.clock.advance(99_000)
    assert feed.position_ms() == MINUTE
    assert feed.state().standing is FeedStanding.PAUSED
    feed.play()
    feed.clock.advance(500)
    assert feed.position_ms() == MINUTE * 3 // 2


def test_a_seek_is_told_and_goes_on_from_there():
    feed = _feed(speed=60.0)
    feed.play()

    async def watch():
        told = []
        async for event in feed.subscribe([BARS]):
            told.append(event)
            if len(told) == 2:
                feed.seek(0)
        return told

    told = asyncio.run(watch())
    assert isinstance(told[2], Interrupted)
    opened = [bar.open_time_ms // MINUTE for bar in told if isinstance(bar, Bar)]
    assert opened == [0, 1, 0, 1, 2, 3, 4]


def test_recorded_trades_are_replayed_in_order_between_candles():
    trades = RecordedTicks(
        AB, np.array([5, 5, 70_000]), np.array([100, 101, 99]), np.array([1, 2, 3])
    )
    events = list(events_between([candles(2), trades], 0, 2 * MINUTE))
    real = [e for e in events if isinstance(e, Tick) and not e.for_display]
    assert [(tick.price, tick.quantity) for tick in real] == [
        (Decimal("1.00"), Decimal("0.1")),
        (Decimal("1.01"), Decimal("0.2")),
        (Decimal("0.99"), Decimal("0.3")),
    ]
    times = [e.time_ms if isinstance(e, Tick) else e.open_time_ms + MINUTE for e in events]
    assert times == sorted(times)


@given(st.lists(st.integers(0, 6 * MINUTE), max_size=6))
def test_windows_that_meet_tell_everything_once(cuts):
    bounds = [0, *sorted(cuts), 6 * MINUTE]
    parts = [
        event
        for first, last in itertools.pairwise(bounds)
        for event in events_between([candles(5)], first, last)
    ]
    assert parts == list(events_between([candles(5)], 0, 6 * MINUTE))


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("wait"), st.integers(0, 5_000)),
            st.tuples(st.just("speed"), st.floats(0.1, 100)),
            st.tuples(st.just("play"), st.none()),
            st.tuples(st.just("pause"), st.none()),
            st.tuples(st.just("seek"), st.integers(0, 1_000)),
        ),
        max_size=15,
    )
)
def test_a_position_moves_only_by_time_and_seeks(moves):
    state, wall = ReplayState(0, 1_000_000, 0, 0), 0
    for what, value in moves:
        before = state.at(wall)
        if what == "wait":
            wall += value
            expected = before + value * state.speed if state.is_playing else before
            assert abs(state.at(wall) - expected) <= 1
            continue
        if what == "speed":
            state = state.at_speed(value, wall)
        elif what == "seek":
            state, before = state.seek(value, wall), value
        else:
            state = state.play(wall) if what == "play" else state.pause(wall)
        assert state.at(wall) == before


def test_history_shows_nothing_that_is_not_over_in_the_replay():
    feed = _feed(speed=60.0)
    assert list(feed.history("AB", "1m", 0, 10 * MINUTE)) == []
    feed.play()
    feed.clock.advance(2_500)
    (page,) = feed.history("AB", "1m", 0, 10 * MINUTE)
    assert (page.candles.n, page.unfinished) == (2, 3)
    with pytest.raises(NotFound, match="of CD"):
        list(feed.history("CD", "1m", 0, MINUTE))


def test_what_makes_no_sense_is_refused_with_the_range():
    with pytest.raises(Invalid, match="import or collect"):
        replay_of([], 0)
    feed = _feed()
    with pytest.raises(Invalid, match="not to -1"):
        feed.seek(-1)
    with pytest.raises(Invalid, match="not 0"):
        feed.set_speed(0)
    with pytest.raises(Invalid, match="Row 1"):
        RecordedTicks(AB, np.array([5, 4]), np.array([1, 1]), np.array([1, 1]))


def test_a_subscription_to_an_unknown_symbol_is_refused():
    with pytest.raises(NotFound):
        _all(_feed(), Topic(TopicKind.TICKS, "CD"))


def test_when_on_the_wall_a_position_is_reached():
    state = ReplayState(0, 60_000, 0, 0).play(100).at_speed(3.0, 100)
    at = state.wall_of(10)
    assert state.at(at) >= 10 > state.at(at - 1)
    assert ReplayState(0, 10, 0, 0).wall_of(5) is None
