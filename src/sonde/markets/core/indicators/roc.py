"""Rate of change."""

import math

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, Window
from sonde.markets.core.indicators.windows import Floats, checked_period, columns


def roc(close: Floats, period: int = 12) -> Floats:
    """Return the change since `period` bars ago, in percent.

    ``ROC = 100 * (C / C[-period] - 1)`` (Murphy, 1999, *Technical Analysis of the Financial
    Markets*, chapter 10).

    Parameters
    ----------
    close : ndarray of float, shape (bar,)
        Above 0.
    period : int
        At least 1.

    Returns
    -------
    ndarray of float, shape (bar,)
        At least -100; NaN in the first `period` rows.

    Examples
    --------
    >>> roc([10.0, 20.0, 15.0], 2)
    array([nan, nan, 50.])
    """
    (close,) = columns(close)
    period = checked_period(period)
    answer = np.full(len(close), np.nan)
    answer[period:] = 100 * (close[period:] / close[:-period] - 1)
    return answer


class RunningRoc(Restorable):
    """The rate of change, bar by bar."""

    def __init__(self, period: int = 12) -> None:
        self.window = Window(checked_period(period) + 1)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the change in percent."""
        if not self.window.add(bar.close):
            return (math.nan,)
        return (100 * (bar.close / self.window.values[0] - 1),)


ROC = Indicator(
    name="roc",
    title="Rate of change",
    words="Change of the close since so many bars ago, in percent.",
    source="Murphy (1999), Technical Analysis of the Financial Markets",
    outputs=("roc",),
    parameters=(period_parameter(12, "Bars to look back.", low=1),),
    inputs=("close",),
    compute=roc,
    running=RunningRoc,
    memory=lambda settings: int(settings["period"]),
)
