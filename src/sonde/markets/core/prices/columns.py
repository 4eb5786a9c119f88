"""The columns of candles as a file holds them, before anybody says what is traded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import COLUMNS, Candles, Provenance
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.timeframes import Timeframe

Rows: TypeAlias = slice | NDArray[np.bool_] | NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PriceColumns:
    """Six columns of equal length.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (bar,)
        Milliseconds UTC.
    open, high, low, close : ndarray of float64, shape (bar,)
        Quote currency for one unit of base.
    volume : ndarray of float64, shape (bar,)
        Units of base.
    """

    open_time_ms: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]

    @property
    def n(self) -> int:
        """Number of bars."""
        return int(self.open_time_ms.size)

    def rows(self, which: Rows) -> "PriceColumns":
        """Return some rows.

        Examples
        --------
        >>> import numpy as np
        >>> one = np.array([1.0, 2.0])
        >>> PriceColumns(np.array([0, 60_000]), one, one, one, one, one).rows(slice(1, 2)).n
        1
        """
        return PriceColumns(
            self.open_time_ms[which],
            self.open[which],
            self.high[which],
            self.low[which],
            self.close[which],
            self.volume[which],
        )

    def candles(self, instrument: Instrument, timeframe: Timeframe, source: Provenance) -> Candles:
        """Return the rows as candles; raises Invalid if they are none."""
        return Candles(
            instrument,
            timeframe,
            self.open_time_ms,
            self.open,
            self.high,
            self.low,
            self.close,
            self.volume,
            source,
        )


def columns_of(candles: Candles) -> PriceColumns:
    """Return the six columns of candles."""
    return PriceColumns(
        candles.open_time_ms,
        candles.open,
        candles.high,
        candles.low,
        candles.close,
        candles.volume,
    )


def joined(parts: Sequence[PriceColumns]) -> PriceColumns:
    """Return the rows of all `parts`, one part after the other; empty without parts."""
    if not parts:
        nothing = np.zeros(0)
        return PriceColumns(np.zeros(0, np.int64), *([nothing] * 5))
    times = np.concatenate([part.open_time_ms for part in parts])
    values = [np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS]
    return PriceColumns(times, *values)


@dataclass(frozen=True, eq=False)
class PriceFile:
    """What a file of prices says, checked row by row.

    Parameters
    ----------
    name : str
        The file's name as the person knows it.
    sha256 : str
        Of the file, hexadecimal.
    layout : str
        Which layout it has, such as ``"binance"``.
    timeframe : Timeframe
    columns : PriceColumns
        Sorted, unique, on the timeframe's grid, closed bars only.
    notes : tuple of str
        Sentences about how the file was read.
    """

    name: str
    sha256: str
    layout: str
    timeframe: Timeframe
    columns: PriceColumns
    notes: tuple[str, ...] = field(default=())
