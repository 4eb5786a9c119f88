"""The rules of a file of candles: every fault is named by row and column, nothing is repaired."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import PRICE_COLUMNS
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.timeframes import Timeframe, timeframe_of_length
from sonde.platform.core.errors import Invalid

# So many equal coarser steps in a row are another timeframe, not bars without trades.
_RUN = 20
_MAX_PRICE = 1e15

Fault = tuple[NDArray[np.bool_], str, Callable[[int], str]]


def when(time_ms: int) -> str:
    """Return a time for people.

    Examples
    --------
    >>> when(1_622_505_600_000)
    '2021-06-01 00:00 UTC'
    """
    moment = datetime.fromtimestamp(time_ms / 1000, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00") + " UTC"


def in_order(columns: PriceColumns) -> tuple[PriceColumns, bool]:
    """Return the columns oldest first, and whether the file had the newest first."""
    times = columns.open_time_ms
    newest_first = columns.n > 1 and bool(times[0] > times[-1])
    return (columns.rows(slice(None, None, -1)) if newest_first else columns), newest_first


def check_rows(columns: PriceColumns, number: Callable[[int], int]) -> None:
    """Refuse what is no candle, or no order of candles.

    Parameters
    ----------
    columns : PriceColumns
        Oldest first, as `in_order` returns them.
    number : callable
        From a row, counted from 0, to its number in the file.

    Raises
    ------
    Invalid
        Names row and column of the first fault.
    """
    faults = [
        (int(np.argmax(mask)), column, words)
        for mask, column, words in _faults(columns, number)
        if mask.any()
    ]
    if faults:
        row, column, words = min(faults, key=lambda fault: fault[0])
        raise Invalid(f"Row {number(row)}, column {column}: {words(row)}.", column=column)


def _faults(columns: PriceColumns, number: Callable[[int], int]) -> Iterator[Fault]:
    for name in PRICE_COLUMNS:
        values = getattr(columns, name)
        fine = np.isfinite(values) & (values > 0) & (values < _MAX_PRICE)
        yield ~fine, name, _says(values, "is no price above 0")
    fine = np.isfinite(columns.volume) & (columns.volume >= 0)
    yield ~fine, "volume", _says(columns.volume, "is no volume of 0 or more")
    for name in ("low", "open", "close"):
        values = getattr(columns, name)
        yield columns.high < values, "high", _below(columns, "high", "below", name)
    for name in ("open", "close"):
        values = getattr(columns, name)
        yield columns.low > values, "low", _below(columns, "low", "above", name)
    times = columns.open_time_ms
    steps = np.diff(times, prepend=times[:1] - 1)
    yield (
        steps == 0,
        "time",
        lambda row: f"{when(times[row])} is there twice, also in row {number(row - 1)}",
    )
    yield (
        steps < 0,
        "time",
        lambda row: f"{when(times[row])} is not in order; sort the file by time",
    )


def _says(values: NDArray[np.float64], words: str) -> Callable[[int], str]:
    return lambda row: f"{values[row]:g} {words}"


def _below(columns: PriceColumns, name: str, how: str, other: str) -> Callable[[int], str]:
    one, another = getattr(columns, name), getattr(columns, other)
    return lambda row: f"{one[row]:.12g} is {how} the {other} of {another[row]:.12g}"


def timeframe_of(columns: PriceColumns, wanted: str) -> Timeframe:
    """Return the timeframe of sorted columns: the most frequent step, or the one that is wanted.

    Raises
    ------
    Invalid
        If the steps are those of no timeframe, or of another one than `wanted`.

    Examples
    --------
    >>> one = np.ones(3)
    >>> timeframe_of(PriceColumns(np.array([0, 60_000, 180_000]), *[one] * 5), "").name
    '1m'
    """
    if columns.n < 2:
        if wanted:
            return Timeframe(wanted)
        raise Invalid(
            "One row does not say how long its bar is; give --timeframe.", field="timeframe"
        )
    lengths, counts = np.unique(np.diff(columns.open_time_ms), return_counts=True)
    usual = int(lengths[np.argmax(counts)])
    found = timeframe_of_length(usual)
    if wanted:
        timeframe = Timeframe(wanted)
        if usual < timeframe.ms or (usual % timeframe.ms == 0 and usual > timeframe.ms):
            name = found.name if found else f"{usual / 1000:g} s"
            raise Invalid(
                f"The rows of this file are {name} apart, not {wanted}; "
                f"import it as {name} and resample.",
                field="timeframe",
            )
        return timeframe
    if found is None:
        raise Invalid(
            f"The rows of this file are {usual / 1000:g} s apart, which is no known timeframe; "
            "give --timeframe.",
            field="timeframe",
        )
    return found


def check_grid(columns: PriceColumns, timeframe: Timeframe, number: Callable[[int], int]) -> None:
    """Refuse times off the timeframe's grid, and a file that changes its timeframe.

    Raises
    ------
    Invalid
        Names the row.
    """
    times = columns.open_time_ms
    off = timeframe.floor_all(times) != times
    if off.any():
        row = int(np.argmax(off))
        finer = timeframe_of_length(int(times[row] - times[row - 1])) if row else None
        if finer and finer.ms < timeframe.ms:
            raise Invalid(_mixed(number(row), timeframe, finer), column="time")
        raise Invalid(
            f"Row {number(row)}, column time: no bar of {timeframe} opens at {when(times[row])}.",
            column="time",
        )
    row = _change_of_timeframe(np.diff(times), timeframe)
    coarser = timeframe_of_length(int(times[row] - times[row - 1])) if row else None
    if coarser:
        raise Invalid(_mixed(number(row), timeframe, coarser), column="time")


def _mixed(row: int, one: Timeframe, other: Timeframe) -> str:
    return (
        f"Row {row}, column time: from here on rows are {other} apart, before {one}: this file "
        "mixes timeframes; give one file for each."
    )


def _change_of_timeframe(steps: NDArray[np.int64], timeframe: Timeframe) -> int:
    """Return the row where a run of equal coarser steps begins, or 0."""
    if steps.size < _RUN:
        return 0
    begins = np.flatnonzero(np.diff(steps, prepend=steps[:1] - 1))
    lengths = np.diff(begins, append=steps.size)
    for begin, length in zip(begins, lengths, strict=True):
        is_coarser = int(steps[begin]) > timeframe.ms
        if is_coarser and length >= _RUN and timeframe_of_length(int(steps[begin])):
            return int(begin) + 1
    return 0


def closed_only(
    columns: PriceColumns, timeframe: Timeframe, as_of_ms: int
) -> tuple[PriceColumns, int]:
    """Leave out bars that had not closed at `as_of_ms`; return the others and how many went.

    Examples
    --------
    >>> one = np.ones(2)
    >>> hours = PriceColumns(np.array([0, 3_600_000]), *[one] * 5)
    >>> kept, left_out = closed_only(hours, Timeframe("1h"), 7_199_999)
    >>> kept.n, left_out
    (1, 1)
    """
    closed = int(np.searchsorted(columns.open_time_ms + timeframe.ms, as_of_ms, "right"))
    return columns.rows(slice(0, closed)), columns.n - closed
