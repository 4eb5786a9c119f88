"""What came of one backtest, part by part."""

from collections.abc import Mapping
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.lines import EquityLine
from sonde.markets.core.backtesting.stored_runs import Backtest
from sonde.markets.ui.backtests.figures import EQUITY_HEIGHT, cost_figure, equity_figure
from sonde.markets.ui.backtests.ids import ResultId
from sonde.markets.ui.backtests.metrics import (
    drawdown_words,
    metric_tables,
    month_table,
    part_tables,
)
from sonde.markets.ui.backtests.state import like_path
from sonde.markets.ui.backtests.words import (
    figure_words,
    interval_words,
    name_words,
    signed,
    value_words,
)
from sonde.platform.ui.components import (
    button_link,
    card,
    columns,
    loading_state,
    note,
    stat_card,
)
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, grid, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_TWIN_ROWS: Final = 24
_HELD_ROWS: Final = 6
_TRADE_COLUMNS: Final = (
    Column("No.", "number", numeric=True, width=75, sortable=False),
    Column("Symbol", "symbol", width=110, sortable=False),
    Column("Side", "side", width=80, sortable=False),
    Column("Entry, UTC", "entry", width=160, sortable=False),
    Column("Price", "entry_price", numeric=True, width=120, sortable=False),
    Column("Exit, UTC", "exit", width=160, sortable=False),
    Column("Price", "exit_price", numeric=True, width=120, sortable=False),
    Column("Quantity", "quantity", numeric=True, width=125, sortable=False),
    Column("Fees", "fees", numeric=True, width=95, sortable=False),
    Column("Net", "net", numeric=True, width=115, sortable=False),
    Column("Bars", "bars_held", numeric=True, width=85, sortable=False),
    Column("Exit because of", "exit_reason", width=180, sortable=False),
)
NEXT: Final = (
    ("look-ahead", "Look-ahead analysis", "tabler:search"),
    ("recursive", "Recursive analysis", "tabler:refresh"),
    ("sweep", "Sweep", "tabler:category"),
    ("walk-forward", "Walk forward", "tabler:arrow-right"),
    ("monte-carlo", "Monte Carlo", "tabler:arrows-shuffle"),
)


def run_body(run: Backtest, line: EquityLine) -> list[Any]:
    """Return everything that is known of one backtest."""
    said: Mapping[str, Any] = run.results or {}
    unit = said["currency"]
    metrics = said["metrics"]
    return [
        headline(said, unit),
        _equity_card(said, line, unit),
        *_symbols_card(said, unit),
        _candles_card(run),
        *held_back_card(run, said),
        card(part_tables(metrics["parts"], unit), title="Parts of the trades"),
        _cost_card(said, unit),
        card(
            metric_tables(metrics, unit),
            title="Figures",
            description="With 95 % intervals where they are known, or the reason why not.",
        ),
        card(month_table(said["months"]), title="Month by month, %"),
        _luck_card(said, metrics),
        _trades_card(int(metrics["trading"]["n"]), is_one=not said.get("symbols")),
        next_card(run),
    ]


def headline(said: Mapping[str, Any], unit: str) -> Any:
    """Return the figures that people look for first."""
    metrics = said["metrics"]
    grown, traded, held = metrics["growth"], metrics["trading"], metrics["against_holding"]
    profit = float(said["net_profit"])
    sharpe = interval_words(grown["sharpe"], "ratio")
    rate = interval_words(traded["win_rate"], "share")
    fall = metrics["drawdown"]
    cards = [
        stat_card(
            "Net profit",
            signed(profit, "money"),
            icon_name="tabler:chart-line",
            hint=f"{unit}, return {figure_words(grown['total_return'], 'share')}",
        ),
        stat_card(
            "Buy and hold",
            figure_words(held["total_return"], "share"),
            icon_name="tabler:hourglass",
            hint="With both fees paid",
        ),
        stat_card(
            "Sharpe ratio",
            value_words(grown["sharpe"]["value"], "ratio"),
            icon_name="tabler:activity",
            hint=f"95 %: {sharpe}" if sharpe else grown["sharpe"]["reason"],
        ),
        stat_card(
            "Deepest fall",
            value_words(fall["fraction"], "share"),
            icon_name="tabler:droplet",
            hint=value_words(fall["amount"], "money", unit),
        ),
        stat_card(
            "Win rate",
            value_words(traded["win_rate"]["value"], "share"),
            icon_name="tabler:target",
            hint=f"95 %: {rate}" if rate else traded["win_rate"]["reason"],
        ),
        stat_card(
            "Trades",
            count(traded["n"]),
            icon_name="tabler:arrows-split",
            hint=f"Exposure {figure_words(metrics['activity']['exposure'], 'share')}",
        ),
    ]
    return columns(cards, minimum=240)


