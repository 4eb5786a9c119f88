"""What most indicators are made of, over whole columns: windows and exponential means.

A window's value depends on the numbers in the window and on nothing else, to the last bit: sums are
built by doubling, not by adding the new number to a running total and taking the old one away. So
a wild price leaves no trace once it has left the window, and it does not matter where the
candles begin.

TA-Lib is imported where it is used: it brings two libraries of tables with it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

Floats = NDArray[np.float64]
# The share of its first value that an exponential mean may still hold when it counts as settled.
_FORGOTTEN = 1e-12


def columns(*given: object) -> tuple[Floats, ...]:
    """Return columns as float64 arrays of one length.

    Parameters
    ----------
    *given : array_like, shape (bar,)

    Raises
    ------
    Invalid
        If they are not columns of one length.

    Examples
    --------
    >>> columns([1, 2], [3, 4])[1]
    array([3., 4.])
    """
    arrays = tuple(np.ascontiguousarray(each, dtype=np.float64) for each in given)
    if any(each.shape != arrays[0].shape or each.ndim != 1 for each in arrays):
        shapes = ", ".join(str(each.shape) for each in arrays)
        raise Invalid(f"An indicator needs columns of one length, not of shapes {shapes}.")
    return arrays


def checked_period(period: int, low: int = 1) -> int:
    """Return `period`, a whole number of bars of at least `low`; raises Invalid.

    Examples
    --------
    >>> checked_period(14)
    14
    """
    if isinstance(period, bool) or period != int(period) or period < low:
        raise Invalid(f"A period is a whole number of at least {low} bars, not {period!r}.")
    return int(period)


def rolling_sum(values: Floats, period: int) -> Floats:
    """Return the sum of the last `period` values.

    Parameters
    ----------
    values : ndarray of float, shape (bar,)
    period : int

    Returns
    -------
    ndarray of float, shape (bar,)
        NaN in the first ``period - 1`` rows and wherever the window holds a NaN.

    Examples
    --------
    >>> rolling_sum(np.array([1.0, 2.0, 3.0, 4.0]), 3)
    array([nan, nan,  6.,  9.])
    """
    left = checked_period(period)
    answer = np.full(len(values), np.nan)
    if len(values) < left:
        return answer
    block, length, done = values, 1, 0
    total = np.zeros(len(values))
    while True:
        if left & 1:
            part = block[done:]
            total = total[: len(part)] + part[: len(total)]
            done += length
        left >>= 1
        if not left:
            break
        block = block[:-length] + block[length:]
        length *= 2
    answer[period - 1 :] = total
    return answer


def rolling_mean(values: Floats, period: int) -> Floats:
    """Return the mean of the last `period` values, rows as in `rolling_sum`.

    Examples
    --------
    >>> rolling_mean(np.array([1.0, 2.0, 3.0, 4.0]), 2)
    array([nan, 1.5, 2.5, 3.5])
    """
    return rolling_sum(values, period) / period


def rolling_deviation(values: Floats, period: int) -> Floats:
    """Return the standard deviation (divided by n) of the last `period` values.

    Means and squared deviations of neighbouring blocks are joined (Chan, Golub, LeVeque, 1979,
    "Updating formulae and a pairwise algorithm for computing sample variances"), so that a small
    deviation of large prices keeps its digits.

    Parameters
    ----------
    values : ndarray of float, shape (bar,)
    period : int

    Returns
    -------
    ndarray of float, shape (bar,)
        NaN in the first ``period - 1`` rows.

    Examples
    --------
    >>> rolling_deviation(np.array([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), 8)[-1]
    np.float64(2.0)
    """
    left = checked_period(period)
    answer = np.full(len(values), np.nan)
    if len(values) < left:
        return answer
    block = (values, np.zeros(len(values)))
    total, done, length = block, 0, 1
    while True:
        if left & 1:
            part = (block[0][done:], block[1][done:])
            total = _joined(total, part, done, length) if done else part
            done += length
        left >>= 1
        if not left:
            break
        block = _joined(block, (block[0][length:], block[1][length:]), length, length)
        length *= 2
    answer[period - 1 :] = np.sqrt(total[1] / period)
    return answer


def _joined(
    first: tuple[Floats, Floats], second: tuple[Floats, Floats], n_first: int, n_second: int
) -> tuple[Floats, Floats]:
    """Return mean and squared deviations of neighbouring blocks, for every start."""
    rows = min(len(first[0]), len(second[0]))
    between = second[0][:rows] - first[0][:rows]
    share = n_second / (n_first + n_second)
    mean = first[0][:rows] + between * share
    return mean, first[1][:rows] + second[1][:rows] + between**2 * (n_first * share)


def rolling_high(values: Floats, period: int) -> Floats:
    """Return the largest of the last `period` values; NaN in the first ``period - 1`` rows.

    Examples
    --------
    >>> rolling_high(np.array([3.0, 1.0, 2.0]), 2)
    array([nan,  3.,  2.])
    """
    if checked_period(period) == 1:
        return values.copy()
    import talib

    highest: Floats = talib.MAX(values, timeperiod=period)
    return highest


def rolling_low(values: Floats, period: int) -> Floats:
    """Return the smallest of the last `period` values; NaN in the first ``period - 1`` rows.

    Examples
    --------
    >>> rolling_low(np.array([3.0, 1.0, 2.0]), 2)
    array([nan,  1.,  1.])
    """
    if checked_period(period) == 1:
        return values.copy()
    import talib

    lowest: Floats = talib.MIN(values, timeperiod=period)
    return lowest


def exponential_mean(values: Floats, period: int) -> Floats:
    """Return the exponential mean with the weight ``2 / (period + 1)`` of the newest value.

    It begins with the plain mean of the first `period` values, as TA-Lib and Wilder do.

    Parameters
    ----------
    values : ndarray of float, shape (bar,)
        May begin with NaN.
    period : int
        At least 2.

    Returns
    -------
    ndarray of float, shape (bar,)
        NaN in the rows before ``period`` numbers are there.

    Examples
    --------
    >>> exponential_mean(np.array([1.0, 2.0, 3.0, 6.0]), 3)
    array([nan, nan,  2.,  4.])
    """
    import talib

    mean: Floats = talib.EMA(values, timeperiod=checked_period(period, 2))
    return mean


def wilder_mean(values: Floats, period: int) -> Floats:
    """Return Wilder's mean: the weight of the newest value is ``1 / period``.

    It begins with the plain mean of the first `period` values (Wilder, 1978, *New Concepts in
    Technical Trading Systems*). Parameters and rows are those of `exponential_mean`.

    Examples
    --------
    >>> wilder_mean(np.array([1.0, 2.0, 3.0, 5.0]), 3)
    array([nan, nan,  2.,  3.])
    """
    import talib

    mean: Floats = talib.RMA(values, timeperiod=checked_period(period, 2))
    return mean


def settled_after(weight: float) -> int:
    """Return after how many steps an exponential mean holds 1e-12 of its first value.

    Parameters
    ----------
    weight : float
        Of the newest value, in (0, 1).

    Examples
    --------
    >>> settled_after(0.5)
    40
    """
    return math.ceil(math.log(_FORGOTTEN) / math.log1p(-weight))
