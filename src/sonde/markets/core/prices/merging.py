"""Overlapping imports: identical rows are one row, differing rows are told."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.columns import PriceColumns, joined
from sonde.platform.core.errors import Conflict

_TOLD = 5


@dataclass(frozen=True, eq=False)
class Merge:
    """What became of two sets of candles.

    Parameters
    ----------
    columns : PriceColumns
        Sorted, unique.
    n_new, n_same, n_changed : int
        Rows of the newer set that were not there, were there with the same values, or replaced
        other values.
    """

    columns: PriceColumns
    n_new: int
    n_same: int
    n_changed: int


def merged(stored: PriceColumns, newer: PriceColumns, *, overwrite: bool = False) -> Merge:
    """Merge two sets of candles of one series, each sorted and unique.

    Parameters
    ----------
    stored, newer : PriceColumns
    overwrite : bool
        Whether differing rows of `newer` take the place of those stored.

    Raises
    ------
    Conflict
        If rows differ and are not to be overwritten; names the first ones.

    Examples
    --------
    >>> one, two = np.ones(1), np.full(1, 2.0)
    >>> first = PriceColumns(np.array([0]), *[one] * 5)
    >>> second = PriceColumns(np.array([0]), *[two] * 5)
    >>> merged(first, first).n_same
    1
    >>> merged(first, second, overwrite=True).columns.close.tolist()
    [2.0]
    """
    _, at, of = np.intersect1d(
        stored.open_time_ms, newer.open_time_ms, assume_unique=True, return_indices=True
    )
    differs = np.zeros(at.size, np.bool_)
    for name in COLUMNS:
        differs |= getattr(stored, name)[at] != getattr(newer, name)[of]
    n_changed = int(np.count_nonzero(differs))
    if n_changed and not overwrite:
        raise Conflict(_told(stored, newer, at[differs], of[differs]), field="overwrite")
    kept = np.ones(stored.n, np.bool_)
    kept[at] = False
    both = joined([stored.rows(kept), newer])
    columns = both.rows(np.argsort(both.open_time_ms, kind="stable"))
    return Merge(columns, newer.n - at.size, at.size - n_changed, n_changed)


def _told(
    stored: PriceColumns, newer: PriceColumns, at: NDArray[np.int64], of: NDArray[np.int64]
) -> str:
    lines = []
    for old, new in list(zip(at, of, strict=True))[:_TOLD]:
        name = next(
            each for each in COLUMNS if getattr(stored, each)[old] != getattr(newer, each)[new]
        )
        before, after = getattr(stored, name)[old], getattr(newer, name)[new]
        moment = when(int(stored.open_time_ms[old]))
        lines.append(f"{moment} {name} {before:.12g}, now {after:.12g}")
    more = f" and {at.size - _TOLD} more" if at.size > _TOLD else ""
    hint = ""
    if at.size == 1 and at[0] == stored.n - 1:
        hint = " It is the last bar that was stored, perhaps before it was finished."
    bars = "One bar differs" if at.size == 1 else f"{at.size} bars differ"
    return (
        f"{bars} from what is stored: {'; '.join(lines)}{more}.{hint} "
        "Choose to overwrite, or keep what is stored."
    )
