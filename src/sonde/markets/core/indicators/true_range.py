"""True range (Wilder): what ATR, ADX, Keltner channels and supertrend are made of."""

import numpy as np

from sonde.markets.core.indicators.windows import Floats, wilder_mean


def true_range(high: Floats, low: Floats, close: Floats) -> Floats:
    """Return the range of each bar, the gap from the close before it included.

    ``TR = max(H, C[-1]) - min(L, C[-1])`` (Wilder, 1978, *New Concepts in Technical Trading
    Systems*, section III).

    Parameters
    ----------
    high, low, close : ndarray of float, shape (bar,)

    Returns
    -------
    ndarray of float, shape (bar,)
        Quote currency, at least 0; NaN in the first row, which has no bar before it.

    Examples
    --------
    >>> true_range(np.array([3.0, 9.0]), np.array([1.0, 8.0]), np.array([2.0, 8.5]))
    array([nan,  7.])
    """
    answer = np.full(len(close), np.nan)
    answer[1:] = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    return answer


def average_true_range(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return Wilder's mean of the true range; NaN in the first `period` rows.

    Examples
    --------
    >>> prices = np.array([[3.0, 9.0, 9.0], [1.0, 8.0, 8.0], [2.0, 8.5, 8.5]])
    >>> average_true_range(*prices, period=2)
    array([nan, nan,  4.])
    """
    return wilder_mean(true_range(high, low, close), period)
