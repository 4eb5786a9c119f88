"""Parquet files of candles, with the types that other programs write.

polars decodes on threads of its own, which a jailed process cannot start later: they are started
here, when the module is loaded, and the jail's doors close on them too.
"""

import io
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.choices import ReadChoices, choices_from_json
from sonde.markets.core.prices.decoding import Answer, check_size, decoded
from sonde.markets.core.prices.layouts import mapped_columns
from sonde.markets.core.prices.tables import SYMBOL_NAMES, RawTable, check_one_symbol
from sonde.platform.core.errors import Invalid, Unreadable

_MAGIC = b"PAR1"
_MAX_COLUMNS = 256
_NUMBERS = (pl.Decimal, pl.Float32, pl.Float64)
_TIMES = (pl.String, pl.Date, pl.Datetime)


def read(content: bytes, choices: ReadChoices) -> RawTable:
    """Read the columns of a Parquet file that candles need.

    Raises
    ------
    Unreadable
        If it is damaged or its columns are no plain ones.
    Invalid
        If a column is missing or a value is empty.
    """
    if len(content) < 12 or content[:4] != _MAGIC or content[-4:] != _MAGIC:
        raise Unreadable("This .parquet file is damaged or incomplete: it has no valid footer.")
    try:
        schema = pl.read_parquet_schema(io.BytesIO(content))
        names = tuple(schema)
        if len(names) > _MAX_COLUMNS:
            raise Unreadable(f"This table has more than {_MAX_COLUMNS} columns.")
        layout, places = mapped_columns(names, len(names), choices)
        wanted = {name: names[place] for name, place in places.items()}
        _check_types(schema, wanted)
        symbols = [name for name in names if _is_symbol(name, schema[name])]
        kept = list(dict.fromkeys([*wanted.values(), *symbols]))
        frame = pl.read_parquet(io.BytesIO(content), columns=kept)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reason = str(error).split("\n", maxsplit=1)[0][:200]
        raise Unreadable(f"This .parquet file is damaged ({reason}).") from None
    return _table(frame, wanted, symbols, layout)


def _is_symbol(name: str, dtype: pl.DataType) -> bool:
    return name.lower() in SYMBOL_NAMES and dtype == pl.String


def _check_types(schema: Mapping[str, pl.DataType], wanted: Mapping[str, str]) -> None:
    for name, column in wanted.items():
        dtype = schema[column]
        fits = dtype.is_integer() or isinstance(dtype, _NUMBERS)
        if not (fits or (name == "time" and isinstance(dtype, _TIMES))):
            raise Unreadable(f"Column {column[:40]} holds {dtype}, which is no {name}.")


def _table(
    frame: pl.DataFrame, wanted: Mapping[str, str], symbols: list[str], layout: str
) -> RawTable:
    check_size(frame.height)
    for name in symbols:
        check_one_symbol(frame[name].drop_nulls().unique().to_list())
    notes = []
    for name, column in wanted.items():
        values = frame[column]
        if values.null_count():
            row = int(np.argmax(values.is_null().to_numpy())) + 1
            raise Invalid(f"Row {row}, column {name}: is empty.", column=name)
        if values.dtype == pl.Float32:
            notes.append(f"Column {name} is stored in 32 bits, which is about 7 digits.")
    numbers = {name: _real(frame[wanted[name]]) for name in COLUMNS}
    return RawTable(
        _moments(frame[wanted["time"]]), numbers, layout, 1, has_header=True, notes=tuple(notes)
    )


def _real(column: pl.Series) -> NDArray[np.float64]:
    if isinstance(column.dtype, pl.Decimal | pl.Float32):
        # The shortest decimal that means the same: 37253.82, not 37253.8203125.
        column = column.cast(pl.String)
    return column.cast(pl.Float64).to_numpy().astype(np.float64)


def _moments(column: pl.Series) -> NDArray[Any]:
    if isinstance(column.dtype, pl.Date):
        return column.to_physical().to_numpy().astype("datetime64[D]")
    if isinstance(column.dtype, pl.Datetime):
        unit = column.dtype.time_unit or "us"
        return column.to_physical().to_numpy().astype(f"datetime64[{unit}]")
    if column.dtype == pl.String:
        return np.array([text.encode()[:40] for text in column.to_list()], "S40")
    if isinstance(column.dtype, pl.Decimal):
        return column.cast(pl.Float64).to_numpy()
    return column.to_numpy()


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Answer:
    """Answer the jail's parent."""
    choices = choices_from_json(arguments)
    return decoded(read(stream.read(), choices), choices, limit_bytes)


def _warm_up() -> None:
    """Start polars' threads and load all it needs, while a file can still be opened."""
    content = io.BytesIO()
    times = [datetime(2021, 6, 1, tzinfo=UTC)]
    frame = pl.DataFrame(
        {"time": times, "open": [1.5], "high": [1.5], "low": [1.5], "close": [1.5]}
    )
    frame = frame.with_columns(volume=pl.Series([2.5], dtype=pl.Float32), symbol=pl.lit("X"))
    frame.write_parquet(content)
    decoded(read(content.getvalue(), ReadChoices(2**62)), ReadChoices(2**62, "1h"), 1 << 20)


_warm_up()
