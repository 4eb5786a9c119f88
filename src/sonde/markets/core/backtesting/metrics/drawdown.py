"""How far and how long equity lay below its peak."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.figure import Figure, missing


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall from a peak, and the time spent below peaks.

    Parameters
    ----------
    fraction : float
        Deepest fall as a positive fraction of its peak.
    amount : float
        Largest fall in the account's currency; it may be another fall than the deepest.
    start_ms, trough_ms : int or None
        Times of the peak and of the lowest point of the deepest fall, milliseconds UTC;
        None where equity never fell.
    end_ms : int or None
        When the peak was reached again; None where it was not.
    duration_ms : int
        From the peak to its recovery, or to the last bar.
    longest_under_water_ms : int
        Longest time below a peak.
    share_under_water : Figure
        Share of bars that closed below the peak.
    ulcer_index : Figure
        Root mean square of the fall below the peak over all bars, in percent.
    """

    fraction: float
    amount: float
    start_ms: int | None
    trough_ms: int | None
    end_ms: int | None
    duration_ms: int
    longest_under_water_ms: int
    share_under_water: Figure
    ulcer_index: Figure


def fall_below_peak(equity: NDArray[np.float64], initial: float) -> NDArray[np.float64]:
    """Return how far each point lies below the peak so far, as a positive fraction.

    Parameters
    ----------
    equity : ndarray of float64, shape (..., time)
        In the account's currency.
    initial : float
        The first peak, before the first point.

    Returns
    -------
    ndarray of float64, shape (..., time)

    Examples
    --------
    >>> fall_below_peak(np.array([110.0, 99.0, 121.0]), 100.0).round(6).tolist()
    [0.0, 0.1, 0.0]
    """
    peak = np.maximum(np.maximum.accumulate(equity, axis=-1), initial)
    return (peak - equity) / peak


def drawdown(time_ms: NDArray[np.int64], equity: NDArray[np.float64], initial: float) -> Drawdown:
    """Find the deepest fall and the time below peaks.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (bar,)
        Close times, strictly increasing, milliseconds UTC.
    equity : ndarray of float64, shape (bar,)
        At each close, in the account's currency.
    initial : float
        Before the first bar; above 0.

    Returns
    -------
    Drawdown

    Notes
    -----
    Ulcer index: P. Martin and B. McCann, "The investor's guide to Fidelity funds" (1989).

    Examples
    --------
    >>> times = np.arange(1, 6, dtype=np.int64) * 1000
    >>> found = drawdown(times, np.array([110.0, 99.0, 88.0, 120.0, 114.0]), 100.0)
    >>> round(found.fraction, 6), found.amount, found.start_ms, found.trough_ms, found.end_ms
    (0.2, 22.0, 1000, 3000, 4000)
    """
    if equity.size == 0:
        none = missing("no bars")
        return Drawdown(0.0, 0.0, None, None, None, 0, 0, none, none)
    fall = fall_below_peak(equity, initial)
    peak = np.maximum(np.maximum.accumulate(equity), initial)
    trough = int(np.argmax(fall))
    under, ulcer = Figure(float(np.mean(fall > 0))), Figure(float(np.sqrt(np.mean(fall**2))) * 100)
    if fall[trough] <= 0:
        return Drawdown(0.0, 0.0, None, None, None, 0, 0, under, ulcer)
    reached = np.flatnonzero(fall[: trough + 1] <= 0)
    start = int(time_ms[reached[-1]]) if reached.size else int(time_ms[0])
    later = np.flatnonzero(equity[trough:] >= peak[trough])
    end = int(time_ms[trough + later[0]]) if later.size else None
    return Drawdown(
        fraction=float(fall[trough]),
        amount=float(np.max(peak - equity)),
        start_ms=start,
        trough_ms=int(time_ms[trough]),
        end_ms=end,
        duration_ms=(int(time_ms[-1]) if end is None else end) - start,
        longest_under_water_ms=_longest(time_ms, fall > 0),
        share_under_water=under,
        ulcer_index=ulcer,
    )


def _longest(time_ms: NDArray[np.int64], under: NDArray[np.bool_]) -> int:
    """Return the longest time from a peak to its recovery or to the end, in milliseconds."""
    edge = np.diff(np.concatenate(([False], under, [False])).astype(np.int8))
    begins = np.maximum(np.flatnonzero(edge == 1) - 1, 0)
    ends = np.minimum(np.flatnonzero(edge == -1), time_ms.size - 1)
    return int(np.max(time_ms[ends] - time_ms[begins], initial=0))
