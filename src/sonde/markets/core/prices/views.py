"""A stretch of a series as a chart shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.prices.gaps import GapReport
from sonde.markets.core.prices.outliers import Outlier
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.statistics import PriceStatistics

MOST_CANDLES = 600
MOST_INDICATORS = 6
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PriceView:
    """What a chart shows of a series.

    Parameters
    ----------
    series : Series
    span : (int, int)
        What is in view, milliseconds UTC.
    length_ms : int
        How long a candle is.
    candles : PriceColumns
        In view, and half a view before and after it.
    indicators : mapping of str to mapping of str to ndarray of float64, shape (candle,)
        By indicator and output; the value at the last bar of each candle.
    """

    series: Series
    span: tuple[int, int]
    length_ms: int
    candles: PriceColumns
    indicators: Mapping[str, Mapping[str, Floats]]

    @property
    def in_view(self) -> PriceColumns:
        """The candles that open in view."""
        times = self.candles.open_time_ms
        first, last = np.searchsorted(times, self.span, "left")
        return self.candles.rows(slice(int(first), int(last)))


@dataclass(frozen=True)
class PriceFindings:
    """What is found in a series.

    Parameters
    ----------
    series : Series
    statistics : PriceStatistics
    gaps : GapReport
    outliers : tuple of Outlier
    judged_from_ms : int or None
        Where the search for outliers began, milliseconds UTC; None where it was the first bar.
    """

    series: Series
    statistics: PriceStatistics
    gaps: GapReport
    outliers: tuple[Outlier, ...]
    judged_from_ms: int | None
