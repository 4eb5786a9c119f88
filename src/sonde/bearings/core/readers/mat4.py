"""MATLAB's MAT-file of level 4: full numeric matrices and text, nothing compressed.

Layout: MathWorks, "MAT-File Format", chapter 2.
"""

import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.packing import Packed, packed
from sonde.bearings.core.readers.variables import content_of
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import Unreadable

_PRECISION = {0: "f8", 1: "f4", 2: "i4", 3: "i2", 4: "u2", 5: "u1"}
_MAX_NAME = 256


def looks_like_mat4(head: bytes) -> bool:
    """Say whether `head` can begin a level 4 file, which has no magic number.

    Examples
    --------
    >>> looks_like_mat4(struct.pack("<iiiii", 0, 100, 1, 0, 2) + b"x")
    True
    >>> looks_like_mat4(b"time;value and then some text")
    False
    """
    return len(head) >= 20 and _header(head[:20]) is not None


def _header(head: bytes) -> tuple[str, str, bool, int, int, int, int] | None:
    """Return byte order, dtype, whether it is text, rows, columns, imaginary flag, name length."""
    for order in "<>":
        kind, rows, columns, imaginary, name_length = struct.unpack(order + "5i", head)
        thousands, rest = divmod(kind, 1000)
        precision, matrix = rest // 10 % 10, rest % 10
        sensible = thousands == (order == ">") and rest < 60 and precision in _PRECISION
        if not sensible or matrix not in {0, 1} or imaginary not in {0, 1}:
            continue
        if rows >= 0 and columns >= 0 and 0 < name_length <= _MAX_NAME:
            dtype = order + _PRECISION[precision]
            return order, dtype, matrix == 1, rows, columns, imaginary, name_length
    return None


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a level 4 MAT-file.

    Raises
    ------
    Unreadable, TooLarge
    """
    content = memoryview(stream.read())
    budget = Budget(limit_bytes)
    variables: dict[str, Any] = {}
    position = 0
    while position + 20 <= len(content):
        header = _header(bytes(content[position : position + 20]))
        if header is None:
            raise Unreadable("This is no MAT-file, or it is damaged.")
        _, dtype, is_text, rows, columns, imaginary, name_length = header
        position += 20
        n_bytes = rows * columns * np.dtype(dtype).itemsize
        end = position + name_length + n_bytes * (1 + imaginary)
        if end > len(content):
            raise Unreadable("This .mat file is shorter than it declares.")
        budget.take(n_bytes, n_bytes)
        name = bytes(content[position : position + name_length]).rstrip(b"\0").decode("latin-1")
        start = position + name_length
        values = np.frombuffer(content[start : start + n_bytes], dtype=dtype)
        text = "".join(chr(int(code)) for code in values[:200]) if is_text else ""
        variables[name] = text if is_text else values.reshape((rows, columns), order="F")
        position = end
    return content_of("mat4", variables)


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
