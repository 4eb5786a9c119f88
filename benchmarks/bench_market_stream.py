"""The live stream of the served product: how old a price is when a client has it.

A local server speaks an exchange's REST and WebSocket and tells 1,000 trades a second of ten
symbols. They go the whole way: through ccxt in the process of feeds, the broadcast and the web
process to 50 clients on real sockets, each of which follows all ten symbols, trades and orders.
Meanwhile orders are placed and cancelled over REST. Measured is the age of each price on arrival
(arrival less the time at which the exchange told it), the frames of each client in a second, and
whether every client heard of every order; beside them the share of a core that each process takes.

The measuring side runs on the same cores and is kept cheap: the exchange and the clients are
processes of their own, trades are written from a template, and a client notes when it read a frame
and looks at what it says after the end. A trade is opened before the clients come: the first one
loads the engine.

``python -m benchmarks.bench_market_stream [seconds] [clients] [updates a second]``
"""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import aiohttp
import httpx
import numpy as np
import psutil

from benchmarks.market_data import store_hours
from benchmarks.served import Served, served
from sonde.markets.services import feeds
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.exchange_server import ExchangeServer, agg_trade, symbol_info

BASES = ("BTC", "ETH", "SOL", "ADA", "XRP", "DOT", "LTC", "BCH", "UNI", "ETC")
SYMBOLS = tuple(f"{base}USDT" for base in BASES)
SECONDS, CLIENTS, RATE = 20.0, 50, 1_000
WARM_S, ORDER_EVERY_S, LOAD_S, STEP_S = 3.0, 0.5, 3.0, 0.002
BAR_MS, MOST_FRAMES = 50.0, 50.0
MODULE = "benchmarks.bench_market_stream"
PROCESSES = {
    "sonde.app.feeds": "feeds",
    "sonde.app.web": "web",
    "valkey-server": "valkey",
    "postgres": "postgres",
    f"{MODULE} tell": "exchange",
    f"{MODULE} listen": "clients",
}


