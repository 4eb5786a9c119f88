"""Fewer candles for the eye: each drawn one is made of neighbours, and no extreme is lost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True, eq=False)
class DrawnCandles:
    """Candles to be drawn.

    Parameters
    ----------
    bars_each : int
        How many bars one drawn candle holds; the last may hold fewer.
    open_time_ms : ndarray of int64, shape (drawn,)
    open, high, low, close, volume : ndarray of float, shape (drawn,)
    """

    bars_each: int
    open_time_ms: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]


def thinned(candles: Candles, points: int) -> DrawnCandles:
    """Join neighbouring bars until at most `points` are left.

    Parameters
    ----------
    candles : Candles
    points : int
        At least 1.

    Returns
    -------
    DrawnCandles
        Open of the first, highest high, lowest low, close of the last, sum of volumes.

    Raises
    ------
    Invalid
        If `points` is below 1.

    Examples
    --------
    >>> from sonde.markets.core.candles import Provenance
    >>> from sonde.markets.core.instruments import FEE_PRESETS, Instrument
    >>> from sonde.markets.core.timeframes import Timeframe
    >>> from decimal import Decimal
    >>> one = Instrument("file", "AB", "A", "B", Decimal("0.5"), Decimal(1), Decimal(1),
    ...                  FEE_PRESETS["file"])
    >>> close = np.array([2.0, 5.0, 3.0, 1.0, 4.0])
    >>> source = Provenance("file", "file", "x", "", 0)
    >>> bars = Candles(one, Timeframe("1m"), np.arange(5) * 60_000, close, close, close, close,
    ...                np.ones(5), source)
    >>> drawn = thinned(bars, 2)
    >>> drawn.bars_each, drawn.high.tolist(), drawn.close.tolist(), drawn.volume.tolist()
    (3, [5.0, 4.0], [3.0, 4.0], [3.0, 2.0])
    """
    if points < 1:
        raise Invalid(f"Draw at least one candle, not {points}.", field="points")
    each = max(1, -(-candles.n // points))
    starts = np.arange(0, candles.n, each)
    ends = np.minimum(starts + each, candles.n) - 1
    if not candles.n:
        nothing = np.zeros(0)
        return DrawnCandles(1, candles.open_time_ms, *[nothing] * 5)
    return DrawnCandles(
        each,
        candles.open_time_ms[starts],
        candles.open[starts],
        np.maximum.reduceat(candles.high, starts),
        np.minimum.reduceat(candles.low, starts),
        candles.close[ends],
        np.add.reduceat(candles.volume, starts),
    )
