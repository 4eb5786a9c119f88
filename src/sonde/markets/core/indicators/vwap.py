"""Volume weighted average price of the day."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.indicators.indicator import Indicator
from sonde.markets.core.indicators.running import Bar, Restorable
from sonde.markets.core.indicators.windows import Floats, columns

_DAY_MS = 86_400_000


def vwap(
    open_time_ms: NDArray[np.int64], high: Floats, low: Floats, close: Floats, volume: Floats
) -> Floats:
    """Return the mean price of what was traded since midnight UTC.

    ``VWAP = sum(T * V) / sum(V)`` with the typical price ``T = (H + L + C) / 3``, begun anew every
    day (Berkowitz, Logue, Noser, 1988, "The Total Cost of Transactions on the NYSE", *Journal of
    Finance* 43:1, for the price itself; bars stand for the trades in them).

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (bar,)
        Milliseconds UTC, increasing.
    high, low, close, volume : ndarray of float, shape (bar,)

    Returns
    -------
    ndarray of float, shape (bar,)
        Quote currency; NaN as long as the day has no volume.

    Examples
    --------
    >>> price = [1.0, 4.0, 9.0]
    >>> vwap([0, 3_600_000, 86_400_000], price, price, price, [2.0, 1.0, 5.0])
    array([1., 2., 9.])
    """
    high, low, close, volume = columns(high, low, close, volume)
    value = (high + low + close) / 3 * volume
    days = np.asarray(open_time_ms, dtype=np.int64) // _DAY_MS
    edges = [*np.flatnonzero(np.diff(days, prepend=days[:1] - 1)), len(close)]
    answer = np.full(len(close), np.nan)
    for first, last in pairwise(edges):
        traded = np.cumsum(volume[first:last])
        np.divide(np.cumsum(value[first:last]), traded, out=answer[first:last], where=traded > 0)
    return answer


class RunningVwap(Restorable):
    """The volume weighted average price of the day, bar by bar."""

    def __init__(self) -> None:
        self.day: int | None = None
        self.value = 0.0
        self.traded = 0.0

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the price."""
        day = bar.open_time_ms // _DAY_MS
        if day != self.day:
            self.day, self.value, self.traded = day, 0.0, 0.0
        self.value += (bar.high + bar.low + bar.close) / 3 * bar.volume
        self.traded += bar.volume
        return (self.value / self.traded if self.traded > 0 else math.nan,)


VWAP = Indicator(
    name="vwap",
    title="Volume weighted average price",
    words="The mean price of everything traded since midnight UTC.",
    source="Berkowitz, Logue, Noser (1988), The Total Cost of Transactions on the NYSE",
    outputs=("vwap",),
    parameters=(),
    inputs=("open_time_ms", "high", "low", "close", "volume"),
    compute=vwap,
    running=RunningVwap,
    memory=lambda _: None,
)
