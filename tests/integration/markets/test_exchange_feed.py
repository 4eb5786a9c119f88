"""An exchange through the real ccxt, against a local server that speaks its REST and WebSocket."""

import asyncio
import socket
import time
from decimal import Decimal

import pytest

from sonde.markets.core.feeds.building import CandleBuilder
from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.clock import VirtualClock, WallClock
from sonde.markets.core.feeds.events import Bar, Book, Interrupted, Tick, Top
from sonde.markets.core.feeds.exchange import ExchangeFeed
from sonde.markets.core.feeds.port import FeedStanding, Topic, TopicKind
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid, NotFound, Unavailable
from tests.integration.markets.exchange_server import (
    MINUTE,
    PRICES,
    ExchangeServer,
    agg_trade,
    book_ticker,
    depth_update,
    kline,
    kline_row,
)

BTC = "binance:BTCUSDT"
TRADES = "btcusdt@aggTrade"
TICKS = Topic(TopicKind.TICKS, "BTCUSDT")


@pytest.fixture
def server():
    running = ExchangeServer().start()
    running.candles["BTCUSDT", "1m"] = [
        kline_row(k * MINUTE, PRICES[k % 3]) for k in range(101) if k != 40
    ]
    yield running
    running.stop()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def feed(server, waits):
    made = _feed(server, waits)
    yield made
    asyncio.run(made.close())


def _feed(server, waits, **more):
    settings = ExchangeSettings(
        "binance", server.http, server.ws, **{"timeout_ms": 3_000, "first_wait_s": 0.05, **more}
    )
    # Our clock runs ahead of the exchange's: its candles still end by its own.
    return ExchangeFeed(settings, VirtualClock(10**13), waits.append)


def test_instruments_have_the_exchanges_own_grid_and_fees(feed):
    btc, eth = feed.instruments()
    assert (btc.key, btc.base, btc.quote, btc.kind) == (BTC, "BTC", "USDT", "spot")
    assert (btc.tick, btc.step, btc.min_notional) == (
        Decimal("0.01"),
        Decimal("0.00001"),
        Decimal(5),
    )
    assert (btc.fees.maker, btc.fees.taker) == (Decimal("0.001"), Decimal("0.001"))
    assert eth.step == Decimal("0.0001")
    assert "not traded" in feed.left_out["OLD/USDT"]


def test_history_comes_in_pages_and_the_last_candle_is_not_taken_for_whole(server, feed):
    server.page_bars = 30
    pages = list(feed.history("BTCUSDT", "1m", 5, 10**9))
    opened = [int(at) for page in pages for at in page.candles.open_time_ms]
    assert opened == [k * MINUTE for k in range(1, 100) if k != 40]
    assert [page.candles.n for page in pages] == [30, 30, 30, 8]
    # The candle that opened at minute 100 grows still at the exchange.
    assert [page.unfinished for page in pages] == [0, 0, 0, 1]
    first = pages[0].candles
    assert (first.open[0], first.volume[0]) == (67005.25, 0.7501)
    assert (first.source.venue, first.source.feed) == ("binance", "live")


def test_only_what_was_asked_for_is_given(feed):
    (page,) = feed.history("BTCUSDT", "1m", 10 * MINUTE, 12 * MINUTE)
    assert [int(at) for at in page.candles.open_time_ms] == [10 * MINUTE, 11 * MINUTE]
    with pytest.raises(NotFound, match="XYZUSDT"):
        list(feed.history("XYZUSDT", "1m", 0, MINUTE))
    with pytest.raises(Invalid, match="no timeframe"):
        list(feed.history("BTCUSDT", "7m", 0, MINUTE))


def test_a_busy_exchange_is_left_alone_for_as_long_as_it_asks(server, feed, waits):
    feed.instruments()
    server.busy, server.retry_after = 2, "7"
    list(feed.history("BTCUSDT", "1m", 0, MINUTE))
    assert waits == [7.0, 7.0]
    assert feed.state().standing is FeedStanding.READY


def test_a_broken_exchange_is_tried_again_with_growing_pauses_and_then_off(server, feed, waits):
    feed.instruments()
    server.broken = 3
    list(feed.history("BTCUSDT", "1m", 0, MINUTE))
    assert waits == [0.05, 0.1, 0.2]
    server.broken = 10
    with pytest.raises(Unavailable):
        list(feed.history("BTCUSDT", "1m", 0, MINUTE))
    assert feed.state().words.startswith("off: ")


def test_a_slow_exchange_times_out(server, waits):
    feed = _feed(server, waits, timeout_ms=100, tries=1)
    server.slow_s = 0.4
    with pytest.raises(Unavailable, match="in time"):
        feed.instruments()
    asyncio.run(feed.close())


