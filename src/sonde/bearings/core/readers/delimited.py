"""Text tables: ``.csv``, ``.tsv``, ``.txt``; delimiter, decimal mark and header are detected."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import numpy.ma  # loadtxt would load it, which is too late in the jail
from numpy.typing import NDArray

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.packing import Packed, packed, plain
from sonde.bearings.core.readers.variables import (
    MIN_SAMPLES,
    as_float32,
    rate_of_time_axis,
    unusable,
)
from sonde.bearings.core.recordings import UNKNOWN_UNIT, Channel, FileContent, Record
from sonde.platform.core.errors import Unreadable

_LOOK = 50
_MAX_COLUMNS = 64
# Beyond these lengths no expression is tried on a text: some would take hours.
_LONGEST_NUMBER, _LONGEST_REMARK = 64, 200
_CLOCK_COLUMNS, _CLOCK_LIMITS = 4, np.array([24, 60, 60, 1e6])
_POINT = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_COMMA = re.compile(r"^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$")
_SAYS = re.compile(r"^[#%\s]*([A-Za-z_ ]+?)\s*(?:\[(\w+)\])?\s*[:=]\s*([\d.]+)")
_RATES = {"fs", "sampling rate", "sampling_rate", "sampling_rate_hz", "sample rate", "sample_rate"}
_SPEEDS = {"rpm", "speed_rpm", "speed rpm"}
_TIMES = {"t", "time", "time_s", "zeit", "seconds", "timestamp"}
_UNIT = re.compile(r"^(.*?)[\s_]*[\[(]([^\])]+)[\])]\s*$")


@dataclass(frozen=True)
class Dialect:
    """How a text table is written.

    Parameters
    ----------
    delimiter : str
        ``" "`` stands for any white space.
    decimal : str
        ``"."`` or ``","``.
    skip : int
        Lines before the first row of numbers.
    names : tuple of str
        Column names; empty where the file has none.
    """

    delimiter: str
    decimal: str
    skip: int
    names: tuple[str, ...]


def detect(lines: list[str]) -> Dialect:
    r"""Find out how the table that begins with `lines` is written.

    The first reading under which the last lines are numbers in equally many columns wins; a
    delimiter is preferred to a decimal mark, because ``1,2`` is more often two columns.

    Raises
    ------
    Unreadable

    Examples
    --------
    >>> detect(["time;DE", "0,1;2,5", "0,2;2,6"])
    Dialect(delimiter=';', decimal=',', skip=1, names=('time', 'DE'))
    >>> detect(["1.0,2.0", "3.0,4.0"])
    Dialect(delimiter=',', decimal='.', skip=0, names=())
    """
    for delimiter, decimal in (
        (";", ","),
        (";", "."),
        ("\t", "."),
        ("\t", ","),
        (",", "."),
        (" ", "."),
        (" ", ","),
    ):
        rows = [_split(line, delimiter) for line in lines]
        width = len(rows[-1])
        if width > _MAX_COLUMNS or (width == 1 and delimiter != " "):
            continue
        if not _are_numbers(rows[-1], decimal) or (delimiter == "," and _are_halves(rows)):
            continue
        skip = len(rows)
        while skip and len(rows[skip - 1]) == width and _are_numbers(rows[skip - 1], decimal):
            skip -= 1
        names = rows[skip - 1] if skip and len(rows[skip - 1]) == width else []
        return Dialect(delimiter, decimal, skip, tuple(name.strip("\"' #") for name in names))
    raise Unreadable("This text file is no table of numbers.")


def _split(line: str, delimiter: str) -> list[str]:
    if delimiter == " ":
        return line.split()
    fields = [field.strip() for field in line.split(delimiter)]
    return fields[:-1] if len(fields) > 1 and fields[-1] == "" else fields


def _are_numbers(fields: list[str], decimal: str) -> bool:
    form = _COMMA if decimal == "," else _POINT
    missing = {"nan", "inf", "-inf", ""}
    if any(len(field) > _LONGEST_NUMBER for field in fields):
        return False
    return any(form.match(field) for field in fields) and all(
        form.match(field) or field.lower() in missing for field in fields
    )


def _are_halves(rows: list[list[str]]) -> bool:
    """Say whether commas split decimal fractions: whole numbers with leading zeros behind them."""
    fields = [field for row in rows for field in row]
    behind = [row[1] for row in rows if len(row) == 2]
    return all(field.lstrip("+-").isdigit() for field in fields) and any(
        len(field) > 1 and field.startswith("0") for field in behind
    )


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a text table.

    Raises
    ------
    Unreadable, TooLarge
    """
    content = stream.read()
    Budget(limit_bytes).take(len(content), len(content))
    if b"\0" in content[:65536]:
        raise Unreadable("This file is called a text file but holds binary data.")
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    head = [line for line in text[:65536].split("\n") if line.strip()]
    if len(text) > 65536:
        head = head[:-1]
    if not head:
        raise Unreadable("This file is empty.")
    dialect = detect(head[:_LOOK])
    values = _numbers(text, dialect)
    said = _said(head[: dialect.skip])
    return _content(values, dialect, said)


