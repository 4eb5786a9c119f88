"""One backtest: every figure, every month, every trade."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sonde.markets.core.backtesting.archive import arrays_of
from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.lanes import Lane
from sonde.markets.core.backtesting.metrics.report import Report, measure, measure_together
from sonde.markets.core.backtesting.results import HeldBack, Run, Together
from sonde.markets.core.backtesting.significance import bootstrap_p_value, t_test
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.core.strategies.protocol import decided
from sonde.markets.services.backtests.study import Answer, Material, OneSetting, Watch

_BOOTSTRAP = Bootstrap(seed=1, draws=1000)
_HELD_SHOWN = 50
PARTS = ("growth", "drawdown", "trading", "parts", "activity", "against_holding")
HEADLINES = ("total_return", "sharpe", "max_drawdown", "win_rate", "profit_factor", "trades")


class Single(OneSetting):
    """One run of a strategy over candles."""

    name = "backtest"
    title = STUDY_TITLES[name]
    takes_several = True

    def accept(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Accept nothing: a backtest has no parameters of its own."""
        del given
        return {}

    def compute(self, material: Material, params: Mapping[str, Any], watch: Watch) -> Answer:
        """Run and measure."""
        del params
        done, report = run_and_measure(material, watch)
        result = {**totals_of(done), **_figures(report)}
        return Answer(headline(done, report), result, arrays_of(done, report))


def run_and_measure(material: Material, watch: Watch) -> tuple[Run | Together, Report]:
    """Return the run and all its figures; several symbols share one account."""
    if material.others:
        return _together(material, watch)
    from sonde.markets.core.backtesting.running import run

    watch.told(0.05, "Asking the strategy")
    decisions = decided(material.strategy, material.candles, material.chosen)
    watch.told(0.3, f"Trading {material.candles.n:,} bars")
    done = run(material.candles, decisions, material.settings, material.detail)
    watch.told(0.7, f"Measuring {len(done.trades):,} trades")
    return done, measure(done, material.candles, material.taker_fee, _BOOTSTRAP)


def _together(material: Material, watch: Watch) -> tuple[Together, Report]:
    from sonde.markets.core.backtesting.together import run_together

    watch.told(0.05, "Asking the strategy")
    lanes = [
        Lane(candles, decided(material.strategy, candles, material.chosen), detail, funding)
        for candles, detail, funding in material.every
    ]
    watch.told(0.3, f"Trading {len(lanes)} symbols")
    done = run_together(lanes, replace(material.settings, funding=None))
    watch.told(0.7, f"Measuring {len(done.trades):,} trades")
    every = [candles for candles, *_ in material.every]
    return done, measure_together(done, every, material.taker_fee, _BOOTSTRAP)


def held_back_of(found: Sequence[HeldBack]) -> dict[str, Any]:
    """Return how many entries the limits held back, by rule, and the first of them."""
    rules = Counter(code for one in found for code in one.rules)
    return {
        "n": len(found),
        "rules": dict(rules.most_common()),
        "first": document(found[:_HELD_SHOWN]),
    }


def symbols_of(done: Together) -> list[dict[str, Any]]:
    """Return what each symbol brought to the account."""
    amount = done.currency.amount_of
    rows = []
    for one in done.instruments:
        trades = done.trades.rows(done.trades.symbol == one.symbol)
        rows.append(
            {
                "symbol": one.symbol,
                "trades": len(trades),
                "net": str(amount(int(trades.net_units.sum()))),
                "fees": str(amount(int(trades.fees_units.sum()))),
                "funding": str(amount(int(trades.funding_units.sum()))),
            }
        )
    return rows


def totals_of(done: Run | Together) -> dict[str, Any]:
    """Return the money of a run, exact, as text."""
    amount = done.currency.amount_of
    return {
        "bars": done.n_bars,
        "currency": done.currency.code,
        "start": str(done.start),
        "net_profit": str(done.net_profit),
        "final_equity": str(done.start + done.net_profit),
        "gross_profit": str(amount(done.totals.gross_units)),
        "fees": str(done.fees),
        "slippage": str(amount(done.totals.slippage_units)),
        "funding": str(amount(done.totals.funding_units)),
        "orders": document(done.orders),
        "held_back": held_back_of(done.held_back),
        "symbols": [] if isinstance(done, Run) else symbols_of(done),
    }


def headline(done: Run | Together, report: Report) -> dict[str, Any]:
    """Return what a list shows of a run."""
    return {
        "net_profit": str(done.net_profit),
        "currency": done.currency.code,
        "total_return": report.growth.total_return.value,
        "sharpe": report.growth.sharpe.value,
        "max_drawdown": report.drawdown.fraction,
        "win_rate": report.trading.win_rate.value,
        "profit_factor": report.trading.profit_factor.value,
        "trades": len(done.trades),
    }


def _figures(report: Report) -> dict[str, Any]:
    returns = report.daily.returns
    return {
        "metrics": {name: document(getattr(report, name)) for name in PARTS},
        "months": document(report.table("month")),
        "significance": {
            "t_test": document(t_test(returns)),
            "bootstrap": document(bootstrap_p_value(returns, _BOOTSTRAP)),
        },
    }
