"""Average true range (Wilder)."""

import math

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, RunningWilder
from sonde.markets.core.indicators.true_range import average_true_range
from sonde.markets.core.indicators.windows import Floats, columns, settled_after


def atr(high: Floats, low: Floats, close: Floats, period: int = 14) -> Floats:
    """Return how far prices usually move within a bar, gaps included.

    Wilder's mean of the true range (Wilder, 1978, *New Concepts in Technical Trading Systems*,
    section III).

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)
    period : int
        At least 2.

    Returns
    -------
    ndarray of float, shape (bar,)
        Quote currency, at least 0; NaN in the first `period` rows.

    Examples
    --------
    >>> atr([3.0, 9.0, 9.0], [1.0, 8.0, 8.0], [2.0, 8.5, 8.5], 2)
    array([nan, nan,  4.])
    """
    high, low, close = columns(high, low, close)
    return average_true_range(high, low, close, period)


class RunningAtr(Restorable):
    """The average true range, bar by bar."""

    def __init__(self, period: int = 14) -> None:
        self.last: float | None = None
        self.mean = RunningWilder(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the range."""
        last, self.last = self.last, bar.close
        if last is None:
            return (math.nan,)
        return (self.mean.next(max(bar.high, last) - min(bar.low, last)),)


ATR = Indicator(
    name="atr",
    title="Average true range",
    words="How far prices usually move within a bar, gaps included.",
    source="Wilder (1978), New Concepts in Technical Trading Systems",
    outputs=("atr",),
    parameters=(period_parameter(14, "Bars over which ranges are averaged."),),
    inputs=("high", "low", "close"),
    compute=atr,
    running=RunningAtr,
    memory=lambda settings: int(settings["period"]) + settled_after(1 / int(settings["period"])),
)
