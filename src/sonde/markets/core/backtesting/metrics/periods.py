"""What each day, week and month brought."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from sonde.markets.core.backtesting.metrics.daily import DAY_MS, DailyEquity

Span = Literal["day", "week", "month"]
_MONDAY = 4  # 1970-01-01 was a Thursday


@dataclass(frozen=True)
class Period:
    """One row of the table.

    Parameters
    ----------
    begin_ms : int
        Its first day that has a bar, milliseconds UTC.
    name : str
        2024-08-05, 2024-W32 or 2024-08.
    profit : float
        In the account's currency.
    return_fraction : float
        Of the equity at its beginning.
    trades : int
        That were closed in it.
    """

    begin_ms: int
    name: str
    profit: float
    return_fraction: float
    trades: int


def period_table(
    daily: DailyEquity, exit_time_ms: np.typing.NDArray[np.int64], span: Span
) -> tuple[Period, ...]:
    """Return what each day, week (from Monday, ISO) or month brought, in UTC.

    Parameters
    ----------
    daily : DailyEquity
    exit_time_ms : ndarray of int64, shape (trade,)
        When trades were closed, milliseconds UTC.
    span : {"day", "week", "month"}

    Returns
    -------
    tuple of Period
        In order of time; the profits add up to that of the whole.

    Examples
    --------
    >>> days = DailyEquity(np.arange(3) * DAY_MS, np.array([110.0, 99.0, 120.0]), 100.0)
    >>> [(row.name, row.profit) for row in period_table(days, np.array([5]), "month")]
    [('1970-01', 20.0)]
    """
    if daily.n == 0:
        return ()
    keys = _keys(daily.day_ms, span)
    first = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    last = np.append(first[1:], daily.n) - 1
    before = np.concatenate(([daily.initial], daily.equity[last[:-1]]))
    after = daily.equity[last]
    day = np.clip((exit_time_ms - 1) // DAY_MS - daily.day_ms[0] // DAY_MS, 0, daily.n - 1)
    row = np.searchsorted(first, day, side="right") - 1
    closed = np.bincount(row, minlength=first.size)
    return tuple(
        Period(
            int(daily.day_ms[begin]),
            _name(int(daily.day_ms[begin]), span),
            float(after[i] - before[i]),
            float(after[i] / before[i] - 1.0) if before[i] > 0 else 0.0,
            int(closed[i]),
        )
        for i, begin in enumerate(first)
    )


def _keys(day_ms: np.typing.NDArray[np.int64], span: Span) -> np.typing.NDArray[np.int64]:
    days = day_ms // DAY_MS
    if span == "day":
        return days
    if span == "week":
        return (days + 7 - _MONDAY) // 7
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _name(begin_ms: int, span: Span) -> str:
    moment = datetime.fromtimestamp(begin_ms / 1000, UTC)
    return moment.strftime({"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}[span])
