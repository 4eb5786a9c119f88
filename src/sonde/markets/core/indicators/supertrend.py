"""Supertrend (Seban)."""

import math

import numpy as np

from sonde.markets.core.indicators.atr import RunningAtr
from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable
from sonde.markets.core.indicators.true_range import average_true_range
from sonde.markets.core.indicators.windows import Floats, columns
from sonde.markets.core.parameters import Parameter


class _Line(Restorable):
    """The line that follows the price on one side and jumps to the other when it is crossed."""

    def __init__(self) -> None:
        self.upper: float | None = None
        self.lower: float | None = None
        self.close = 0.0
        self.direction = 1.0

    def next(self, middle: float, reach: float, close: float) -> tuple[float, float]:
        """Take in the next bar; return the line and its direction (1 up, -1 down)."""
        if math.isnan(reach):
            return math.nan, math.nan
        upper, lower = middle + reach, middle - reach
        if self.upper is not None and self.lower is not None:
            upper = upper if upper < self.upper or self.close > self.upper else self.upper
            lower = lower if lower > self.lower or self.close < self.lower else self.lower
            if self.direction > 0:
                self.direction = -1.0 if close < lower else 1.0
            else:
                self.direction = 1.0 if close > upper else -1.0
        self.upper, self.lower, self.close = upper, lower, close
        return (lower if self.direction > 0 else upper), self.direction


def supertrend(
    high: Floats, low: Floats, close: Floats, period: int = 10, width: float = 3.0
) -> tuple[Floats, Floats]:
    """Return a stop line that follows the price, and whether it lies below (1) or above (-1).

    Bands ``(H + L) / 2 +- width * ATR(period)``; the upper one only falls and the lower one only
    rises until the close crosses it (Seban, 2008, *Tout le monde mérite d'être riche*). It begins
    upwards.

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)
    period : int
        At least 2.
    width : float
        Average true ranges.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        Line in quote currency and direction; NaN in the first `period` rows.

    Examples
    --------
    >>> price = [10.0, 11.0, 12.0, 5.0]
    >>> supertrend(price, price, price, 2, 1.0)
    (array([nan, nan, 11.,  9.]), array([nan, nan,  1., -1.]))
    """
    high, low, close = columns(high, low, close)
    reach = width * average_true_range(high, low, close, period)
    line = _Line()
    rows = zip(((high + low) / 2).tolist(), reach.tolist(), close.tolist(), strict=True)
    answer = np.array([line.next(*row) for row in rows], dtype=np.float64).reshape(-1, 2)
    return answer[:, 0].copy(), answer[:, 1].copy()


class RunningSupertrend(Restorable):
    """The supertrend, bar by bar."""

    def __init__(self, period: int = 10, width: float = 3.0) -> None:
        self.width = width
        self.range = RunningAtr(period)
        self.line = _Line()

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return line and direction."""
        reach = self.width * self.range.update(bar)[0]
        return self.line.next((bar.high + bar.low) / 2, reach, bar.close)


SUPERTREND = Indicator(
    name="supertrend",
    title="Supertrend",
    words="A stop line some average ranges from the price, which turns when the close crosses it.",
    source="Seban (2008), Tout le monde mérite d'être riche",
    outputs=("supertrend", "supertrend_direction"),
    parameters=(
        period_parameter(10, "Bars of the average range."),
        Parameter("width", "Width", "float", 0.1, 20, 3.0, "Average ranges to each side."),
    ),
    inputs=("high", "low", "close"),
    compute=supertrend,
    running=RunningSupertrend,
    memory=lambda _: None,
)
