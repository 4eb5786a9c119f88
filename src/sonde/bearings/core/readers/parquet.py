"""Apache Parquet: flat numeric columns; the footer says every size before polars sees the file.

polars decodes on threads of its own, which a jailed process cannot start later: they are started
here, when the module is loaded, and the jail's doors close on them too.
"""

import io
import os
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.own_file import MANIFEST
from sonde.bearings.core.readers.packing import Packed, packed
from sonde.bearings.core.readers.thrift import ThriftReader
from sonde.bearings.core.readers.variables import Value, content_of
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import TooLarge, Unreadable

_MAGIC = b"PAR1"
_MAX_COLUMNS, _MAX_FOOTER, _MAX_TEXT = 256, 16 << 20, 200
_WIDTHS = {1: 4, 2: 8, 4: 4, 5: 8}  # INT32, INT64, FLOAT, DOUBLE
_TICKS = {"ns": 1e9, "us": 1e6, "ms": 1e3}
_SCHEMA, _ROWS, _GROUPS, _FACTS = 2, 3, 4, 5


def _warm_up() -> None:
    """Start polars' threads and load all it needs, while a file can still be opened."""
    times = pl.Series("t", [0, 1]).cast(pl.Datetime("ns"))
    content = io.BytesIO()
    pl.DataFrame({"x": [1.0, 2.0], "t": times}).write_parquet(content)
    frame = pl.read_parquet(io.BytesIO(content.getvalue()), columns=["x", "t"])
    for name in frame.columns:
        _values(frame[name])


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a ``.parquet`` file.

    Raises
    ------
    Unreadable, TooLarge
    """
    content = stream.read()
    footer = _footer(content)
    names = _checked_columns(footer, len(content), Budget(limit_bytes))
    try:
        frame = pl.read_parquet(io.BytesIO(content), columns=names)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reason = str(error).split("\n", maxsplit=1)[0][:200]
        raise Unreadable(f"This .parquet file is damaged ({reason}).") from None
    if frame.height != int(footer.get(_ROWS, 0)):
        raise Unreadable("This .parquet file has not as many rows as it declares.")
    columns = {name: _values(frame[name]) for name in names}
    return content_of("parquet", {**dict(_facts(footer)), **columns})


def _values(column: pl.Series) -> NDArray[Any]:
    """Return a column as numbers; points in time become seconds from the first one."""
    if not isinstance(column.dtype, pl.Datetime | pl.Duration):
        return column.to_numpy()
    ticks = column.to_physical().to_numpy()
    return (ticks - ticks[0]) / _TICKS[column.dtype.time_unit or "us"] if ticks.size else ticks


def _footer(content: bytes) -> dict[int, Any]:
    length = int.from_bytes(content[-8:-4], "little")
    if len(content) < 12 or content[-4:] != _MAGIC or length > min(len(content) - 12, _MAX_FOOTER):
        raise Unreadable("This .parquet file is damaged or incomplete: it has no valid footer.")
    return ThriftReader(content[len(content) - 8 - length : -8]).structure()


def _checked_columns(footer: Mapping[int, Any], n_stored: int, budget: Budget) -> list[str]:
    """Return the names of the flat numeric columns, their declared sizes counted."""
    leaves = [each for each in footer.get(_SCHEMA, [])[1:] if not each.get(5)]
    nested = len(leaves) + 1 < len(footer.get(_SCHEMA, []))
    if len(leaves) > _MAX_COLUMNS or nested:
        raise TooLarge(f"A table has at most {_MAX_COLUMNS} columns, and no nested ones.")
    n_rows = int(footer.get(_ROWS, 0))
    _check_groups(footer, n_rows, n_stored, budget)
    kept = [each for each in leaves if each.get(1) in _WIDTHS]
    if not kept or n_rows < 0:
        raise Unreadable("This .parquet file holds no column of numbers.")
    declared = n_rows * sum(_WIDTHS[each[1]] for each in kept)
    budget.take(declared, n_stored)
    return [each[4].decode("utf-8", "replace") for each in kept]


def _check_groups(footer: Mapping[int, Any], n_rows: int, n_stored: int, budget: Budget) -> None:
    groups = footer.get(_GROUPS, [])
    if sum(int(group.get(3, 0)) for group in groups) != n_rows:
        raise Unreadable("The footer of this .parquet file contradicts itself.")
    inflated = 0
    for chunk in [chunk for group in groups for chunk in group.get(1, [])]:
        facts = chunk.get(3, {})
        if chunk.get(1):
            raise Unreadable("This .parquet file keeps columns in another file; it is refused.")
        if not 0 <= int(facts.get(7, 0)) <= n_stored:
            raise Unreadable("The footer of this .parquet file contradicts itself.")
        inflated += int(facts.get(6, 0))
    Budget(budget.left).take(inflated, n_stored)


def _facts(footer: Mapping[int, Any]) -> Iterator[tuple[str, Value]]:
    """Return the file's own notes, such as ``sampling_rate_hz``; long ones are of libraries."""
    for each in footer.get(_FACTS, []):
        name, value = each.get(1, b""), each.get(2, b"")
        if name == MANIFEST.encode():
            yield MANIFEST, value.decode("utf-8", "replace")
        elif len(name) <= _MAX_TEXT and len(value) <= _MAX_TEXT:
            text = value.decode("utf-8", "replace")
            yield name.decode("utf-8", "replace"), _figure(text)


def _figure(text: str) -> Value:
    try:
        return np.array([float(text)])
    except ValueError:
        return text


_warm_up()


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
