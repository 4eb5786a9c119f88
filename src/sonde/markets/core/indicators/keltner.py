"""Keltner channels (in Raschke's form)."""

from sonde.markets.core.indicators.atr import RunningAtr
from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, RunningExponential
from sonde.markets.core.indicators.true_range import average_true_range
from sonde.markets.core.indicators.windows import Floats, columns, exponential_mean, settled_after
from sonde.markets.core.parameters import Parameter, Settings


def keltner(
    high: Floats,
    low: Floats,
    close: Floats,
    period: int = 20,
    range_period: int = 10,
    width: float = 2.0,
) -> tuple[Floats, Floats, Floats]:
    """Return an exponential mean of the closes and lines `width` average ranges beside it.

    ``EMA(C, period) +- width * ATR(range_period)`` (Raschke's form of Keltner, 1960, *How to Make
    Money in Commodities*).

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)
    period, range_period : int
        At least 2.
    width : float
        Average true ranges.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        Upper line, lower line and middle in quote currency; NaN until both means are there.

    Examples
    --------
    >>> high, low, middle = keltner([3.0, 9.0], [1.0, 7.0], [2.0, 8.0], 2, 2)
    >>> middle, high
    (array([nan,  5.]), array([nan, nan]))
    """
    high, low, close = columns(high, low, close)
    middle = exponential_mean(close, period)
    reach = width * average_true_range(high, low, close, range_period)
    return middle + reach, middle - reach, middle


class RunningKeltner(Restorable):
    """Keltner channels, bar by bar."""

    def __init__(self, period: int = 20, range_period: int = 10, width: float = 2.0) -> None:
        self.width = width
        self.mean = RunningExponential(period)
        self.range = RunningAtr(range_period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return upper line, lower line and middle."""
        middle = self.mean.next(bar.close)
        reach = self.width * self.range.update(bar)[0]
        return middle + reach, middle - reach, middle


def _memory(settings: Settings) -> int:
    period, range_period = int(settings["period"]), int(settings["range_period"])
    return max(
        period + settled_after(2 / (period + 1)), range_period + settled_after(1 / range_period)
    )


KELTNER = Indicator(
    name="keltner",
    title="Keltner channels",
    words="An exponential mean of the closes, and lines some average ranges above and below it.",
    source="Keltner (1960), How to Make Money in Commodities, in Raschke's form",
    outputs=("keltner_high", "keltner_low", "keltner_middle"),
    parameters=(
        period_parameter(20, "Bars of the mean."),
        Parameter("range_period", "Range period", "int", 2, 1000, 10, "Bars of the average range."),
        Parameter("width", "Width", "float", 0.1, 10, 2.0, "Average ranges to each side."),
    ),
    inputs=("high", "low", "close"),
    compute=keltner,
    running=RunningKeltner,
    memory=_memory,
)
