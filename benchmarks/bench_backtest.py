"""Backtests: one run with the full ledger, a sweep of 50 settings, and a cold process.

Reads the folder named by ``SONDE_REAL_DATA``. The peers stand beside it in the same run if
``SONDE_PEERS`` names a Python that has backtesting.py or vectorbt installed.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from sonde.markets.core.backtesting.running import run
from sonde.markets.core.backtesting.search_points import grid_points
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.backtesting.sweep import sweep
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.engine.listings import Costs
from sonde.markets.core.instruments import FeeSchedule, inferred_instrument
from sonde.markets.core.prices.choices import ReadChoices
from sonde.markets.core.prices.reading import read_prices
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.markets.core.strategies.protocol import decided

FILES = {
    "1h": ("BTCUSDT_1h_2021-06_2026-06.csv", 527),
    "1m": ("BTCUSDT_1m_2024-07-26_2024-08-25.csv", 503),
}
NEEDED = 1_000_000
NEEDED_SWEEP = 3_300_000
NEEDED_COLD_S = 2.0
RUNS = 5
SETS = 50
SHARE = Decimal("0.01")


def seconds(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Return the median time of a piece of work."""
    took = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return float(np.median(took))


def candles_of(path: Path) -> Candles:
    """Read a file of candles."""
    read = read_prices(path, ReadChoices(time.time_ns() // 1_000_000))
    instrument = inferred_instrument("BTCUSDT", read.columns)
    source = Provenance("file", "file", path.name, read.sha256, 0)
    return read.columns.candles(instrument, read.timeframe, source)


def peers(path: Path) -> dict[str, dict[str, float]]:
    """Return what the peers took for the same, where there are any."""
    python = os.environ.get("SONDE_PEERS", "")
    if not python:
        return {}
    script = Path(__file__).with_name("backtest_peers.py")
    told = subprocess.run([python, script, path], check=False, capture_output=True, text=True)
    if told.returncode:
        print(f"peers: {told.stderr.strip().splitlines()[-1]}")
        return {}
    return dict(json.loads(told.stdout.splitlines()[-1]))


def cold_seconds(path: Path) -> float:
    """Return the median time from shell to answer."""
    command = [
        *(sys.executable, "-c", "from sonde.app.cli import main; main()", "backtest", str(path)),
        *("--strategy", "sma-cross", "--set", "fast=20", "--set", "slow=50", "--json"),
    ]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True), 3)


def measure(name: str, path: Path, trades: int) -> bool:
    """Print the lines of one file; return whether every bar is reached."""
    candles, cross = candles_of(path), strategy_named("sma-cross")
    fee = FeeSchedule(Decimal("0.001"), Decimal("0.001"))
    plain = BacktestSettings(fees=fee)
    full = BacktestSettings(
        start=Decimal(10_000_000),  # large enough that an order needs several bars
        fees=fee,
        costs=Costs(half_spread_ppm=20, slippage_ppm=50, impact_ppm=100, volume_share=SHARE),
    )
    chosen = {"fast": 20, "slow": 50}
    decisions = decided(cross, candles, chosen)
    found = run(candles, decisions, plain)
    one = candles.n / seconds(lambda: run(candles, decided(cross, candles, chosen), plain))
    stopped = replace(decisions, stop_price=candles.close * 0.97)
    stops = run(candles, stopped, full)
    costly = candles.n / seconds(lambda: run(candles, stopped, full))
    points = grid_points(cross, {"slow": list(range(25, 25 + SETS))}, {"fast": 20})
    sweep(candles, cross, points, plain)
    many = SETS * candles.n / seconds(lambda: sweep(candles, cross, points, plain))
    single = SETS * candles.n / seconds(lambda: sweep(candles, cross, points, plain, threads=1))
    cold, others = cold_seconds(path), peers(path)
    print(f"{name}: {candles.n} bars, {len(found.trades)} trades (needed {trades})")
    beside = _beside(others, candles.n, "one_s", one)
    print(f"  one run, full ledger        {one:12,.0f} bars/s{beside}")
    print(f"  stops, spread, partial fills{costly:12,.0f} bars/s (at least {NEEDED:,});", end=" ")
    print(f"{len(stops.fills)} fills of {stops.orders.submitted} orders")
    print(
        f"  sweep of {SETS} settings        {many:12,.0f} bars/s (at least {NEEDED_SWEEP:,})"
        f"{_beside(others, SETS * candles.n, 'sweep_s', many)}"
    )
    print(
        f"  the same in one thread      {single:12,.0f} bars/s"
        f"{_beside(others, SETS * candles.n, 'sweep_s', single)}"
    )
    theirs = others.get("vectorbt", {}).get("cold_s")
    print(
        f"  cold process                {cold:12.2f} s (at most {NEEDED_COLD_S:g})"
        + (f"; vectorbt {theirs:.1f} s" if theirs else "")
    )
    for peer, facts in others.items():
        print(f"  {peer} counts {facts['trades']} trades")
    swept = others.get("vectorbt", {}).get("sweep_s")
    return (
        len(found.trades) == trades
        and min(one, costly) >= NEEDED
        and cold <= NEEDED_COLD_S
        and many >= max(NEEDED_SWEEP, SETS * candles.n / swept if swept else 0)
    )


def _beside(others: dict[str, dict[str, float]], bars: int, name: str, ours: float) -> str:
    told = [
        f"{peer} {bars / facts[name]:,.0f} ({ours * facts[name] / bars:.1f} x)"
        for peer, facts in others.items()
        if name in facts
    ]
    return f"; {', '.join(told)}" if told else ""


def main() -> int:
    """Print the table; return 1 if a bar is missed."""
    root = os.environ.get("SONDE_REAL_DATA", "")
    folder = Path(root) / "crypto"
    if not root or not folder.is_dir():
        print("SONDE_REAL_DATA names no folder with crypto; nothing measured.")
        return 0
    reached = [measure(name, folder / file, trades) for name, (file, trades) in FILES.items()]
    return int(not all(reached))


if __name__ == "__main__":
    raise SystemExit(main())