@contextmanager
def exchange(rate: int) -> Iterator[int]:
    """Start the exchange in a process of its own, yield its port, and end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, "tell", str(rate)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        print(process.stdout.read().strip())
        process.wait(30)


def tell(rate: int) -> None:
    """Be the exchange until the input ends: trades evenly spread over the symbols and the time."""
    now_ms = time.time_ns() // 1_000_000
    listed = [symbol_info(base, "USDT") for base in BASES]
    server = ExchangeServer(now_ms=now_ms, symbols=listed).start()
    print(server.port, flush=True)
    ended, told, begun = threading.Event(), 0, time.monotonic()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set())).start()
    while not ended.wait(STEP_S):
        due = int((time.monotonic() - begun) * rate)
        server.say_all([_said(number) for number in range(told, due)])
        told = due
    took = time.monotonic() - begun
    server.stop()
    print(f"{told / took:,.0f} updates/s of {len(SYMBOLS)} symbols in")


def _said(number: int) -> tuple[str, str]:
    symbol, now_ms = SYMBOLS[number % len(SYMBOLS)], time.time_ns() // 1_000_000
    price = f"{100 + number % 50}.{number % 100:02}"
    said = agg_trade(number + 1, now_ms, price, symbol=symbol)
    return f"{symbol.lower()}@aggTrade", json.dumps(said)


@dataclass
class Heard:
    """What one client read, and when."""

    frames: list[tuple[float, str]] = field(default_factory=list)
    begin_s: float = 0.0
    ages_ms: list[float] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    trades: dict[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[list[str], dict[str, str]]:
        """What may not be dropped: every event of an order, and how each trade ended."""
        return sorted(self.orders), self.trades

    @property
    def most_frames(self) -> int:
        """The most frames within one second, once prices flow."""
        times = np.array([at_s for at_s, _ in self.frames if at_s > self.begin_s])
        return int(max(np.searchsorted(times, times + 1.0) - np.arange(len(times))))

    def look(self) -> None:
        """Look at what the frames say."""
        for at_s, text in self.frames:
            for message in json.loads(text)["messages"]:
                self._take_in(message, at_s)

    def _take_in(self, one: Mapping[str, Any], at_s: float) -> None:
        if one["topic"] == "price" and one["at_ms"] and at_s > self.begin_s:
            self.ages_ms.append(1000 * at_s - one["at_ms"])
        elif one["topic"] == "order" and one["kind"] == "event":
            self.orders.append(json.dumps(one["event"], sort_keys=True))
        elif one["topic"] == "trade" and one["kind"] == "changed":
            self.trades[one["trade"]["trade_id"]] = one["trade"]["status"]


async def follow(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str], told: Heard, until_s: float
) -> None:
    """Be one client until a moment of the wall clock."""
    told.begin_s = time.time() + WARM_S
    async with session.ws_connect(url, headers=headers, max_msg_size=0) as socket:
        topics = [f"price:{symbol}" for symbol in SYMBOLS]
        await socket.send_json({"subscribe": [*topics, "trade", "order"]})
        async for message in socket:
            now_s = time.time()
            if now_s > until_s:
                return
            told.frames.append((now_s, message.data))


async def listen(url: str, cookie: str, number: int, seconds: float) -> None:
    """Be every client, and print what they heard."""
    heard, until_s = [Heard() for _ in range(number)], time.time() + seconds
    async with aiohttp.ClientSession() as session:
        headers = {"Cookie": cookie}
        work = (follow(session, url, headers, one, until_s) for one in heard)
        await asyncio.gather(*work)
    for one in heard:
        one.look()
    ages = np.concatenate([one.ages_ms for one in heard])
    facts = {
        "p50_ms": float(np.percentile(ages, 50)),
        "p99_ms": float(np.percentile(ages, 99)),
        "prices": len(ages),
        "most_frames": max(one.most_frames for one in heard),
        "frames": sum(at_s > one.begin_s for one in heard for at_s, _ in one.frames),
        "orders": min(len(set(one.orders)) for one in heard),
        "trades": min(len(one.trades) for one in heard),
        "are_equal": all(one.kept == heard[0].kept for one in heard),
    }
    print(json.dumps(facts), flush=True)


def place_order(client: httpx.Client, waits_s: float = 0.0) -> None:
    """Open a trade that waits far from the price, and cancel it."""
    asked = {
        "symbol": "BTCUSDT",
        "direction": "LONG",
        "amount": "100",
        "entry_price": "50",
        "sl_pct": "1",
        "tp_pct": "3",
    }
    answer = client.post("/trade", json=asked)
    if answer.status_code != httpx.codes.CREATED:
        sys.exit(f"No trade could be opened: {answer.text}")
    time.sleep(waits_s)
    client.post(f"/trades/{answer.json()['trade_id']}/cancel").raise_for_status()


def place_orders(client: httpx.Client, until_s: float) -> int:
    """Open and cancel trades; return how many."""
    opened = 0
    while time.time() < until_s:
        place_order(client)
        opened += 1
        time.sleep(ORDER_EVERY_S)
    return opened


def prepare(product: Served, port: int) -> None:
    """Switch the feed on, and wait until it tells of every symbol."""
    store_hours(product)
    origin = f"127.0.0.1:{port}"
    with unit_of_work(product.ports):
        feeds.switch_on(
            product.actor,
            "binance",
            SYMBOLS,
            rest_origin=f"http://{origin}",
            stream_origin=f"ws://{origin}",
        )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with unit_of_work(product.ports):
            quotes = [feeds.quote(product.actor, f"binance:{one}") for one in SYMBOLS]
        if all((quote.price or Decimal(0)) > 0 for quote in quotes):
            return
        time.sleep(0.2)
    sys.exit("The feed told nothing within a minute.")


def cpu_seconds() -> dict[str, float]:
    """Return how long the processes of the product and of this benchmark have computed."""
    used = dict.fromkeys(PROCESSES.values(), 0.0)
    for process in psutil.Process().children(recursive=True):
        try:
            command, times = " ".join(process.cmdline()), process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        for word, name in PROCESSES.items():
            if word in command:
                used[name] += times.user + times.system
                break
    return used


def measure(seconds: float, number: int, rate: int) -> bool:
    """Print the table; return whether the bar is reached."""
    with exchange(rate) as port, served() as product:
        prepare(product, port)
        address = f"{product.url}/api/v1/markets"
        client = httpx.Client(base_url=address, headers=product.cookie, timeout=60)
        place_order(client, LOAD_S)
        url = product.url.replace("http", "ws") + "/api/v1/markets/ws"
        whole_s = seconds + WARM_S
        command = [sys.executable, "-m", MODULE, "listen", url, product.cookie["Cookie"]]
        clients = subprocess.Popen(
            [*command, str(number), str(whole_s)],
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(WARM_S)
        before, begun = cpu_seconds(), time.monotonic()
        # The last order is placed early enough to be heard by all.
        opened = place_orders(client, time.time() + seconds - 2.0)
        after, took = cpu_seconds(), time.monotonic() - begun
        told = clients.communicate(timeout=whole_s + 60)[0]
    shares = {name: (after[name] - before[name]) / took for name in after}
    return report(json.loads(told.splitlines()[-1]), shares, opened, (seconds, number))


def report(
    facts: Mapping[str, Any], shares: Mapping[str, float], opened: int, asked: tuple[float, int]
) -> bool:
    """Print what came out; return whether the bar is reached."""
    seconds, number = asked
    print(f"to {number} clients, {seconds:g} s")
    print(f"  age of a price on arrival   p50 {facts['p50_ms']:6.1f} ms, p99 {facts['p99_ms']:.1f}")
    print(f"  bar                         p99 {BAR_MS:6.1f} ms")
    each = facts["frames"] / seconds / number
    print(
        f"  prices told                 {facts['prices'] / seconds:,.0f}/s in {each:.1f} frames/s "
        f"to each client (at most {MOST_FRAMES:.0f}); {facts['most_frames']} in the fullest "
        "second, late ones of the second before among them"
    )
    same = "every client the same" if facts["are_equal"] else "NOT the same to every client"
    print(
        f"  {opened} trades opened and cancelled: {facts['trades']} trades and "
        f"{facts['orders']} events of orders heard, {same}"
    )
    words = ", ".join(f"{name} {100 * share:.0f}" for name, share in shares.items())
    print(f"  of a core, in per cent      {words}; together {100 * sum(shares.values()):.0f}")
    is_whole = facts["are_equal"] and facts["trades"] == opened <= facts["orders"]
    is_calm = each <= MOST_FRAMES and facts["most_frames"] <= MOST_FRAMES + 1
    return bool(is_whole and facts["p99_ms"] < BAR_MS and is_calm)


def main() -> int:
    """Measure, or be the exchange or the clients; return 1 if the bar is missed."""
    told = sys.argv[1:]
    if told and told[0] == "listen":
        asyncio.run(listen(told[1], told[2], int(told[3]), float(told[4])))
        return 0
    if told and told[0] == "tell":
        tell(int(told[1]))
        return 0
    given = [float(one) for one in told] + [SECONDS, CLIENTS, RATE][len(told) :]
    return int(not measure(given[0], int(given[1]), int(given[2])))


if __name__ == "__main__":
    raise SystemExit(main())
