"""The live stream over real WebSockets and a real Valkey."""

import asyncio
import json
import time
from decimal import Decimal

import httpx
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from sonde.markets.core.candles import Provenance
from sonde.markets.core.feeds.events import Bar, Tick
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import accounts, feeds, price_store, trade_prices, trading
from sonde.markets.services.feed_running import tell
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.trading_data import AT_ONCE, BTC, WISH, market, quote
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, columns

pytestmark = pytest.mark.integration
KEY = "binance:ETHUSDT"


@pytest.fixture(scope="module")
def stored(ports, actor):
    bars = columns(BEGIN + HOUR * np.arange(40), np.full(40, 101.5))
    source = Provenance("binance", "file", "btc.csv", "ab" * 32, 0)
    instrument = inferred_instrument("BTCUSDT", bars, venue="binance")
    with unit_of_work(ports):
        candles = bars.candles(instrument, Timeframe("1h"), source)
        return price_store.append_candles(actor, candles, is_inferred=True).series.id


@pytest.fixture
def listen(web, actor):
    def open_socket(path, person=actor):
        address = web.url.replace("http", "ws") + f"/api/v1/markets{path}"
        cookie = {"Cookie": f"sonde={web.token_of(person)}"}
        return connect(address, additional_headers=cookie, origin=web.url, open_timeout=30)

    return open_socket


def hear(socket, is_it, seconds=20):
    """Return the messages up to the one that is waited for."""
    heard, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        told = json.loads(socket.recv(timeout=seconds))
        for message in told.get("messages", [told]):
            heard.append(message)
            if is_it(message):
                return heard
    return pytest.fail(f"not heard within {seconds} s, but {heard[-5:]}")


def say(socket, **facts):
    socket.send(json.dumps(facts))


def test_strangers_hear_nothing(web):
    for path in ("ws", "ws/price"):
        address = web.url.replace("http", "ws") + f"/api/v1/markets/{path}"
        with pytest.raises(InvalidStatus):
            connect(address, origin=web.url, open_timeout=30)


def test_defect_09_a_price_is_streamed_with_its_source_and_the_symbol_switches(listen, stored):
    with listen("/ws/price?symbol=BTCUSDT") as socket:
        first = hear(socket, lambda one: "price" in one)[-1]
        assert (first["symbol"], first["price"], first["feed"]) == (
            "binance:BTCUSDT",
            "101.5",
            "file",
        )
        socket.send("NOPE")
        nothing = hear(socket, lambda one: one.get("symbol") == "NOPE")[-1]
        assert nothing["price"] is None
        assert nothing["reason"]
        socket.send("not a symbol")
        assert "is no symbol" in hear(socket, lambda one: "error" in one)[-1]["error"]
        socket.send('{"symbol": "binance:BTCUSDT"}')
        assert hear(socket, lambda one: one.get("price"))[-1]["symbol"] == "binance:BTCUSDT"


def test_a_live_price_arrives_coalesced_at_most_fifty_times_a_second(listen, ports, admin, stored):
    with unit_of_work(ports):
        feeds.switch_on(admin, "binance", ["ETHUSDT"])
    try:
        with listen("/ws") as socket:
            say(socket, subscribe=["price:ETHUSDT", "candle:BTCUSDT:1h"])
            hear(socket, lambda one: one["topic"] == "price")
            asyncio.run(_tell_until_heard(ports, socket))
    finally:
        with unit_of_work(ports):
            feeds.switch_off(admin, "binance")


async def _tell_until_heard(ports, socket):
    """Tell a thousand prices in a second; the newest is heard, in fewer than sixty frames."""
    now_ms = round(ports.clock().timestamp() * 1000)
    # the first ones may be said before this process listens
    for number in range(10):
        await asyncio.to_thread(tell, ports, [_tick(now_ms, number)])
        await asyncio.sleep(0.1)
    for number in range(10, 1010, 10):
        ticks = [_tick(now_ms, number + each) for each in range(10)]
        await asyncio.to_thread(tell, ports, ticks)
        await asyncio.sleep(0.01)
    await asyncio.to_thread(tell, ports, [_tick(now_ms, 5000)])
    heard = hear(socket, lambda one: one.get("price") == "6000.00")
    prices = [Decimal(one["price"]) for one in heard if one["topic"] == "price" and one["price"]]
    assert prices == sorted(prices)
    assert len(prices) < 1000


def _tick(now_ms, number):
    return Tick(KEY, now_ms + number, Decimal(f"{1000 + number}.00"), Decimal(1), number)


