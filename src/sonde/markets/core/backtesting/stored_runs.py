"""Backtests and studies as people see them: what there is, and what is kept of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sonde.platform.core.jobs import JobState

STUDY_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "backtest": "Backtest",
        "sweep": "Sweep",
        "walk-forward": "Walk-forward",
        "look-ahead": "Look-ahead analysis",
        "recursive": "Recursive analysis",
        "monte-carlo": "Monte Carlo",
    }
)
"""What each kind is called."""


@dataclass(frozen=True)
class Backtest:
    """One backtest or study, and its result as far as it is.

    Parameters
    ----------
    backtest_id, owner_id, kind, title, strategy, symbol, timeframe : str
    state : JobState
        ``succeeded`` means that `results` are there.
    job_id : str
        What computes it.
    asked : mapping
        Every setting written out.
    source : mapping, optional
        The candles it ran over: where they come from, how many, their hash.
    summary : mapping, optional
        What a list shows.
    error : str
        Why it failed, for people.
    created_at, finished_at : datetime
    results : mapping, optional
        All figures; lists leave them out.
    """

    backtest_id: str
    owner_id: str
    kind: str
    title: str
    strategy: str
    symbol: str
    timeframe: str
    state: JobState
    job_id: str
    asked: Mapping[str, Any]
    source: Mapping[str, Any] | None
    summary: Mapping[str, Any] | None
    error: str
    created_at: datetime
    finished_at: datetime | None
    results: Mapping[str, Any] | None


def path_of(backtest_id: str) -> str:
    """Return where one is looked at.

    Examples
    --------
    >>> path_of("x")
    '/markets/backtests/x'
    """
    return f"/markets/backtests/{backtest_id}"
