"""Walk-forward: settings are chosen on the past and traded on what comes after."""

from collections.abc import Mapping
from typing import Any

from sonde.markets.core.backtesting.archive import columns_as_arrays
from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.metrics.daily import daily_equity
from sonde.markets.core.backtesting.metrics.drawdown import drawdown
from sonde.markets.core.backtesting.metrics.growth import growth
from sonde.markets.core.backtesting.metrics.trading import trading
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.core.backtesting.walk_forward import (
    Step,
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
        )
        watch.told(0.95, "Measuring")
        return _answer(material, done)


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
