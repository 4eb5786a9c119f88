"""Universal files (``.uff``, ``.unv``): time responses of data set 58, as text and binary (58b).

Written here because pyuff opens files by their names, which a jailed process cannot. Layout:
University of Cincinnati, Structural Dynamics Research Laboratory, "Universal File Format 58".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.packing import Packed, packed, plain
from sonde.bearings.core.readers.variables import as_float32, rate_of_time_axis, unusable
from sonde.bearings.core.recordings import UNKNOWN_UNIT, Channel, FileContent, Record
from sonde.platform.core.errors import TooLarge, Unreadable

_EDGE = re.compile(rb"^ {4}-1[ \t]*\r?$", re.MULTILINE)
# Binary data need not end with a line break before the closing mark.
_CLOSING = re.compile(rb"\s{0,80} {4}-1[ \t]*\r?$", re.MULTILINE)
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?")
_HEADER_LINES, _MAX_BLOCKS = 11, 256
_REAL_SINGLE, _REAL_DOUBLE = 2, 4
_TIME = 17
_AXES = {1: "+X", -1: "-X", 2: "+Y", -2: "-Y", 3: "+Z", -3: "-Z"}
_MONTH_NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_DATE = re.compile(r"(\d{1,2})-([A-Z]{3})-(\d{2,4})\s+(\d{1,2}):(\d{2}):(\d{2})", re.IGNORECASE)


@dataclass(frozen=True)
class _Function:
    """One function of a universal file, its data still as bytes."""

    lines: list[str]
    data: bytes
    binary: str

    def figures(self, line: int) -> list[float]:
        """Return the numbers of a header line, counted from 0."""
        return [float(each) for each in _NUMBER.findall(self.lines[line].encode())]


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a universal file.

    Raises
    ------
    Unreadable, TooLarge
    """
    content = stream.read()
    budget = Budget(limit_bytes)
    channels: list[Channel] = []
    notes: list[str] = []
    taken_at = ""
    for number, function in enumerate(_functions(content)):
        if number >= _MAX_BLOCKS:
            raise TooLarge(f"A universal file has at most {_MAX_BLOCKS} functions.")
        taken_at = taken_at or _taken_at(function.lines)
        channel = _channel(function, budget, notes)
        if channel is not None:
            channels.append(channel)
    if not channels:
        raise Unreadable("; ".join(notes) or "This universal file holds no data set 58.")
    return FileContent("uff", (Record("", _apart(channels), taken_at=taken_at),), tuple(notes))


def _functions(content: bytes) -> Iterator[_Function]:
    """Go through the data sets 58; all others are passed over."""
    position = 0
    while opening := _EDGE.search(content, position):
        start = content.find(b"\n", opening.end() - 1) + 1
        end = content.find(b"\n", start)
        if start == 0 or end < 0:
            return
        kind = content[start:end].decode("latin-1")
        if kind[:6].strip() != "58":
            closing = _EDGE.search(content, end)
            position = closing.end() if closing else len(content)
            continue
        lines, data_start = _header(content, end + 1)
        data_end, binary = _extent(content, kind, data_start)
        yield _Function(lines, content[data_start:data_end], binary)
        closing = _CLOSING.match(content, data_end) if binary else _EDGE.search(content, data_end)
        if closing is None:
            raise Unreadable("This universal file is shorter than it declares.")
        position = closing.end()


def _header(content: bytes, start: int) -> tuple[list[str], int]:
    lines = []
    for _ in range(_HEADER_LINES):
        end = content.find(b"\n", start)
        if end < 0 or end - start > 200:
            raise Unreadable("A function of this universal file has no complete header.")
        lines.append(content[start:end].decode("latin-1").rstrip("\r"))
        start = end + 1
    return lines, start


