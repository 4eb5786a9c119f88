"""What a stream says is passed on in order; what is missed is told, never hidden."""

import asyncio
from decimal import Decimal

import pytest

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.clock import VirtualClock
from sonde.markets.core.feeds.events import Bar, Interrupted, Tick
from sonde.markets.core.feeds.listings import Listing
from sonde.markets.core.feeds.messages import book_in, top_of
from sonde.markets.core.feeds.port import FeedStanding, FeedState, Topic, TopicKind
from sonde.markets.core.feeds.streaming import Streaming
from sonde.platform.core.errors import Invalid, Unavailable
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


def test_what_ends_a_stream_is_raised_after_what_was_said_before():
    async def die(error):
        if error is not None:
            raise error

    async def end(error):
        stream = _stream()
        stream._queue = asyncio.Queue(2)
        task = asyncio.create_task(die(error))
        task.add_done_callback(stream._ended)
        stream._tasks.append(task)
        said = [Tick(AB.key, n, Decimal(1), Decimal(1), n) for n in range(2)]
        stream._pass_on(said[:1])
        assert await stream._next() == said[0]
        await stream._next()

    with pytest.raises(Unavailable, match="streams nothing any more"):
        asyncio.run(asyncio.wait_for(end(None), 5))
    with pytest.raises(LookupError):
        asyncio.run(asyncio.wait_for(end(LookupError()), 5))


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


class OnlyTrades:
    """A client of an exchange that streams trades and the book."""

    has = {"watchTrades": True, "watchOrderBook": True}  # noqa: RUF012


def test_candles_that_are_not_streamed_are_built_of_the_trades():
    ticks, bars = Topic(TopicKind.TICKS, "AB"), Topic(TopicKind.CANDLES, "AB", "1m")
    stream = Streaming(ExchangeSettings("x"), VirtualClock(9), [(ticks, LISTING)], None)
    stream._client = OnlyTrades()
    assert stream._is_streamed(ticks, LISTING)
    assert stream._is_streamed(Topic(TopicKind.TOP, "AB"), LISTING)
    assert not stream._is_streamed(bars, LISTING)
    trades = [
        {"timestamp": at_ms, "price": price, "amount": 1.0, "id": str(at_ms)}
        for at_ms, price in ((5, 1.0), (MINUTE, 2.0), (2 * MINUTE, 3.0))
    ]
    told = list(stream._ticks(trades, LISTING))
    finished = [one for one in told if isinstance(one, Bar) and one.is_finished]
    assert [(bar.close, bar.is_whole) for bar in finished] == [(1, False), (2, True)]
    assert not told[-1].is_finished
    stream._spoil(AB.key)
    assert not stream._builders[AB.key][0].growing().is_whole


def test_what_is_not_streamed_and_cannot_be_built_is_refused():
    stream = _stream()
    stream._client = OnlyTrades()
    with pytest.raises(Unavailable, match="streams no candles"):
        stream._is_streamed(Topic(TopicKind.CANDLES, "AB", "1m"), LISTING)


def test_an_empty_side_of_a_book_is_no_price():
    with pytest.raises(Invalid, match="empty"):
        top_of(book_in({"bids": [[1.0, 2.0]], "asks": [], "timestamp": None}, LISTING, 5))


def test_a_topic_knows_what_it_needs_and_a_state_has_words():
    with pytest.raises(Invalid, match="need a timeframe"):
        Topic(TopicKind.CANDLES, "AB")
    with pytest.raises(Invalid):
        Topic(TopicKind.TICKS, "AB", "1m")
    assert FeedState(FeedStanding.OFF, 0, "why").words == "off: why"
