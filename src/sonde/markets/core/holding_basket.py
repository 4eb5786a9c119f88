"""Who had bought the same symbols at the first entry and held: the line beside an account."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.holding import holding_line


@dataclass(frozen=True, eq=False)
class Held:
    """One symbol of the basket.

    Parameters
    ----------
    first_open : float
        At which it was bought.
    close_time_ms : ndarray of int64, shape (bar,)
        When its bars closed, increasing, milliseconds UTC.
    close : ndarray of float64, shape (bar,)
    fee : float
        Taker fee, as a fraction.
    """

    first_open: float
    close_time_ms: NDArray[np.int64]
    close: NDArray[np.float64]
    fee: float


def basket_line(
    parts: Sequence[Held], times_ms: NDArray[np.int64], initial: float
) -> NDArray[np.float64]:
    """Return what an equal share in each symbol was worth at some moments.

    Parameters
    ----------
    parts : sequence of Held
        At least one.
    times_ms : ndarray of int64, shape (moment,)
    initial : float
        Money at the beginning, split evenly.

    Returns
    -------
    ndarray of float64, shape (moment,)
        By the last close at or before each moment; before the first one, what was paid.

    Examples
    --------
    >>> one = Held(10.0, np.array([5, 15]), np.array([11.0, 12.0]), 0.0)
    >>> basket_line([one], np.array([0, 5, 14, 15]), 100.0).tolist()
    [100.0, 110.0, 110.0, 120.0]
    """
    share = initial / len(parts)
    total = np.zeros(times_ms.size)
    for part in parts:
        line = holding_line(part.first_open, part.close, share, part.fee)
        place = np.searchsorted(part.close_time_ms, times_ms, "right") - 1
        total += np.where(place >= 0, line[np.maximum(place, 0)], share)
    return total
