"""Runs beside each other: the same figures in one table, and which difference is more than luck."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.bootstrap import Bootstrap, percentile_interval
from sonde.markets.core.backtesting.metrics.figure import Figure, missing
from sonde.markets.core.backtesting.metrics.growth import FEWEST_DAYS
from sonde.markets.core.backtesting.metrics.report import Report
from sonde.platform.core.errors import Invalid

_FEWEST_RUNS = 2
MOST = 20
"""How many runs are set beside each other at most."""

ROWS: Mapping[str, tuple[Callable[[Report], Figure], int]] = MappingProxyType(
    {
        "total_return": (lambda each: each.growth.total_return, 1),
        "cagr": (lambda each: each.growth.cagr, 1),
        "volatility": (lambda each: each.growth.volatility, -1),
        "sharpe": (lambda each: each.growth.sharpe, 1),
        "sortino": (lambda each: each.growth.sortino, 1),
        "calmar": (lambda each: each.growth.calmar, 1),
        "max_drawdown": (lambda each: Figure(each.drawdown.fraction), -1),
        "ulcer_index": (lambda each: each.drawdown.ulcer_index, -1),
        "trades": (lambda each: Figure(float(each.trading.n)), 0),
        "win_rate": (lambda each: each.trading.win_rate, 1),
        "profit_factor": (lambda each: each.trading.profit_factor, 1),
        "expectancy": (lambda each: each.trading.expectancy, 1),
        "fees": (lambda each: Figure(each.trading.fees), -1),
        "exposure": (lambda each: each.activity.exposure, 0),
        "holding_return": (lambda each: each.against_holding.total_return, 0),
        "ambiguous_bars": (lambda each: Figure(float(each.activity.ambiguous_bars)), -1),
    }
)
"""Name of each row: how it is read, and whether more (1), less (-1) or neither (0) is better."""


@dataclass(frozen=True)
class Row:
    """One figure of every run.

    Parameters
    ----------
    name : str
    figures : tuple of Figure
        In the order of the runs.
    best : tuple of int
        Numbers of the runs that are best; empty where neither is better or nobody has it.
    """

    name: str
    figures: tuple[Figure, ...]
    best: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """Runs beside each other.

    Parameters
    ----------
    names : tuple of str
    rows : tuple of Row
    common_from_ms, common_to_ms : int or None
        First and last day that all runs have, milliseconds UTC; None if there is none.
    against_first : tuple of Figure
        For each run the mean daily return beyond that of the first, over the common days, with
        its interval; the first one's is 0.
    """

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    common_from_ms: int | None
    common_to_ms: int | None
    against_first: tuple[Figure, ...]


def compare(reports: Mapping[str, Report], bootstrap: Bootstrap) -> Comparison:
    """Set runs beside each other.

    Parameters
    ----------
    reports : mapping of str to Report
        By the name of the run; at least two.
    bootstrap : Bootstrap
        Draws the interval of paired daily differences.

    Returns
    -------
    Comparison

    Raises
    ------
    Invalid
        For fewer than two runs.
    """
    if len(reports) < _FEWEST_RUNS:
        raise Invalid("Choose at least two runs to compare.", field="runs")
    every = tuple(reports.values())
    rows = tuple(_row(name, every) for name in ROWS)
    begin = max(int(each.daily.day_ms[0]) if each.daily.n else 2**62 for each in every)
    end = min(int(each.daily.day_ms[-1]) if each.daily.n else -1 for each in every)
    has_common = begin <= end
    beyond = tuple(_beyond(every[0], each, (begin, end), bootstrap) for each in every)
    return Comparison(
        tuple(reports),
        rows,
        begin if has_common else None,
        end if has_common else None,
        beyond,
    )


def _row(name: str, reports: tuple[Report, ...]) -> Row:
    read, direction = ROWS[name]
    figures = tuple(read(each) for each in reports)
    known = [each.value * direction for each in figures if each.value is not None]
    best = max(known) if known and direction else None
    return Row(
        name,
        figures,
        tuple(
            number
            for number, each in enumerate(figures)
            if best is not None and each.value is not None and each.value * direction == best
        ),
    )


def _beyond(first: Report, other: Report, days_ms: tuple[int, int], bootstrap: Bootstrap) -> Figure:
    if other is first:
        return Figure(0.0)
    own, base = _returns(other, days_ms), _returns(first, days_ms)
    if own.size < FEWEST_DAYS:
        return missing(f"needs {FEWEST_DAYS} common days, there are {own.size}")
    apart = own - base
    low, high = percentile_interval(bootstrap.draw(apart).mean(axis=1))
    return Figure(float(apart.mean()), low=low, high=high)


def _returns(report: Report, days_ms: tuple[int, int]) -> NDArray[np.float64]:
    chosen = (report.daily.day_ms >= days_ms[0]) & (report.daily.day_ms <= days_ms[1])
    return report.daily.returns[chosen]
