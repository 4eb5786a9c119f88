"""One figure: a number with an interval, or the reason why there is none."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A number that says how sure it is, or why it is missing; never an invented one.

    Parameters
    ----------
    value : float or None
        None where it cannot be said.
    reason : str
        Why it cannot be said; empty where `value` is there.
    low, high : float or None
        Ends of the 95 % interval, where one is known.
    """

    value: float | None
    reason: str = ""
    low: float | None = None
    high: float | None = None


def missing(reason: str) -> Figure:
    """Return a figure without a number.

    Examples
    --------
    >>> missing("no trades")
    Figure(value=None, reason='no trades', low=None, high=None)
    """
    return Figure(None, reason)


def ratio(above: float, below: float, reason: str) -> Figure:
    """Return `above` / `below`, or `reason` where that is no finite number.

    Parameters
    ----------
    above, below : float
        In one unit.
    reason : str
        What to say when `below` is zero or either is not finite.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ratio(3.0, 2.0, "nothing was lost").value
    1.5
    >>> ratio(3.0, 0.0, "nothing was lost").reason
    'nothing was lost'
    """
    if not (math.isfinite(above) and math.isfinite(below)) or below == 0.0:
        return missing(reason)
    return Figure(above / below)
