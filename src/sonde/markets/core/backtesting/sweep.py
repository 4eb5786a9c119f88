"""Many settings of one strategy over the same candles: totals and trades of every cell."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.lanes import Lane, course_of
from sonde.markets.core.backtesting.metrics.daily import DAY_MS, settled_equity
from sonde.markets.core.backtesting.metrics.drawdown import fall_below_peak
from sonde.markets.core.backtesting.metrics.figure import Figure, missing
from sonde.markets.core.backtesting.metrics.growth import DAYS_A_YEAR, FEWEST_DAYS, sharpe_ratio
from sonde.markets.core.backtesting.metrics.trading import Trading, trading
from sonde.markets.core.backtesting.overfitting import (
    BLOCKS,
    Overfitting,
    probability_of_overfitting,
)
from sonde.markets.core.backtesting.results import Run, Totals, Trades
from sonde.markets.core.backtesting.running import run
from sonde.markets.core.backtesting.search_points import SearchPoints
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.backtesting.significance import (
    DeflatedSharpe,
    deflated_sharpe,
    observed,
)
from sonde.markets.core.candles import Candles
from sonde.markets.core.parameters import Settings, Value
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.strategies.protocol import Strategy, decided
from sonde.platform.core.errors import Invalid

THREADS = 2


@dataclass(frozen=True)
class Cell:
    """One set of settings and what it brought; its ledger is that of a run on its own.

    Parameters
    ----------
    settings : Settings
    totals : Totals
    trades : Trades
    daily_equity : ndarray of float64, shape (day,)
        At the end of each day that has a bar, in the account's currency.
    start : float
        Equity at the beginning, in the account's currency.
    decimals : int
        Of the account's currency.
    max_drawdown : float
        Deepest fall from a peak at the bars' closes, as a positive fraction.
    ambiguous_bars, closed_at_end : int
    """

    settings: Settings
    totals: Totals
    trades: Trades
    daily_equity: NDArray[np.float64]
    start: float
    decimals: int
    max_drawdown: float
    ambiguous_bars: int
    closed_at_end: int

    @property
    def net_profit(self) -> float:
        """In the account's currency, after all costs."""
        return self.totals.net_units / 10.0**self.decimals

    @property
    def returns(self) -> NDArray[np.float64]:
        """Simple return of each day that has a bar, shape (day,)."""
        before = np.concatenate(([self.start], self.daily_equity[:-1]))
        return np.divide(
            self.daily_equity - before, before, out=np.zeros_like(before), where=before > 0
        )

    @property
    def sharpe(self) -> Figure:
        """Annual Sharpe ratio from daily equity."""
        if self.daily_equity.size < FEWEST_DAYS:
            return missing(f"needs {FEWEST_DAYS} days, there are {self.daily_equity.size}")
        return Figure(float(sharpe_ratio(self.returns)) * DAYS_A_YEAR**0.5)

    @cached_property
    def trading(self) -> Trading:
        """Figures of the trades."""
        return trading(self.trades, self.decimals)


Measure = Callable[[Cell], Figure]
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "net_profit": lambda cell: Figure(cell.net_profit),
        "return": lambda cell: Figure(cell.net_profit / cell.start),
        "sharpe": lambda cell: cell.sharpe,
        "max_drawdown": lambda cell: Figure(-cell.max_drawdown),
        "profit_factor": lambda cell: cell.trading.profit_factor,
        "expectancy": lambda cell: cell.trading.expectancy,
        "win_rate": lambda cell: cell.trading.win_rate,
        "sqn": lambda cell: cell.trading.sqn,
        "trades": lambda cell: Figure(float(cell.trading.n)),
    }
)
"""By what cells are compared; more is better (a drawdown counts negative)."""


@dataclass(frozen=True)
class Sweep:
    """All cells of a search.

    Parameters
    ----------
    strategy : str
    points : SearchPoints
    cells : tuple of Cell
        One for each accepted point, in their order.
    bars : int
        Bars of the candles.
    """

    strategy: str
    points: SearchPoints
    cells: tuple[Cell, ...]
    bars: int

    def best(self, measure: str) -> Cell:
        """Return the best cell; the first of equals. Raises Invalid where no cell has a figure."""
        told = [_measure(measure)(cell).value for cell in self.cells]
        known = [(value, -number) for number, value in enumerate(told) if value is not None]
        if not known:
            reason = _measure(measure)(self.cells[0]).reason
            raise Invalid(f"No cell has a figure for {measure}: {reason}.", field="measure")
        return self.cells[-max(known)[1]]


