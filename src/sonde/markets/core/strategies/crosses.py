"""What strategies that wait for one line to cross another have in common."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.decisions import Decisions
from sonde.platform.core.errors import Invalid

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Lines that are nearer than this share of the scale are taken as equal: that is what rounding
# can do to them, and far less than a tick.
_TOUCHING = 1e-12

SIDES: Final = Parameter(
    "sides",
    "Sides",
    "choice",
    0,
    0,
    "long",
    "Whether it buys, sells short, or does both in turn.",
    ("long", "short", "both"),
)


def crossings(line: Floats, other: Floats | float, scale: Floats | float) -> tuple[Flags, Flags]:
    """Return where `line` comes to lie above `other`, and where below.

    Parameters
    ----------
    line : ndarray of float, shape (bar,)
    other : ndarray of float, shape (bar,), or float
    scale : ndarray of float, shape (bar,), or float
        Size of the numbers that the lines were made from, such as the price.

    Returns
    -------
    tuple of ndarray of bool, shape (bar,)
        Up: above now, at or below in the row before. Down: below now, at or above in the row
        before. Never where one of the two rows is NaN.

    Examples
    --------
    >>> up, down = crossings(np.array([1.0, 2.0, 3.0, 1.0]), 2.0, 1.0)
    >>> up.tolist(), down.tolist()
    ([False, False, True, False], [False, False, False, True])
    """
    gap = line - other
    near = _TOUCHING * np.abs(scale)
    above, below = gap > near, gap < -near
    is_known = np.isfinite(gap)
    up, down = np.zeros(len(gap), dtype=np.bool_), np.zeros(len(gap), dtype=np.bool_)
    up[1:] = above[1:] & ~above[:-1] & is_known[:-1]
    down[1:] = below[1:] & ~below[:-1] & is_known[:-1]
    return up, down


def in_turn(
    buy: Flags,
    sell: Flags,
    settings: Settings,
    reasons: tuple[str, str],
    indicators: Mapping[str, Floats],
) -> Decisions:
    """Return decisions that buy at one flag and sell at the other, on the chosen sides.

    Parameters
    ----------
    buy, sell : ndarray of bool, shape (bar,)
    settings : mapping
        Holds `SIDES`.
    reasons : tuple of str
        Why it buys, why it sells.
    indicators : mapping of str to ndarray of float
    """
    sides = settings["sides"]
    nothing = np.zeros(len(buy), dtype=np.bool_)
    is_long, is_short = sides in {"long", "both"}, sides in {"short", "both"}
    return Decisions(
        enter_long=buy if is_long else nothing,
        exit_long=sell if is_long else nothing,
        enter_short=sell if is_short else nothing,
        exit_short=buy if is_short else nothing,
        reason=np.where(buy, 0, np.where(sell, 1, -1)),
        reason_names=reasons,
        indicators=indicators,
    )


def ordered(settings: Settings, low: str, high: str, words: str) -> None:
    """Refuse settings of which the first is not below the second.

    Parameters
    ----------
    settings : mapping
    low, high : str
        Names of two settings.
    words : str
        What to do, such as "choose a fast mean of fewer bars than the slow one".

    Raises
    ------
    Invalid

    Examples
    --------
    >>> ordered({"fast": 50, "slow": 20}, "fast", "slow", "Choose fewer bars for the fast mean")
    Traceback (most recent call last):
    sonde.platform.core.errors.Invalid: Choose fewer bars for the fast mean: fast is 50, slow is 20.
    """
    if not float(settings[low]) < float(settings[high]):
        raise Invalid(f"{words}: {low} is {settings[low]}, {high} is {settings[high]}.", field=low)
