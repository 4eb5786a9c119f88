"""What the page of machines does: shows what is chosen, sets limits, takes notes."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.bearings.core.condition.alarms import BandKind
from sonde.bearings.core.condition.moments import moment_said
from sonde.bearings.services.condition import alarms, demonstration, log, overview
from sonde.bearings.services.condition.alarms import BandWish
from sonde.bearings.services.condition.log import NoteKind
from sonde.bearings.ui.condition.answers import look_again, refused
from sonde.bearings.ui.condition.ids import ConditionId, ConditionType
from sonde.bearings.ui.condition.page import body
from sonde.bearings.ui.condition.state import PATH, ConditionState
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.routing import query_of
from sonde.platform.ui.theme import Tone


@server_callback(
    Output(ConditionId.BODY, "children"),
    Output(ConditionId.STAMP, "data"),
    Input(ShellId.LOCATION, "search"),
    Input(ConditionId.CHANGED, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    State(ShellId.LOCATION, "pathname"),
    State(ConditionId.STAMP, "data"),
    prevent_initial_call=True,
)
def draw(actor: Actor, search: str | None, _new: Any, _jobs: Any, path: str, known: str) -> Any:
    """Draw what is looked at now; jobs matter only where they have measured something."""
    stamp = overview.stamp(actor)
    if path != PATH or (ctx.triggered_id == ShellId.JOBS_CHANGED and stamp == known):
        return no_update, no_update
    return body(actor, ConditionState.of_query(query_of(search))), stamp


@server_callback(
    Output(ConditionId.DEMO_JOB, "children"),
    Output(ConditionId.DEMO, "disabled"),
    Input(ConditionId.DEMO, "n_clicks"),
    prevent_initial_call=True,
)
def simulate(actor: Actor, clicks: int | None) -> Any:
    """Make the demo machine."""
    if not clicks:
        return no_update, no_update
    return job_progress(demonstration.start(actor)), True


@server_callback(
    Output(ConditionId.BAND_REFUSED, "children"),
    Input(ConditionId.BAND_SET, "n_clicks"),
    Input(ConditionId.BAND_REMOVE, "n_clicks"),
    State(ConditionId.BAND_KIND, "value"),
    State(ConditionId.BAND_WARNING, "value"),
    State(ConditionId.BAND_ALARM, "value"),
    State(ConditionId.BAND_FIRST, "value"),
    State(ConditionId.BAND_ROW, "value"),
    State(ConditionId.FEATURE, "value"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
    failed=refused,
)
def limit(actor: Actor, _set: Any, _remove: Any, kind: str, *given: Any) -> Any:
    """Set or remove the limits of the shown figure."""
    if not ctx.triggered[0]["value"]:
        return no_update
    warning, alarm, first, row, feature, search = given
    channel_id = query_of(search).get("node", "")
    if ctx.triggered_id == ConditionId.BAND_REMOVE:
        alarms.remove_band(actor, channel_id, feature)
    else:
        numbers = (_number(warning), _number(alarm), int(first or 0))
        wish = BandWish(BandKind(kind), *numbers, in_a_row=int(row or 0))
        found = alarms.set_band(actor, channel_id, feature, wish)
        show_toast("Limits set", f"{feature} is {found.state.value} by them.", Tone.GOOD)
    look_again()
    return None


@server_callback(
    Output(ConditionId.NOTE_REFUSED, "children"),
    Input(ConditionId.NOTE_ADD, "n_clicks"),
    State(ConditionId.NOTE_KIND, "value"),
    State(ConditionId.NOTE_TEXT, "value"),
    State(ConditionId.NOTE_AT, "value"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
    failed=refused,
)
def add_note(
    actor: Actor, clicks: int | None, kind: str, text: str | None, at: str | None, search: str
) -> Any:
    """Note what happened at the chosen place."""
    if not clicks:
        return no_update
    node_id = query_of(search).get("node", "")
    log.note(actor, node_id, NoteKind(kind), text or "", moment_said(at or ""))
    look_again()
    return None


@server_callback(
    Output(ConditionId.VISITED, "data"),
    Input({"type": ConditionType.TAKE_BACK, "event": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def take_back(actor: Actor, _clicks: Any) -> Any:
    """Take back a note."""
    if any(one["value"] for one in ctx.triggered) and isinstance(ctx.triggered_id, dict):
        log.remove_note(actor, ctx.triggered_id["event"])
        look_again()
    return no_update


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


IN_BROWSER = (
    browser_callback(
        "sondeCondition.choose",
        Output(ConditionId.FEATURE, "disabled"),
        Input(ConditionId.FEATURE, "value"),
        Input(ConditionId.RANGE, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeCondition.kind",
        Output(ConditionId.BAND_FIXED, "hidden"),
        Output(ConditionId.BAND_LEARNED, "hidden"),
        Input(ConditionId.BAND_KIND, "value"),
    ),
)
