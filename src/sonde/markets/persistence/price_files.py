"""Candles in Parquet files of our own: written whole, read back as columns."""

import hashlib
import io
from functools import lru_cache
from pathlib import Path

import numpy as np

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.columns import PriceColumns
from sonde.platform.core.errors import Unreadable

_TIME = "open_time_ms"


def encoded(columns: PriceColumns) -> bytes:
    """Return candles as the content of a Parquet file."""
    import polars as pl

    content = io.BytesIO()
    frame = pl.DataFrame({name: getattr(columns, name) for name in (_TIME, *COLUMNS)})
    frame.write_parquet(content, compression="zstd")
    return content.getvalue()


def read(path: Path) -> PriceColumns:
    """Return the candles of a file; raises Unreadable if the file is damaged.

    The files that were read last are kept in memory: a page asks for the same month many times.
    """
    found = path.stat()
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=24)
def _read(path: Path, _changed_ns: int, _size: int) -> PriceColumns:
    import polars as pl

    try:
        frame = pl.read_parquet(path, columns=[_TIME, *COLUMNS], memory_map=False)
    except pl.exceptions.PolarsError as error:
        raise Unreadable(
            f"The stored prices in {path.name} are damaged; import them again."
        ) from error
    values = {name: frame[name].to_numpy() for name in (_TIME, *COLUMNS)}
    for column in values.values():
        column.flags.writeable = False
    return PriceColumns(**values)


def content_hash(columns: PriceColumns) -> str:
    """Return the SHA-256 of the candles themselves, however they are stored."""
    digest = hashlib.sha256()
    for name in (_TIME, *COLUMNS):
        digest.update(
            np.ascontiguousarray(getattr(columns, name))
            .astype("<f8" if name != _TIME else "<i8")
            .tobytes()
        )
    return digest.hexdigest()
