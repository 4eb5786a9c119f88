"""Bollinger bands."""

import math

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, Window
from sonde.markets.core.indicators.windows import (
    Floats,
    checked_period,
    columns,
    rolling_deviation,
    rolling_mean,
)
from sonde.markets.core.parameters import Parameter


def bollinger(close: Floats, period: int = 20, width: float = 2.0) -> tuple[Floats, Floats, Floats]:
    """Return the mean of the closes and the bands `width` standard deviations above and below it.

    The deviation is that of the window itself, divided by n (Bollinger, 2001, *Bollinger on
    Bollinger Bands*, chapter 7).

    Parameters
    ----------
    close : ndarray of float, shape (bar,)
    period : int
        At least 2.
    width : float
        Standard deviations.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        Upper band, lower band and middle in quote currency; NaN in the first ``period - 1`` rows.

    Examples
    --------
    >>> high, low, middle = bollinger([1.0, 3.0], 2)
    >>> high, low, middle
    (array([nan,  4.]), array([nan,  0.]), array([nan,  2.]))
    """
    (close,) = columns(close)
    middle = rolling_mean(close, checked_period(period, 2))
    reach = width * rolling_deviation(close, period)
    return middle + reach, middle - reach, middle


class RunningBollinger(Restorable):
    """Bollinger bands, bar by bar."""

    def __init__(self, period: int = 20, width: float = 2.0) -> None:
        self.width = width
        self.window = Window(checked_period(period, 2))

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return upper band, lower band and middle."""
        if not self.window.add(bar.close):
            return math.nan, math.nan, math.nan
        middle = self.window.mean()
        squares = sum([(each - middle) ** 2 for each in self.window.values])
        reach = self.width * math.sqrt(squares / self.window.period)
        return middle + reach, middle - reach, middle


BOLLINGER = Indicator(
    name="bollinger",
    title="Bollinger bands",
    words="The mean of the last closes, and bands some standard deviations above and below it.",
    source="Bollinger (2001), Bollinger on Bollinger Bands",
    outputs=("bb_high", "bb_low", "bb_middle"),
    parameters=(
        period_parameter(20, "Bars of the mean and the deviation."),
        Parameter("width", "Width", "float", 0.1, 10, 2.0, "Standard deviations to each side."),
    ),
    inputs=("close",),
    compute=bollinger,
    running=RunningBollinger,
    memory=lambda settings: int(settings["period"]) - 1,
)
