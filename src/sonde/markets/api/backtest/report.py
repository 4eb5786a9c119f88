"""A backtest as one JSON object, and as a page for the terminal."""

import json
from typing import Any

import numpy as np

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.file_run import FileBacktest, FileRun, words_of
from sonde.markets.core.backtesting.metrics.figure import Figure
from sonde.markets.core.backtesting.metrics.report import Report, measure

_SEED = 1
_DRAWS = 1000


def as_json(asked: FileBacktest, done: FileRun, *, intervals: bool) -> str:
    """Return one JSON object; a figure that cannot be said is null with its reason."""
    return json.dumps(facts_of(asked, done, intervals=intervals), indent=2)


def facts_of(asked: FileBacktest, done: FileRun, *, intervals: bool) -> dict[str, Any]:
    """Return what is told of a run, JSON-ready."""
    run, report = done.run, _measured(done, intervals=intervals)
    last_ms = int(run.open_time_ms[-1]) + run.timeframe_ms
    facts: dict[str, Any] = {
        "file": done.candles.source.name,
        "sha256": done.candles.source.sha256,
        "symbol": run.instrument.symbol,
        "timeframe": str(done.candles.timeframe),
        "from": words_of(int(run.open_time_ms[0])),
        "to": words_of(last_ms),
        "bars": run.n_bars,
        "strategy": asked.strategy,
        "settings": dict(done.chosen),
        "maker_fee": float(done.fees.maker),
        "taker_fee": float(done.fees.taker),
        "currency": run.currency.code,
        "start": float(run.start),
        "trades": len(run.trades),
        "closed_at_end": run.closed_at_end,
        "net_profit": float(run.net_profit),
        "gross_profit": float(run.currency.amount_of(run.totals.gross_units)),
        "fees": float(run.fees),
        "slippage": float(run.currency.amount_of(run.totals.slippage_units)),
        "funding": float(run.currency.amount_of(run.totals.funding_units)),
        "final_equity": float(run.start + run.net_profit),
        "max_drawdown": report.drawdown.fraction,
        "max_drawdown_amount": report.drawdown.amount,
        "ambiguous_bars": run.ambiguous_bars,
        "rejected_orders": run.orders.rejected,
        "bars_per_second": round(done.bars_per_second),
        **{name: figure_facts(figure) for name, figure in _figures(report).items()},
    }
    if intervals:
        facts |= _luck(done, report)
    return facts


def figure_facts(figure: Figure) -> dict[str, Any]:
    """Return a figure as JSON-ready facts, without what it does not have."""
    facts: dict[str, Any] = {"value": figure.value}
    if figure.reason:
        facts["reason"] = figure.reason
    if figure.low is not None:
        facts |= {"low": figure.low, "high": figure.high}
    return facts


def print_report(asked: FileBacktest, done: FileRun, *, intervals: bool) -> None:
    """Print the page."""
    from rich.console import Console
    from rich.table import Table

    facts, paper = facts_of(asked, done, intervals=intervals), Console()
    chosen = ", ".join(f"{name}={value}" for name, value in facts["settings"].items())
    paper.print(f"{facts['strategy']} ({chosen}) on {facts['symbol']} {facts['timeframe']}")
    paper.print(f"{facts['from']} to {facts['to']} UTC, {facts['bars']:,} bars of {facts['file']}")
    table = Table(show_header=False)
    for name, kind in _PAGE.items():
        if name in facts:
            table.add_row(name.replace("_", " "), _told(facts[name], kind, facts["currency"]))
    for name, value in facts.get("drawdown_of_shuffled_trades", {}).items():
        table.add_row(f"drawdown of shuffled trades, {name}", f"{value:.2%}")
    paper.print(table)
    for note in done.notes:
        paper.print(note)


