"""The strategies of a person: how each stands, what it decided, and how that compares."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.prices.checking import when
from sonde.markets.services.automations.asking import Automation
from sonde.markets.services.automations.signal_log import Signal
from sonde.markets.ui.automation.ids import AutomationId, act
from sonde.platform.ui.components import badge, card, empty_state, note, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

PATH: Final = "/markets/automation"
_TONES: Final[Mapping[str, Tone]] = {
    "entered": Tone.GOOD,
    "left": Tone.INFO,
    "blocked": Tone.WARN,
    "refused": Tone.BAD,
    "late": Tone.WARN,
}
_WHOLE: Final = {"whiteSpace": "nowrap"}
_SIGNALS: Final = (
    Column("Bar (UTC)"),
    Column("Wanted"),
    Column("Outcome"),
    Column("Price", numeric=True),
    Column("Why"),
)


def list_card(listed: Any) -> Any:
    """Return the panel of the strategies."""
    return card(html.Div(listed, id=AutomationId.LIST, className="sonde-stack"), title="Strategies")


def strategy_list(found: Sequence[Automation], places: Mapping[str, str], chosen: str) -> Any:
    """Return the strategies with their controls, the newest first."""
    if not found:
        return [
            empty_state(
                "No strategy trades yet",
                "Choose one above and press Start trading. What it decides is shown here, with "
                "the reason of every entry that was held back.",
                icon_name="tabler:player-play",
            )
        ]
    return [_strategy(one, places, chosen) for one in reversed(found)]


def _strategy(one: Automation, places: Mapping[str, str], chosen: str) -> Any:
    mark = badge("running", Tone.GOOD) if one.is_running else badge("stopped")
    place = places.get(one.replay_id, "a replay that is gone") if one.replay_id else "live prices"
    decided = (
        "no bar decided on yet" if not one.decided_ms else f"decided up to {when(one.decided_ms)}"
    )
    amount = f"{one.terms.amount:f} {_counted(one)} an entry"
    line = f"{place} · {amount} · {decided}"
    head = html.Div(
        [html.Span(one.title, className="sonde-job-title"), mark], className="sonde-job-head"
    )
    parts = [head, html.Div(line, className="sonde-dim sonde-job-text")]
    if one.settings:
        told = ", ".join(f"{name} {value}" for name, value in one.settings.items())
        parts.append(html.Div(told, className="sonde-dim"))
    if one.reason:
        parts.append(note(one.reason, Tone.WARN))
    return html.Div([*parts, _controls(one, chosen)], className="sonde-job")


def _counted(one: Automation) -> str:
    words = {"currency": "of quote currency", "coins": "coins", "percent": "%"}
    return words[one.terms.amount_kind.value]


def _controls(one: Automation, chosen: str) -> Any:
    main = ("stop", "Stop", "player-pause") if one.is_running else ("start", "Start", "player-play")
    buttons = [_button(one, *main)]
    if one.automation_id != chosen:
        buttons.append(_button(one, "look", "Signals and parity", "table"))
    if not one.is_running:
        buttons.append(_button(one, "remove", "Remove", "x"))
    return html.Div(buttons, className="sonde-look-bar")


def _button(one: Automation, name: str, text: str, mark: str) -> Any:
    return dmc.Button(
        text,
        id=act(name, one.automation_id),
        size="compact-sm",
        variant="default",
        leftSection=icon(f"tabler:{mark}", 14),
        **{"aria-label": f"{text}: {one.title}"},
    )


def chosen_card(one: Automation, told: Any) -> Any:
    """Return what one strategy decided, and the way to its parity report."""
    compare = dmc.Button(
        "Compare with its backtest",
        id=AutomationId.COMPARE,
        variant="default",
        size="compact-sm",
        leftSection=icon("tabler:columns-3", 14),
    )
    body = [
        html.Div(compare, className="sonde-row"),
        html.Div(id=AutomationId.PARITY),
        html.Div(told, id=AutomationId.SIGNALS),
    ]
    return card(
        stack(body),
        title=f"Signals: {one.title}",
        description="The newest decisions with their outcomes; times are those of the prices. A "
        "wish that stands over many bars is one.",
    )


def signals_table(found: Sequence[Signal]) -> Any:
    """Return decisions as a table, or what to wait for."""
    if not found:
        return empty_state(
            "Nothing decided yet",
            "The strategy waits for a bar at which it wants something.",
            icon_name="tabler:hourglass",
        )
    return plain_table(_SIGNALS, [_signal(one) for one in found])


def _signal(one: Signal) -> list[Any]:
    said = dict.fromkeys(part for part in (one.facts.get("reason") or "", one.words) if part)
    why = ": ".join(said)
    return [
        html.Span(when(one.bar_ms).removesuffix(" UTC"), style=_WHOLE),
        html.Span(one.wish, style=_WHOLE),
        html.Span(
            badge(one.outcome, _TONES.get(one.outcome, Tone.NEUTRAL)),
            className="sonde-whole-badge",
        ),
        one.facts.get("price") or "",
        html.Span(why, className="sonde-dim"),
    ]


def memory(chosen: str, *, is_quiet: bool) -> list[Any]:
    """Return what the page keeps: which strategy is looked at, and its clock."""
    return [
        dcc.Store(id=AutomationId.CHOSEN, data=chosen),
        dcc.Interval(id=AutomationId.TICK, interval=3000, disabled=is_quiet),
    ]
