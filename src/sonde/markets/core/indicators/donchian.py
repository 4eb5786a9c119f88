"""Donchian channels."""

import math

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, Window
from sonde.markets.core.indicators.windows import Floats, columns, rolling_high, rolling_low


def donchian(high: Floats, low: Floats, period: int = 20) -> tuple[Floats, Floats, Floats]:
    """Return the highest and the lowest price of the last bars, the newest one included.

    Whoever looks for a breakout compares a close with the row before: a close never lies above a
    channel that holds its own bar (Donchian, 1960, "High Finance in Copper", *Financial Analysts
    Journal* 16:6).

    Parameters
    ----------
    high, low : ndarray of float, shape (bar,)
    period : int
        At least 1.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        Upper line, lower line and their middle; NaN in the first ``period - 1`` rows.

    Examples
    --------
    >>> donchian([3.0, 5.0], [1.0, 2.0], 2)
    (array([nan,  5.]), array([nan,  1.]), array([nan,  3.]))
    """
    high, low = columns(high, low)
    highest, lowest = rolling_high(high, period), rolling_low(low, period)
    return highest, lowest, (highest + lowest) / 2


class RunningDonchian(Restorable):
    """Donchian channels, bar by bar."""

    def __init__(self, period: int = 20) -> None:
        self.highs = Window(period)
        self.lows = Window(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return upper line, lower line and middle."""
        self.highs.add(bar.high)
        if not self.lows.add(bar.low):
            return math.nan, math.nan, math.nan
        highest, lowest = max(self.highs.values), min(self.lows.values)
        return highest, lowest, (highest + lowest) / 2


DONCHIAN = Indicator(
    name="donchian",
    title="Donchian channels",
    words="The highest and the lowest price of the last bars.",
    source="Donchian (1960), High Finance in Copper",
    outputs=("donchian_high", "donchian_low", "donchian_middle"),
    parameters=(period_parameter(20, "Bars whose range is looked at.", low=1),),
    inputs=("high", "low"),
    compute=donchian,
    running=RunningDonchian,
    memory=lambda settings: int(settings["period"]) - 1,
)
