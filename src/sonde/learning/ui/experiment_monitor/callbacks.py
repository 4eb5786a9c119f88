"""What the monitor does: it follows the training, and asks things of it."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.learning.services import runs
from sonde.learning.ui.experiment_monitor.ids import MonitorId, MonitorType
from sonde.learning.ui.experiment_monitor.layout import (
    curve_charts,
    log_rows,
    part_choices,
    parts_table,
)
from sonde.learning.ui.experiment_monitor.page import curves_of, lines_of
from sonde.learning.ui.experiment_monitor.state import (
    asked_for,
    button_stamp,
    buttons,
    state_panel,
)
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId


@server_callback(
    Output(MonitorId.STATE, "children"),
    Output(MonitorId.BUTTONS, "children"),
    Output(MonitorId.PARTS, "children"),
    Output(MonitorId.PART, "data"),
    Output(MonitorId.LOG, "children"),
    Output(MonitorId.STAMP, "data"),
    Output(MonitorId.DRAWN, "data"),
    Input(MonitorId.TICK, "data"),
    Input(MonitorId.LEVEL, "value"),
    Input(MonitorId.TEXT, "value"),
    State(MonitorId.WHICH, "data"),
    State(MonitorId.STAMP, "data"),
    prevent_initial_call=True,
)
def follow(actor: Actor, tick: Any, level: str, text: str, which: str, *known: Any) -> Any:
    """Show how far the training is, what is new of its log, and whether its curves have grown."""
    view = runs.view(actor, which)
    stamp = {"points": runs.stamp(actor, which), "buttons": button_stamp(view)}
    before = known[0] or {}
    return (
        state_panel(view),
        no_update if before.get("buttons") == stamp["buttons"] else buttons(view),
        parts_table(view),
        part_choices(view.parts),
        log_rows(lines_of(actor, which, asked_for(level, text))),
        no_update if before == stamp else stamp,
        tick,
    )


@server_callback(
    Output(MonitorId.CURVES, "children"),
    Input(MonitorId.STAMP, "data"),
    Input(MonitorId.PART, "value"),
    State(MonitorId.WHICH, "data"),
    prevent_initial_call=True,
)
def draw_curves(actor: Actor, _grown: Any, part: str | None, which: str) -> Any:
    """Draw the curves once they have grown, or those of another part."""
    return curve_charts(curves_of(actor, which), part or "")


@server_callback(
    Output(MonitorId.KEPT, "data"),
    Input({"type": MonitorType.ACTION.value, "action": ALL}, "n_clicks"),
    State(MonitorId.WHICH, "data"),
    prevent_initial_call=True,
)
def control(actor: Actor, clicks: list[int | None], experiment_id: str) -> Any:
    """Pause, resume, stop or cancel the training."""
    if not any(clicks) or not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update
    action = ctx.triggered_id["action"]
    runs.control(actor, experiment_id, action)
    return {"asked": action}


IN_BROWSER = (
    browser_callback(
        "learningMonitor.look",
        Output(MonitorId.ASKED, "data"),
        Input(ShellId.JOBS_HINT, "data"),
        Input(ShellId.POLL, "n_intervals"),
        Input(MonitorId.KEPT, "data"),
        Input(MonitorId.DRAWN, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "learningMonitor.confirm",
        Output(MonitorId.CONFIRM, "opened"),
        Input(MonitorId.CONFIRM_OPEN, "n_clicks", allow_optional=True),
        Input(MonitorId.KEPT, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "learningMonitor.remember",
        Output(MonitorId.PART, "readOnly"),
        Input(MonitorId.PART, "value"),
        Input(MonitorId.LEVEL, "value"),
        Input(MonitorId.TEXT, "value"),
        prevent_initial_call=True,
    ),
)