def _equity_card(said: Mapping[str, Any], line: EquityLine, unit: str) -> Any:
    fall = said["metrics"]["drawdown"]
    chart = graph(
        equity_figure(line, float(said["start"]), "Held" if said.get("symbols") else "Position"),
        id=ResultId.EQUITY.value,
        name="Equity, drawdown and position",
        summary=equity_sentence(said, line, unit),
        twin=Twin(_EQUITY_COLUMNS, _equity_rows(line)),
        height=EQUITY_HEIGHT,
    )
    return card(chart, title="Equity and drawdown", description=drawdown_words(fall))


_EQUITY_COLUMNS: Final = (
    Column("Close, UTC"),
    Column("Equity", numeric=True),
    Column("Buy and hold", numeric=True),
    Column("Position", numeric=True),
)


def equity_sentence(said: Mapping[str, Any], line: EquityLine, unit: str) -> str:
    """Say where equity began, ended and went in between."""
    start, end = float(said["start"]), float(said["final_equity"])
    return (
        f"Equity went from {value_words(start, 'money')} to {value_words(end, 'money', unit)} "
        f"over {count(line.n_bars)} bars, between {value_words(float(line.lowest), 'money')} and "
        f"{value_words(float(line.highest), 'money')}; holding ended at "
        f"{value_words(line.holding[-1] if line.holding else None, 'money', unit)}."
    )


def _equity_rows(line: EquityLine) -> list[list[str]]:
    n = len(line.close_time_ms)
    chosen = sorted({round(k * (n - 1) / (_TWIN_ROWS - 1)) for k in range(_TWIN_ROWS)}) if n else []
    return [
        [
            words_of(line.close_time_ms[k]),
            value_words(line.equity[k], "money"),
            value_words(line.holding[k], "money"),
            f"{line.position[k]:.6g}",
        ]
        for k in chosen
    ]


def _candles_card(run: Backtest) -> Any:
    names = symbols_of(run)
    return card(
        [
            dcc.Store(id=ResultId.VIEW, data={"span": None}),
            html.Div(
                dmc.SegmentedControl(id=ResultId.SYMBOL, data=names, value=names[0], size="xs"),
                hidden=len(names) == 1,
            ),
            html.Div(loading_state(8), id=ResultId.CANDLES_PANEL),
        ],
        title="Trades on the candles",
        description="Drag over the chart to look closer; double-click shows all again.",
    )


def symbols_of(run: Backtest) -> list[str]:
    """Return the symbols that a run traded, the first one first."""
    several = (run.source or {}).get("symbols") or ()
    return [one["symbol"] for one in several] or [run.symbol]


def _symbols_card(said: Mapping[str, Any], unit: str) -> list[Any]:
    """Return what each of several symbols brought to their account."""
    rows = [
        [
            one["symbol"],
            count(one["trades"]),
            signed(float(one["net"]), "money"),
            value_words(float(one["fees"]), "money"),
        ]
        for one in said.get("symbols", ())
    ]
    if not rows:
        return []
    head = (
        Column("Symbol"),
        Column("Trades", numeric=True),
        Column(f"Net, {unit}", numeric=True),
        Column(f"Fees, {unit}", numeric=True),
    )
    words = (
        "One account: an entry of one symbol binds money that others then lack. Held counts "
        "the symbols in which it is; buy and hold puts an equal part into each."
    )
    return [card(plain_table(head, rows), title="Symbols", description=words)]


def held_back_card(run: Backtest, said: Mapping[str, Any]) -> list[Any]:
    """Return which entries the risk rules did not allow; nothing where none were set."""
    limits, found = run.asked["assumptions"].get("limits"), said.get("held_back")
    if not limits or found is None:
        return []
    if not found["n"]:
        text = "Every entry was allowed: no limit was reached."
        return [card(note(text, Tone.GOOD), title="Risk rules")]
    rules = ", ".join(f"{name_words(code)} {count(n)}" for code, n in found["rules"].items())
    head = (Column("Decided, UTC"), Column("Why"))
    rows = [
        [
            f"{words_of(one['time_ms'])} {one['symbol']} {'long' if one['side'] > 0 else 'short'}",
            one["words"],
        ]
        for one in found["first"][:_HELD_ROWS]
    ]
    more = (
        f"The first {count(len(rows))} of {count(found['n'])}. " if found["n"] > len(rows) else ""
    )
    return [
        card(
            plain_table(head, rows),
            title=f"Held back by the risk rules ({count(found['n'])})",
            description=f"{more}By rule: {rules}. The gate is that of paper trading.",
        )
    ]


