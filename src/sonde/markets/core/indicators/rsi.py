"""Relative strength index (Wilder)."""

import math

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, RunningWilder
from sonde.markets.core.indicators.windows import Floats, columns, settled_after, wilder_mean


def rsi(close: Floats, period: int = 14) -> Floats:
    """Return the share of the rises in all moves, in percent.

    ``RSI = 100 * G / (G + L)`` with Wilder's means G of the rises and L of the falls (Wilder, 1978,
    *New Concepts in Technical Trading Systems*, section VI).

    Parameters
    ----------
    close : ndarray of float, shape (bar,)
    period : int
        At least 2.

    Returns
    -------
    ndarray of float, shape (bar,)
        In [0, 100]; NaN in the first `period` rows and as long as no price has moved.

    Examples
    --------
    >>> rsi([10.0, 11.0, 10.0, 12.0], 3)
    array([nan, nan, nan, 75.])
    """
    (close,) = columns(close)
    answer = np.full(len(close), np.nan)
    change = np.diff(close)
    rises = wilder_mean(np.maximum(change, 0.0), period)
    moves = rises + wilder_mean(np.maximum(-change, 0.0), period)
    np.divide(rises, moves, out=answer[1:], where=moves > 0)
    return 100 * answer


class RunningRsi(Restorable):
    """The relative strength index, bar by bar."""

    def __init__(self, period: int = 14) -> None:
        self.last: float | None = None
        self.rises = RunningWilder(period)
        self.falls = RunningWilder(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the index."""
        last, self.last = self.last, bar.close
        if last is None:
            return (math.nan,)
        change = bar.close - last
        rises = self.rises.next(change if change > 0 else 0.0)
        moves = rises + self.falls.next(-change if change < 0 else 0.0)
        return (100 * (rises / moves) if moves > 0 else math.nan,)


RSI = Indicator(
    name="rsi",
    title="Relative strength index",
    words="Share of the rises in all moves: above 70 is called overbought, below 30 oversold.",
    source="Wilder (1978), New Concepts in Technical Trading Systems",
    outputs=("rsi",),
    parameters=(period_parameter(14, "Bars over which rises and falls are averaged."),),
    inputs=("close",),
    compute=rsi,
    running=RunningRsi,
    memory=lambda settings: int(settings["period"]) + settled_after(1 / int(settings["period"])),
)
