"""Commodity channel index (Lambert)."""

import math

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, Window
from sonde.markets.core.indicators.windows import Floats, checked_period, columns

# So many windows stay near the processor.
_ROWS_AT_ONCE = 4096


def cci(high: Floats, low: Floats, close: Floats, period: int = 20) -> Floats:
    """Return how far the typical price lies from its mean, in usual deviations.

    ``CCI = (T - SMA(T)) / (0.015 * D)`` with the typical price ``T = (H + L + C) / 3`` and the mean
    absolute deviation D of the window from its own mean (Lambert, 1980, "Commodity Channel Index",
    *Commodities* 9:10). Distances are taken from the newest price first, so that a quiet window of
    large prices keeps its digits.

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)
    period : int
        At least 2.

    Returns
    -------
    ndarray of float, shape (bar,)
        NaN in the first ``period - 1`` rows, or where the typical price did not move.

    Examples
    --------
    >>> price = [1.0, 2.0, 3.0]
    >>> cci(price, price, price, 3).round(6)
    array([ nan,  nan, 100.])
    """
    high, low, close = columns(high, low, close)
    typical = (high + low + close) / 3
    answer = np.full(len(close), np.nan)
    for first in range(checked_period(period, 2) - 1, len(close), _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, len(close))
        answer[first:last] = _indices(typical[first - period + 1 : last], period)
    return answer


def _indices(typical: Floats, period: int) -> Floats:
    """Return the index of every full window; sums are taken in the order of time."""
    newest = typical[period - 1 :]
    away = np.array([typical[back : back + len(newest)] - newest for back in range(period)])
    moved = away.any(axis=0)
    mean = sum(away[1:], away[0]) / period
    away -= mean
    np.abs(away, out=away)
    spread = sum(away[1:], away[0])
    index = np.full(len(newest), np.nan)
    return np.divide(-mean * period, 0.015 * spread, out=index, where=moved)


class RunningCci(Restorable):
    """The commodity channel index, bar by bar."""

    def __init__(self, period: int = 20) -> None:
        self.window = Window(checked_period(period, 2))

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the index."""
        typical = (bar.high + bar.low + bar.close) / 3
        if not self.window.add(typical):
            return (math.nan,)
        away = [each - typical for each in self.window.values]
        if not any(away):
            return (math.nan,)
        mean = sum(away) / len(away)
        spread = sum([abs(each - mean) for each in away])
        return (-mean * len(away) / (0.015 * spread),)


CCI = Indicator(
    name="cci",
    title="Commodity channel index",
    words="How far the typical price lies from its mean, in usual deviations: mostly -100 to 100.",
    source="Lambert (1980), Commodity Channel Index",
    outputs=("cci",),
    parameters=(period_parameter(20, "Bars of the mean."),),
    inputs=("high", "low", "close"),
    compute=cci,
    running=RunningCci,
    memory=lambda settings: int(settings["period"]) - 1,
)
