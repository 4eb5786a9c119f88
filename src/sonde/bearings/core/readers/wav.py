"""RIFF/WAVE: PCM of 8 to 32 bits and IEEE float; the rate stands in the header."""

import struct
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.packing import Packed, packed
from sonde.bearings.core.readers.variables import as_float32, unusable
from sonde.bearings.core.recordings import UNKNOWN_UNIT, Channel, FileContent, Record
from sonde.platform.core.errors import Unreadable

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MAX_CHANNELS = 64


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a ``.wav`` file; integer samples are scaled so that full scale is 1.

    Raises
    ------
    Unreadable, TooLarge
    """
    content = stream.read()
    chunks = dict(_chunks(content))
    if b"fmt " not in chunks or b"data" not in chunks or len(chunks[b"fmt "]) < 16:
        raise Unreadable("This .wav file has no format or no data.")
    head = chunks[b"fmt "]
    kind, n_channels, rate, _, block, bits = struct.unpack("<HHIIHH", head[:16])
    if kind == _EXTENSIBLE and len(head) >= 26:
        kind = struct.unpack("<H", head[24:26])[0]
    if not 1 <= n_channels <= _MAX_CHANNELS or rate == 0 or block != n_channels * bits // 8:
        raise Unreadable("The header of this .wav file contradicts itself.")
    data = chunks[b"data"]
    Budget(limit_bytes).take(len(data) // max(bits // 8, 1) * 4, len(data))
    values = _decoded(data[: len(data) // block * block], kind, bits).reshape(-1, n_channels)
    channels, notes = [], ["Full scale is 1; the file does not say what unit that is."]
    for position in range(n_channels):
        samples = as_float32(values[:, position])
        reason = unusable(samples)
        if reason:
            notes.append(f"Channel {position + 1}: {reason}.")
        else:
            name = f"channel {position + 1}"
            channels.append(Channel(name, samples, float(rate), UNKNOWN_UNIT, name))
    if not channels:
        raise Unreadable("; ".join(notes[1:]))
    return FileContent("wav", (Record("", tuple(channels)),), tuple(notes))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 12
    while position + 8 <= len(content):
        name = content[position : position + 4]
        size = struct.unpack_from("<I", content, position + 4)[0]
        if position + 8 + size > len(content):
            raise Unreadable("This .wav file is shorter than it declares.")
        yield name, content[position + 8 : position + 8 + size]
        position += 8 + size + size % 2


def _decoded(data: bytes, kind: int, bits: int) -> NDArray[np.generic]:
    if kind == _FLOAT and bits in {32, 64}:
        return np.frombuffer(data, dtype=f"<f{bits // 8}")
    if kind == _PCM and bits == 8:
        return (np.frombuffer(data, dtype=np.uint8).astype(np.float32) - 128.0) / 128.0
    if kind == _PCM and bits in {16, 32}:
        return np.frombuffer(data, dtype=f"<i{bits // 8}") / np.float32(2.0 ** (bits - 1))
    if kind == _PCM and bits == 24:
        triples = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3)
        wide = np.zeros((triples.shape[0], 4), dtype=np.uint8)
        wide[:, 1:] = triples
        return wide.view("<i4").reshape(-1) / np.float32(2.0**31)
    raise Unreadable(f"This kind of .wav file (format {kind}, {bits} bit) is not read.")


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
