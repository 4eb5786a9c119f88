"""What is collected from exchanges: the form, and how far each symbol is."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.timeframes import TIMEFRAMES
from sonde.markets.services.collection import Collection
from sonde.markets.ui.market_data.ids import CollectId, DataType
from sonde.platform.ui.components import badge, card, empty_state, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago, count, percent

_COLUMNS = (
    Column("Symbol"),
    Column("Bars of"),
    Column("State"),
    Column("Rows stored", numeric=True),
    Column("Fetched", numeric=True),
    Column("Caught up", numeric=True),
    Column("Last look"),
    Column(""),
)


def collect_card(found: Sequence[Collection], *, may_act: bool) -> Any:
    """Return what is collected, and the form that collects more."""
    return card(
        stack(
            [
                html.Div(_form(), hidden=not may_act),
                html.Div(collection_list(found, may_act=may_act), id=CollectId.LIST),
            ]
        ),
        title="Collect from an exchange",
        description="Candles are fetched every five minutes and go on where they stopped.",
    )


def collection_list(found: Sequence[Collection], *, may_act: bool) -> Any:
    """Return the collections as a table, or what to do first."""
    if not found:
        return empty_state(
            "Nothing is collected",
            "Name an exchange and a symbol above. What was missed since the day that you choose "
            "is fetched first. Without internet the reason is told here.",
            icon_name="tabler:database-plus",
        )
    return plain_table(_COLUMNS, [_row(one, may_act=may_act) for one in found])


def _row(one: Collection, *, may_act: bool) -> list[Any]:
    return [
        f"{one.venue}:{one.symbol}",
        one.timeframe,
        html.Span(_state(one), className="sonde-whole-badge"),
        count(one.rows),
        count(one.collected),
        percent(one.fraction),
        _last(one),
        html.Div(_buttons(one) if may_act else [], className="sonde-row"),
    ]


def _state(one: Collection) -> Any:
    if not one.is_on:
        return badge("stopped", Tone.NEUTRAL)
    if one.is_failing:
        return badge("failing", Tone.BAD)
    return badge("on", Tone.GOOD)


def _last(one: Collection) -> Any:
    if one.looked_at is None:
        return html.Span("not looked at yet", className="sonde-dim")
    return html.Span(f"{one.said} ({ago(one.looked_at)})")


def _buttons(one: Collection) -> list[Any]:
    act = ("stop", "Stop", "player-stop") if one.is_on else ("start", "Start", "player-play")
    return [
        dmc.Button(
            text,
            id={"type": DataType.COLLECT.value, "act": name, "collection": one.id},
            size="compact-sm",
            variant="default",
            leftSection=icon(f"tabler:{mark}", 14),
            **{"aria-label": f"{text} {one.symbol} {one.timeframe}"},
        )
        for name, text, mark in (act, ("forget", "Forget", "x"))
    ]


def _form() -> Any:
    return html.Div(
        [
            dmc.TextInput(id=CollectId.VENUE, label="Exchange", value="binance"),
            dmc.TextInput(id=CollectId.SYMBOL, label="Symbol", placeholder="BTCUSDT"),
            dmc.Select(
                id=CollectId.TIMEFRAME,
                label="Bars of",
                data=list(TIMEFRAMES),
                value="1h",
                allowDeselect=False,
                w=110,
            ),
            dmc.TextInput(
                id=CollectId.FROM, label="Since (UTC)", placeholder="30 days ago, or 2024-01-31"
            ),
            dmc.Button("Start", id=CollectId.START, leftSection=icon("tabler:database-plus", 16)),
        ],
        className="sonde-look-bar",
    )
