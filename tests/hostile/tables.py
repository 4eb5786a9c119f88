"""Parquet, TDMS and universal files that try to harm whoever reads them."""

import struct
from pathlib import Path

import numpy as np
import polars as pl
from nptdms import ChannelObject, TdmsWriter

_N = 2048


def _signal() -> np.ndarray:
    return np.random.default_rng(0).standard_normal(_N)


def _varint(value: int) -> bytes:
    made = b""
    while value >= 0x80:
        made += bytes([value & 0x7F | 0x80])
        value >>= 7
    return made + bytes([value])


def _integer(step: int, value: int) -> bytes:
    """Return one field of a thrift struct, a 64-bit integer, `step` after the one before."""
    return bytes([step << 4 | 6]) + _varint(value << 1)


def _text(step: int, value: bytes) -> bytes:
    return bytes([step << 4 | 8]) + _varint(len(value)) + value


def _footer(n_rows: int, *, column: bytes = b"", n_stored: int = 16) -> bytes:
    """Return the footer of a table with one column ``x`` of float64."""
    root = _text(4, b"schema") + bytes([0x15, 0x02, 0x00])
    leaf = bytes([0x15, 0x0A, 0x25, 0x00]) + _text(1, b"x") + b"\x00"
    meta = bytes([0x15, 0x0A, 0x19, 0x15, 0x00, 0x19, 0x18, 0x01]) + b"x" + bytes([0x15, 0x00])
    meta += _integer(1, n_rows) + _integer(1, n_stored) + _integer(1, n_stored) + _integer(2, 4)
    chunk = column + _integer(1 if column else 2, 4) + b"\x1c" + meta + b"\x00\x00"
    group = b"\x19\x1c" + chunk + _integer(1, n_stored) + _integer(1, n_rows) + b"\x00"
    return b"\x15\x02\x19\x2c" + root + leaf + _integer(1, n_rows) + b"\x19\x1c" + group + b"\x00"


def _parquet(path: Path, footer: bytes, length: int | None = None) -> Path:
    n_bytes = len(footer) if length is None else length
    path.write_bytes(b"PAR1" + bytes(64) + footer + struct.pack("<I", n_bytes) + b"PAR1")
    return path


def parquet_declaring_a_trillion_rows(folder: Path) -> Path:
    """Write a few hundred bytes that declare 8 TB."""
    return _parquet(folder / "trillion_rows.parquet", _footer(10**12))


def parquet_lying_about_its_rows(folder: Path) -> Path:
    """Write a table that declares rows which are not there."""
    return _parquet(folder / "no_such_rows.parquet", _footer(4_000))


def parquet_expanding_to_64_mb(folder: Path) -> Path:
    """Write a table of one value, eight million times."""
    path = folder / "expands_to_64_mb.parquet"
    pl.DataFrame({"x": np.full(8_000_000, 0.5)}).write_parquet(path)
    return path


def parquet_in_another_file(folder: Path) -> Path:
    """Write a table whose column is kept in a file of the machine."""
    footer = _footer(4_000, column=_text(1, b"/etc/passwd"))
    return _parquet(folder / "other_file.parquet", footer)


def parquet_with_an_endless_footer(folder: Path) -> Path:
    """Write a footer that is a struct within a struct within a struct."""
    return _parquet(folder / "endless_footer.parquet", b"\x1c" * 50_000)


def parquet_with_a_footer_larger_than_itself(folder: Path) -> Path:
    """Write a footer that declares more bytes than the file has."""
    return _parquet(folder / "large_footer.parquet", _footer(10), length=1 << 30)


def parquet_with_a_list_of_a_billion(folder: Path) -> Path:
    """Write a footer whose list declares a billion schema elements."""
    footer = b"\x15\x02\x19\xfc" + _varint(10**9) + b"\x00" * 40_000
    return _parquet(folder / "billion_columns.parquet", footer)


def parquet_of_words(folder: Path) -> Path:
    """Write a table without a number."""
    path = folder / "words.parquet"
    pl.DataFrame({"x": ["=cmd|' /C calc'!A0"] * 300}).write_parquet(path)
    return path


