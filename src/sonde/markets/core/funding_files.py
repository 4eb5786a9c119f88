"""Files of funding rates: a time and a rate in each row, as exchanges publish them."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import numpy as np

from sonde.markets.core.funding import rate_parts
from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.times import TimeFault, ms_of_numbers, ms_of_texts
from sonde.platform.core.errors import Invalid, TooLarge, Unreadable

MOST_BYTES: Final = 8 << 20
MOST_ROWS: Final = 100_000
_TIMES: Final = ("timestamp", "time", "date", "fundingtime", "calctime")
_RATES: Final = ("rate", "fundingrate", "lastfundingrate")
_WHOLE: Final = re.compile(r"[0-9]{1,19}")
_RATE: Final = re.compile(r"[+-]?([0-9]{1,3}(\.[0-9]{0,20})?|\.[0-9]{1,20})([eE][+-]?[0-9]{1,2})?")
_MINUTE_MS: Final = 60_000


def read_rates(content: bytes) -> list[tuple[int, int]]:
    r"""Return from which moment on which rate holds, the oldest first.

    A header names the two columns (``timestamp`` or ``fundingTime``, ``rate`` or ``fundingRate``,
    and their like); without one there are exactly two. A time counts from its whole minute on:
    exchanges stamp a payment some milliseconds behind the moment at which it is due.

    Parameters
    ----------
    content : bytes
        A text file in UTF-8, its rows in any order.

    Returns
    -------
    list of (int, int)
        Milliseconds UTC, and parts per 10**9.

    Raises
    ------
    TooLarge
        If it has more than 8 MB or 100,000 rows.
    Unreadable
        If it is empty, binary or no table.
    Invalid
        If a row lacks a cell, a time or a rate is none, or two rows are of one moment.

    Examples
    --------
    >>> read_rates(b"timestamp,rate\n1622534400000,0.0001\n1622505600005,-5e-5")
    [(1622505600000, -50000), (1622534400000, 100000)]
    """
    rows = _rows(content)
    first, (_, cells) = 0, rows[0]
    time_at, rate_at = 0, 1
    if not any(character.isdigit() for character in "".join(cells)):
        time_at, rate_at = _places(cells)
        first = 1
    elif len(cells) != 2:
        raise Invalid(f"Row 1 has {len(cells)} columns: give a time and a rate, or a header.")
    if first == len(rows):
        raise Invalid("This file has a header and no row of rates.")
    wanted, width = rows[first:], len(cells)
    for number, found in wanted:
        if len(found) != width:
            raise Invalid(f"Row {number} has {len(found)} columns, not {width}.")
    times = _times([(number, found[time_at].strip()) for number, found in wanted])
    rates = [_rate(number, found[rate_at].strip()) for number, found in wanted]
    return _in_order(wanted, times, rates)


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the cells of the rows that are not empty, with their numbers from 1."""
    if len(content) > MOST_BYTES:
        raise TooLarge(f"A file of funding rates has at most {MOST_BYTES >> 20} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("This file is no text in UTF-8.") from None
    if "\0" in text:
        raise Unreadable("This file is called a text file but holds binary data.")
    delimiter = max(",;\t", key=text[:4096].count)
    found = list(_read(text, delimiter))
    if not found:
        raise Unreadable("This file is empty.")
    return found


def _read(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(lines, 1):
            if number > MOST_ROWS:
                raise TooLarge(f"A file of funding rates has at most {MOST_ROWS:,} rows.")
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise Unreadable(f"Row {lines.line_num} is no row of a table: {error}.") from None


def _places(header: Sequence[str]) -> tuple[int, int]:
    names = [re.sub(r"[^a-z]", "", name.lower()) for name in header]
    found = []
    for what, known in (("time", _TIMES), ("rate", _RATES)):
        places = [place for place, name in enumerate(names) if name in known]
        if len(places) != 1:
            said = "no column is" if not places else "more than one column is"
            raise Invalid(f"Header: {said} the {what}; call it one of {', '.join(known)}.")
        found.append(places[0])
    return found[0], found[1]


def _times(cells: Sequence[tuple[int, str]]) -> list[int]:
    texts = [text for _, text in cells]
    try:
        if _WHOLE.fullmatch(texts[0]):
            for place, text in enumerate(texts):
                if not _WHOLE.fullmatch(text) or int(text) > 2**63 - 1:
                    raise TimeFault(place, f"{text[:40]!r} is no time like that of the first row")
            found, _ = ms_of_numbers(np.array([int(text) for text in texts], np.int64), "auto")
        else:
            found, _ = ms_of_texts(texts)
    except TimeFault as error:
        raise Invalid(f"Row {cells[error.row][0]}: {error.message}.", field="time") from None
    return [int(time) // _MINUTE_MS * _MINUTE_MS for time in found]


def _rate(number: int, text: str) -> int:
    if not _RATE.fullmatch(text):
        raise Invalid(f"Row {number}: {text[:40]!r} is no rate.", field="rate")
    try:
        return rate_parts(Decimal(text))
    except Invalid as error:
        raise Invalid(f"Row {number}: {text[:40]}. {error.message}", field="rate") from None


def _in_order(
    rows: Sequence[tuple[int, list[str]]], times: Sequence[int], rates: Sequence[int]
) -> list[tuple[int, int]]:
    """Return times and rates in order; a moment that stands twice is refused."""
    known: dict[int, int] = {}
    for (number, _), time_ms in zip(rows, times, strict=True):
        before = known.setdefault(time_ms, number)
        if before != number:
            raise Invalid(f"Row {number}: {when(time_ms)} stands in row {before} already.")
    return sorted(zip(times, rates, strict=True))
