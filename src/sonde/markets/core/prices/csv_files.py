"""Text tables of candles: delimiter, decimal mark, header and remarks above it are detected."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
import numpy.ma  # loadtxt would load it, which is too late in the jail
from numpy.typing import NDArray

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.choices import ReadChoices, choices_from_json
from sonde.markets.core.prices.decoding import Answer, check_size, decoded
from sonde.markets.core.prices.dialects import REMARKS, Dialect, dialect_of
from sonde.markets.core.prices.layouts import mapped_columns
from sonde.markets.core.prices.tables import SYMBOL_NAMES, RawTable, check_one_symbol
from sonde.platform.core.errors import Invalid, Unreadable

_LONGEST_LINE, _LONGEST_HEAD = 65_536, 4_096
_WHOLE = re.compile(r"^[+-]?\d{1,19}$")
_REAL = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$")
_TEXT = np.dtype("S40")


def read(content: bytes, choices: ReadChoices) -> RawTable:
    """Read the columns of a text table that candles need.

    Raises
    ------
    Unreadable
        If it is binary, empty, no table, or has a line that is far too long.
    Invalid
        If a column is missing, or a row is empty, has another number of columns or a cell that
        is no value.
    """
    content = _plain(content)
    ends = np.append(np.flatnonzero(np.frombuffer(content, np.uint8) == 10), len(content))
    _check_lines(ends)
    head = content[: _LONGEST_HEAD * REMARKS].decode("utf-8", "replace").split("\n")
    dialect = dialect_of(head[: REMARKS + 2])
    check_size(ends.size - dialect.skip)
    if ends.size <= dialect.skip:
        raise Invalid("This file has a header and no row of prices.")
    _check_widths(content, ends, dialect)
    layout, places = mapped_columns(dialect.names, dialect.width, choices)
    begin = int(ends[dialect.skip - 1]) + 1 if dialect.skip else 0
    body = content[begin:].decode("utf-8", "replace")
    body = body.replace(",", ".") if dialect.decimal == "," else body
    _check_symbols(body, dialect)
    cells = _cells(body, dialect, places)
    if cells.size != ends.size - dialect.skip:
        raise Unreadable("A quotation mark in this file is opened and not closed in its row.")
    return RawTable(
        cells["time"],
        {name: np.ascontiguousarray(cells[name]) for name in COLUMNS},
        layout,
        dialect.skip + 1,
        bool(dialect.names),
    )


def _plain(content: bytes) -> bytes:
    """Return the content in UTF-8 with plain line ends and none after the last row."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        content = content.decode("utf-16", "replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in content[:65_536]:
        raise Unreadable("This file is called a text file but holds binary data.")
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n\t ")
    if not content:
        raise Unreadable("This file is empty.")
    return content


def _check_lines(ends: NDArray[np.int64]) -> None:
    lengths = np.diff(ends, prepend=-1)
    longest = int(np.argmax(lengths))
    if lengths[longest] > _LONGEST_LINE:
        raise Unreadable(
            f"Row {longest + 1} is {lengths[longest] / 1e6:.1f} MB long; "
            "a row of prices has at most 64 kB. Is this a file of candles?"
        )


def _check_widths(content: bytes, ends: NDArray[np.int64], dialect: Dialect) -> None:
    """Refuse rows with more or fewer columns than the first."""
    marks = np.frombuffer(content, np.uint8) == ord(dialect.delimiter)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    counts = np.zeros(starts.size, np.int64)
    filled = lengths > 0
    counts[filled] = np.add.reduceat(marks, starts[filled], dtype=np.int64)
    strange = (counts + 1 != dialect.width) | ~filled
    strange[: dialect.skip] = False
    if strange.any():
        row = int(np.argmax(strange))
        if not content[starts[row] : ends[row]].strip():
            raise Invalid(f"Row {row + 1} is empty; remove it.")
        raise Invalid(f"Row {row + 1} has {counts[row] + 1} columns, not {dialect.width}.")


def _check_symbols(body: str, dialect: Dialect) -> None:
    for place, name in enumerate(dialect.names):
        if name.lower() in SYMBOL_NAMES:
            found = _loaded(body, dialect, np.dtype([("symbol", _TEXT)]), [place])
            check_one_symbol([each.decode("utf-8", "replace") for each in set(found["symbol"])])


def _cells(body: str, dialect: Dialect, places: Mapping[str, int]) -> NDArray[np.void]:
    first = _split(body[:_LONGEST_HEAD].split("\n", 1)[0], dialect)[places["time"]]
    time: Any = _TEXT
    if _WHOLE.match(first):
        time = np.dtype(np.int64)
    elif _REAL.match(first):
        time = np.dtype(np.float64)
    dtype = np.dtype([("time", time), *((name, np.float64) for name in COLUMNS)])
    try:
        return _loaded(body, dialect, dtype, list(places.values()))
    except (ValueError, OverflowError):
        raise _first_fault(body, dialect, places, time) from None


def _loaded(
    body: str, dialect: Dialect, dtype: np.dtype[np.void], places: list[int]
) -> NDArray[np.void]:
    return np.loadtxt(
        io.StringIO(body),
        dtype=dtype,
        delimiter=dialect.delimiter,
        comments=None,
        quotechar='"',
        usecols=places,
        ndmin=1,
    )


def _first_fault(body: str, dialect: Dialect, places: Mapping[str, int], time: Any) -> Invalid:
    """Return the error that names the first cell that is no value."""
    forms = {"i": _WHOLE, "f": _REAL}
    for row, cells in enumerate(_rows(body, dialect), start=dialect.skip + 1):
        for name, place in places.items():
            form = forms.get(time.kind) if name == "time" else _REAL
            cell = cells[place]
            if form and not form.match(cell) and cell.lower() not in {"nan", "inf", "-inf"}:
                what = "time like that of the first row" if name == "time" else "number"
                words = f"{cell[:40]!r} is no {what}" if cell else "is empty"
                return Invalid(f"Row {row}, column {name}: {words}.", column=name)
    return Unreadable("This text file is no table of prices.")


def _rows(body: str, dialect: Dialect) -> Iterator[list[str]]:
    for line in io.StringIO(body):
        yield _split(line, dialect)


def _split(line: str, dialect: Dialect) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(dialect.delimiter)]


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Answer:
    """Answer the jail's parent."""
    choices = choices_from_json(arguments)
    return decoded(read(stream.read(), choices), choices, limit_bytes)


def _warm_up() -> None:
    """Load all that reading needs, while a file can still be opened."""
    choices = ReadChoices(2**62, "1m")
    for time in (b"1622505600", b"2021-06-01 00:00:00"):
        decoded(
            read(b"t;symbol;o;h;l;c;v\n" + time + b";X;1,0;1;1;1;0\n", choices), choices, 1 << 9
        )


_warm_up()
