"""The live stream of the served product: how old a price is when a client has it.

A local server speaks an exchange's REST and WebSocket and tells 1,000 trades a second of ten
symbols. They go the whole way: through ccxt in the process of feeds, the broadcast and the web
process to 50 clients on real sockets, each of which follows all ten symbols, trades and orders.
Meanwhile orders are placed and cancelled over REST. Measured is the age of each price on arrival
(arrival less the time at which the exchange told it), the frames of each client in a second, and
whether every client heard of every order.

``python -m benchmarks.bench_market_stream [seconds] [clients] [updates a second]``
"""

import asyncio
import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from decimal import Decimal

import aiohttp
import httpx
import numpy as np

from benchmarks.market_data import store_hours
from benchmarks.served import Served, served
from sonde.markets.services import feeds
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.exchange_server import ExchangeServer, agg_trade, symbol_info

BASES = ("BTC", "ETH", "SOL", "ADA", "XRP", "DOT", "LTC", "BCH", "UNI", "ETC")
SYMBOLS = tuple(f"{base}USDT" for base in BASES)
SECONDS, CLIENTS, RATE = 20.0, 50, 1_000
WARM_S, ORDER_EVERY_S = 3.0, 0.5
BAR_MS, MOST_FRAMES = 50.0, 50.0


@dataclass
class Exchange:
    """The exchange: its trades go on, evenly spread over the symbols and the time."""

    rate: int
    server: ExchangeServer = field(
        default_factory=lambda: ExchangeServer(
            now_ms=time.time_ns() // 1_000_000,
            symbols=[symbol_info(base, "USDT") for base in BASES],
        )
    )
    told: int = 0
    behind_s: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin to tell trades."""
        self._thread = threading.Thread(target=self._tell)
        self._thread.start()

    def end(self) -> None:
        """Fall silent."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self.server.stop()

    def _tell(self) -> None:
        begun = time.monotonic()
        while not self._ended.is_set():
            due = int((time.monotonic() - begun) * self.rate)
            for number in range(self.told, due):
                symbol = SYMBOLS[number % len(SYMBOLS)]
                price = f"{100 + number % 50}.{number % 100:02}"
                now_ms = time.time_ns() // 1_000_000
                said = agg_trade(number + 1, now_ms, price, symbol=symbol)
                self.server.say(f"{symbol.lower()}@aggTrade", said)
            self.told = due
            time.sleep(0.002)


@dataclass
class Heard:
    """What one client heard."""

    ages_ms: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    trades: dict[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[list[str], dict[str, str]]:
        """What may not be dropped: every event of an order, and how each trade ended."""
        return sorted(self.orders), self.trades


async def follow(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str], told: Heard, until_s: float
) -> None:
    """Be one client until a moment of the wall clock."""
    begin_s = time.time() + WARM_S
    async with session.ws_connect(url, headers=headers, max_msg_size=0) as socket:
        topics = [f"price:{symbol}" for symbol in SYMBOLS]
        await socket.send_json({"subscribe": [*topics, "trade", "order"]})
        async for message in socket:
            now_s = time.time()
            if now_s > until_s:
                return
            for one in json.loads(message.data)["messages"]:
                if one["topic"] == "price" and one["at_ms"] and now_s > begin_s:
                    told.ages_ms.append(1000 * now_s - one["at_ms"])
                elif one["topic"] == "order" and one["kind"] == "event":
                    told.orders.append(json.dumps(one["event"], sort_keys=True))
                elif one["topic"] == "trade" and one["kind"] == "changed":
                    told.trades[one["trade"]["trade_id"]] = one["trade"]["status"]
            if now_s > begin_s:
                told.frames.append(now_s)


async def listen(url: str, cookie: str, number: int, seconds: float) -> None:
    """Be every client, and print what they heard."""
    heard, until_s = [Heard() for _ in range(number)], time.time() + seconds
    async with aiohttp.ClientSession() as session:
        headers = {"Cookie": cookie}
        work = (follow(session, url, headers, one, until_s) for one in heard)
        await asyncio.gather(*work)
    ages = np.concatenate([one.ages_ms for one in heard])
    most = [max(np.bincount((np.array(one.frames) - one.frames[0]).astype(int))) for one in heard]
    facts = {
        "p50_ms": float(np.percentile(ages, 50)),
        "p99_ms": float(np.percentile(ages, 99)),
        "prices": len(ages),
        "most_frames": int(max(most)),
        "frames": sum(len(one.frames) for one in heard),
        "orders": min(len(set(one.orders)) for one in heard),
        "trades": min(len(one.trades) for one in heard),
        "are_equal": all(one.kept == heard[0].kept for one in heard),
    }
    print(json.dumps(facts), flush=True)