def test_without_a_connection_the_feed_is_off_and_says_why(waits):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        settings = ExchangeSettings("binance", f"http://127.0.0.1:{port}", tries=2)
        feed = ExchangeFeed(settings, VirtualClock(5), waits.append)
        with pytest.raises(Unavailable):
            feed.instruments()
    assert feed.state().words == (
        "off: binance cannot be reached from here; is there a connection to the internet?"
    )
    asyncio.run(feed.close())


def test_an_exchange_that_nobody_knows_is_refused():
    with pytest.raises(NotFound, match="nosuchexchange"):
        ExchangeFeed(ExchangeSettings("nosuchexchange")).instruments()


def _stream(server, topics, play, wanted):
    """Collect events until `wanted` says that it is enough, while `play` acts on the server."""
    feed = _feed(server, [])
    feed.clock = WallClock()
    told = []

    async def listen():
        async for event in feed.subscribe(topics):
            told.append(event)
            if wanted(told):
                return

    async def both():
        listening = asyncio.create_task(listen())
        playing = asyncio.create_task(asyncio.to_thread(play, feed, told))
        try:
            await asyncio.wait_for(listening, 15)
            await asyncio.wait_for(playing, 15)
        finally:
            await feed.close()

    asyncio.run(both())
    return told


def _until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)


def _kinds(told, kind):
    return [event for event in told if isinstance(event, kind)]


def test_trades_and_the_best_bid_and_ask_are_streamed_exactly(server):
    def play(feed, told):
        _until(lambda: len(server.subscribed) == 2)
        server.say("btcusdt@bookTicker", book_ticker("67000.01", "67000.02"))
        server.say(TRADES, agg_trade(7, 60_001, "67000.02", "0.12345"))
        _until(lambda: len(told) == 2)
        assert feed.state().standing is FeedStanding.STREAMING

    topics = [TICKS, Topic(TopicKind.TOP, "BTCUSDT")]
    told = _stream(server, topics, play, lambda told: len(told) == 2)
    assert _kinds(told, Tick) == [Tick(BTC, 60_001, Decimal("67000.02"), Decimal("0.12345"), 7)]
    (top,) = _kinds(told, Top)
    assert (top.bid, top.ask, top.bid_quantity) == (
        Decimal("67000.01"),
        Decimal("67000.02"),
        Decimal("31.21"),
    )


def test_the_order_book_is_the_exchanges_snapshot_and_what_changed_since(server):
    stream = "btcusdt@depth@100ms"

    def play(_feed, _told):
        _until(lambda: any(one.startswith("btcusdt@depth") for one in server.subscribed))
        (name,) = [one for one in server.subscribed if one.startswith("btcusdt@depth")]
        assert name == stream
        bids, asks = [["67000.00", "0.00000"]], [["67002.00", "0.75000"]]
        server.say(stream, depth_update(99, 101, bids, asks))

    topic = Topic(TopicKind.BOOK, "BTCUSDT")
    told = _stream(
        server, [topic], play, lambda told: any(len(one.asks) == 3 for one in _kinds(told, Book))
    )
    book = _kinds(told, Book)[-1]
    assert book.bids == ((Decimal("66999"), Decimal("2")),)
    assert book.asks == tuple(
        (Decimal(price), Decimal(quantity))
        for price, quantity in (("67001", "0.25"), ("67002", "0.75"), ("67003", "1.5"))
    )


def test_defect_09_the_stream_tells_what_the_exchange_says_and_no_constant(server):
    prices = ["67000.01", "67000.50", "66999.99", "12345.67"]

    def play(_feed, _told):
        _until(lambda: TRADES in server.subscribed)
        for number, price in enumerate(prices):
            server.say(TRADES, agg_trade(number, 1_000 * number, price))

    told = _stream(server, [TICKS], play, lambda told: len(told) == 4)
    assert [tick.price for tick in told] == [Decimal(price) for price in prices]


def test_candles_from_trades_equal_the_exchanges_bars(server):
    """Late, repeated and shuffled messages included."""
    trades = [
        agg_trade(1, 60_000, "10.00", "1"),
        agg_trade(3, 60_900, "9.50", "1"),
        agg_trade(2, 60_500, "11.00", "2"),
        agg_trade(2, 60_500, "11.00", "2"),
        agg_trade(4, 119_999, "10.50", "1"),
        agg_trade(5, 120_000, "10.60", "1"),
        agg_trade(4, 119_999, "10.50", "1"),
    ]
    exchanges_own = ("10.00", "11.00", "9.50", "10.50", "5")

    def play(_feed, _told):
        _until(lambda: TRADES in server.subscribed)
        server.say(TRADES, *trades)

    told = _stream(server, [TICKS], play, lambda told: len(told) >= 7)
    builder = CandleBuilder(BTC, Timeframe("1m"), has_every_number=True)
    builder.add(Tick(BTC, 1, Decimal(9), Decimal(1), 0))
    bars = [bar for tick in told for bar in builder.add(tick)]
    bar = bars[1]
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == tuple(
        map(Decimal, exchanges_own)
    )
    assert bar.is_whole
    assert (builder.repeated, builder.late) == (1, 1)


