"""The sidebar's lower half: risk settings, kill switch and locks."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.risk.kill_switch import KillSwitch, Stage
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.risk.settings import SETTINGS, RiskSettings, Setting
from sonde.markets.ui.desk.ids import DeskType, GuardId
from sonde.markets.ui.desk.versions import versions_box
from sonde.markets.ui.desk.words import listed, lock_words
from sonde.markets.ui.moving.standing import SIGN
from sonde.platform.ui.components import badge
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone

FIRST: Final = ("max_drawdown", "stop_loss_percent", "position_size")
BY_SLIDER: Final = "min_confidence"
_STATES: Final = {
    Stage.OFF: ("Entries are let through", Tone.GOOD),
    Stage.STOP_ENTRIES: ("Entries are stopped", Tone.WARN),
    Stage.CLOSE_ALL: ("Everything was closed", Tone.BAD),
}


def risk_form(settings: RiskSettings, version: int, currency: str) -> Any:
    """Return the risk settings: the three most used, and all others below."""
    known = {one.name: one for one in SETTINGS if one.name != BY_SLIDER}
    first = [_field(known.pop(name), settings, currency) for name in FIRST]
    others = [_field(one, settings, currency) for one in known.values()]
    required = dmc.Checkbox(
        id=GuardId.STOP_REQUIRED,
        label="Refuse trades without a stop",
        checked=settings.require_stop,
        size="sm",
    )
    more = html.Details(
        [
            html.Summary("All settings", className="sonde-dim"),
            html.Div([*others, required], className="sonde-explore-fields"),
        ]
    )
    save = dmc.Button("Save risk settings", id=GuardId.SAVE, size="compact-sm", variant="default")
    told = html.Span(version_words(version), id=GuardId.SAID, className="sonde-dim sonde-small")
    kept = dcc.Store(id=GuardId.VERSION, data=version)
    parts = [*first, more, save, told, versions_box(), kept]
    return html.Div(parts, className="sonde-stack is-tight")


def version_words(version: int) -> str:
    """Say which version of the settings holds."""
    return f"Version {version} holds. An empty field turns its rule off."


def _field(one: Setting, settings: RiskSettings, currency: str) -> Any:
    unit = currency if one.unit == "currency" else one.unit
    value = getattr(settings, one.name)
    return dmc.TextInput(
        id={"type": DeskType.RISK.value, "name": one.name},
        label=f"{one.title} ({unit})" if unit else one.title,
        value="" if value is None else f"{value:f}",
        placeholder="off" if one.optional else f"{one.low:f} to {one.high:,f}",
        size="xs",
    )


def guards(switch: KillSwitch) -> Any:
    """Return the kill switch with its buttons."""
    stop = dmc.Button("Stop entries", id=GuardId.STOP, size="compact-sm", variant="default")
    close = dmc.Button("Close all", id=GuardId.CLOSE_ASK, size="compact-sm", variant="default")
    release = dmc.Button("Release", id=GuardId.RELEASE, size="compact-sm", variant="default")
    return html.Div(
        [
            html.Div(guard_state(switch), id=GuardId.STATE),
            dmc.TextInput(id=GuardId.REASON, label="Why (optional)", value="", size="xs"),
            html.Div([stop, close, release], className="sonde-row"),
            _closing(),
        ],
        className="sonde-stack is-tight",
    )


def lock_form(locks: Sequence[Lock]) -> Any:
    """Return the locks that hold, and the form that adds one."""
    fields = [
        dmc.Select(
            id=GuardId.LOCK_SYMBOL,
            label="Lock entries of",
            data=[
                {"value": "this", "label": "the chosen symbol"},
                {"value": "all", "label": "every symbol"},
            ],
            value="this",
            allowDeselect=False,
            size="xs",
        ),
        dmc.Select(
            id=GuardId.LOCK_SIDE,
            label="Side",
            data=["both", "long", "short"],
            value="both",
            allowDeselect=False,
            size="xs",
        ),
        dmc.TextInput(
            id=GuardId.LOCK_MINUTES,
            label="For (minutes)",
            placeholder="until removed",
            value="",
            size="xs",
        ),
        dmc.TextInput(id=GuardId.LOCK_REASON, label="Why", value="", size="xs"),
        dmc.Button(
            "Lock",
            id=GuardId.LOCK,
            size="compact-sm",
            variant="default",
            leftSection=icon("tabler:lock", 14),
        ),
    ]
    summary = html.Summary("Add a lock", className="sonde-dim")
    body = html.Div(fields, className="sonde-explore-fields")
    held = html.Div(lock_list(locks), id=GuardId.LOCKS, **{SIGN: lock_sign(locks)})
    return html.Div(
        [held, html.Details([summary, body]), dcc.Store(id=GuardId.LOCK_GONE)],
        className="sonde-stack is-tight",
    )


def guard_state(switch: KillSwitch) -> Any:
    """Return how far the kill switch is pressed."""
    words, tone = _STATES[switch.stage]
    reason = [html.Span(switch.reason, className="sonde-dim")] if switch.reason else []
    return html.Div([badge(words, tone), *reason], className="sonde-row")


def lock_list(locks: Sequence[Lock]) -> Any:
    """Return the locks that hold, each with its removal."""
    if not locks:
        return html.Span("Nothing is locked.", className="sonde-dim")
    return listed([[html.Span(lock_words(one)), _unlock(one)] for one in locks])


def lock_sign(locks: Sequence[Lock]) -> str:
    """Return a text that differs when the list of locks does."""
    return ",".join(f"{one.id} {lock_words(one)}" for one in locks)


def _unlock(lock: Lock) -> Any:
    return dmc.Button(
        "Remove",
        id={"type": DeskType.UNLOCK.value, "lock": lock.id},
        size="compact-xs",
        variant="default",
        **{"aria-label": f"Remove the lock: {lock.reason}"},
    )


def _closing() -> Any:
    """Return the question before everything is closed."""
    keep = dmc.Button("Leave them open", id=GuardId.CLOSE_KEEP, variant="default")
    close = dmc.Button("Close everything", id=GuardId.CLOSE, color="red")
    words = (
        "Open orders are cancelled and every position is closed at market. No trade is opened "
        "until you release the switch."
    )
    return dmc.Modal(
        [html.P(words), html.Div([keep, close], className="sonde-row sonde-dialog-foot")],
        id=GuardId.CLOSE_MODAL,
        title="Close everything?",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )
