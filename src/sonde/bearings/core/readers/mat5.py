"""MATLAB's MAT-file of level 5 (versions 5 to 7): inflated as a stream, with a byte budget.

Written here because the usual reader inflates a whole variable before anyone can ask for its
size: 389 kB become 400 MB. Only numbers, text, structs and cells are read; objects, functions
and sparse matrices are passed over. Layout: MathWorks, "MAT-File Format", chapter 1.
"""

import math
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.packing import Packed, packed
from sonde.bearings.core.readers.variables import Tree, Value, content_of
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import TooLarge, Unreadable

_MATRIX, _COMPRESSED = 14, 15
_CELL, _STRUCT, _CHAR = 1, 2, 4
_NUMERIC = frozenset(range(6, 16))
_MAX_DEPTH, _MAX_ELEMENTS = 16, 20_000
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8"} | {
    12: "i8",
    13: "u8",
}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}

Node = Value | Tree | list[Tree] | None


class _Source(Protocol):
    def read(self, n_bytes: int) -> bytes: ...


@dataclass
class _Stored:
    """Bytes that stand in the file as they are."""

    content: memoryview
    position: int = 0

    def read(self, n_bytes: int) -> bytes:
        """Return the next `n_bytes`; raises Unreadable at the end."""
        piece = self.content[self.position : self.position + n_bytes]
        if len(piece) < n_bytes:
            raise Unreadable("This .mat file is shorter than it declares.")
        self.position += n_bytes
        return bytes(piece)


class _Inflated:
    """Bytes that come out of a deflate stream, never more than asked for."""

    def __init__(self, content: memoryview) -> None:
        self._inflate = zlib.decompressobj()
        self._pending: bytes | memoryview = content

    def read(self, n_bytes: int) -> bytes:
        """Return the next `n_bytes`; raises Unreadable where the stream ends or is damaged."""
        pieces, missing = [], n_bytes
        while missing:
            try:
                piece = self._inflate.decompress(self._pending, missing)
            except zlib.error as error:
                raise Unreadable(f"A compressed part of this file is damaged ({error}).") from None
            self._pending = self._inflate.unconsumed_tail
            if not piece:
                raise Unreadable("A compressed part of this file ends too early.")
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)


@dataclass
class _Parser:
    order: str
    budget: Budget
    elements: int = 0

    def matrix(self, source: _Source, n_bytes: int, depth: int) -> tuple[str, Node]:
        """Read one miMATRIX of `n_bytes`, its tag already taken."""
        self.elements += 1
        if depth > _MAX_DEPTH or self.elements > _MAX_ELEMENTS:
            raise TooLarge("This .mat file is nested too deeply or has too many parts.")
        if n_bytes == 0:
            return "", None
        body = _Bounded(source, n_bytes)
        flags = self._numbers(body)
        kind = int(flags[0]) & 0xFF
        shape = tuple(int(length) for length in self._numbers(body))
        name = self._bytes(body)[1].decode("latin-1")
        if any(length < 0 for length in shape) or len(shape) < 2:
            raise Unreadable("A variable of this .mat file has no sensible shape.")
        node = self._node(body, kind, shape, depth)
        body.skip()
        return name, node

    def _node(self, body: "_Bounded", kind: int, shape: tuple[int, ...], depth: int) -> Node:
        count = math.prod(shape)
        if kind in _NUMERIC:
            values = self._numbers(body)
            if values.size != count:
                raise Unreadable("A variable of this .mat file is not as large as it declares.")
            return values.reshape(shape, order="F")
        if kind == _CHAR:
            number, content = self._bytes(body)
            coding = _TEXTS.get(number, "latin-1")
            if coding == "utf-16":
                coding = "utf-16-le" if self.order == "<" else "utf-16-be"
            return content.decode(coding, "replace").strip("\0 ")
        if kind == _CELL:
            cells = [self._child(body, depth)[1] for _ in range(count)]
            return [{f"{place}": cell} for place, cell in enumerate(cells) if cell is not None]
        if kind == _STRUCT:
            return self._structs(body, count, depth)
        return None

    def _structs(self, body: "_Bounded", count: int, depth: int) -> Node:
        length = int(self._numbers(body)[0])
        names = self._bytes(body)[1]
        if length <= 0:
            raise Unreadable("A struct of this .mat file has no field names.")
        fields = [
            names[start : start + length].split(b"\0")[0].decode("latin-1")
            for start in range(0, len(names), length)
        ]
        structs: list[Tree] = []
        for _ in range(count):
            values = {field: self._child(body, depth)[1] for field in fields}
            structs.append({field: value for field, value in values.items() if value is not None})
        return structs[0] if len(structs) == 1 else structs

    def _child(self, body: "_Bounded", depth: int) -> tuple[str, Node]:
        number, n_bytes = struct.unpack(self.order + "II", body.read(8))
        if number != _MATRIX:
            raise Unreadable("A part of this .mat file is not where it should be.")
        return self.matrix(body, n_bytes, depth + 1)

    def _bytes(self, body: "_Bounded") -> tuple[int, bytes]:
        """Read one data element: its type and its bytes, padding left out."""
        number, n_bytes = struct.unpack(self.order + "II", body.read(8))
        if number >> 16:
            small = struct.pack(self.order + "I", n_bytes)
            return number & 0xFFFF, small[: min(number >> 16, 4)]
        content = body.read(n_bytes)
        body.read(min(-n_bytes % 8, body.left))
        return number, content

    def _numbers(self, body: "_Bounded") -> NDArray[Any]:
        number, content = self._bytes(body)
        if number not in _NUMBERS:
            raise Unreadable("A part of this .mat file holds no numbers where it should.")
        return np.frombuffer(content, dtype=self.order + _NUMBERS[number])


@dataclass
class _Bounded:
    """A source that ends after `left` bytes."""

    source: _Source
    left: int

    def read(self, n_bytes: int) -> bytes:
        """Return the next `n_bytes`; raises Unreadable beyond the end."""
        if n_bytes > self.left:
            raise Unreadable("A part of this .mat file is larger than what holds it.")
        self.left -= n_bytes
        return self.source.read(n_bytes)

    def skip(self) -> None:
        """Pass over what is left."""
        while self.left:
            self.read(min(self.left, 1 << 20))


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a level 5 MAT-file.

    Raises
    ------
    Unreadable, TooLarge
    """
    content = memoryview(stream.read())
    order = {b"IM": "<", b"MI": ">"}.get(bytes(content[126:128]))
    if order is None:
        raise Unreadable("This .mat file has no valid header.")
    parser = _Parser(order, Budget(limit_bytes))
    variables: dict[str, Any] = {}
    position = 128
    while position + 8 <= len(content):
        number, n_bytes = struct.unpack_from(order + "II", content, position)
        position += 8
        if position + n_bytes > len(content):
            raise Unreadable("This .mat file is shorter than it declares.")
        name, node = _variable(parser, number, content[position : position + n_bytes])
        if node is not None and not name.startswith("__"):
            variables[name] = node
        position += n_bytes
    return content_of("mat5", variables)


def _variable(parser: _Parser, number: int, content: memoryview) -> tuple[str, Node]:
    if number == _MATRIX:
        parser.budget.take(len(content), len(content))
        return parser.matrix(_Stored(content), len(content), 0)
    if number != _COMPRESSED:
        return "", None
    source = _Inflated(content)
    inner, n_bytes = struct.unpack(parser.order + "II", source.read(8))
    if inner != _MATRIX:
        return "", None
    parser.budget.take(n_bytes, len(content))
    return parser.matrix(source, n_bytes, 0)


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
