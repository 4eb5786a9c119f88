"""What a stream says is passed on in order; what is missed is told, never hidden."""

import asyncio
from decimal import Decimal

import pytest

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.clock import VirtualClock
from sonde.markets.core.feeds.events import Interrupted, Tick
from sonde.markets.core.feeds.listings import Listing
from sonde.markets.core.feeds.port import FeedStanding, FeedState, Topic, TopicKind
from sonde.markets.core.feeds.streaming import Streaming
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.feeds.samples import AB, MINUTE

LISTING = Listing(AB, "A/B")


def _stream():
    return Streaming(ExchangeSettings("x"), VirtualClock(9), [], None)


def _drained(stream):
    return [stream._queue.get_nowait() for _ in range(stream._queue.qsize())]


def test_prices_that_nobody_takes_are_given_up_and_that_is_told():
    async def overflow():
        stream = _stream()
        stream._queue = asyncio.Queue(2)
        stream._pass_on([Tick(AB.key, n, Decimal(1), Decimal(1), n) for n in range(3)])
        return _drained(stream)

    (told,) = asyncio.run(overflow())
    assert isinstance(told, Interrupted)
    assert "some are missing" in told.reason


def test_a_bar_that_grows_ends_when_the_next_begins():
    stream = _stream()
    first = list(stream._bars([[MINUTE, 1.0, 2.0, 0.5, 1.5, 3.0]], LISTING, "1m"))
    then = list(stream._bars([[MINUTE, 1.0, 2.5, 0.5, 1.6, 4.0]], LISTING, "1m"))
    late = list(stream._bars([[0, 1.0, 1.0, 1.0, 1.0, 1.0]], LISTING, "1m"))
    last = list(stream._bars([[2 * MINUTE, 1.6, 1.6, 1.6, 1.6, 0.0]], LISTING, "1m"))
    assert [bar.is_finished for bar in (*first, *then, *last)] == [False, False, True, False]
    assert late == []
    assert (last[0].high, last[0].close, last[0].is_whole) == (Decimal("2.5"), Decimal("1.6"), True)


def test_an_update_after_a_break_makes_a_bar_whole_again():
    stream = _stream()
    list(stream._bars([[MINUTE, 1.0, 2.0, 0.5, 1.5, 3.0]], LISTING, "1m"))
    stream._spoil(AB.key)
    list(stream._bars([[MINUTE, 1.0, 2.0, 0.5, 1.7, 4.0]], LISTING, "1m"))
    finished, _ = stream._bars([[2 * MINUTE, 1.6, 1.6, 1.6, 1.6, 0.0]], LISTING, "1m")
    assert finished.is_whole
    stream._spoil("")
    finished, _ = stream._bars([[3 * MINUTE, 1.6, 1.6, 1.6, 1.6, 0.0]], LISTING, "1m")
    assert not finished.is_whole


@pytest.mark.parametrize(
    "row",
    [
        [MINUTE, 1.0, 0.5, 0.5, 1.5, 3.0],
        [MINUTE, 1.0, 2.0, 0.5, 1.5, -3.0],
        [MINUTE, 0.0, 2.0, 0.0, 1.5, 3.0],
    ],
)
def test_what_is_no_candle_is_refused(row):
    with pytest.raises(Invalid):
        list(_stream()._bars([row], LISTING, "1m"))


def test_a_topic_knows_what_it_needs_and_a_state_has_words():
    with pytest.raises(Invalid, match="need a timeframe"):
        Topic(TopicKind.CANDLES, "AB")
    with pytest.raises(Invalid):
        Topic(TopicKind.TICKS, "AB", "1m")
    assert FeedState(FeedStanding.OFF, 0, "why").words == "off: why"
