"""Stochastic oscillator (Lane)."""

import math

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, RunningMean, Window
from sonde.markets.core.indicators.windows import (
    Floats,
    columns,
    rolling_high,
    rolling_low,
    rolling_mean,
)


def stochastic(
    high: Floats, low: Floats, close: Floats, period: int = 14, smooth: int = 1, signal: int = 3
) -> tuple[Floats, Floats]:
    """Return where the close lies in the range of the last bars, in percent, and its mean.

    ``%K = 100 * (C - LL) / (HH - LL)``, then a plain mean over `smooth` bars; %D is its plain mean
    over `signal` bars (Lane, 1984, "Lane's Stochastics", *Technical Analysis of Stocks and
    Commodities* 2:3).

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)
    period, smooth, signal : int
        At least 1.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        %K and %D in [0, 100]; NaN where the window is not full, or where its prices did not
        move: nothing lies anywhere in an empty range.

    Examples
    --------
    >>> stochastic([3.0, 5.0], [1.0, 2.0], [2.0, 4.0], period=2, signal=1)[0]
    array([nan, 75.])
    """
    high, low, close = columns(high, low, close)
    lowest = rolling_low(low, period)
    width = rolling_high(high, period) - lowest
    raw = np.full(len(close), np.nan)
    np.divide(close - lowest, width, out=raw, where=width > 0)
    k = rolling_mean(100 * raw, smooth)
    return k, rolling_mean(k, signal)


class RunningStochastic(Restorable):
    """The stochastic oscillator, bar by bar."""

    def __init__(self, period: int = 14, smooth: int = 1, signal: int = 3) -> None:
        self.highs = Window(period)
        self.lows = Window(period)
        self.k = RunningMean(smooth)
        self.d = RunningMean(signal)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return %K and %D."""
        self.highs.add(bar.high)
        raw = math.nan
        if self.lows.add(bar.low):
            lowest = min(self.lows.values)
            width = max(self.highs.values) - lowest
            if width > 0:
                raw = 100 * ((bar.close - lowest) / width)
        k = self.k.next(raw)
        return k, self.d.next(k)


STOCHASTIC = Indicator(
    name="stochastic",
    title="Stochastic oscillator",
    words="Where the close lies between the lowest and the highest price of the last bars.",
    source="Lane (1984), Lane's Stochastics",
    outputs=("stoch_k", "stoch_d"),
    parameters=(
        period_parameter(14, "Bars whose range is looked at."),
        period_parameter(1, "Bars over which %K is averaged; 1 leaves it raw.", "smooth", 1),
        period_parameter(3, "Bars over which %D averages %K.", "signal", 1),
    ),
    inputs=("high", "low", "close"),
    compute=stochastic,
    running=RunningStochastic,
    memory=lambda settings: sum(int(each) for each in settings.values()) - 3,
)