def test_candles_begin_with_a_snapshot_and_grow_with_the_feed(listen, ports, stored):
    with listen("/ws") as socket:
        say(socket, subscribe=["candle:binance:BTCUSDT:1h", "candle:NOPE:1m"])
        told = hear(socket, lambda one: one.get("symbol") == "NOPE" and "reason" in one)
        told += [] if len(told) > 1 else hear(socket, lambda one: one["topic"] == "candle")
        (snapshot,) = [one for one in told if one.get("symbol") == "binance:BTCUSDT"]
        assert (snapshot["kind"], len(snapshot["close"])) == ("snapshot", 40)
        bar = Bar("binance:BTCUSDT", "1h", BEGIN + 40 * HOUR, *[Decimal(102)] * 5)
        for _ in range(20):  # the first ones may be said before this process listens
            tell(ports, [bar])
            time.sleep(0.1)
        grown = hear(socket, lambda one: one.get("kind") == "growing")[-1]
        assert (grown["close"], grown["is_finished"]) == (102.0, False)


def test_an_account_is_told_in_order_and_resumed_without_a_loss(listen, ports, people):
    trader = people("Stream")
    with unit_of_work(ports):
        account_id = accounts.first(trader).id
    with listen("/ws", trader) as socket:
        say(socket, subscribe=["trade", "order", "balance", "risk"])
        snapshot = hear(socket, lambda one: one["topic"] == "risk")
        kinds = {one["topic"]: one for one in snapshot}
        assert kinds["trade"]["items"] == kinds["order"]["items"] == []
        assert kinds["balance"]["equity"] == "10000.00000000"
        with unit_of_work(ports):
            seen = market(50_000)
            trading.open_trade(trader, account_id, WISH, seen, conditions=AT_ONCE)
        told = hear(socket, lambda one: one["topic"] == "trade")
        assert told[-1]["trade"]["status"] == "pending"
        seq = max(one["seq"] for one in told if "seq" in one)
    for price, second in ((50_000, 1), (51_000, 2)):
        with unit_of_work(ports):
            trade_prices.take_quote(account_id, BTC.key, quote(price, second))
    with listen("/ws", trader) as socket:
        say(socket, subscribe=["trade", "order", "balance"], account_id=account_id, after=seq)
        told = hear(socket, lambda one: one["topic"] == "balance")
        events = [one for one in told if one["topic"] == "order"]
        assert [one["seq"] for one in events] == sorted({one["seq"] for one in events})
        assert min(one["seq"] for one in events) > seq
        fills = [one["event"] for one in events if one["event"]["kind"] == "fill"]
        assert [one["side"] for one in fills] == [1, -1]
        (trade,) = [one["trade"] for one in told if one["topic"] == "trade"]
        assert (trade["status"], trade["exit_reason"]) == ("closed", "target")
        say(socket, after=10**9)
        assert hear(socket, lambda one: one["topic"] == "error")[-1]["code"] == "invalid"


def test_accounts_of_others_are_not_told(listen, ports, people):
    mine, theirs = people("Mine"), people("Theirs")
    with unit_of_work(ports):
        account_id = accounts.first(mine).id
    with listen("/ws", theirs) as socket:
        say(socket, subscribe=["trade"], account_id=account_id)
        assert hear(socket, lambda one: one["topic"] == "error")[-1]["code"] == "not_found"


def test_jobs_are_told_when_they_change(listen, ports, people):
    from sonde.platform.services import jobs

    person = people("Jobs")
    with listen("/ws", person) as socket:
        say(socket, subscribe=["job", "notification"])
        with unit_of_work(ports):
            job = jobs.enqueue(person, kind="markets.price_sweep", params={}, title="Sweep")
        assert hear(socket, lambda one: one["topic"] == "job")[-1]["state"] == "queued"
        with unit_of_work(ports):
            jobs.cancel(person, job.id)
        assert hear(socket, lambda one: one.get("state") == "cancelled")


def test_the_stream_ends_with_the_session(web, people):
    token = web.token_of(people("Leaver"))
    address = web.url.replace("http", "ws") + "/api/v1/markets/ws"
    with connect(
        address, additional_headers={"Cookie": f"sonde={token}"}, origin=web.url, open_timeout=30
    ) as socket:
        with httpx.Client(base_url=web.url, cookies={"sonde": token}, timeout=30) as client:
            assert client.delete("/api/v1/session").status_code in {200, 204}
        with pytest.raises(ConnectionClosed) as closed:
            hear(socket, lambda _: False, seconds=30)
        assert closed.value.rcvd.code == 1008
