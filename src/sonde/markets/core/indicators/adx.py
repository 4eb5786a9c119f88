"""Average directional movement index (Wilder)."""

import math

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, RunningWilder
from sonde.markets.core.indicators.true_range import average_true_range
from sonde.markets.core.indicators.windows import Floats, columns, settled_after, wilder_mean


def adx(
    high: Floats, low: Floats, close: Floats, period: int = 14
) -> tuple[Floats, Floats, Floats]:
    """Return how directed the market moves, and the two directions, in percent.

    ``+DM`` is the rise of the high where it is larger than the fall of the low and above 0, else
    0; ``-DM`` the other way round. ``+DI = 100 * W(+DM) / W(TR)``, ``DX = 100 * abs(+DI - -DI) /
    (+DI + -DI)``, ``ADX = W(DX)`` with Wilder's mean W (Wilder, 1978, *New Concepts in Technical
    Trading Systems*, section IV). Where nothing moves in any direction, the indices are 0.

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)
    period : int
        At least 2.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        ADX, +DI and -DI in [0, 100]; the DI are NaN in the first `period` rows, ADX in the first
        ``2 * period - 1``.

    Examples
    --------
    >>> up = [1.0, 2.0, 3.0, 4.0, 5.0]
    >>> adx(up, up, up, 2)[0]
    array([ nan,  nan,  nan, 100., 100.])
    """
    high, low, close = columns(high, low, close)
    rise, fall = np.diff(high), -np.diff(low)
    plus = wilder_mean(np.where((rise > fall) & (rise > 0), rise, 0.0), period)
    minus = wilder_mean(np.where((fall > rise) & (fall > 0), fall, 0.0), period)
    ranges = average_true_range(high, low, close, period)[1:]
    index = 100 * _share(np.abs(plus - minus), plus + minus)
    answer = [np.full(len(close), np.nan) for _ in range(3)]
    for row, values in zip(
        answer,
        (wilder_mean(index, period), 100 * _share(plus, ranges), 100 * _share(minus, ranges)),
        strict=True,
    ):
        row[1:] = values
    return answer[0], answer[1], answer[2]


def _share(part: Floats, whole: Floats) -> Floats:
    share = np.where(np.isnan(whole), np.nan, 0.0)
    np.divide(part, whole, out=share, where=whole > 0)
    return np.minimum(share, 1.0)  # rounding may lift it above


class RunningAdx(Restorable):
    """The directional movement, bar by bar."""

    def __init__(self, period: int = 14) -> None:
        self.last: tuple[float, float, float] | list[float] | None = None
        self.plus = RunningWilder(period)
        self.minus = RunningWilder(period)
        self.ranges = RunningWilder(period)
        self.index = RunningWilder(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return ADX, +DI and -DI."""
        last, self.last = self.last, [bar.high, bar.low, bar.close]
        if last is None:
            return math.nan, math.nan, math.nan
        high, low, close = last
        rise, fall = bar.high - high, low - bar.low
        plus = self.plus.next(rise if rise > fall and rise > 0 else 0.0)
        minus = self.minus.next(fall if fall > rise and fall > 0 else 0.0)
        ranges = self.ranges.next(max(bar.high, close) - min(bar.low, close))
        if math.isnan(ranges):
            return math.nan, math.nan, math.nan
        both = plus + minus
        index = self.index.next(100 * (abs(plus - minus) / both) if both > 0 else 0.0)
        if ranges > 0:
            return index, 100 * min(plus / ranges, 1.0), 100 * min(minus / ranges, 1.0)
        return index, 0.0, 0.0


ADX = Indicator(
    name="adx",
    title="Average directional index",
    words="How directed the market moves, either way: above 25 is called a trend, below 20 none.",
    source="Wilder (1978), New Concepts in Technical Trading Systems",
    outputs=("adx", "plus_di", "minus_di"),
    parameters=(period_parameter(14, "Bars over which movements are averaged."),),
    inputs=("high", "low", "close"),
    compute=adx,
    running=RunningAdx,
    memory=lambda settings: (
        2 * (int(settings["period"]) + settled_after(1 / int(settings["period"])))
    ),
)