def place_orders(product: Served, until_s: float) -> int:
    """Open trades that wait far from the price and cancel them; return how many."""
    address = f"{product.url}/api/v1/markets"
    client = httpx.Client(base_url=address, headers=product.cookie, timeout=60)
    asked = {
        "symbol": "BTCUSDT",
        "direction": "LONG",
        "amount": "100",
        "entry_price": "50",
        "sl_pct": "1",
        "tp_pct": "3",
    }
    opened = 0
    while time.time() < until_s:
        answer = client.post("/trade", json=asked)
        if answer.status_code != httpx.codes.CREATED:
            sys.exit(f"No trade could be opened: {answer.text}")
        client.post(f"/trades/{answer.json()['trade_id']}/cancel").raise_for_status()
        opened += 1
        time.sleep(ORDER_EVERY_S)
    return opened


def prepare(product: Served, exchange: ExchangeServer) -> None:
    """Switch the feed on, and wait until it tells of every symbol."""
    store_hours(product)
    with unit_of_work(product.ports):
        feeds.switch_on(
            product.actor, "binance", SYMBOLS, rest_origin=exchange.http, stream_origin=exchange.ws
        )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with unit_of_work(product.ports):
            quotes = [feeds.quote(product.actor, f"binance:{one}") for one in SYMBOLS]
        if all(quote.price or Decimal(0) > 0 for quote in quotes):
            return
        time.sleep(0.2)
    sys.exit("The feed told nothing within a minute.")


def measure(seconds: float, number: int, rate: int) -> bool:
    """Print the table; return whether the bar is reached."""
    exchange = Exchange(rate)
    exchange.server.start()
    with served() as product:
        exchange.begin()
        try:
            prepare(product, exchange.server)
            place_orders(product, time.time() + 0.001)  # the first loads the engine
            url = product.url.replace("http", "ws") + "/api/v1/markets/ws"
            whole_s = seconds + WARM_S
            command = [sys.executable, "-m", "benchmarks.bench_market_stream", "listen", url]
            clients = subprocess.Popen(
                [*command, product.cookie["Cookie"], str(number), str(whole_s)],
                stdout=subprocess.PIPE,
                text=True,
            )
            before, begun = exchange.told, time.monotonic()
            time.sleep(WARM_S)
            # The last order is placed early enough to be heard by all.
            opened = place_orders(product, time.time() + seconds - 2.0)
            told = clients.communicate(timeout=whole_s + 60)[0]
            came = (exchange.told - before) / (time.monotonic() - begun)
        finally:
            exchange.end()
    facts = json.loads(told.splitlines()[-1])
    print(f"{came:,.0f} updates/s of {len(SYMBOLS)} symbols in, {number} clients, {seconds:g} s")
    print(f"  age of a price on arrival   p50 {facts['p50_ms']:6.1f} ms, p99 {facts['p99_ms']:.1f}")
    print(f"  bar                         p99 {BAR_MS:6.1f} ms")
    print(
        f"  prices told                 {facts['prices'] / seconds:,.0f}/s in "
        f"{facts['frames'] / seconds:,.0f} frames/s; at most {facts['most_frames']} frames in a "
        f"second to one client ({MOST_FRAMES:.0f})"
    )
    same = "every client the same" if facts["are_equal"] else "NOT the same to every client"
    print(
        f"  {opened} trades opened and cancelled: {facts['trades']} trades and "
        f"{facts['orders']} events of orders heard, {same}"
    )
    is_whole = facts["are_equal"] and facts["trades"] == opened <= facts["orders"]
    return bool(is_whole and facts["p99_ms"] < BAR_MS and facts["most_frames"] <= MOST_FRAMES + 1)


def main() -> int:
    """Measure, or be the clients; return 1 if the bar is missed."""
    told = sys.argv[1:]
    if told and told[0] == "listen":
        asyncio.run(listen(told[1], told[2], int(told[3]), float(told[4])))
        return 0
    given = [float(one) for one in told] + [SECONDS, CLIENTS, RATE][len(told) :]
    return int(not measure(given[0], int(given[1]), int(given[2])))


if __name__ == "__main__":
    raise SystemExit(main())
