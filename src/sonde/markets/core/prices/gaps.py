"""Gaps: bars that should be there and are not."""

from dataclasses import dataclass

import numpy as np

from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.timeframes import Timeframe


@dataclass(frozen=True)
class Gap:
    """Bars in a row that are missing.

    Parameters
    ----------
    from_ms, to_ms : int
        Open times of the first missing bar and of the next one that is there, milliseconds UTC.
    n_missing : int
    close_before, open_after : float
        Prices on both sides.
    """

    from_ms: int
    to_ms: int
    n_missing: int
    close_before: float
    open_after: float

    @property
    def jump(self) -> float:
        """How far the price moved over the gap, as a fraction."""
        return self.open_after / self.close_before - 1.0

    @property
    def words(self) -> str:
        """The gap as a sentence.

        Examples
        --------
        >>> Gap(3_600_000, 10_800_000, 2, 100.0, 99.0).words
        '2 bars are missing from 1970-01-01 01:00 UTC on; the price moved by -1.00 % meanwhile.'
        """
        bars = "1 bar is" if self.n_missing == 1 else f"{self.n_missing:,} bars are"
        return (
            f"{bars} missing from {when(self.from_ms)} on; "
            f"the price moved by {100 * self.jump:+.2f} % meanwhile."
        )


@dataclass(frozen=True)
class GapReport:
    """What is missing between the first and the last bar.

    Parameters
    ----------
    n_bars, n_expected, n_missing, n_gaps : int
    gaps : tuple of Gap
        In order of time; the longest ones where there are more than were asked for.
    """

    n_bars: int
    n_expected: int
    n_missing: int
    n_gaps: int
    gaps: tuple[Gap, ...]

    @property
    def coverage(self) -> float:
        """Share of the expected bars that are there; 1 where none is expected."""
        return self.n_bars / self.n_expected if self.n_expected else 1.0


def gap_report(columns: PriceColumns, timeframe: Timeframe, *, most: int = 1000) -> GapReport:
    """Find the gaps of a series.

    Parameters
    ----------
    columns : PriceColumns
        Sorted, unique, on the grid.
    timeframe : Timeframe
    most : int
        Keep so many gaps, the longest ones.

    Examples
    --------
    >>> one = np.ones(3)
    >>> hours = PriceColumns(np.array([0, 1, 4]) * 3_600_000, *[one] * 5)
    >>> report = gap_report(hours, Timeframe("1h"))
    >>> report.n_expected, report.n_missing, report.coverage
    (5, 2, 0.6)
    """
    if columns.n == 0:
        return GapReport(0, 0, 0, 0, ())
    times = columns.open_time_ms
    missing = np.diff(times) // timeframe.ms - 1
    before = np.flatnonzero(missing)
    longest = before[np.argsort(-missing[before], kind="stable")[:most]]
    gaps = tuple(
        Gap(
            from_ms=int(times[k]) + timeframe.ms,
            to_ms=int(times[k + 1]),
            n_missing=int(missing[k]),
            close_before=float(columns.close[k]),
            open_after=float(columns.open[k + 1]),
        )
        for k in np.sort(longest)
    )
    n_missing = int(missing.sum())
    return GapReport(columns.n, columns.n + n_missing, n_missing, int(before.size), gaps)
