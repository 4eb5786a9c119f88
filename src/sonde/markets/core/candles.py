"""Candles: closed bars of one instrument, in order of time, with where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

Feed = Literal["live", "replay", "file"]
PRICE_COLUMNS = ("open", "high", "low", "close")
COLUMNS = (*PRICE_COLUMNS, "volume")
# Counts below this come back exactly from the float64 nearest to their price.
_EXACT = 2**50


@dataclass(frozen=True)
class Provenance:
    """Where prices come from.

    Parameters
    ----------
    venue : str
        Such as ``"binance"``.
    feed : {"live", "replay", "file"}
    name : str
        The file's name as the person knows it, or the feed's.
    sha256 : str
        Of the file or of the stored content; empty for a live feed.
    loaded_at_ms : int
        When the prices came here, milliseconds UTC.
    """

    venue: str
    feed: Feed
    name: str
    sha256: str
    loaded_at_ms: int

    def age_ms(self, now_ms: int) -> int:
        """Return for how long the prices have been here at `now_ms`.

        Examples
        --------
        >>> Provenance("binance", "file", "btc.csv", "", 1_000).age_ms(4_000)
        3000
        """
        return max(now_ms - self.loaded_at_ms, 0)


@dataclass(frozen=True, eq=False)
class IntCandles:
    """Candles in whole ticks and steps of their instrument.

    Parameters
    ----------
    instrument : Instrument
    timeframe : Timeframe
    open_time_ms : ndarray of int64, shape (bar,)
    open, high, low, close : ndarray of int64, shape (bar,)
        Ticks.
    volume : ndarray of int64, shape (bar,)
        Steps.
    """

    instrument: Instrument
    timeframe: Timeframe
    open_time_ms: NDArray[np.int64]
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Number of bars."""
        return int(self.open_time_ms.size)


@dataclass(frozen=True, eq=False)
class Candles:
    """Closed bars of one instrument and timeframe; arrays are read-only.

    A bar is named by its open time and known only from its close time on.

    Parameters
    ----------
    instrument : Instrument
    timeframe : Timeframe
    open_time_ms : ndarray of int64, shape (bar,)
        Milliseconds UTC, strictly increasing, on the timeframe's grid; bars may be missing.
    open, high, low, close : ndarray of float64, shape (bar,)
        Quote currency for one unit of base; above 0; low <= open, close <= high.
    volume : ndarray of float64, shape (bar,)
        Units of base; at least 0.
    source : Provenance

    Raises
    ------
    Invalid
        If the arrays are no candles; names the row (counted from 0) and the column.
    """

    instrument: Instrument
    timeframe: Timeframe
    open_time_ms: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    source: Provenance

    def __post_init__(self) -> None:
        times = np.asarray(self.open_time_ms)
        if times.dtype.kind not in "iu" and times.size:
            raise Invalid("Open times are whole milliseconds.", column="open_time_ms")
        object.__setattr__(self, "open_time_ms", _frozen(times, np.dtype(np.int64)))
        for name in COLUMNS:
            column = _frozen(getattr(self, name), np.dtype(np.float64))
            object.__setattr__(self, name, column)
            if column.shape != self.open_time_ms.shape or column.ndim != 1:
                raise Invalid(f"Column {name} has not one value for every bar.", column=name)
        for mask, name, words in self._faults():
            if mask.any():
                row = int(np.argmax(mask))
                raise Invalid(f"Row {row}, column {name}: {words}.", row=row, column=name)

    def _faults(self) -> Iterator[tuple[NDArray[np.bool_], str, str]]:
        times = self.open_time_ms
        yield np.diff(times, prepend=times[:1] - 1) <= 0, "open_time_ms", "not after the row before"
        grid = self.timeframe.floor_all(times) != times
        yield grid, "open_time_ms", f"no bar of {self.timeframe} opens then"
        for name in PRICE_COLUMNS:
            values = getattr(self, name)
            yield ~(np.isfinite(values) & (values > 0)), name, "not a price above 0"
        yield ~(np.isfinite(self.volume) & (self.volume >= 0)), "volume", "not a volume"
        yield self.high < np.maximum(self.open, self.close), "high", "below open or close"
        yield self.low > np.minimum(self.open, self.close), "low", "above open or close"

    @property
    def n(self) -> int:
        """Number of bars."""
        return int(self.open_time_ms.size)

    @property
    def close_time_ms(self) -> NDArray[np.int64]:
        """When each bar closed, and so was known; int64 milliseconds UTC, shape (bar,)."""
        closed: NDArray[np.int64] = self.open_time_ms + self.timeframe.ms
        return closed

    def until(self, k: int) -> "Candles":
        """Return the first `k` bars, as views: what was known at the close of bar ``k - 1``."""
        if not 0 <= k <= self.n:
            raise Invalid(f"There are {self.n} bars; the first {k} of them cannot be taken.")
        return self._part(slice(0, k))

    def between(self, from_ms: int, to_ms: int) -> "Candles":
        """Return the bars that open in ``[from_ms, to_ms)``, as views."""
        first, last = np.searchsorted(self.open_time_ms, (from_ms, to_ms), "left")
        return self._part(slice(int(first), max(int(first), int(last))))

    def ticks(self) -> IntCandles:
        """Return prices in whole ticks and volumes in whole steps, exactly.

        Raises
        ------
        Invalid
            If a price is not on the instrument's tick grid or a volume not on its step grid;
            names row and column.
        """
        tick, step = self.instrument.tick, self.instrument.step
        return IntCandles(
            self.instrument,
            self.timeframe,
            self.open_time_ms,
            open=_whole(self.open, tick, "open", "tick"),
            high=_whole(self.high, tick, "high", "tick"),
            low=_whole(self.low, tick, "low", "tick"),
            close=_whole(self.close, tick, "close", "tick"),
            volume=_whole(self.volume, step, "volume", "step"),
        )

    def _part(self, rows: slice) -> "Candles":
        """Return some rows, unchecked: a part of candles is candles."""
        part = object.__new__(Candles)
        for field in fields(self):
            value = getattr(self, field.name)
            object.__setattr__(
                part, field.name, value[rows] if isinstance(value, np.ndarray) else value
            )
        return part


def _frozen(values: NDArray[np.generic], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Return `values` as a read-only array; copied unless nobody can change them."""
    array = np.ascontiguousarray(values, dtype=dtype)
    if array.flags.writeable:
        array = array.copy() if array is values or array.base is not None else array
        array.flags.writeable = False
    return array


def _whole(values: NDArray[np.float64], grid: Decimal, column: str, word: str) -> NDArray[np.int64]:
    """Return ``values / grid`` as exact whole numbers.

    With ``grid = p / q`` a value is on it when the float64 nearest to ``k * p / q`` is the value
    itself; below 2**50 that division is right to the last bit and `k` is found without doubt.
    """
    p, q = grid.as_integer_ratio()
    counts = np.rint(values * q / p)
    too_large = np.abs(counts) * p >= _EXACT
    off = counts * p / q != values
    if too_large.any() or off.any():
        row = int(np.argmax(too_large | off))
        why = "too large to be exact" if too_large[row] else f"not on the {word} grid of {grid}"
        raise Invalid(
            f"Row {row}, column {column}: {float(values[row])!r} is {why}.", row=row, column=column
        )
    return counts.astype(np.int64)
