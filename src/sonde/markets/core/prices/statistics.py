"""Figures that describe a series of candles."""

from dataclasses import dataclass

import numpy as np

from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.prices.gaps import gap_report
from sonde.markets.core.timeframes import Timeframe

_YEAR_MS = 365 * 86_400_000
_LEAST_MOVES = 2


@dataclass(frozen=True)
class PriceStatistics:
    """Figures of a series; what too few bars cannot say is None.

    Parameters
    ----------
    n_bars, n_missing, n_gaps : int
    coverage : float
        Share of the expected bars that are there.
    first_ms, last_ms : int or None
        Open times, milliseconds UTC.
    first_open, last_close, lowest, highest : float or None
        Quote currency.
    change : float or None
        Of the last close against the first open, a fraction.
    volatility : float or None
        Standard deviation of the logarithmic moves from close to close over one year of 365 days,
        a fraction; moves over gaps are left out.
    largest_rise, largest_fall : float or None
        Between two neighbouring closes, fractions.
    n_flat, n_without_volume : int
        Bars whose four prices are one, and bars in which nothing was traded.
    volume, turnover : float
        In base, and in quote by the mean of high, low and close.
    """

    n_bars: int
    n_missing: int
    n_gaps: int
    coverage: float
    first_ms: int | None
    last_ms: int | None
    first_open: float | None
    last_close: float | None
    lowest: float | None
    highest: float | None
    change: float | None
    volatility: float | None
    largest_rise: float | None
    largest_fall: float | None
    n_flat: int
    n_without_volume: int
    volume: float
    turnover: float


def price_statistics(columns: PriceColumns, timeframe: Timeframe) -> PriceStatistics:
    """Describe a series.

    Parameters
    ----------
    columns : PriceColumns
        Sorted, unique, on the grid.
    timeframe : Timeframe

    Examples
    --------
    >>> prices = np.array([100.0, 110.0, 99.0])
    >>> days = PriceColumns(np.arange(3) * 86_400_000, prices, prices, prices, prices, np.ones(3))
    >>> found = price_statistics(days, Timeframe("1d"))
    >>> found.n_flat, found.volume, round(found.largest_fall, 12), round(found.change, 12)
    (3, 3.0, -0.1, -0.01)
    """
    gaps = gap_report(columns, timeframe, most=0)
    has = columns.n > 0
    neighbours = np.diff(columns.open_time_ms) == timeframe.ms
    moves = np.diff(np.log(columns.close))[neighbours] if has else np.zeros(0)
    enough = moves.size >= _LEAST_MOVES
    typical = (columns.high + columns.low + columns.close) / 3.0
    return PriceStatistics(
        n_bars=columns.n,
        n_missing=gaps.n_missing,
        n_gaps=gaps.n_gaps,
        coverage=gaps.coverage,
        first_ms=int(columns.open_time_ms[0]) if has else None,
        last_ms=int(columns.open_time_ms[-1]) if has else None,
        first_open=float(columns.open[0]) if has else None,
        last_close=float(columns.close[-1]) if has else None,
        lowest=float(columns.low.min()) if has else None,
        highest=float(columns.high.max()) if has else None,
        change=float(columns.close[-1] / columns.open[0] - 1.0) if has else None,
        volatility=float(moves.std(ddof=1) * np.sqrt(_YEAR_MS / timeframe.ms)) if enough else None,
        largest_rise=float(np.expm1(moves.max())) if enough else None,
        largest_fall=float(np.expm1(moves.min())) if enough else None,
        n_flat=int(np.count_nonzero(columns.high == columns.low)),
        n_without_volume=int(np.count_nonzero(columns.volume == 0)),
        volume=float(columns.volume.sum()),
        turnover=float((typical * columns.volume).sum()),
    )
