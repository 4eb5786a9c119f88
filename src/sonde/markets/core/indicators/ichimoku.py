"""Ichimoku (Hosoda), as it can be known at each bar."""

import math
from collections import deque

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter, rising
from sonde.markets.core.indicators.running import Bar, Restorable, Window
from sonde.markets.core.indicators.windows import Floats, columns, rolling_high, rolling_low


def ichimoku(
    high: Floats, low: Floats, conversion: int = 9, base: int = 26, span: int = 52
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return conversion line, base line, and the two edges of the cloud under each bar.

    A line is the middle of the range of its last bars. The cloud of a bar was made `base` bars
    earlier: edge A is the mean of conversion and base line, edge B the line over `span` bars
    (Hosoda, 1969). The lagging line is left out: drawn `base` bars back, it shows the future.

    Parameters
    ----------
    high, low : ndarray of float, shape (bar,)
    conversion, base, span : int
        At least 1.

    Returns
    -------
    tuple of ndarray of float, shape (bar,)
        Quote currency; NaN until there is a value.

    Examples
    --------
    >>> price = [1.0, 3.0, 5.0, 7.0]
    >>> ichimoku(price, price, 1, 2, 3)[2]
    array([nan, nan, nan, 2.5])
    """
    high, low = columns(high, low)
    lines = [
        (rolling_high(high, period) + rolling_low(low, period)) / 2
        for period in (conversion, base, span)
    ]
    edges = [np.full(len(high), np.nan) for _ in range(2)]
    for edge, values in zip(edges, ((lines[0] + lines[1]) / 2, lines[2]), strict=True):
        edge[base:] = values[:-base]
    return lines[0], lines[1], edges[0], edges[1]


class _Middle(Restorable):
    """The middle of the range of the last bars."""

    def __init__(self, period: int) -> None:
        self.highs = Window(period)
        self.lows = Window(period)

    def next(self, bar: Bar) -> float:
        """Take in the next bar; return the middle."""
        self.highs.add(bar.high)
        if not self.lows.add(bar.low):
            return math.nan
        return (max(self.highs.values) + min(self.lows.values)) / 2


class _Later(Restorable):
    """What was told some bars ago."""

    def __init__(self, bars: int) -> None:
        self.values: deque[float | None] = deque(maxlen=bars)

    def next(self, value: float) -> float:
        """Take in the next value; return the one of so many bars ago."""
        is_full = len(self.values) == self.values.maxlen
        earlier = self.values[0] if is_full else None
        self.values.append(None if math.isnan(value) else value)
        return math.nan if earlier is None else earlier


class RunningIchimoku(Restorable):
    """Ichimoku, bar by bar."""

    def __init__(self, conversion: int = 9, base: int = 26, span: int = 52) -> None:
        self.conversion = _Middle(conversion)
        self.base = _Middle(base)
        self.span = _Middle(span)
        self.edge_a = _Later(base)
        self.edge_b = _Later(base)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return conversion line, base line and the cloud's edges."""
        conversion, base = self.conversion.next(bar), self.base.next(bar)
        edge_a = self.edge_a.next((conversion + base) / 2)
        return conversion, base, edge_a, self.edge_b.next(self.span.next(bar))


ICHIMOKU = Indicator(
    name="ichimoku",
    title="Ichimoku",
    words="Middles of three ranges, two of them as a cloud that was made some bars earlier.",
    source="Hosoda (1969); the lagging line is left out, because it shows the future",
    outputs=("ichimoku_conversion", "ichimoku_base", "ichimoku_a", "ichimoku_b"),
    parameters=(
        period_parameter(9, "Bars of the conversion line.", "conversion", 1),
        period_parameter(26, "Bars of the base line, and by which the cloud lags.", "base", 2),
        period_parameter(52, "Bars of the second edge.", "span", 3),
    ),
    inputs=("high", "low"),
    compute=ichimoku,
    running=RunningIchimoku,
    memory=lambda settings: int(settings["span"]) + int(settings["base"]) - 1,
    check=rising("conversion", "base", "span"),
)