def test_a_bar_of_the_stream_is_finished_when_the_next_begins(server):
    one, two, three = PRICES

    def play(_feed, told):
        _until(lambda: "btcusdt@kline_1m" in server.subscribed)
        for message in (kline(MINUTE, one), kline(MINUTE, two, is_closed=True)):
            server.say("btcusdt@kline_1m", message)
            _until(lambda: told)
        server.say("btcusdt@kline_1m", kline(2 * MINUTE, three))

    told = _stream(
        server,
        [Topic(TopicKind.CANDLES, "BTCUSDT", "1m")],
        play,
        lambda told: any(bar.open_time_ms == 2 * MINUTE for bar in told),
    )
    finished = [bar for bar in told if bar.is_finished]
    assert [bar.open_time_ms for bar in finished] == [MINUTE]
    assert (finished[0].close, finished[0].is_whole) == (Decimal(two[3]), True)
    assert not told[-1].is_finished


def test_a_dropped_connection_is_told_and_taken_up_again(server):
    def play(_feed, told):
        _until(lambda: TRADES in server.subscribed)
        server.say(TRADES, agg_trade(1, 1_000, "10.00"))
        _until(lambda: _kinds(told, Tick))
        server.drop()
        _until(lambda: server.subscribed.count(TRADES) == 2)
        server.say(TRADES, agg_trade(9, 9_000, "12.00"))

    told = _stream(server, [TICKS], play, lambda told: len(_kinds(told, Tick)) == 2)
    kinds = [type(event) for event in told]
    assert kinds[0] is Tick
    assert kinds[-1] is Tick
    assert set(kinds[1:-1]) == {Interrupted}
    assert [tick.price for tick in _kinds(told, Tick)] == [10, 12]


def test_a_restarted_server_is_found_again_and_the_feed_is_off_meanwhile(server):
    def play(feed, told):
        _until(lambda: TRADES in server.subscribed)
        server.say(TRADES, agg_trade(1, 1_000, "10.00"))
        _until(lambda: _kinds(told, Tick))
        server.stop()
        _until(lambda: feed.state().standing is FeedStanding.OFF)
        assert "cannot be reached" in feed.state().words
        server.start()
        _until(lambda: server.subscribed.count(TRADES) == 2)
        server.say(TRADES, agg_trade(2, 2_000, "11.00"))
        _until(lambda: feed.state().standing is FeedStanding.STREAMING)

    told = _stream(server, [TICKS], play, lambda told: len(_kinds(told, Tick)) == 2)
    assert _kinds(told, Interrupted)


def test_garbage_is_skipped_told_and_ends_nothing(server):
    garbage = [
        "{not json",
        "[]",
        '"just text"',
        '{"e":"aggTrade","s":"BTCUSDT"}',
        '{"e":"aggTrade","s":"BTCUSDT","a":1,"p":"-5","q":"1","T":1}',
        '{"e":"aggTrade","s":"BTCUSDT","a":2,"p":"NaN","q":"1","T":1}',
        '{"e":"somethingNew","s":"BTCUSDT"}',
    ]

    def play(_feed, _told):
        _until(lambda: TRADES in server.subscribed)
        for text in garbage:
            server.say(TRADES, text)
        server.say(TRADES, agg_trade(3, 3_000, "10.00"))

    told = _stream(server, [TICKS], play, lambda told: bool(_kinds(told, Tick)))
    assert [tick.price for tick in _kinds(told, Tick)] == [10]
    assert any("cannot be read" in one.reason for one in _kinds(told, Interrupted))
    assert server.subscribed.count(TRADES) == 1


def test_no_bar_is_whole_that_a_drop_cut(server):
    one, _, three = PRICES

    def play(_feed, told):
        _until(lambda: "btcusdt@kline_1m" in server.subscribed)
        server.say("btcusdt@kline_1m", kline(MINUTE, one))
        _until(lambda: _kinds(told, Bar))
        server.drop()
        _until(lambda: server.subscribed.count("btcusdt@kline_1m") == 2)
        server.say("btcusdt@kline_1m", kline(3 * MINUTE, three))

    told = _stream(
        server,
        [Topic(TopicKind.CANDLES, "BTCUSDT", "1m")],
        play,
        lambda told: any(bar.open_time_ms == 3 * MINUTE for bar in _kinds(told, Bar)),
    )
    (finished,) = [bar for bar in _kinds(told, Bar) if bar.is_finished]
    assert (finished.open_time_ms, finished.is_whole) == (MINUTE, False)