_PAGE = {
    **dict.fromkeys(("start", "final_equity", "net_profit"), "money"),
    **dict.fromkeys(("total_return", "buy_and_hold_return", "cagr", "volatility"), "share"),
    **dict.fromkeys(("sharpe", "sortino", "calmar", "omega"), "number"),
    **dict.fromkeys(("max_drawdown", "time_under_water"), "share"),
    "max_drawdown_amount": "money",
    "ulcer_index": "number",
    "trades": "count",
    "win_rate": "share",
    **dict.fromkeys(("profit_factor", "payoff_ratio", "expectancy_r", "sqn", "kelly"), "number"),
    **dict.fromkeys(("expectancy", "median_trade", "best_trade", "worst_trade"), "money"),
    **dict.fromkeys(("mean_bars", "median_bars", "longest_bars"), "number"),
    "exposure": "share",
    **dict.fromkeys(("turnover", "trades_per_day", "beta"), "number"),
    "alpha": "share",
    **dict.fromkeys(("gross_profit", "fees", "slippage", "funding"), "money"),
    **dict.fromkeys(("ambiguous_bars", "rejected_orders", "closed_at_end"), "count"),
    "bars_per_second": "count",
    **dict.fromkeys(("p_value_t_test", "p_value_bootstrap"), "number"),
}


def _told(value: Any, kind: str, currency: str) -> str:
    if not isinstance(value, dict):
        return _number(value, kind, currency)
    if value["value"] is None:
        return f"n/a: {value['reason']}"
    told = _number(value["value"], kind, currency)
    if "low" not in value:
        return told
    low, high = (_number(value[end], kind, currency) for end in ("low", "high"))
    return f"{told} ({low} to {high})"


def _number(value: float, kind: str, currency: str) -> str:
    if kind == "money":
        return f"{value:,.2f} {currency}"
    if kind == "share":
        return f"{value:.2%}"
    return f"{value:,}" if kind == "count" else f"{value:.3f}"


def _measured(done: FileRun, *, intervals: bool) -> Report:
    bootstrap = Bootstrap(_SEED, _DRAWS) if intervals else None
    return measure(done.run, done.candles, float(done.fees.taker), bootstrap)


def _figures(report: Report) -> dict[str, Figure]:
    """Return the figures that are told, by name."""
    figures = {name: getattr(report.growth, name) for name in _GROWTH}
    figures |= {name: getattr(report.trading, name) for name in _TRADING}
    figures |= {f"{name}_trade": getattr(report.trading, name) for name in _SINGLE}
    return figures | {
        "exposure": report.activity.exposure,
        "turnover": report.activity.turnover,
        "trades_per_day": report.activity.trades_per_day,
        "ulcer_index": report.drawdown.ulcer_index,
        "time_under_water": report.drawdown.share_under_water,
        "buy_and_hold_return": report.against_holding.total_return,
        "alpha": report.against_holding.alpha,
        "beta": report.against_holding.beta,
    }


_GROWTH = ("total_return", "cagr", "volatility", "sharpe", "sortino", "calmar", "omega")
_TRADING = (
    *("win_rate", "profit_factor", "payoff_ratio", "expectancy", "expectancy_r", "sqn", "kelly"),
    *("mean_bars", "median_bars", "longest_bars", "mean_held_ms"),
)
_SINGLE = ("median", "best", "worst")


def _luck(done: FileRun, report: Report) -> dict[str, Any]:
    """Return how easily luck alone would have made this."""
    from sonde.markets.core.backtesting.monte_carlo import monte_carlo
    from sonde.markets.core.backtesting.significance import bootstrap_p_value, t_test

    returns = report.daily.returns
    facts: dict[str, Any] = {
        "p_value_t_test": figure_facts(t_test(returns)),
        "p_value_bootstrap": figure_facts(bootstrap_p_value(returns, Bootstrap(_SEED, _DRAWS))),
    }
    if len(done.run.trades) > 1:
        net = done.run.trades.net_units / 10.0**done.run.currency.decimals
        drawn = monte_carlo(
            net, float(done.run.start), "shuffle", _DRAWS, np.random.default_rng(_SEED)
        )
        facts["drawdown_of_shuffled_trades"] = {
            f"p{percent}": float(value)
            for percent, value in zip(drawn.percentiles, drawn.max_drawdown, strict=True)
        }
    return facts
