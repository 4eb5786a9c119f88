"""Fewer, longer candles of the same prices: as many as a chart can show."""

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.timeframes import TIMEFRAMES, Timeframe

_WEEK = Timeframe("1w")


def candle_length(timeframe: Timeframe, span_ms: int, most: int) -> int:
    """Return how long candles have to be so that at most about `most` cover a span.

    Parameters
    ----------
    timeframe : Timeframe
        Of the bars; no candle is shorter.
    span_ms : int
    most : int

    Returns
    -------
    int
        Milliseconds: of the shortest timeframe that is made of such bars and long enough, beyond
        weeks a whole number of weeks.

    Examples
    --------
    >>> hour = Timeframe("1h")
    >>> candle_length(hour, 500 * hour.ms, 600) // hour.ms
    1
    >>> candle_length(hour, 44_283 * hour.ms, 600) // hour.ms
    168
    """
    for name in TIMEFRAMES:
        longer = Timeframe(name)
        if longer.holds(timeframe) and span_ms <= most * longer.ms:
            return longer.ms
    return _WEEK.ms * -(-span_ms // (most * _WEEK.ms))


def first_rows(open_time_ms: NDArray[np.int64], length_ms: int) -> NDArray[np.int64]:
    """Return the first row of every candle of `length_ms` that has rows.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (bar,)
        Increasing, milliseconds UTC.
    length_ms : int

    Returns
    -------
    ndarray of int64, shape (candle,)

    Examples
    --------
    >>> first_rows(np.array([0, 60_000, 120_000, 300_000]), 120_000).tolist()
    [0, 2, 3]
    """
    anchor = _WEEK.anchor_ms if length_ms % _WEEK.ms == 0 else 0
    opened = (open_time_ms - anchor) // length_ms
    return np.flatnonzero(np.diff(opened, prepend=opened[:1] - 1))


def condensed(columns: PriceColumns, length_ms: int) -> PriceColumns:
    """Return candles of `length_ms` that cover the bars; none is left out or made up.

    Unlike resampled bars they may be cut off at both ends and have holes: they are for looking.
    A candle stands where the first of its bars opened.

    Parameters
    ----------
    columns : PriceColumns
        Sorted and unique.
    length_ms : int

    Examples
    --------
    >>> prices = np.array([3.0, 5.0, 4.0])
    >>> bars = PriceColumns(np.arange(3) * 60_000, prices, prices, prices, prices, np.ones(3))
    >>> two = condensed(bars, 120_000)
    >>> two.open.tolist(), two.high.tolist(), two.close.tolist(), two.volume.tolist()
    ([3.0, 4.0], [5.0, 4.0], [5.0, 4.0], [2.0, 1.0])
    """
    if columns.n == 0:
        return columns
    firsts = first_rows(columns.open_time_ms, length_ms)
    lasts = np.append(firsts[1:], columns.n) - 1
    return PriceColumns(
        columns.open_time_ms[firsts],
        columns.open[firsts],
        np.maximum.reduceat(columns.high, firsts),
        np.minimum.reduceat(columns.low, firsts),
        columns.close[lasts],
        np.add.reduceat(columns.volume, firsts),
    )
