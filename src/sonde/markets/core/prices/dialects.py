"""How a text table is written: delimiter, decimal mark, header, remarks above it."""

import re
from dataclasses import dataclass

from sonde.platform.core.errors import Unreadable

REMARKS = 20
_DELIMITERS = (",", ";", "\t", "|")
_MAX_COLUMNS, _LEAST_COLUMNS = 256, 5
_NUMBER = re.compile(r"^[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d{1,4})?$")
_TIME = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


@dataclass(frozen=True)
class Dialect:
    """How a text table is written.

    Parameters
    ----------
    delimiter, decimal : str
    names : tuple of str
        The header; empty where there is none.
    skip : int
        Lines before the first row of values.
    width : int
        Number of columns.
    """

    delimiter: str
    decimal: str
    names: tuple[str, ...]
    skip: int
    width: int


def dialect_of(lines: list[str]) -> Dialect:
    r"""Find out how the table that begins with `lines` is written.

    Raises
    ------
    Unreadable
        If no line has at least five columns, or one has more than 256.

    Examples
    --------
    >>> found = dialect_of(["https://example.org", "date;open;high;low;close", "1;1,5;2;1;2"])
    >>> found.delimiter, found.decimal, found.skip, found.names
    (';', ',', 2, ('date', 'open', 'high', 'low', 'close'))
    """
    for k, line in enumerate(lines[: REMARKS + 1]):
        delimiter = max(_DELIMITERS, key=line.count)
        fields = _fields(line, delimiter)
        if len(fields) < _LEAST_COLUMNS:
            continue
        if len(fields) > _MAX_COLUMNS:
            raise Unreadable(f"This table has more than {_MAX_COLUMNS} columns.")
        has_header = not any(_NUMBER.match(field) or _TIME.match(field) for field in fields)
        first = k + 1 if has_header else k
        sample = _fields(lines[first], delimiter) if first < len(lines) else []
        decimal = "," if delimiter != "," and any("," in field for field in sample) else "."
        return Dialect(delimiter, decimal, tuple(fields if has_header else ()), first, len(fields))
    raise Unreadable("This text file is no table of prices: it has fewer than five columns.")


def _fields(line: str, delimiter: str) -> list[str]:
    return [field.strip().strip("\"'# ")[:64] for field in line.split(delimiter)]
