"""How a series is cut into files: by month, by year, or not at all."""

from collections.abc import Iterator

import numpy as np

from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.timeframes import Timeframe

_HOUR, _DAY = 3_600_000, 86_400_000


def by_period(columns: PriceColumns, timeframe: Timeframe) -> Iterator[tuple[str, PriceColumns]]:
    """Go through the parts of sorted candles, each with the name of its period.

    Bars under an hour are kept by month, bars under a day by year, longer ones together: no file
    has more than 3 million bars of a second or 45,000 of a minute.

    Examples
    --------
    >>> one = np.ones(2)
    >>> around = PriceColumns(np.array([1_704_067_140_000, 1_704_067_200_000]), *[one] * 5)
    >>> [period for period, _ in by_period(around, Timeframe("1m"))]
    ['2023-12', '2024-01']
    >>> [period for period, _ in by_period(around, Timeframe("1d"))]
    ['all']
    """
    if columns.n == 0:
        return
    if timeframe.ms >= _DAY:
        yield "all", columns
        return
    unit = "M" if timeframe.ms < _HOUR else "Y"
    periods = columns.open_time_ms.astype("datetime64[ms]").astype(f"datetime64[{unit}]")
    starts = np.flatnonzero(np.concatenate(([True], periods[1:] != periods[:-1])))
    for start, end in zip(starts, [*starts[1:], columns.n], strict=True):
        yield str(periods[start]), columns.rows(slice(int(start), int(end)))
