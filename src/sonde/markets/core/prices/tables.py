"""From the columns of a table to the six columns of candles, each fault named by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.choices import AUTO, ReadChoices
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.prices.layouts import LAYOUTS
from sonde.markets.core.prices.times import TimeFault, ms_of_numbers, ms_of_texts
from sonde.platform.core.errors import Invalid

_LOOK = 200
SYMBOL_NAMES = frozenset({"symbol", "pair", "ticker", "market", "instrument"})


@dataclass(frozen=True, eq=False)
class RawTable:
    """The columns of a table that candles need, as the file writes them.

    Parameters
    ----------
    times : ndarray, shape (bar,)
        int64 or float64 since 1970 in some unit, texts in ISO 8601 (bytes), or datetime64.
    numbers : mapping of str to ndarray of float64, shape (bar,)
        Open, high, low, close and volume; NaN where a cell is empty.
    layout : str
        How the columns were found.
    first_row : int
        Number of the first row of values as a person counts it.
    has_header : bool
    notes : tuple of str
    """

    times: NDArray[Any]
    numbers: Mapping[str, NDArray[np.float64]]
    layout: str
    first_row: int
    has_header: bool
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.times.size)


@dataclass(frozen=True, eq=False)
class Understood:
    """The six columns in the order of the file, with what was assumed."""

    columns: PriceColumns
    layout: str
    notes: tuple[str, ...]


def understood(table: RawTable, choices: ReadChoices) -> Understood:
    """Read the times of a table, and tell its layout where no header says it.

    Raises
    ------
    Invalid
        If the table has no rows, or a time is none.
    """
    if table.n == 0:
        raise Invalid("This file holds no row of prices.")
    layout, numbers = table.layout, table.numbers
    if layout == "plain" and not table.has_header and choices.layout == AUTO:
        layout, numbers = _six_columns(numbers)
    try:
        times, note = _times(table.times, choices)
    except TimeFault as fault:
        row = table.first_row + fault.row
        raise Invalid(f"Row {row}, column time: {fault.message}.", column="time") from None
    cleaned = {name: without_noise(numbers[name]) for name in COLUMNS}
    noisy = [name for name in COLUMNS if not np.array_equal(cleaned[name], numbers[name], True)]
    notes = [*table.notes, note]
    if noisy:
        notes.append(f"Rounding noise of floats was taken off {', '.join(noisy)} (8 decimals).")
    columns = PriceColumns(times, **cleaned)
    return Understood(columns, layout, tuple(note for note in notes if note))


def without_noise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers of 8 decimals where they are but the rounding noise of floats away from them.

    Examples
    --------
    >>> without_noise(np.array([0.1 + 0.2, 1 / 3])).tolist()
    [0.3, 0.3333333333333333]
    """
    rounded = np.round(values, 8)
    noise = np.minimum(1e-13 * np.abs(values), 1e-10)
    with np.errstate(invalid="ignore"):
        near = np.abs(rounded - values) <= noise
    return np.where(near, rounded, values)


def check_one_symbol(symbols: Sequence[str]) -> None:
    """Refuse a file of several symbols; raises Invalid that names some."""
    if len(symbols) > 1:
        some = ", ".join(each[:20] for each in sorted(symbols)[:5])
        raise Invalid(f"This file holds {len(symbols)} symbols ({some}); give one file for each.")


def _six_columns(
    numbers: Mapping[str, NDArray[np.float64]],
) -> tuple[str, Mapping[str, NDArray[np.float64]]]:
    """Return the layout of six columns without a header under which most rows are candles."""
    columns = [numbers[name] for name in COLUMNS]

    def under(layout: str) -> Mapping[str, NDArray[np.float64]]:
        order = LAYOUTS[layout].order
        return {name: columns[order.index(name) - 1] for name in COLUMNS}

    def fitting(layout: str) -> int:
        bars = {name: column[:_LOOK] for name, column in under(layout).items()}
        fits = bars["high"] >= np.maximum(bars["open"], bars["close"])
        fits &= bars["low"] <= np.minimum(bars["open"], bars["close"])
        return int(np.count_nonzero(fits))

    layout = max(("plain", "coinbase"), key=fitting)
    return layout, under(layout)


def _times(times: NDArray[Any], choices: ReadChoices) -> tuple[NDArray[np.int64], str]:
    """Return times in milliseconds UTC, and what a person should know of them."""
    if times.dtype.kind == "M":
        return _of_datetimes(times), ""
    if times.dtype.kind in "iuf":
        whole, unit = ms_of_numbers(_whole(times), choices.time_unit)
        return whole, f"Times are in {unit}."
    texts, said = ms_of_texts([text.decode("utf-8", "replace") for text in times.tolist()])
    return texts, "" if said else "Times say no offset; they are taken as UTC."


def _of_datetimes(times: NDArray[np.datetime64]) -> NDArray[np.int64]:
    missing = np.isnat(times)
    whole = times.astype("datetime64[ms]")
    split = missing | (whole != times)
    if split.any():
        row = int(np.argmax(split))
        raise TimeFault(
            row, "is empty" if missing[row] else f"{times[row]} is no whole millisecond"
        )
    return whole.astype(np.int64)


def _whole(times: NDArray[Any]) -> NDArray[np.int64]:
    """Return whole numbers, also where they are written as ``1622505600.0``."""
    if times.dtype.kind != "f":
        return times.astype(np.int64)
    split = ~np.isfinite(times) | (np.floor(times) != times) | (np.abs(times) >= 2.0**53)
    if split.any():
        row = int(np.argmax(split))
        words = "is empty" if np.isnan(times[row]) else f"{times[row]!s} is no whole number"
        raise TimeFault(row, words)
    return times.astype(np.int64)
