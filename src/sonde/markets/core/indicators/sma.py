"""Simple moving average."""

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, RunningMean
from sonde.markets.core.indicators.windows import Floats, columns, rolling_mean


def sma(close: Floats, period: int = 20) -> Floats:
    """Return the plain mean of the last closes.

    Parameters
    ----------
    close : ndarray of float, shape (bar,)
    period : int
        At least 1.

    Returns
    -------
    ndarray of float, shape (bar,)
        NaN in the first ``period - 1`` rows (Murphy, 1999, *Technical Analysis of the Financial
        Markets*, chapter 9).

    Examples
    --------
    >>> sma([1.0, 2.0, 6.0], 2)
    array([nan, 1.5, 4. ])
    """
    return rolling_mean(columns(close)[0], period)


class RunningSma(Restorable):
    """The simple moving average, bar by bar."""

    def __init__(self, period: int = 20) -> None:
        self.mean = RunningMean(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the mean."""
        return (self.mean.next(bar.close),)


SMA = Indicator(
    name="sma",
    title="Simple moving average",
    words="The plain mean of the last closes.",
    source="Murphy (1999), Technical Analysis of the Financial Markets",
    outputs=("sma",),
    parameters=(period_parameter(20, "Bars that are averaged.", low=1),),
    inputs=("close",),
    compute=sma,
    running=RunningSma,
    memory=lambda settings: int(settings["period"]) - 1,
)
