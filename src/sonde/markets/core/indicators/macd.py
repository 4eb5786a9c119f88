"""Moving average convergence divergence (Appel)."""

import math

from sonde.markets.core.indicators.indicator import Indicator, period_parameter, rising
from sonde.markets.core.indicators.running import Bar, Restorable, RunningExponential
from sonde.markets.core.indicators.windows import Floats, columns, exponential_mean, settled_after


def macd(
    close: Floats, fast: int = 12, slow: int = 26, signal: int = 9
) -> tuple[Floats, Floats, Floats]:
    """Return the difference of two exponential means, its own exponential mean, and the rest.

    ``line = EMA(C, fast) - EMA(C, slow)``, ``signal = EMA(line, signal)``, ``histogram = line -
    signal`` (Appel, 2005, *Technical Analysis: Power Tools for Active Investors*, chapter 8). Each
    mean begins with a plain one, at its own first bar; TA-Lib lets the fast one begin later, and
    agrees once the beginning is forgotten.

    Parameters
    ----------
    close : ndarray of float, shape (bar,)
    fast, slow, signal : int
        At least 2.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        Line, signal and histogram in quote currency; the line is NaN in the first ``slow - 1``
        rows, the others in ``signal - 1`` more.

    Examples
    --------
    >>> line, signal, histogram = macd([1.0, 2.0, 3.0, 4.0, 5.0], fast=2, slow=3, signal=2)
    >>> line
    array([nan, nan, 0.5, 0.5, 0.5])
    >>> histogram
    array([nan, nan, nan,  0.,  0.])
    """
    (close,) = columns(close)
    line = exponential_mean(close, fast) - exponential_mean(close, slow)
    smooth = exponential_mean(line, signal)
    return line, smooth, line - smooth


class RunningMacd(Restorable):
    """The MACD, bar by bar."""

    def __init__(self, fast: int = 12, slow: int = 26, signal: int = 9) -> None:
        self.fast = RunningExponential(fast)
        self.slow = RunningExponential(slow)
        self.signal = RunningExponential(signal)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return line, signal and histogram."""
        fast = self.fast.next(bar.close)
        line = fast - self.slow.next(bar.close)
        if math.isnan(line):
            return math.nan, math.nan, math.nan
        smooth = self.signal.next(line)
        return line, smooth, line - smooth


MACD = Indicator(
    name="macd",
    title="MACD",
    words="A fast exponential mean less a slow one, the mean of that, and their difference.",
    source="Appel (2005), Technical Analysis: Power Tools for Active Investors",
    outputs=("macd", "macd_signal", "macd_diff"),
    parameters=(
        period_parameter(12, "Bars of the fast mean.", "fast"),
        period_parameter(26, "Bars of the slow mean.", "slow"),
        period_parameter(9, "Bars of the signal line.", "signal"),
    ),
    inputs=("close",),
    compute=macd,
    running=RunningMacd,
    memory=lambda settings: sum(
        int(settings[name]) + settled_after(2 / (int(settings[name]) + 1))
        for name in ("slow", "signal")
    ),
    check=rising("fast", "slow"),
)
