"""The form that lets a strategy trade by itself."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.prices.series import Series
from sonde.markets.core.strategies.protocol import Strategy
from sonde.markets.services.replays import Replay
from sonde.markets.ui.automation.ids import AutomationId, parameter
from sonde.markets.ui.backtests.fields import form_grid, parameter_field
from sonde.platform.ui.components import button_link, card, columns, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count

NEW_REPLAY: Final = "new"
LIVE: Final = "live"
BARS_A_SECOND: Final = 4
_TRADED: Final = (
    ("", "What it is"),
    ("perpetual", "Perpetual: short, leverage"),
)
_KINDS: Final = (
    ("currency", "Of the quote currency"),
    ("coins", "Coins"),
    ("percent", "Percent of the account"),
)


def start_card(
    strategies: Sequence[Strategy], stored: Sequence[Series], replays: Sequence[Replay]
) -> Any:
    """Return the form; where no prices are stored, the way to them."""
    if not stored:
        return card(
            empty_state(
                "No prices yet",
                "A strategy needs prices: import a file or collect them from an exchange. A "
                "replay then plays them as if they came now, also without a connection.",
                icon_name="tabler:chart-candle",
                actions=[button_link("Get prices", "/markets/data", icon_name="tabler:upload")],
            ),
            title="Let a strategy trade",
        )
    chosen = next((one for one in stored if one.n_bars), stored[0])
    parts = [
        form_grid(_what(strategies, stored, chosen, replays)),
        columns(_terms(), minimum=150),
        html.P(strategies[0].words, id=AutomationId.ABOUT, className="sonde-dim"),
        html.Div(parameter_fields(strategies[0]), id=AutomationId.PARAMETERS),
        html.Div(
            dmc.Button(
                "Start trading",
                id=AutomationId.START,
                leftSection=icon("tabler:player-play", 16),
            ),
            className="sonde-row sonde-dialog-foot",
        ),
    ]
    return card(
        html.Div(parts, className="sonde-stack"),
        title="Let a strategy trade",
        description="It gets a paper account of its own and decides on every bar that closes. "
        "Each entry passes the safety check.",
    )


def parameter_fields(strategy: Strategy) -> Any:
    """Return the settings of a strategy."""
    controls = [parameter_field(each, {}) for each in strategy.parameters]
    for told, control in zip(strategy.parameters, controls, strict=True):
        control.id = parameter(told.name)
    if not controls:
        return html.P("This strategy has nothing to set.", className="sonde-dim")
    return form_grid(controls)


def place_options(series_id: str, replays: Sequence[Replay]) -> list[dict[str, str]]:
    """Return where a strategy can trade a series: live, in one of the replays, or in a new one."""
    there = [one for one in replays if series_id in one.series_ids and not one.is_over]
    return [
        {"value": NEW_REPLAY, "label": "A new replay, four bars a second"},
        *({"value": one.id, "label": f"Replay: {one.title}"} for one in there),
        {"value": LIVE, "label": "Live prices of a feed"},
    ]


def _what(
    strategies: Sequence[Strategy],
    stored: Sequence[Series],
    chosen: Series,
    replays: Sequence[Replay],
) -> list[Any]:
    return [
        dmc.Select(
            id=AutomationId.STRATEGY,
            label="Strategy",
            data=[{"value": one.name, "label": one.title} for one in strategies],
            value=strategies[0].name,
            allowDeselect=False,
        ),
        dmc.Select(
            id=AutomationId.SERIES,
            label="Prices",
            data=[
                {"value": one.id, "label": f"{one.key} ({count(one.n_bars)} bars)"}
                for one in stored
            ],
            value=chosen.id,
            allowDeselect=False,
            searchable=True,
        ),
        dmc.Select(
            id=AutomationId.WHERE,
            label="Trades in",
            data=place_options(chosen.id, replays),
            value=NEW_REPLAY,
            allowDeselect=False,
        ),
    ]


def _terms() -> list[Any]:
    return [
        dmc.NumberInput(
            id=AutomationId.AMOUNT, label="Each entry", value=100, min=0, allowNegative=False
        ),
        dmc.Select(
            id=AutomationId.KIND,
            label="Counted in",
            data=[{"value": name, "label": title} for name, title in _KINDS],
            value="currency",
            allowDeselect=False,
        ),
        dmc.Select(
            id=AutomationId.TRADED_AS,
            label="Traded as",
            data=[{"value": name, "label": title} for name, title in _TRADED],
            value="",
            allowDeselect=False,
        ),
        dmc.NumberInput(id=AutomationId.LEVERAGE, label="Leverage", value=1, min=1, max=200),
    ]
