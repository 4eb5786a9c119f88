"""Walk-forward: settings are chosen on the past and traded on what comes after."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sonde.markets.core.backtesting.archive import columns_as_arrays
from sonde.markets.core.backtesting.cell_columns import arrays_of_cells, cells_from
from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.metrics.daily import daily_equity
from sonde.markets.core.backtesting.metrics.drawdown import drawdown
from sonde.markets.core.backtesting.metrics.growth import growth
from sonde.markets.core.backtesting.metrics.trading import trading
from sonde.markets.core.backtesting.search_points import SearchPoints
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.core.backtesting.walk_forward import (
    Step,
    Training,
    WalkForward,
    WalkForwardPlan,
    walk_forward,
    windows,
)
from sonde.markets.core.instruments import account_currency
from sonde.markets.services.backtests.study import Answer, Material, Watch
from sonde.markets.services.backtests.sweeps import Search, search_params, search_points
from sonde.platform.core.errors import Invalid

_LENGTHS = ("train", "test", "purge", "embargo")
_MOST_WINDOWS = 1000
_MOST_RUNS = 100_000


class WalkForwardStudy(Search):
    """Windows of training and test that move through the candles."""

    name = "walk-forward"
    title = STUDY_TITLES[name]

    def accept(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Check the search and the lengths of the windows; raises Invalid."""
        params = search_params(given)
        lengths = {name: int(given.get(name) or 0) for name in _LENGTHS}
        anchored = bool(given.get("anchored"))
        WalkForwardPlan(**lengths, anchored=anchored)
        return {**params, **lengths, "anchored": anchored}

    def compute(self, material: Material, params: Mapping[str, Any], watch: Watch) -> Answer:
        """Go through all windows."""
        plan = WalkForwardPlan(
            **{name: params[name] for name in _LENGTHS}, anchored=params["anchored"]
        )
        if material.detail is not None:
            raise Invalid("A walk-forward takes no finer candles.", field="detail")
        count = len(windows(material.candles.n, plan))
        if count > _MOST_WINDOWS:
            raise Invalid(f"{count:,} windows are too many; take longer tests.", field="test")
        points = search_points(material.strategy, material.chosen, params)
        if count * len(points.accepted) > _MOST_RUNS:
            raise Invalid(
                f"{count:,} windows with {len(points.accepted):,} settings each are too many; "
                f"together at most {_MOST_RUNS:,} runs are made.",
                field="axes",
            )
        watch.told(0.05, f"{count} windows, {len(points.accepted):,} settings")
        done = walk_forward(
            material.candles,
            material.strategy,
            points,
            material.settings,
            plan,
            measure=params["measure"],
            trainings=_Kept(points, count, watch),
        )
        watch.told(0.95, "Measuring")
        return _answer(material, done)


class _Kept:
    """Trainings in the parts of a job: what an earlier attempt finished is not searched again."""

    def __init__(self, points: SearchPoints, count: int, watch: Watch) -> None:
        self._points, self._count, self._watch = points, count, watch
        self._parts = watch.kept()

    def known(self, number: int) -> Training | None:
        """Return the training of a window that an earlier attempt finished."""
        if number >= len(self._parts):
            return None
        part = self._parts[number]
        chosen = self._points.accepted[int(part["chosen"][0])]
        (cell,) = cells_from(part, [chosen])
        self._told(number)
        return Training(cell, int(part["last_seen_ms"][0]))

    def keep(self, number: int, found: Training) -> None:
        """Keep a finished training."""
        chosen = self._points.accepted.index(found.best.settings)
        marks = {"chosen": np.array([chosen]), "last_seen_ms": np.array([found.last_seen_ms])}
        self._watch.keep({**arrays_of_cells([found.best]), **marks})
        self._told(number)

    def _told(self, number: int) -> None:
        share = (number + 1) / self._count
        self._watch.told(0.05 + 0.9 * share, f"Window {number + 1} of {self._count}")


def _answer(material: Material, done: WalkForward) -> Answer:
    decimals = account_currency(material.candles.instrument).decimals
    daily = daily_equity(done.close_time_ms, done.equity, done.start)
    fell = drawdown(done.close_time_ms, done.equity, done.start)
    grown = growth(daily, fell.fraction, None)
    traded = trading(done.trades, decimals)
    result = {
        "measure": done.measure,
        "windows": [_step(step) for step in done.steps],
        "separation": {**document(done.separation), "holds": done.separation.holds},
        "efficiency": done.efficiency,
        "metrics": document({"growth": grown, "drawdown": fell, "trading": traded}),
    }
    summary = {
        "windows": len(done.steps),
        "total_return": grown.total_return.value,
        "sharpe": grown.sharpe.value,
        "max_drawdown": fell.fraction,
        "trades": len(done.trades),
        "efficiency": done.efficiency,
    }
    arrays = {
        "test_close_time_ms": done.close_time_ms,
        "test_equity": done.equity,
        **columns_as_arrays("trade_", done.trades),
    }
    return Answer(summary, result, arrays)


def _step(step: Step) -> dict[str, Any]:
    opens = step.tested.open_time_ms
    return {
        "window": document(step.window),
        "test_from_ms": int(opens[0]),
        "test_to_ms": int(opens[-1]) + step.tested.timeframe_ms,
        "chosen": document(step.chosen),
        "trained_net_profit": step.trained.net_profit,
        "tested_net_profit": str(step.tested.net_profit),
        "tested_trades": len(step.tested.trades),
    }