def cost_parts(said: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Return what prices brought before costs, each cost, and what was left."""
    slippage = float(said["slippage"])
    return [
        ("Before costs", float(said["gross_profit"]) + slippage),
        ("Slippage", -slippage),
        ("Fees", -float(said["fees"])),
        ("Funding", -float(said["funding"])),
        ("Net", float(said["net_profit"])),
    ]


def _cost_card(said: Mapping[str, Any], unit: str) -> Any:
    parts = cost_parts(said)
    costs = -sum(value for _, value in parts[1:-1])
    summary = (
        f"Prices brought {signed(parts[0][1], 'money', unit)}; costs took "
        f"{value_words(costs, 'money', unit)}; {signed(parts[-1][1], 'money', unit)} were left."
    )
    head = (Column("Part"), Column(unit, numeric=True))
    chart = graph(
        cost_figure(parts, unit),
        id=ResultId.COSTS.value,
        name="Costs",
        summary=summary,
        twin=Twin(head, [[name, signed(value, "money")] for name, value in parts]),
        height=260,
    )
    return card(chart, title="What costs took")


def _luck_card(said: Mapping[str, Any], metrics: Mapping[str, Any]) -> Any:
    tests = said["significance"]
    words = [
        html.P(
            [
                html.Strong("Bootstrap: "),
                p_words(tests["bootstrap"]),
                " ",
                html.Strong("Student's t: "),
                p_words(tests["t_test"]),
            ]
        ),
        html.P(daily_words(metrics["growth"]["mean_daily"]), className="sonde-dim"),
        html.Div(loading_state(6), id=ResultId.REDRAWN),
    ]
    return card(
        words,
        title="Is it luck?",
        description="p-values of the mean daily return, and the same trades in other orders.",
    )


def p_words(figure: Mapping[str, Any]) -> str:
    """Say what a p-value means.

    Examples
    --------
    >>> p_words({"value": 0.2, "reason": ""})
    'no skill at all would bring this mean daily return in 20.0 % of cases (p = 0.2000).'
    """
    value = figure["value"]
    if value is None:
        return f"cannot be said: {figure['reason']}."
    return (
        f"no skill at all would bring this mean daily return in {100 * value:.1f} % of cases "
        f"(p = {value:.4f})."
    )


def daily_words(figure: Mapping[str, Any]) -> str:
    """Say whether the mean daily return is told apart from nothing."""
    if figure["value"] is None or figure["low"] is None:
        return f"The mean daily return has no interval: {figure['reason'] or 'it was not drawn'}."
    said = f"Mean daily return {100 * figure['value']:+.3f} %"
    between = f"95 % interval {100 * figure['low']:+.3f} % to {100 * figure['high']:+.3f} %"
    apart = figure["low"] > 0 or figure["high"] < 0
    return f"{said}, {between}: it can{'' if apart else 'not'} be told apart from nothing."


def _trades_card(n: int, *, is_one: bool) -> Any:
    if n == 0:
        text = "The strategy made no trade. Check its settings, or choose a longer period."
        return card(note(text, Tone.WARN), title="Trades")
    table = grid(
        [each for each in _TRADE_COLUMNS if each.field != "symbol" or not is_one],
        id=ResultId.TRADES,
        name="Trades",
        height=min(440, 90 + 44 * n),
    )
    return card(table, title=f"Trades ({count(n)})", description="In the order of their exits.")


def trade_row(trade: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trade as a row of the grid."""
    return {
        **{name: trade[name] for name in ("number", "symbol", "side", "quantity", "bars_held")},
        "id": str(trade["number"]),
        "entry": words_of(trade["entry_time_ms"]),
        "exit": words_of(trade["exit_time_ms"]),
        "entry_price": f"{trade['entry_price']:,.8g}",
        "exit_price": f"{trade['exit_price']:,.8g}",
        "fees": f"{float(trade['fees']):,.2f}",
        "net": f"{float(trade['net']):+,.2f}",
        "exit_reason": trade["exit_reason"] + (" (ambiguous bar)" if trade["ambiguous"] else ""),
    }


def next_card(run: Backtest) -> Any:
    """Return the questions that can be asked about the same strategy on the same prices."""
    links = [
        button_link(title, like_path(run.backtest_id, study), icon_name=icon_name)
        for study, title, icon_name in NEXT
        if study != run.kind
    ]
    return card(
        html.Div(links, className="sonde-row sonde-wrap"),
        title="Ask more",
        description="The form begins with everything that this run was told.",
    )
