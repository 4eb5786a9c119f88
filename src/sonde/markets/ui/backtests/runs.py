"""The list of runs: what is chosen of it, the grid, and what can be done to the chosen ones."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES, Backtest, path_of
from sonde.markets.core.strategies.catalogue import STRATEGIES
from sonde.markets.ui.backtests.ids import RunsId
from sonde.markets.ui.backtests.state import PATH, RunsState
from sonde.markets.ui.backtests.words import asked_words
from sonde.platform.ui.components import card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import moment

_SELECTION: Final = {
    "rowSelection": {
        "mode": "multiRow",
        "checkboxes": True,
        "headerCheckbox": False,
        "enableClickSelection": False,
    }
}
_MONEY: Final = "sondeFixed(params.value)"
_SHARE: Final = "sondeShare(params.value)"
_RATIO: Final = "sondeFixed(params.value)"


def runs_card(runs: Sequence[Backtest], state: RunsState, next_cursor: str) -> Any:
    """Return the list with its filters."""
    body = [
        html.Div([_filters(state), _bar()], className="sonde-row sonde-between"),
        html.Div(runs_list(runs, state, next_cursor), id=RunsId.BOX),
        _deleting(),
    ]
    return card(body, title="Runs", description="Newest first; choose two or more to compare.")


def runs_list(runs: Sequence[Backtest], state: RunsState, next_cursor: str) -> list[Any]:
    """Return the grid of runs and the way to older ones."""
    table = grid(
        _columns(state.sort),
        id=RunsId.GRID,
        name="Backtests and studies",
        rows=[run_row(each) for each in runs],
        height=480,
        options=_SELECTION,
    )
    if not runs:
        # the grid stays, so that what hangs on it is there
        return [_nothing(state), html.Div(table, hidden=True)]
    ways = [("Newest", state.query(before=""))] if state.before else []
    ways += [("Older", state.query(before=next_cursor))] if next_cursor else []
    links = [
        dmc.Anchor(text, href=f"{PATH}{query}", size="sm", refresh=True) for text, query in ways
    ]
    return [table, *([html.Div(links, className="sonde-row sonde-end")] if links else [])]


def run_row(run: Backtest) -> dict[str, Any]:
    """Return one run as a row of the grid."""
    said = run.summary or {}
    profit = said.get("net_profit")
    return {
        "id": run.backtest_id,
        "title": run_words(run),
        "href": path_of(run.backtest_id),
        "kind": run.kind,
        "kind_title": STUDY_TITLES.get(run.kind, run.kind),
        "state": run.state.value,
        "strategy": run.strategy,
        "symbol": run.symbol,
        "timeframe": run.timeframe,
        "net_profit": None if profit is None else float(profit),
        "total_return": said.get("total_return"),
        "sharpe": said.get("sharpe"),
        "max_drawdown": said.get("max_drawdown"),
        "trades": said.get("trades"),
        "created": moment(run.created_at).removesuffix(" UTC"),
    }


def run_words(run: Backtest) -> str:
    """Return what tells a run from others: strategy, symbols and settings."""
    known = STRATEGIES.get(run.strategy)
    name = known.title if known else run.strategy
    return f"{name}, {run.symbol}: {asked_words(run.asked)}"


def _columns(sort: str) -> tuple[Column, ...]:
    shown = (
        Column(
            "Run",
            "title",
            options={
                "cellRenderer": "SondeLink",
                "minWidth": 330,
                "flex": 2,
                "tooltipField": "title",
            },
        ),
        Column("Kind", "kind_title", width=130),
        Column("State", "state", width=105, options={"cellRenderer": "SondeState"}),
        Column("Bars", "timeframe", width=90),
        _numeric("Net profit", "net_profit", _MONEY, 125),
        _numeric("Return", "total_return", _SHARE, 105),
        _numeric("Sharpe", "sharpe", _RATIO, 95),
        _numeric("Max drawdown", "max_drawdown", _SHARE, 130),
        Column("Trades", "trades", numeric=True, width=95),
        Column("Asked, UTC", "created", width=155),
    )
    return tuple(_sorted(column, sort) for column in shown)


def _numeric(title: str, name: str, words: str, width: int) -> Column:
    options = {"valueFormatter": {"function": words}}
    return Column(title, name, numeric=True, width=width, options=options)


def _sorted(column: Column, sort: str) -> Column:
    if column.field != sort.removeprefix("-"):
        return column
    options: Mapping[str, Any] = column.options or {}
    way = "desc" if sort.startswith("-") else "asc"
    return Column(
        column.title,
        column.field,
        numeric=column.numeric,
        width=column.width,
        options={**options, "sort": way},
    )


def _filters(state: RunsState) -> Any:
    kinds = [{"value": name, "label": title} for name, title in STUDY_TITLES.items()]
    return html.Div(
        [
            dmc.Select(
                id=RunsId.KIND,
                data=kinds,
                value=state.kind or None,
                placeholder="Every kind",
                clearable=True,
                size="sm",
                w=180,
                **{"aria-label": "Kind of run"},
            ),
            dmc.TextInput(
                id=RunsId.SYMBOL,
                value=state.symbol,
                placeholder="Every symbol",
                debounce=300,
                size="sm",
                w=160,
                **{"aria-label": "Symbol of run"},
            ),
        ],
        className="sonde-row",
    )


def _bar() -> Any:
    """Return what can be done to the chosen runs; hidden while none is chosen."""
    buttons = [
        html.Span("", id=RunsId.BAR_TEXT, className="sonde-dim", role="status"),
        dmc.Button(
            "Compare",
            id=RunsId.COMPARE,
            size="compact-sm",
            leftSection=icon("tabler:arrows-split", 14),
        ),
        dmc.Button(
            "Delete",
            id=RunsId.DELETE_ASK,
            size="compact-sm",
            variant="default",
            leftSection=icon("tabler:trash", 14),
        ),
    ]
    # a row is shown whatever it is told, so what hides it stands around it
    return html.Div(html.Div(buttons, className="sonde-row"), id=RunsId.BAR, hidden=True)


def _deleting() -> Any:
    """Return the question before runs are deleted."""
    buttons = [
        dmc.Button("Keep", id=RunsId.DELETE_KEEP, variant="default"),
        dmc.Button("Delete for good", id=RunsId.DELETE, color="red"),
    ]
    return dmc.Modal(
        [
            html.P("", id=RunsId.DELETE_WORDS),
            html.Div(buttons, className="sonde-row sonde-dialog-foot"),
        ],
        id=RunsId.DELETE_MODAL,
        title="Delete the chosen runs?",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )


def _nothing(state: RunsState) -> Any:
    if state.kind or state.symbol:
        text = "No run of this kind and symbol. Take a filter away."
        return empty_state("Nothing found", text, icon_name="tabler:search")
    text = "Choose a strategy and prices above, and press Run."
    return empty_state("No run yet", text, icon_name="tabler:flask")