def parquet_nested(folder: Path) -> Path:
    """Write a table of lists within structs."""
    path = folder / "nested.parquet"
    pl.DataFrame({"x": [{"a": [1.0, 2.0]}] * 300}).write_parquet(path)
    return path


def parquet_damaged(folder: Path) -> Path:
    """Write a sound table whose pages were overwritten."""
    path = folder / "damaged.parquet"
    pl.DataFrame({"x": _signal()}).write_parquet(path)
    content = bytearray(path.read_bytes())
    content[4:2_000] = b"\xff" * 1_996
    path.write_bytes(content)
    return path


def _tdms(path: Path) -> bytes:
    with TdmsWriter(path) as writer:
        writer.write_segment([ChannelObject("g", "x", _signal())])
    return path.read_bytes()


def tdms_declaring_8_tb(folder: Path) -> Path:
    """Write a channel that declares a trillion values."""
    path = folder / "declares_8_tb.tdms"
    content = _tdms(path)
    path.write_bytes(content.replace(struct.pack("<Q", _N), struct.pack("<Q", 10**12), 1))
    return path


def tdms_of_a_billion_objects(folder: Path) -> Path:
    """Write a segment that declares a billion objects."""
    path = folder / "billion_objects.tdms"
    content = bytearray(_tdms(path))
    content[28:32] = struct.pack("<I", 10**9)
    path.write_bytes(content)
    return path


def tdms_truncated(folder: Path) -> Path:
    """Write the first bytes of a sound TDMS file."""
    path = folder / "truncated.tdms"
    path.write_bytes(_tdms(path)[:100])
    return path


def tdms_of_a_huge_name(folder: Path) -> Path:
    """Write a segment whose first object's name declares 4 GB."""
    path = folder / "huge_name.tdms"
    content = bytearray(_tdms(path))
    content[32:36] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(content)
    return path


_UFF_HEADER = [
    "x",
    "NONE",
    "NONE",
    "NONE",
    "NONE",
    "    1         0    0         0       NONE         1   3       NONE         1   3",
    "         4{count:>10}         1  0.00000e+00  3.90625e-05  0.00000e+00",
    "        17    0    0    0 NONE                 NONE",
    "        12    0    0    0 NONE                 g",
    "         0    0    0    0 NONE                 NONE",
    "         0    0    0    0 NONE                 NONE",
]


def _universal(kind: str, count: int, data: bytes) -> bytes:
    lines = ["    -1", kind, *_UFF_HEADER]
    return "\n".join(lines).format(count=count).encode() + b"\n" + data + b"\n    -1\n"


def uff_declaring_8_gb(folder: Path) -> Path:
    """Write a function that declares 999 million values and holds three."""
    path = folder / "declares_8_gb.uff"
    path.write_bytes(_universal("    58", 999_999_999, b" 1.0 2.0 3.0"))
    return path


def uff_binary_lying(folder: Path) -> Path:
    """Write binary data that declares more bytes than the file has."""
    path = folder / "binary_lying.uff"
    kind = f"    58b     1     2          11{2**31:>12}     0     0           0           0"
    path.write_bytes(_universal(kind, 2**28, bytes(800)))
    return path


def uff_never_closed(folder: Path) -> Path:
    """Write a function that never ends."""
    path = folder / "never_closed.uff"
    path.write_bytes(_universal("    58", 2048, b" 1.0" * 100)[:-8])
    return path


def uff_without_a_signal(folder: Path) -> Path:
    """Write a universal file of nodes and units."""
    path = folder / "no_signal.unv"
    path.write_text("    -1\n   151\nmodel\n    -1\n    -1\n   164\n 1\n    -1\n")
    return path


TABLES = (
    parquet_declaring_a_trillion_rows,
    parquet_lying_about_its_rows,
    parquet_expanding_to_64_mb,
    parquet_in_another_file,
    parquet_with_an_endless_footer,
    parquet_with_a_footer_larger_than_itself,
    parquet_with_a_list_of_a_billion,
    parquet_of_words,
    parquet_nested,
    parquet_damaged,
    tdms_declaring_8_tb,
    tdms_of_a_billion_objects,
    tdms_truncated,
    tdms_of_a_huge_name,
    uff_declaring_8_gb,
    uff_binary_lying,
    uff_never_closed,
    uff_without_a_signal,
)
