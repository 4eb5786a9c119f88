"""REST of the served desk: how long 200 requests a second wait for their answers.

The whole product is served as `sonde up` serves it; the simulated markets that it ships are
replayed and an account has trades that wait in them; its workers have nothing to do. Requests come
on a schedule, whether or not those before them were answered, over 16 connections that stay open,
as pages and programs ask: price, balance, positions, trades, risk settings, system status, and the
safety check of a ticket.
What counts is the time from the scheduled moment to the last byte of the answer. The peer is
`/healthz` of the same server, which asks nobody: what the web server itself needs.

``python -m benchmarks.bench_market_rest [seconds] [requests a second]``
"""

import asyncio
import itertools
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import httpx
import numpy as np

from benchmarks.served import Served, served

SECONDS, RATE, CONNECTIONS = 20.0, 200, 16
WARM_S = 2.0
BAR_MS = 25.0
TRADES = 10
MARKETS = "/api/v1/markets"
Asked = tuple[str, str, Any]


@dataclass
class Waited:
    """How long requests waited, milliseconds, by what was asked."""

    by_path: dict[str, list[float]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def every(self) -> np.ndarray:
        """All of them."""
        return np.concatenate([np.array(one) for one in self.by_path.values()])


async def ask(session: aiohttp.ClientSession, wanted: Asked, due_s: float, waited: Waited) -> None:
    """Ask once, and note how long it took from when it was due."""
    method, path, body = wanted
    async with session.request(method, path, json=body) as answer:
        text = await answer.text()
        took = 1000 * (time.perf_counter() - due_s)
        waited.by_path.setdefault(path, []).append(took)
        if answer.status != httpx.codes.OK:
            waited.refused.append(f"{path}: {answer.status} {text[:200]}")


async def on_schedule(
    product: Served, asked: Sequence[Asked], seconds: float, rate: float
) -> Waited:
    """Ask at a steady rate, whatever becomes of the requests before."""
    waited, tasks = Waited(), set()
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(
        product.url, headers=product.cookie, connector=connector
    ) as session:
        begun = time.perf_counter()
        for number, wanted in enumerate(itertools.cycle(asked)):
            due_s = begun + number / rate
            if number >= seconds * rate:
                break
            await asyncio.sleep(max(due_s - time.perf_counter(), 0))
            tasks.add(asyncio.create_task(ask(session, wanted, due_s, waited)))
        await asyncio.gather(*tasks)
    return waited


def fill(product: Served) -> list[Asked]:
    """Replay the simulated markets, let trades wait in one; return what is to be asked."""
    address = f"{product.url}{MARKETS}"
    with httpx.Client(base_url=address, headers=product.cookie, timeout=120) as client:
        client.post("/replay/sample").raise_for_status()
        symbol = client.get("/series").json()["items"][0]["symbol"]
        price = float(client.get("/price", params={"symbol": symbol}).json()["price"])
        ticket = {
            "symbol": symbol,
            "direction": "LONG",
            "amount": "100",
            "sl_pct": "1",
            "tp_pct": "3",
        }
        ticket["entry_price"] = f"{price / 2:.2f}"
        for _ in range(TRADES):
            answer = client.post("/trade", json=ticket | {"activate": False})
            if answer.status_code != httpx.codes.CREATED:
                sys.exit(f"No trade could be opened: {answer.text}")
    looks = ("/virtual_balance", "/positions", "/trades?limit=20", "/risk_settings")
    return [
        *(("GET", f"{MARKETS}{path}", None) for path in (*looks, "/system/status")),
        *[("GET", f"{MARKETS}/price?symbol={symbol}", None)] * 2,
        ("POST", f"{MARKETS}/safety/check", ticket),
    ]


def told(name: str, waited: list[float]) -> str:
    """Return a line of the table."""
    p50, p99 = np.percentile(waited, [50, 99])
    return f"  {name:<28}{len(waited):7,}   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms"


def main() -> int:
    """Print the table; return 1 if the bar is missed."""
    given = [float(one) for one in sys.argv[1:]] + [SECONDS, float(RATE)][len(sys.argv) - 1 :]
    seconds, rate = given[0], given[1]
    with served() as product:
        asked = fill(product)
        asyncio.run(on_schedule(product, asked, WARM_S, rate / 4))
        peer = asyncio.run(on_schedule(product, (("GET", "/healthz", None),), seconds / 4, rate))
        waited = asyncio.run(on_schedule(product, asked, seconds, rate))
    print(f"{rate:g} requests/s for {seconds:g} s over {CONNECTIONS} connections")
    for path, one in waited.by_path.items():
        print(told(path.removeprefix(MARKETS).partition("?")[0], one))
    print(told("all", waited.every) + f" (bar: p99 {BAR_MS:g})")
    print(told("peer: /healthz", peer.every))
    for line in waited.refused[:3]:
        print(f"  refused: {line}")
    return int(bool(waited.refused) or float(np.percentile(waited.every, 99)) > BAR_MS)


if __name__ == "__main__":
    raise SystemExit(main())
