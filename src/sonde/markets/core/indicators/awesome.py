"""Awesome oscillator (Williams)."""

from sonde.markets.core.indicators.indicator import Indicator, period_parameter, rising
from sonde.markets.core.indicators.running import Bar, Restorable, RunningMean
from sonde.markets.core.indicators.windows import Floats, columns, rolling_mean


def awesome(high: Floats, low: Floats, fast: int = 5, slow: int = 34) -> Floats:
    """Return the difference of a fast and a slow plain mean of the bars' middles.

    ``AO = SMA((H + L) / 2, fast) - SMA((H + L) / 2, slow)`` (Williams, 1998, *New Trading
    Dimensions*, chapter 6). It is no MACD: middles, not closes; plain means, not exponential ones.

    Parameters
    ----------
    high, low : ndarray of float, shape (bar,)
    fast, slow : int
        At least 1.

    Returns
    -------
    ndarray of float, shape (bar,)
        Quote currency; NaN in the first ``slow - 1`` rows.

    Examples
    --------
    >>> awesome([2.0, 4.0, 9.0], [0.0, 2.0, 7.0], fast=1, slow=2)
    array([nan, 1. , 2.5])
    """
    high, low = columns(high, low)
    middle = (high + low) / 2
    return rolling_mean(middle, fast) - rolling_mean(middle, slow)


class RunningAwesome(Restorable):
    """The awesome oscillator, bar by bar."""

    def __init__(self, fast: int = 5, slow: int = 34) -> None:
        self.fast = RunningMean(fast)
        self.slow = RunningMean(slow)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the oscillator."""
        middle = (bar.high + bar.low) / 2
        return (self.fast.next(middle) - self.slow.next(middle),)


AWESOME = Indicator(
    name="awesome",
    title="Awesome oscillator",
    words="A fast mean of the bars' middles less a slow one: above 0 the market gains speed.",
    source="Williams (1998), New Trading Dimensions",
    outputs=("ao",),
    parameters=(
        period_parameter(5, "Bars of the fast mean.", "fast", 1),
        period_parameter(34, "Bars of the slow mean.", "slow", 2),
    ),
    inputs=("high", "low"),
    compute=awesome,
    running=RunningAwesome,
    memory=lambda settings: int(settings["slow"]) - 1,
    check=rising("fast", "slow"),
)
