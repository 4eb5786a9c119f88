"""Exponential moving average."""

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, RunningExponential
from sonde.markets.core.indicators.windows import Floats, columns, exponential_mean, settled_after


def ema(close: Floats, period: int = 20) -> Floats:
    """Return the exponential mean of the closes.

    ``EMA = EMA[-1] + 2 / (period + 1) * (C - EMA[-1])``, begun with the plain mean of the first
    `period` closes (Murphy, 1999, *Technical Analysis of the Financial Markets*, chapter 9).

    Parameters
    ----------
    close : ndarray of float, shape (bar,)
    period : int
        At least 2.

    Returns
    -------
    ndarray of float, shape (bar,)
        NaN in the first ``period - 1`` rows.

    Examples
    --------
    >>> ema([1.0, 2.0, 3.0, 6.0], 3)
    array([nan, nan,  2.,  4.])
    """
    return exponential_mean(columns(close)[0], period)


class RunningEma(Restorable):
    """The exponential moving average, bar by bar."""

    def __init__(self, period: int = 20) -> None:
        self.mean = RunningExponential(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the mean."""
        return (self.mean.next(bar.close),)


EMA = Indicator(
    name="ema",
    title="Exponential moving average",
    words="A mean of the closes in which older ones weigh less and less.",
    source="Murphy (1999), Technical Analysis of the Financial Markets",
    outputs=("ema",),
    parameters=(period_parameter(20, "Bars that set the weight: 2 / (bars + 1)."),),
    inputs=("close",),
    compute=ema,
    running=RunningEma,
    memory=lambda settings: (
        int(settings["period"]) + settled_after(2 / (int(settings["period"]) + 1))
    ),
)
