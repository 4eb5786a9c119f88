"""Choose on the past, trade the future, move on: the only search whose result can be believed.

Each window trains on bars before a gap and trades the bars behind it. The gap is purge (as many
bars as a trade of the training may reach over its end) plus embargo (more, for what prices
remember). The joined result is made of test bars only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.daily import settled_equity
from sonde.markets.core.backtesting.results import Run, Trades
from sonde.markets.core.backtesting.running import run
from sonde.markets.core.backtesting.search_points import SearchPoints
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.backtesting.sweep import MEASURES, Cell, sweep
from sonde.markets.core.candles import Candles
from sonde.markets.core.parameters import Settings
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.strategies.protocol import Strategy, decided
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class WalkForwardPlan:
    """How windows lie, in bars.

    Parameters
    ----------
    train, test : int
        Lengths, at least 2 and 1.
    purge, embargo : int
        Left out between training and test, at least 0.
    anchored : bool
        Whether training always begins at the first bar and grows.

    Raises
    ------
    Invalid
        If a length is out of range.
    """

    train: int
    test: int
    purge: int = 0
    embargo: int = 0
    anchored: bool = False

    def __post_init__(self) -> None:
        """Refuse lengths that make no windows."""
        for name, low in (("train", 2), ("test", 1), ("purge", 0), ("embargo", 0)):
            if getattr(self, name) < low:
                raise Invalid(f"{name}={getattr(self, name)}: give at least {low}.", field=name)


@dataclass(frozen=True)
class Window:
    """Bars [train_start, train_stop) choose, bars [test_start, test_stop) are traded."""

    train_start: int
    train_stop: int
    test_start: int
    test_stop: int


@dataclass(frozen=True)
class Separation:
    """The proof that nothing of a test was seen before, from times, not from intentions.

    Parameters
    ----------
    last_seen_ms : tuple of int
        For each window the latest moment that its training looked at: the close of its last bar
        and the exits of all its trades.
    first_traded_ms : tuple of int
        For each window the open of its first test bar.
    shared_bars : int
        Bars that are in the training and in the test of one window.
    tested_twice : int
        Bars that are in more than one test.
    """

    last_seen_ms: tuple[int, ...]
    first_traded_ms: tuple[int, ...]
    shared_bars: int
    tested_twice: int

    @property
    def holds(self) -> bool:
        """Whether every training ends before its test begins, and no bar is tested twice."""
        apart = all(
            seen <= traded
            for seen, traded in zip(self.last_seen_ms, self.first_traded_ms, strict=True)
        )
        return apart and self.shared_bars == 0 and self.tested_twice == 0


@dataclass(frozen=True)
class Training:
    """What one training found: what has to be kept so that it need not be searched again.

    Parameters
    ----------
    best : Cell
    last_seen_ms : int
        The latest moment that it looked at, milliseconds UTC.
    """

    best: Cell
    last_seen_ms: int


class Trainings(Protocol):
    """Where finished trainings are kept, so that an interrupted walk goes on behind them."""

    def known(self, number: int) -> Training | None:
        """Return the training of a window if it is kept."""
        ...

    def keep(self, number: int, found: Training) -> None:
        """Keep one more; windows come in order."""
        ...


class NoneKept:
    """Trainings are searched every time."""

    def known(self, _number: int) -> None:
        """Return that nothing is kept."""

    def keep(self, _number: int, _found: Training) -> None:
        """Forget it."""


@dataclass(frozen=True)
class Step:
    """One window: what was chosen inside the training, and what it brought outside.

    Parameters
    ----------
    window : Window
    chosen : Settings
    trained : Cell
        The chosen cell, in training.
    tested : Run
    """

    window: Window
    chosen: Settings
    trained: Cell
    tested: Run


@dataclass(frozen=True)
class WalkForward:
    """All windows, and the account that went through their tests one after the other.

    Parameters
    ----------
    steps : tuple of Step
    separation : Separation
    measure : str
        By what was chosen.
    close_time_ms : ndarray of int64, shape (test bar,)
    equity : ndarray of float64, shape (test bar,)
        In the account's currency; each test begins with what the one before left.
    trades : Trades
        Of all tests, in the order of their exits.
    start : float
        Equity at the beginning.
    """

    steps: tuple[Step, ...]
    separation: Separation
    measure: str
    close_time_ms: NDArray[np.int64]
    equity: NDArray[np.float64]
    trades: Trades
    start: float

    @property
    def efficiency(self) -> float | None:
        """Mean return a bar in the tests over that in the trainings; None if those lost."""
        inside = sum(step.trained.net_profit / step.trained.start for step in self.steps)
        trained = sum(step.window.train_stop - step.window.train_start for step in self.steps)
        outside = sum(float(step.tested.net_profit / step.tested.start) for step in self.steps)
        if inside <= 0:
            return None
        return (outside / self.equity.size) / (inside / trained)


def windows(n: int, plan: WalkForwardPlan) -> tuple[Window, ...]:
    """Lay windows over `n` bars; tests follow each other without a gap, the last may be shorter.

    Parameters
    ----------
    n : int
    plan : WalkForwardPlan

    Returns
    -------
    tuple of Window

    Raises
    ------
    Invalid
        If not even one test bar is left.

    Examples
    --------
    >>> [(w.train_start, w.train_stop, w.test_start, w.test_stop)
    ...  for w in windows(20, WalkForwardPlan(8, 5, purge=2))]
    [(0, 8, 10, 15), (5, 13, 15, 20)]
    """
    gap = plan.purge + plan.embargo
    first = plan.train + gap
    if n <= first:
        raise Invalid(
            f"Training of {plan.train} bars and a gap of {gap} leave nothing of {n} bars to test.",
            field="train",
        )
    return tuple(
        Window(
            0 if plan.anchored else start - gap - plan.train,
            start - gap,
            start,
            min(start + plan.test, n),
        )
        for start in range(first, n, plan.test)
    )


def walk_forward(
    candles: Candles,
    strategy: Strategy,
    points: SearchPoints,
    settings: BacktestSettings,
    plan: WalkForwardPlan,
    *,
    measure: str = "sharpe",
    trainings: Trainings | None = None,
) -> WalkForward:
    """Choose settings inside each training, trade them in its test, and join the tests.

    A position that is open at the end of a test is closed there, and pays for it.

    Parameters
    ----------
    candles : Candles
    strategy : Strategy
    points : SearchPoints
        What each training chooses from.
    settings : BacktestSettings
    plan : WalkForwardPlan
    measure : str
        A name of ``MEASURES``.
    trainings : Trainings, optional
        Asked before a training is searched, and told what it found.

    Returns
    -------
    WalkForward

    Raises
    ------
    Invalid
        If there are too few bars, the measure is unknown or has no figure in a training, or the
        account is lost before the end.
    """
    if measure not in MEASURES:
        raise Invalid(f"Settings are chosen by {', '.join(MEASURES)}.", field="measure")
    steps: list[Step] = []
    seen: list[int] = []
    money = settings.start
    keeper = NoneKept() if trainings is None else trainings
    for number, window in enumerate(windows(candles.n, plan)):
        if money <= 0:
            raise Invalid(
                f"The account was lost after {len(steps)} windows; nothing is left to trade.",
                field="start",
            )
        found = keeper.known(number)
        if found is None:
            found = _trained(candles, strategy, points, (window, settings, measure))
            keeper.keep(number, found)
        best = found.best
        seen.append(found.last_seen_ms)
        tested = _test(candles, strategy, best.settings, window, replace(settings, start=money))
        money += tested.net_profit
        steps.append(Step(window, best.settings, best, tested))
    return _joined(tuple(steps), separation(candles, tuple(steps), seen), measure)


def _trained(
    candles: Candles,
    strategy: Strategy,
    points: SearchPoints,
    how: tuple[Window, BacktestSettings, str],
) -> Training:
    window, settings, measure = how
    training = part_of(candles, window.train_start, window.train_stop)
    searched = sweep(training, strategy, points, settings)
    return Training(searched.best(measure), _last_seen(training, searched.cells))


def part_of(candles: Candles, first: int, stop: int) -> Candles:
    """Return bars `first` to `stop` - 1."""
    times = candles.open_time_ms
    return candles.between(int(times[first]), int(times[stop - 1]) + 1)


def separation(candles: Candles, steps: Sequence[Step], last_seen_ms: Sequence[int]) -> Separation:
    """Return how training and tests lie apart, counted bar by bar.

    Parameters
    ----------
    candles : Candles
    steps : sequence of Step
    last_seen_ms : sequence of int
        The latest moment that each training looked at, milliseconds UTC.

    Returns
    -------
    Separation
    """
    tests = np.zeros(candles.n, np.int64)
    shared = 0
    for step in steps:
        trained = np.zeros(candles.n, bool)
        trained[step.window.train_start : step.window.train_stop] = True
        tested = np.isin(candles.open_time_ms, step.tested.open_time_ms)
        shared += int(np.count_nonzero(trained & tested))
        tests += tested
    return Separation(
        tuple(last_seen_ms),
        tuple(int(step.tested.open_time_ms[0]) for step in steps),
        shared,
        int(np.count_nonzero(tests > 1)),
    )


def _last_seen(training: Candles, cells: Sequence[Cell]) -> int:
    exits = [int(cell.trades.exit_time_ms.max()) for cell in cells if len(cell.trades)]
    return max([int(training.close_time_ms[-1]), *exits])


def _test(
    candles: Candles,
    strategy: Strategy,
    chosen: Settings,
    window: Window,
    settings: BacktestSettings,
) -> Run:
    """Trade the test bars; bars before them are only looked at, as far as the strategy needs."""
    before = max(0, window.test_start - strategy.warm_up(chosen))
    known = part_of(candles, before, window.test_stop)
    wishes = rows_from(decided(strategy, known, chosen), window.test_start - before)
    return run(part_of(candles, window.test_start, window.test_stop), wishes, settings)


def rows_from(decisions: Decisions, first: int) -> Decisions:
    """Return the decisions without their first rows."""
    kept: dict[str, object] = {}
    for each in fields(decisions):
        value = getattr(decisions, each.name)
        kept[each.name] = value[first:] if isinstance(value, np.ndarray) else value
    seen: Mapping[str, NDArray[np.float64]] = decisions.indicators
    kept["indicators"] = {name: values[first:] for name, values in seen.items()}
    return replace(decisions, **kept)  # type: ignore[arg-type]


def _joined(steps: tuple[Step, ...], apart: Separation, measure: str) -> WalkForward:
    runs = [step.tested for step in steps]
    columns = {
        each.name: np.concatenate([getattr(one.trades, each.name) for one in runs])
        for each in fields(Trades)
    }
    return WalkForward(
        steps,
        apart,
        measure,
        np.concatenate([one.open_time_ms + one.timeframe_ms for one in runs]),
        np.concatenate([settled_equity(one) for one in runs]),
        Trades(**columns),
        float(runs[0].start),
    )
