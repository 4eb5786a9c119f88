"""What a strategy did on paper, beside the backtest of the same bars."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.parity import TradeDifference
from sonde.markets.services.automations.asking import Automation
from sonde.markets.services.automations.parity import ParityReport
from sonde.markets.ui.backtests.ids import ParityId
from sonde.markets.ui.backtests.words import signed
from sonde.platform.ui.components import card, note, stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_MOST_ROWS: Final = 50
_COLUMNS: Final = (
    Column("Difference"),
    Column("Of"),
    Column("On paper", numeric=True),
    Column("In the backtest", numeric=True),
    Column("Because of"),
)


def parity_card(automations: Sequence[Automation]) -> Any:
    """Return the choice of a strategy that traded on paper, and where the report comes."""
    if automations:
        way: Any = dmc.Select(
            id=ParityId.CHOICE,
            data=[{"value": one.automation_id, "label": _name(one)} for one in automations],
            placeholder="Choose a strategy",
            clearable=True,
            w=420,
            **{"aria-label": "Strategy on paper"},
        )
    else:
        words = [
            "No strategy has traded on paper yet: ",
            dmc.Anchor("start one", href="/markets/automation", size="sm"),
            ".",
        ]
        hidden = html.Div(dmc.Select(id=ParityId.CHOICE, data=[]), hidden=True)
        way = html.Div([html.P(words, className="sonde-dim"), hidden])
    return card(
        stack([way, html.Div(id=ParityId.PANEL)]),
        title="Paper beside backtest",
        description="The backtest of the bars that a strategy has traded on, trade by trade.",
    )


def _name(one: Automation) -> str:
    where = "replay" if one.replay_id else "live"
    return f"{one.title}: {one.symbol} {one.timeframe}, {where}"


def parity_panel(report: ParityReport) -> Any:
    """Return how both compare, and every difference with what makes it."""
    found = report.found
    tone = Tone.WARN if found.unexplained else Tone.GOOD
    parts: list[Any] = [note(parity_words(report), tone)]
    if found.differences:
        rows = [_row(one) for one in found.differences[:_MOST_ROWS]]
        parts.append(plain_table(_COLUMNS, rows))
    return stack(parts)


def parity_words(report: ParityReport) -> str:
    """Say how many trades agree and what differs."""
    found = report.found
    paper, backtest = (
        signed(float(net), "money") for net in (report.net_paper, report.net_backtest)
    )
    said = (
        f"{words_of(report.from_ms)} to {words_of(report.to_ms)} UTC: {count(report.n_paper)} "
        f"trades on paper made {paper}, {count(report.n_backtest)} in the backtest {backtest}. "
        f"{count(found.identical)} are the same to the last unit."
    )
    if not found.differences:
        return f"{said} Nothing differs."
    n, odd = len(found.differences), len(found.unexplained)
    told = f"{count(odd)} of them unexplained" if odd else "each explained"
    return f"{said} {count(n)} differences, {told}."


def _row(one: TradeDifference) -> list[str]:
    return [
        one.kind,
        one.what,
        _value(one.kind, one.paper),
        _value(one.kind, one.backtest),
        one.explanation or "not explained",
    ]


def _value(kind: str, value: float | None) -> str:
    if value is None:
        return ""
    return words_of(int(value)) if kind == "time" else f"{value:,.8g}"
