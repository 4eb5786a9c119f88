"""Coarser bars from finer ones, equal to the exchange's own; a part of a bar is never a bar."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

_MOST_DECIMALS = 9
_EXACT = 2**53


@dataclass(frozen=True, eq=False)
class Resampled:
    """Coarser bars.

    Parameters
    ----------
    columns : PriceColumns
    n_incomplete : int
        Bars that are left out because finer bars of theirs are missing.
    incomplete_ms : ndarray of int64
        When those would have opened.
    """

    columns: PriceColumns
    n_incomplete: int
    incomplete_ms: NDArray[np.int64]


def resampled(
    columns: PriceColumns, finer: Timeframe, coarser: Timeframe, *, keep_holed: bool = False
) -> Resampled:
    """Make bars of `coarser` from closed bars of `finer`.

    The first open, the highest high, the lowest low, the last close, the sum of the volumes; a
    bar is named by its own open time. The volumes are summed as decimals, so that the sum is the
    number that the exchange says.

    Parameters
    ----------
    columns : PriceColumns
        Sorted and unique.
    finer, coarser : Timeframe
    keep_holed : bool
        Whether to keep bars in whose middle finer bars are missing, as they are where nothing was
        traded; the first and the last bar are kept only if their first or last finer bar is there.

    Raises
    ------
    Invalid
        If bars of `coarser` are not made of whole bars of `finer`.

    Examples
    --------
    >>> opened = np.arange(4) * 30_000 * 60
    >>> rising = np.arange(1.0, 5.0)
    >>> halves = PriceColumns(opened, rising, rising, rising, rising, rising)
    >>> hours = resampled(halves, Timeframe("30m"), Timeframe("1h")).columns
    >>> hours.open.tolist(), hours.close.tolist(), hours.volume.tolist()
    ([1.0, 3.0], [2.0, 4.0], [3.0, 7.0])
    """
    if coarser.ms <= finer.ms or not coarser.holds(finer):
        raise Invalid(
            f"Bars of {coarser} are not made of whole bars of {finer}.", field="timeframe"
        )
    if columns.n == 0:
        return Resampled(columns, 0, np.zeros(0, np.int64))
    opened = coarser.floor_all(columns.open_time_ms)
    starts = np.flatnonzero(np.concatenate(([True], opened[1:] != opened[:-1])))
    ends = np.append(starts[1:], columns.n) - 1
    whole = _whole(columns, starts, ends, finer, coarser, keep_holed)
    bars = PriceColumns(
        opened[starts],
        columns.open[starts],
        np.maximum.reduceat(columns.high, starts),
        np.minimum.reduceat(columns.low, starts),
        columns.close[ends],
        _sums(columns.volume, starts),
    )
    left_out = bars.open_time_ms[~whole]
    return Resampled(bars.rows(whole), int(left_out.size), left_out)


def _whole(
    columns: PriceColumns,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    finer: Timeframe,
    coarser: Timeframe,
    keep_holed: bool,
) -> NDArray[np.bool_]:
    """Say which groups are whole bars."""
    if not keep_holed:
        whole: NDArray[np.bool_] = ends - starts + 1 == coarser.ms // finer.ms
        return whole
    times = columns.open_time_ms
    whole = np.ones(starts.size, np.bool_)
    whole[0] = times[0] == coarser.floor(int(times[0]))
    last_closes = int(times[-1]) + finer.ms
    whole[-1] &= last_closes == coarser.floor(int(times[-1])) + coarser.ms
    return whole


def _sums(volumes: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sum of every group, as the float nearest to the decimal sum where there is one."""
    decimals = decimals_of(volumes)
    if decimals is None:
        return np.add.reduceat(volumes, starts)
    scale = 10**decimals
    counts = np.rint(volumes * scale).astype(np.int64)
    return np.add.reduceat(counts, starts) / scale


def decimals_of(values: NDArray[np.float64]) -> int | None:
    """Return how many decimals `values` are written with, at most 9; None if more.

    Examples
    --------
    >>> decimals_of(np.array([26.98425, 1.5])), decimals_of(np.array([1 / 3]))
    (5, None)
    """
    largest = float(np.max(values, initial=0.0))
    for decimals in range(_MOST_DECIMALS + 1):
        scale = 10**decimals
        if largest * scale * max(values.size, 1) >= _EXACT * 1000 or largest * scale >= _EXACT:
            return None
        if np.array_equal(np.rint(values * scale) / scale, values):
            return decimals
    return None
