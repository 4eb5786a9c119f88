"""Times as files write them: seconds to nanoseconds since 1970, or ISO 8601."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

# How many of each unit are a millisecond, as a fraction; 1990 to 2100 tell the units apart.
_PER_MS = {"s": (1, 1000), "ms": (1, 1), "us": (1000, 1), "ns": (1_000_000, 1)}
_FIRST_S, _LAST_S = 631_152_000, 4_102_444_800
_PER_S = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class TimeFault(Invalid):
    """A time cannot be understood; `row` counts from 0."""

    def __init__(self, row: int, words: str) -> None:
        super().__init__(words, row=row, column="time")
        self.row = row


def unit_of(time: int) -> str | None:
    """Return the unit in which `time` lies between 1990 and 2100, or None.

    Examples
    --------
    >>> unit_of(1_622_505_600), unit_of(1_622_505_600_000), unit_of(17)
    ('s', 'ms', None)
    """
    for unit, per_s in _PER_S.items():
        if _FIRST_S * per_s <= time < _LAST_S * per_s:
            return unit
    return None


def ms_of_numbers(times: NDArray[np.int64], unit: str) -> tuple[NDArray[np.int64], str]:
    """Return whole numbers as milliseconds UTC, and their unit.

    Parameters
    ----------
    times : ndarray of int64, shape (bar,)
    unit : str
        ``"auto"`` for the unit of the first row.

    Raises
    ------
    TimeFault
        If a time is not between 1990 and 2100 in the unit of the first, or no whole millisecond.

    Examples
    --------
    >>> import numpy as np
    >>> ms_of_numbers(np.array([1_622_505_600]), "auto")
    (array([1622505600000]), 's')
    """
    found = unit_of(int(times[0])) if unit in {"auto", "iso"} else unit
    if found is None:
        raise TimeFault(0, f"{times[0]} is no time between 1990 and 2100 in s, ms, us or ns")
    per_s = _PER_S[found]
    strange = (times < _FIRST_S * per_s) | (times >= _LAST_S * per_s)
    if strange.any():
        row = int(np.argmax(strange))
        other = unit_of(int(times[row]))
        words = f"is in {other}, the first row's in {found}" if other else f"is no time in {found}"
        raise TimeFault(row, f"{times[row]} {words}")
    divisor, factor = _PER_MS[found]
    split = times % divisor != 0
    if split.any():
        row = int(np.argmax(split))
        raise TimeFault(row, f"{times[row]} {found} is no whole millisecond")
    return times // divisor * factor, found


def ms_of_texts(texts: Sequence[str]) -> tuple[NDArray[np.int64], bool]:
    """Return ISO 8601 texts as milliseconds UTC, and whether an offset was said.

    Without an offset a time is taken as UTC.

    Raises
    ------
    TimeFault

    Examples
    --------
    >>> ms_of_texts(["2021-06-01 00:00:00", "2021-06-01T01:00:00"])
    (array([1622505600000, 1622509200000]), False)
    >>> ms_of_texts(["2021-06-01T02:00:00+02:00"])
    (array([1622505600000]), True)
    """
    values = np.empty(len(texts), np.int64)
    said = False
    for row, text in enumerate(texts):
        try:
            moment = datetime.fromisoformat(text.removesuffix(" UTC"))
        except ValueError:
            raise TimeFault(
                row, f"{text[:40]!r} is no time: give s, ms, us or ns since 1970, or ISO 8601"
            ) from None
        said = said or moment.tzinfo is not None or text.endswith(" UTC")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        values[row] = round(moment.timestamp() * 1000)
    return values, said
