"""Williams %R."""

import math

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, Window
from sonde.markets.core.indicators.windows import Floats, columns, rolling_high, rolling_low


def williams_r(high: Floats, low: Floats, close: Floats, period: int = 14) -> Floats:
    """Return how far the close lies below the highest price, in percent of the range, negative.

    ``%R = -100 * (HH - C) / (HH - LL)`` (Williams, 1979, *How I Made One Million Dollars Last Year
    Trading Commodities*).

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)
    period : int
        At least 1.

    Returns
    -------
    ndarray of float, shape (bar,)
        In [-100, 0]; NaN in the first ``period - 1`` rows, or where prices did not move.

    Examples
    --------
    >>> williams_r([3.0, 5.0], [1.0, 2.0], [2.0, 4.0], 2)
    array([ nan, -25.])
    """
    high, low, close = columns(high, low, close)
    highest = rolling_high(high, period)
    width = highest - rolling_low(low, period)
    answer = np.full(len(close), np.nan)
    np.divide(close - highest, width, out=answer, where=width > 0)
    return 100 * answer


class RunningWilliamsR(Restorable):
    """Williams %R, bar by bar."""

    def __init__(self, period: int = 14) -> None:
        self.highs = Window(period)
        self.lows = Window(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return %R."""
        self.highs.add(bar.high)
        if not self.lows.add(bar.low):
            return (math.nan,)
        highest = max(self.highs.values)
        width = highest - min(self.lows.values)
        return (100 * ((bar.close - highest) / width) if width > 0 else math.nan,)


WILLIAMS_R = Indicator(
    name="williams_r",
    title="Williams %R",
    words="How far the close lies below the highest price: 0 at the top, -100 at the bottom.",
    source="Williams (1979), How I Made One Million Dollars Last Year Trading Commodities",
    outputs=("williams_r",),
    parameters=(period_parameter(14, "Bars whose range is looked at."),),
    inputs=("high", "low", "close"),
    compute=williams_r,
    running=RunningWilliamsR,
    memory=lambda settings: int(settings["period"]) - 1,
)
