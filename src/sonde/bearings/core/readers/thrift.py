"""Thrift's compact protocol: as much of it as the footer of a Parquet file is written in.

Values come out as plain Python: a struct is a dict by field number. Layout: Apache Thrift,
"Thrift Compact protocol encoding".
"""

import struct
from dataclasses import dataclass
from typing import Any

from sonde.platform.core.errors import TooLarge, Unreadable

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY = 1, 2, 3, 7, 8
_INTEGERS = frozenset({4, 5, 6})
_LISTS = frozenset({9, 10})
_STRUCT = 12
_MAX_DEPTH, _MAX_VALUES = 12, 200_000


@dataclass
class ThriftReader:
    """Reads values one after the other, and no more of them than a sensible file has.

    Parameters
    ----------
    content : bytes
    position : int
    """

    content: bytes
    position: int = 0
    _n_values: int = 0

    def structure(self, depth: int = 0) -> dict[int, Any]:
        """Return the struct that begins here.

        Examples
        --------
        >>> ThriftReader(bytes([0x15, 0x04, 0x18, 0x02]) + b"ab" + bytes([0])).structure()
        {1: 2, 2: b'ab'}
        """
        if depth > _MAX_DEPTH:
            raise TooLarge("The footer of this file is nested too deeply.")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            kind, step = head & 0x0F, head >> 4
            number = number + step if step else self._zigzag()
            fields[number] = kind == _TRUE if kind in {_TRUE, _FALSE} else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        self._n_values += 1
        if self._n_values > _MAX_VALUES:
            raise TooLarge("The footer of this file has too many parts.")
        if kind in _INTEGERS:
            return self._zigzag()
        if kind == _BINARY:
            return self._take(self._varint())
        if kind == _STRUCT:
            return self.structure(depth + 1)
        if kind in _LISTS:
            return self._list(depth)
        if kind == _BYTE or kind in {_TRUE, _FALSE}:
            return self._byte()
        if kind == _DOUBLE:
            return struct.unpack("<d", self._take(8))[0]
        raise Unreadable("The footer of this file makes no sense.")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        length = head >> 4 if head >> 4 < 15 else self._varint()
        return [self._value(head & 0x0F, depth) for _ in range(length)]

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, n_bytes: int) -> bytes:
        piece = self.content[self.position : self.position + n_bytes]
        if len(piece) < n_bytes:
            raise Unreadable("The footer of this file ends too early.")
        self.position += n_bytes
        return piece

    def _varint(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise Unreadable("The footer of this file makes no sense.")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