def _numbers(text: str, dialect: Dialect) -> NDArray[np.float64]:
    lines = [line for line in text.split("\n") if line.strip()][dialect.skip :]
    body = "\n".join(line.rstrip().rstrip(dialect.delimiter) for line in lines)
    if dialect.decimal == ",":
        body = body.replace(",", ".")
    delimiter = None if dialect.delimiter == " " else dialect.delimiter
    try:
        return np.loadtxt(io.StringIO(body), delimiter=delimiter, ndmin=2, comments=None)
    except ValueError as error:
        reason = str(error).split(";")[0]
        raise Unreadable(f"A row of this table cannot be read ({reason}).") from None


def _said(lines: list[str]) -> Mapping[str, float]:
    """Return what the lines above the table say, such as ``# fs = 12000``."""
    said = {}
    for line in lines:
        match = _SAYS.match(line[:_LONGEST_REMARK])
        if match:
            said[match[1].strip().lower()] = float(match[3])
    return said


def _content(
    values: NDArray[np.float64], dialect: Dialect, said: Mapping[str, float]
) -> FileContent:
    rate = next((said[name] for name in said if name in _RATES), None)
    speed = next((said[name] for name in said if name in _SPEEDS), None)
    clock_s = None if dialect.names else _clock(values)
    signals: list[tuple[str, str, NDArray[np.float64]]] = []
    for position in range(0 if clock_s is None else _CLOCK_COLUMNS, values.shape[1]):
        named = dialect.names[position] if dialect.names else ""
        match = _UNIT.match(named[:_LONGEST_REMARK])
        name, unit = (match[1], match[2]) if match else (named, UNKNOWN_UNIT)
        column = values[:, position]
        if name.lower() in _TIMES:
            rate = rate or rate_of_time_axis(column)
        else:
            signals.append((name or f"column {position + 1}", unit, column))
    notes, channels = [], []
    for name, unit, column in signals:
        samples = as_float32(column)
        reason = unusable(samples)
        if reason:
            notes.append(f"{plain(name)}: {reason}.")
        else:
            channels.append(Channel(plain(name), samples, rate, plain(unit), name))
    if not channels:
        raise Unreadable("; ".join(notes) or "This table holds no signal.")
    record = Record("", tuple(channels), speed, clock_s=clock_s)
    return FileContent("csv", (record,), tuple(notes))


def _clock(values: NDArray[np.float64]) -> float | None:
    """Return the first row's time of day where hour, minute, second, microsecond lead each row."""
    if values.shape[1] <= _CLOCK_COLUMNS or values.shape[0] < MIN_SAMPLES:
        return None
    leading = values[:, :_CLOCK_COLUMNS]
    is_whole = bool(np.all(leading >= 0) and np.all(leading == np.floor(leading)))
    if not is_whole or np.any(leading.max(axis=0) >= _CLOCK_LIMITS):
        return None
    seconds = leading @ np.array([3600.0, 60.0, 1.0, 1e-6])
    steps = np.diff(seconds) % 86_400.0
    return float(seconds[0]) if 0 < steps.max() < 1.0 else None


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
