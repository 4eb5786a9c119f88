"""Timeframes: how long a bar is and on which grid bars open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
# 1970-01-01 was a Thursday; exchanges open their weeks on Mondays.
_MONDAY = 4 * _DAY
_LENGTHS: dict[str, int] = {
    "1s": _SECOND,
    "1m": _MINUTE,
    "3m": 3 * _MINUTE,
    "5m": 5 * _MINUTE,
    "15m": 15 * _MINUTE,
    "30m": 30 * _MINUTE,
    "1h": _HOUR,
    "2h": 2 * _HOUR,
    "4h": 4 * _HOUR,
    "6h": 6 * _HOUR,
    "8h": 8 * _HOUR,
    "12h": 12 * _HOUR,
    "1d": _DAY,
    "1w": 7 * _DAY,
}
TIMEFRAMES: tuple[str, ...] = tuple(_LENGTHS)


@dataclass(frozen=True)
class Timeframe:
    """The length of a bar, such as ``"1h"``; bars open on its grid in UTC, weeks on Mondays.

    Parameters
    ----------
    name : str
        One of `TIMEFRAMES`.

    Raises
    ------
    Invalid
        If there is no such timeframe.

    Examples
    --------
    >>> Timeframe("4h").ms
    14400000
    >>> Timeframe("1h").floor(7_199_999)
    3600000
    """

    name: str

    def __post_init__(self) -> None:
        if self.name not in _LENGTHS:
            raise Invalid(
                f"There is no timeframe {self.name!r}; choose one of {', '.join(TIMEFRAMES)}.",
                field="timeframe",
            )

    def __str__(self) -> str:
        return self.name

    @property
    def ms(self) -> int:
        """Length in milliseconds."""
        return _LENGTHS[self.name]

    @property
    def anchor_ms(self) -> int:
        """A time at which a bar opens: the epoch, for weeks the Monday after it."""
        return _MONDAY if self.name == "1w" else 0

    def floor(self, time_ms: int) -> int:
        """Return when the bar opened in which `time_ms` (UTC) lies.

        Examples
        --------
        >>> Timeframe("1w").floor(4 * 86_400_000)  # Monday 1970-01-05
        345600000
        """
        return time_ms - (time_ms - self.anchor_ms) % self.ms

    def floor_all(self, times_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return `floor` of every time; int64, same shape."""
        floored: NDArray[np.int64] = times_ms - (times_ms - self.anchor_ms) % self.ms
        return floored

    def is_on_grid(self, time_ms: int) -> bool:
        """Say whether a bar opens at `time_ms`."""
        return self.floor(time_ms) == time_ms

    def holds(self, finer: "Timeframe") -> bool:
        """Say whether bars of this timeframe are made of whole bars of `finer`.

        Examples
        --------
        >>> Timeframe("1h").holds(Timeframe("15m")), Timeframe("4h").holds(Timeframe("6h"))
        (True, False)
        """
        return self.ms % finer.ms == 0 and (self.anchor_ms - finer.anchor_ms) % finer.ms == 0


def timeframe_of_length(length_ms: int) -> Timeframe | None:
    """Return the timeframe whose bars are `length_ms` long, or None.

    Examples
    --------
    >>> timeframe_of_length(60_000)
    Timeframe(name='1m')
    >>> timeframe_of_length(61_000) is None
    True
    """
    return next((Timeframe(name) for name, ms in _LENGTHS.items() if ms == length_ms), None)
