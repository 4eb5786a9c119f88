"""Read an untrusted file of candles; the parsing happens in a jailed child process."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.choices import ReadChoices
from sonde.markets.core.prices.columns import PriceColumns, PriceFile
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid, Unreadable
from sonde.platform.core.jail import JailLimits, open_untrusted, start_jailed

_PACKAGE = "sonde.markets.core.prices"
_PARSERS: Mapping[str, str] = {
    ".csv": f"{_PACKAGE}.csv_files:decode",
    ".tsv": f"{_PACKAGE}.csv_files:decode",
    ".txt": f"{_PACKAGE}.csv_files:decode",
    ".parquet": f"{_PACKAGE}.parquet_files:decode",
    ".pq": f"{_PACKAGE}.parquet_files:decode",
}
FORMATS: tuple[str, ...] = tuple(_PARSERS)
LIMITS = JailLimits(
    file_bytes=512 << 20, answer_bytes=256 << 20, memory_bytes=3 << 30, cpu_s=60, wall_s=120.0
)


def read_prices(
    path: Path, choices: ReadChoices, *, name: str | None = None, limits: JailLimits = LIMITS
) -> PriceFile:
    """Read a file of candles, ``.csv`` or ``.parquet``.

    Parameters
    ----------
    path : Path
    choices : ReadChoices
    name : str, optional
        The file's name as the person knows it, where `path` is a random name in a store.
    limits : JailLimits

    Returns
    -------
    PriceFile
        Sorted, unique, on the grid, closed bars only.

    Raises
    ------
    NotFound, Unreadable, TooLarge
        If the file cannot be read as what it claims to be.
    Invalid
        Names the row and the column of the first fault.
    """
    name = path.name if name is None else name
    sha256, head = _hash(path, limits.file_bytes)
    call = start_jailed(_parser(name, head), path, choices.to_json(), limits)
    answer = call.result()
    if len(answer.arrays) != 1 + len(COLUMNS):
        raise Unreadable("The reader gave an answer that makes no sense.")
    times, *values = answer.arrays
    return PriceFile(
        name=name,
        sha256=sha256,
        layout=str(answer.facts["layout"]),
        timeframe=Timeframe(str(answer.facts["timeframe"])),
        columns=PriceColumns(times, *values),
        notes=tuple(str(note) for note in answer.facts["notes"]),
    )


def _parser(name: str, head: bytes) -> str:
    """Return the parser for a file, by its ending; a Parquet file is known by its first bytes."""
    if head.startswith(b"PAR1"):
        return _PARSERS[".parquet"]
    ending = Path(name).suffix.lower()
    if ending not in _PARSERS:
        raise Invalid(
            f"{name[-80:]!r} is no file of prices that can be read; use {', '.join(FORMATS)}.",
            field="file",
        )
    return _PARSERS[ending]


def _hash(path: Path, file_bytes: int) -> tuple[str, bytes]:
    with os.fdopen(open_untrusted(path, file_bytes), "rb") as file:
        head = file.read(4)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest(), head