@dataclass(frozen=True)
class HeatMap:
    """A measure over two settings.

    Parameters
    ----------
    x, y : str
        Names of the settings.
    x_values, y_values : tuple
    values : ndarray of float64, shape (y, x)
        The best cell where further settings differ; NaN where none was accepted or measured.
    """

    x: str
    y: str
    x_values: tuple[Value, ...]
    y_values: tuple[Value, ...]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class SearchDoubt:
    """What is left of the best cell's Sharpe ratio once the search is counted.

    Parameters
    ----------
    deflated : DeflatedSharpe or None
    overfitting : Overfitting or None
    reason : str
        Why one of them cannot be said; empty if both are there.
    """

    deflated: DeflatedSharpe | None
    overfitting: Overfitting | None
    reason: str


def sweep(
    candles: Candles,
    strategy: Strategy,
    points: SearchPoints,
    settings: BacktestSettings,
    *,
    detail: Candles | None = None,
    threads: int = THREADS,
) -> Sweep:
    """Run every accepted point.

    Parameters
    ----------
    candles : Candles
    strategy : Strategy
    points : SearchPoints
    settings : BacktestSettings
        Money and costs, the same for all.
    detail : Candles or None
        Finer candles, as for one run.
    threads : int
        The compiled engine lets go of the interpreter, so threads share the work.

    Returns
    -------
    Sweep
    """
    last = last_bars_of_days(candles.close_time_ms)
    course = course_of((Lane(candles, Decisions.of(candles.n), detail),))

    def one(given: Settings) -> Cell:
        decisions = decided(strategy, candles, given)
        return cell_of(run(candles, decisions, settings, detail, course), given, last)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        cells = tuple(pool.map(one, points.accepted))
    return Sweep(strategy.name, points, cells, candles.n)


def cell_of(done: Run, given: Settings, last_bars: NDArray[np.int64]) -> Cell:
    """Return what a sweep keeps of one run."""
    equity, start = settled_equity(done), float(done.start)
    fall = float(fall_below_peak(equity, start).max()) if equity.size else 0.0
    return Cell(
        given,
        done.totals,
        done.trades,
        equity[last_bars],
        start,
        done.currency.decimals,
        fall,
        done.ambiguous_bars,
        done.closed_at_end,
    )


def last_bars_of_days(close_time_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the last bar that closes in each day (UTC).

    Examples
    --------
    >>> last_bars_of_days(np.arange(1, 49) * 3_600_000).tolist()
    [23, 47]
    """
    day = (close_time_ms - 1) // DAY_MS
    return np.flatnonzero(np.diff(day, append=day[-1:] + 1))


def heat_map(done: Sweep, x: str, y: str, measure: str) -> HeatMap:
    """Return a measure over two settings of a sweep.

    Raises
    ------
    Invalid
        If a setting did not vary or the measure is unknown.
    """
    axes, read = done.points.axes, _measure(measure)
    for name in (x, y):
        if name not in axes:
            raise Invalid(f"{name!r:.80} did not vary; what did: {', '.join(axes)}.", field=name)
    place = {name: {value: i for i, value in enumerate(axes[name])} for name in (x, y)}
    values = np.full((len(axes[y]), len(axes[x])), np.nan)
    for cell in done.cells:
        row, column = place[y][cell.settings[y]], place[x][cell.settings[x]]
        value = read(cell).value
        if value is not None:
            values[row, column] = np.fmax(values[row, column], value)
    return HeatMap(x, y, axes[x], axes[y], values)


def doubt(done: Sweep) -> SearchDoubt:
    """Count the search: deflated Sharpe ratio of the best cell, probability of overfitting.

    Every cell counts as an independent trial, although neighbours on a grid are alike; the truth
    is therefore rather better than told.
    """
    returns = np.column_stack([cell.returns for cell in done.cells])
    if returns.shape[0] < FEWEST_DAYS:
        reason = f"needs {FEWEST_DAYS} days, there are {returns.shape[0]}"
        return SearchDoubt(None, None, reason)
    ratios = sharpe_ratio(returns, axis=0)
    best, trials = int(np.argmax(ratios)), len(done.cells)
    spread = float(ratios.var(ddof=1)) if trials > 1 else 0.0
    deflated = deflated_sharpe(observed(returns[:, best]), trials, spread)
    if trials < 2:
        return SearchDoubt(deflated, None, "one cell is no search")
    return SearchDoubt(deflated, probability_of_overfitting(returns, BLOCKS), "")


def _measure(name: str) -> Measure:
    if name not in MEASURES:
        raise Invalid(f"Cells are compared by {', '.join(MEASURES)}, not by {name!r:.80}.")
    return MEASURES[name]
