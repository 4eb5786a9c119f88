"""Two sets of decisions beside each other, column by column."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.strategies.decisions import FLAGS, NUMBERS, Decisions

_RELATIVE, _OF_LARGEST = 1e-9, 1e-12
INDICATOR = "indicator "


@dataclass(frozen=True)
class Difference:
    """The first bar at which a column differs.

    Parameters
    ----------
    column : str
        A column of the decisions, or "indicator ..." for one that the strategy looked at.
    bar : int
        Number of the bar, counted from 0.
    time_ms : int
        When that bar opened, milliseconds UTC.
    known_bars : int
        How many bars the shorter look had.
    told, truly : float
        With all bars, and with those that were known; NaN where there was none.
    """

    column: str
    bar: int
    time_ms: int
    known_bars: int
    told: float
    truly: float


def columns_of(decisions: Decisions) -> Mapping[str, NDArray[np.float64]]:
    """Return flags, numbers, reason and indicators as float columns; what is not there is NaN.

    Parameters
    ----------
    decisions : Decisions

    Returns
    -------
    mapping of str to ndarray of float64, shape (bar,)

    Examples
    --------
    >>> found = columns_of(Decisions.of(2, enter_long=[True, False]))
    >>> found["enter_long"].tolist(), found["stop_price"].tolist()
    ([1.0, 0.0], [nan, nan])
    """
    nothing = np.full(decisions.n, np.nan)
    found = {name: np.asarray(getattr(decisions, name), np.float64) for name in FLAGS}
    for name in (*NUMBERS, "reason"):
        values = getattr(decisions, name)
        found[name] = nothing if values is None else np.asarray(values, np.float64)
    found.update({f"{INDICATOR}{name}": values for name, values in decisions.indicators.items()})
    return found


def differing(
    one: NDArray[np.float64], other: NDArray[np.float64], relative: float = _RELATIVE
) -> NDArray[np.bool_]:
    """Return where two columns differ by more than rounding.

    Parameters
    ----------
    one, other : ndarray of float64, shape (bar,)
        NaN equals NaN.
    relative : float
        Largest difference that counts as rounding, relative to `one`.

    Returns
    -------
    ndarray of bool, shape (bar,)

    Examples
    --------
    >>> differing(np.array([1.0, np.nan, 2.0]), np.array([1.0, np.nan, np.nan])).tolist()
    [False, False, True]
    """
    finite = np.abs(one[np.isfinite(one)])
    absolute = _OF_LARGEST * float(finite.max()) if finite.size else 0.0
    return ~np.isclose(one, other, rtol=relative, atol=absolute, equal_nan=True)
