"""Backtests beside each other: the same figures in one table, and which difference is no luck."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.comparison import MOST, Comparison, compare
from sonde.markets.core.backtesting.metrics.breakdown import Breakdown
from sonde.markets.core.backtesting.metrics.daily import DailyEquity
from sonde.markets.core.backtesting.metrics.drawdown import Drawdown
from sonde.markets.core.backtesting.metrics.growth import Growth
from sonde.markets.core.backtesting.metrics.holding import AgainstHolding
from sonde.markets.core.backtesting.metrics.report import Activity, Report
from sonde.markets.core.backtesting.metrics.trading import Trading
from sonde.markets.services.backtests.columns import arrays_of
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

_BOOTSTRAP = Bootstrap(seed=1, draws=1000)


def compare_backtests(actor: Actor, ids: Sequence[str]) -> Comparison:
    """Set finished backtests beside each other; the first is what the others are set against.

    Raises NotFound, Conflict for an unfinished one, Invalid for fewer than two, the same twice,
    or more than 20.
    """
    if not 1 < len(set(ids)) == len(ids) <= MOST:
        raise Invalid(f"Choose 2 to {MOST} different backtests to compare.", field="id")
    return compare({one: _report(actor, one) for one in ids}, _BOOTSTRAP)


def _report(actor: Actor, backtest_id: str) -> Report:
    row, arrays = arrays_of(actor, backtest_id)
    result = row.result or {}
    if row.kind != "backtest":
        raise Invalid(f"{row.title} is no single backtest; choose backtests.", field="id")

    def read(part: type, name: str) -> Any:
        return TypeAdapter(part).validate_python(result["metrics"][name])

    return Report(
        growth=read(Growth, "growth"),
        drawdown=read(Drawdown, "drawdown"),
        trading=read(Trading, "trading"),
        parts=read(Breakdown, "parts"),
        activity=read(Activity, "activity"),
        against_holding=read(AgainstHolding, "against_holding"),
        equity=arrays["bar_equity_units"] / 10.0 ** (row.source or {})["decimals"],
        holding=arrays["bar_holding"],
        daily=DailyEquity(arrays["day_ms"], arrays["day_equity"], float(result["start"])),
        exit_time_ms=arrays["trade_exit_time_ms"],
    )
