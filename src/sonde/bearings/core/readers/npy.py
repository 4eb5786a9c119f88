"""NumPy's ``.npy``: one plain numeric array; the header is checked against the file's size."""

import math
import os
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.packing import Packed, packed
from sonde.bearings.core.readers.variables import content_of
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import Unreadable


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a ``.npy`` file.

    Raises
    ------
    Unreadable, TooLarge
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return content_of("npy", {"signal": array_of(stream, size, Budget(limit_bytes))})


def array_of(stream: BinaryIO, size: int, budget: Budget) -> NDArray[Any]:
    """Return the plain numeric array in a stream of `size` bytes, counted before it is read.

    Raises
    ------
    Unreadable, TooLarge
    """
    version = npy_format.read_magic(stream)
    readers = {
        (1, 0): npy_format.read_array_header_1_0,
        (2, 0): npy_format.read_array_header_2_0,
    }
    if version not in readers:
        raise Unreadable(f"The .npy version {version[0]}.{version[1]} is not read.")
    shape, fortran, dtype = readers[version](stream)
    if dtype.hasobject or dtype.kind not in "fiu":
        raise Unreadable(f"This array holds {dtype.name} values, not plain numbers.")
    stored = size - stream.tell()
    declared = math.prod(int(length) for length in shape) * dtype.itemsize
    if declared != stored:
        raise Unreadable(f"The header declares {declared:,} bytes, but the file has {stored:,}.")
    budget.take(declared, stored)
    values = np.frombuffer(stream.read(declared), dtype=dtype)
    return values.reshape(shape, order="F" if fortran else "C")


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
