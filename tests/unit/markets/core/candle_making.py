"""Candles for tests: random walks, given closes, and candles that hypothesis makes up."""

from decimal import Decimal
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.timeframes import Timeframe

HOUR_MS = 3_600_000
INSTRUMENT = Instrument(
    "test",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["binance"],
)
SOURCE = Provenance("test", "file", "made", "", 0)


def candles_of(opened, high, low, close, volume, first_ms=0) -> Candles:
    """Return hours with these columns."""
    times = first_ms + np.arange(len(close)) * HOUR_MS
    return Candles(INSTRUMENT, Timeframe("1h"), times, opened, high, low, close, volume, SOURCE)


def closing_at(close) -> Candles:
    """Return candles of which only the closes matter."""
    close = np.asarray(close, dtype=float)
    return candles_of(close, close, close, close, np.ones(len(close)))


def random_walk(n: int, seed: int = 1, sigma: float = 0.01) -> Candles:
    """Return hours of a random walk."""
    generator = np.random.default_rng(seed)
    close = np.round(100 * np.exp(np.cumsum(generator.normal(0, sigma, n))), 4)
    opened = np.concatenate(([100.0], close[:-1]))[:n]
    high = np.maximum(opened, close) * (1 + generator.uniform(0, sigma, n))
    low = np.minimum(opened, close) * (1 - generator.uniform(0, sigma, n))
    volume = np.round(generator.exponential(50, n) * (generator.random(n) > 0.05), 3)
    return candles_of(opened, high, low, close, volume)


def scaled(candles: Candles, price: float, volume: float) -> Candles:
    """Return the candles in other units."""
    columns = [getattr(candles, name) * price for name in ("open", "high", "low", "close")]
    return candles_of(*columns, candles.volume * volume)


def real_candles(folder: Path, rows: int | None = None) -> Candles:
    """Return the recorded hours of Bitcoin, or the first of them."""
    return _recorded(folder, "BTCUSDT_1h_2021-06_2026-06.csv", "1h", rows)


def real_minutes(folder: Path) -> Candles:
    """Return the recorded minutes of Bitcoin."""
    return _recorded(folder, "BTCUSDT_1m_2024-07-26_2024-08-25.csv", "1m", None)


def _recorded(folder: Path, name: str, timeframe: str, rows: int | None) -> Candles:
    table = np.loadtxt(folder / "crypto" / name, delimiter=",", skiprows=1, max_rows=rows)
    times = table[:, 0].astype(np.int64)
    return Candles(INSTRUMENT, Timeframe(timeframe), times, *table.T[1:6], SOURCE)


@st.composite
def any_candles(draw, low_n: int = 0, high_n: int = 90) -> Candles:
    """Make up candles on a coarse grid: flat stretches, gaps and empty bars are common."""
    n = draw(st.integers(low_n, high_n))
    seed, moves = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from((1, 3, 40)))
    generator = np.random.default_rng(seed)
    steps = generator.integers(-moves, moves + 1, (n, 4))
    steps[generator.random(n) < draw(st.sampled_from((0.0, 0.5, 0.95)))] = 0
    close = 5000 + np.cumsum(steps[:, 0]) + 0.0
    opened = close + steps[:, 1]
    high = np.maximum(opened, close) + np.abs(steps[:, 2])
    low = np.minimum(opened, close) - np.abs(steps[:, 3])
    volume = generator.integers(0, 4, n) * (generator.random(n) > 0.3) + 0.0
    return candles_of(*(each / 100 for each in (opened, high, low, close)), volume)
