"""Indicators: the 23 features over five years of hours, and bar by bar.

Over whole columns the peer is TA-Lib itself, called bare for the same features (without what it has
wrong: see decision 78). Bar by bar it is TA-Lib's stream functions on the last 250 bars: what one
does without a form that remembers. Reads the recorded hours in the folder ``SONDE_REAL_DATA``.
"""

import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import talib
from talib import stream

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.indicators.catalogue import FEATURES, INDICATORS
from sonde.markets.core.indicators.features import RunningFeatures, feature_columns
from sonde.markets.core.indicators.indicator import candle_bars
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.prices.choices import ReadChoices
from sonde.markets.core.prices.reading import read_prices

FILE = "BTCUSDT_1h_2021-06_2026-06.csv"
BAR_US = 50.0
ROUNDS = 7
STREAMED = 2_000
LAST = 250


def candles_of_hours() -> Candles:
    """Return the recorded hours of Bitcoin."""
    path = Path(os.environ.get("SONDE_REAL_DATA", "../shared/data")) / "crypto" / FILE
    read = read_prices(path, ReadChoices(time.time_ns() // 1_000_000))
    instrument = inferred_instrument("BTCUSDT", read.columns)
    source = Provenance("file", "file", path.name, read.sha256, 0)
    return read.columns.candles(instrument, read.timeframe, source)


def calls(high, low, close, volume, functions):
    """Return TA-Lib's calls for the features that are not columns, by indicator."""
    f = functions
    return {
        "rsi": lambda: f.RSI(close, 14),
        "stochastic": lambda: f.STOCHF(high, low, close, 14, 3),
        "williams_r": lambda: f.WILLR(high, low, close, 14),
        "roc": lambda: f.ROC(close, 12),
        "awesome": lambda: f.AO(high, low),
        "macd": lambda: f.MACD(close),
        "adx": lambda: f.ADX(high, low, close, 14),
        "cci": lambda: f.CCI(high, low, close, 20),
        "sma": lambda: f.SMA(close, 20),
        "ema": lambda: f.EMA(close, 20),
        "bollinger": lambda: f.BBANDS(close, 20),
        "atr": lambda: f.ATR(high, low, close, 14),
        "obv": lambda: f.OBV(close, volume),
        "cmf": lambda: f.CMF(high, low, close, volume, 20),
    }


def milliseconds(work) -> float:
    """Return the median time of a piece of work."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return 1000 * float(np.median(took))


def whole_columns(candles: Candles) -> None:
    """Print what each indicator takes over all candles, beside bare TA-Lib."""
    peers = calls(candles.high, candles.low, candles.close, candles.volume, talib)
    print(f"Over {candles.n:,} hours at once, ms:")
    print(f"{'indicator':>14}{'ours':>8}{'TA-Lib':>8}{'ratio':>7}")
    for name, peer in peers.items():
        ours = milliseconds(lambda name=name: INDICATORS[name].batch(candles, {}))
        theirs = milliseconds(peer)
        print(f"{name:>14}{ours:8.2f}{theirs:8.2f}{ours / theirs:7.1f}")
    ours = milliseconds(lambda: feature_columns(candles))
    theirs = milliseconds(lambda: [peer() for peer in peers.values()])
    print(f"{'all 23':>14}{ours:8.2f}{theirs:8.2f}{ours / theirs:7.1f}")
    print(f"{candles.n / ours * 1000:,.0f} bars/s for all 23 together")


def bar_by_bar(candles: Candles) -> bool:
    """Print what a bar takes; return whether it is under the bar and equal to the batch."""
    bars, running = candle_bars(candles), RunningFeatures()
    begun, used = time.perf_counter(), time.process_time()
    rows = [running.update(bar) for bar in bars]
    took = (time.perf_counter() - begun) / candles.n * 1e6
    busy = (time.process_time() - used) / candles.n * 1e6
    worst = 0.0
    for name, column in feature_columns(candles).items():
        told = np.array([row[name] for row in rows])
        assert np.array_equal(np.isnan(told), np.isnan(column)), name
        worst = max(worst, float(np.nanmax(np.abs(told - column)) / np.nanmax(np.abs(column))))
    peer = streamed(candles)
    print(
        f"\nBar by bar, all {len(FEATURES)}: {took:.1f} us a bar, {busy:.1f} us of processor time"
    )
    print(f"(bar: {BAR_US:.0f}). Largest difference to the batch: {worst:.1e} of the scale (1e-9).")
    print(f"TA-Lib's stream functions on the last {LAST} bars: {peer:.1f} us a bar.")
    return busy < BAR_US and worst < 1e-9


def streamed(candles: Candles) -> float:
    """Return what TA-Lib's stream functions take for a bar, microseconds."""
    names = ("high", "low", "close", "volume")
    begun = time.perf_counter()
    for k in range(LAST, LAST + STREAMED):
        last = [getattr(candles, name)[k - LAST : k] for name in names]
        for call in calls(*last, stream).values():
            call()
    return (time.perf_counter() - begun) / STREAMED * 1e6


def main() -> int:
    """Print both tables; return 1 where the bar is missed."""
    candles = candles_of_hours()
    whole_columns(candles)
    return 0 if bar_by_bar(candles) else 1


if __name__ == "__main__":
    raise SystemExit(main())
