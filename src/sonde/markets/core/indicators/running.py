"""What most indicators are made of, bar by bar: the twins of `windows`.

Every piece holds plain values only, so that its state can be written down as JSON and taken up
again in another process. A value that is not there yet is NaN when asked for and is never kept.
"""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from sonde.markets.core.indicators.windows import checked_period
from sonde.platform.core.errors import Invalid


class Bar(NamedTuple):
    """One closed bar.

    Parameters
    ----------
    open_time_ms : int
        Milliseconds UTC.
    open, high, low, close : float
        Quote currency for one unit of base.
    volume : float
        Units of base.
    """

    open_time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Incremental(Protocol):
    """An indicator that is told one bar after the other."""

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the values at its close."""
        ...

    def state(self) -> dict[str, Any]:
        """Return everything it remembers, ready for JSON."""
        ...

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was taken."""
        ...


class Restorable:
    """Something whose attributes are plain values, windows of them, or such things again."""

    def state(self) -> dict[str, Any]:
        """Return everything it remembers, ready for JSON."""
        return {name: _plain(value) for name, value in vars(self).items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was taken.

        Raises
        ------
        Invalid
            If it is the state of something else.
        """
        if set(state) != set(vars(self)):
            raise Invalid(f"This is no state of {type(self).__name__}; start it anew.")
        for name, value in vars(self).items():
            if isinstance(value, Restorable):
                value.restore(state[name])
            elif isinstance(value, deque):
                setattr(self, name, deque(state[name], maxlen=value.maxlen))
            else:
                setattr(self, name, state[name])


def _plain(value: Any) -> Any:
    if isinstance(value, Restorable):
        return value.state()
    return list(value) if isinstance(value, deque) else value


class Window(Restorable):
    """The last `period` values.

    Parameters
    ----------
    period : int

    Examples
    --------
    >>> window = Window(2)
    >>> window.add(1.0), window.add(3.0), window.mean()
    (False, True, 2.0)
    """

    def __init__(self, period: int) -> None:
        self.period = checked_period(period)
        self.values: deque[float] = deque(maxlen=self.period)

    def add(self, value: float) -> bool:
        """Take in the next value; return whether the window is full."""
        self.values.append(value)
        return len(self.values) == self.period

    def mean(self) -> float:
        """Return the mean of what is in the window."""
        return sum(self.values) / self.period


class RunningMean(Restorable):
    """The mean of the last `period` values; a NaN among them makes it NaN.

    Examples
    --------
    >>> mean = RunningMean(2)
    >>> mean.next(1.0), mean.next(3.0)
    (nan, 2.0)
    """

    def __init__(self, period: int) -> None:
        self.period = checked_period(period)
        self.values: deque[float | None] = deque(maxlen=self.period)

    def next(self, value: float) -> float:
        """Take in the next value; return the mean."""
        values = self.values
        values.append(value if value == value else None)  # noqa: PLR0124  # NaN is not JSON
        if len(values) < self.period or None in values:
            return math.nan
        return sum(values) / self.period  # type: ignore[arg-type]


class RunningExponential(Restorable):
    """An exponential mean that begins with the mean of its first `period` values.

    Parameters
    ----------
    period : int
    weight : float, optional
        Of the newest value; ``2 / (period + 1)`` if left out.

    Examples
    --------
    >>> mean = RunningExponential(3)
    >>> [mean.next(each) for each in (1.0, 2.0, 3.0, 6.0)]
    [nan, nan, 2.0, 4.0]
    """

    def __init__(self, period: int, weight: float | None = None) -> None:
        self.period = checked_period(period, 2)
        self.weight = 2 / (period + 1) if weight is None else weight
        self.count = 0
        self.mean = 0.0

    def next(self, value: float) -> float:
        """Take in the next value; return the mean."""
        if self.count == self.period:
            self.mean += (value - self.mean) * self.weight
            return self.mean
        self.count += 1
        self.mean += value
        if self.count < self.period:
            return math.nan
        self.mean /= self.period
        return self.mean


class RunningWilder(RunningExponential):
    """Wilder's mean: the newest value weighs ``1 / period``.

    Examples
    --------
    >>> mean = RunningWilder(3)
    >>> [mean.next(each) for each in (1.0, 2.0, 3.0, 5.0)]
    [nan, nan, 2.0, 3.0]
    """

    def __init__(self, period: int) -> None:
        super().__init__(period, 1 / checked_period(period, 2))