def _extent(content: bytes, kind: str, start: int) -> tuple[int, str]:
    """Return where a function's data ends, and the byte order of binary data."""
    if kind[6:7].lower() != "b":
        closing = _EDGE.search(content, start)
        return (closing.start() if closing else len(content)), ""
    words = kind[7:].split()
    if len(words) < 4 or words[1] != "2" or words[0] not in {"1", "2"}:
        raise Unreadable("This kind of binary universal file is not read; IEEE numbers are.")
    n_bytes = int(words[3])
    if n_bytes < 0 or start + n_bytes > len(content):
        raise Unreadable("This universal file is shorter than it declares.")
    return start + n_bytes, "<" if words[0] == "1" else ">"


def _channel(function: _Function, budget: Budget, notes: list[str]) -> Channel | None:
    form = function.figures(6)
    if len(form) < 5:
        raise Unreadable("A function of this universal file does not say how it is written.")
    kind, count, is_even, step = int(form[0]), int(form[1]), form[2] == 1, form[4]
    name = _name(function)
    if kind not in {_REAL_SINGLE, _REAL_DOUBLE} or int((function.figures(7) or [0])[0]) != _TIME:
        notes.append(f"{name}: no response over time.")
        return None
    width = 4 if kind == _REAL_SINGLE else 8
    budget.take(count * 8, len(function.data))
    values = _values(function, count if is_even else 2 * count, width, is_even)
    rate = 1.0 / step if is_even and step > 0 else None
    if not is_even:
        rate, values = rate_of_time_axis(values[::2].astype(np.float64)), values[1::2]
    samples = as_float32(values)
    reason = unusable(samples)
    if reason:
        notes.append(f"{name}: {reason}.")
        return None
    nearest = round(rate) if rate else 0
    rate = float(nearest) if rate and abs(rate - nearest) < 1e-5 * rate else rate
    return Channel(name, samples, rate, _unit(function.lines[8]), name)


def _values(function: _Function, count: int, width: int, is_even: bool) -> NDArray[Any]:
    if not function.binary:
        found = _NUMBER.findall(function.data.replace(b"D", b"E"))
        values = np.array(found[:count], dtype=np.float64)
    elif is_even:
        values = np.frombuffer(function.data, f"{function.binary}f{width}", count=-1)[:count]
    else:
        kind = np.dtype([("at", f"{function.binary}f4"), ("is", f"{function.binary}f{width}")])
        pairs = np.frombuffer(function.data, kind)[: count // 2]
        values = np.stack([pairs["at"], pairs["is"]], axis=1).reshape(-1)
    if values.size != count:
        raise Unreadable(f"A function declares {count:,} values, but {values.size:,} are there.")
    return values


def _name(function: _Function) -> str:
    """Return the response's node and direction, as in ``"12 +Z"``, or what the first line says."""
    line = function.lines[5]
    node, direction = line[41:51].strip(), line[51:55].strip()
    axis = _AXES.get(int(direction), "") if re.fullmatch(r"-?\d", direction) else ""
    if node.isdigit() and axis:
        return f"{node} {axis}"
    return plain(function.lines[0]) or "channel"


def _unit(line: str) -> str:
    """Return the unit's label behind the axis label of a data characteristics line."""
    unit = plain(line[47:67]).strip()
    return unit if unit and unit.upper() != "NONE" else UNKNOWN_UNIT


def _taken_at(lines: list[str]) -> str:
    match = _DATE.search(lines[2])
    if not match or match[2].upper() not in _MONTHS:
        return ""
    day, year = int(match[1]), int(match[3])
    year += (1900 if year >= 70 else 2000) if year < 100 else 0
    clock = f"{int(match[4]):02d}:{match[5]}:{match[6]}"
    return f"{year:04d}-{_MONTHS[match[2].upper()]:02d}-{day:02d}T{clock}+00:00"


def _apart(channels: list[Channel]) -> tuple[Channel, ...]:
    """Number channels where two have the same name."""
    names = [channel.name for channel in channels]
    return tuple(
        channel
        if names.count(channel.name) == 1
        else Channel(
            f"{channel.name} #{place}",
            channel.samples,
            channel.sampling_rate_hz,
            channel.unit,
            f"{channel.variable} #{place}",
        )
        for place, channel in enumerate(channels, 1)
    )


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
