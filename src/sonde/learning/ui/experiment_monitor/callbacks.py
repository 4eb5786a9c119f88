"""What the monitor does: it follows the training, and asks things of it."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.learning.services import runs
from sonde.learning.ui.experiment_monitor import state
from sonde.learning.ui.experiment_monitor.ids import MonitorId, MonitorType
from sonde.learning.ui.experiment_monitor.layout import (
    curve_charts,
    log_rows,
    part_choices,
    parts_table,
)
from sonde.learning.ui.experiment_monitor.page import curves_of, lines_of
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId


@server_callback(
    Output(MonitorId.STATE, "children"),
    Output(MonitorId.BUTTONS, "children"),
    Output(MonitorId.PARTS, "children"),
    Output(MonitorId.PART, "data"),
    Input(ShellId.JOBS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
    Input(MonitorId.KEPT, "data"),
    State(MonitorId.WHICH, "data"),
    prevent_initial_call=True,
)
def refresh_state(actor: Actor, _hint: Any, _tick: Any, _asked: Any, experiment_id: str) -> Any:
    """Show how far the training and its parts are, and what can be done to it."""
    view = runs.view(actor, experiment_id)
    return (
        state.state_panel(view),
        state.buttons(view),
        parts_table(view.parts),
        part_choices(view.parts),
    )


@server_callback(
    Output(MonitorId.CURVES, "children"),
    Output(MonitorId.STAMP, "data"),
    Input(ShellId.JOBS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
    Input(MonitorId.PART, "value"),
    State(MonitorId.WHICH, "data"),
    State(MonitorId.STAMP, "data"),
    prevent_initial_call=True,
)
def refresh_curves(actor: Actor, _hint: Any, _tick: Any, part: str | None, *more: Any) -> Any:
    """Draw the curves again where there are new points, or others are looked at."""
    experiment_id, drawn = more
    stamp = f"{runs.stamp(actor, experiment_id)} {part}"
    if stamp == drawn:
        return no_update, no_update
    return curve_charts(curves_of(actor, experiment_id), part or ""), stamp


@server_callback(
    Output(MonitorId.LOG, "children"),
    Input(ShellId.JOBS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
    Input(MonitorId.LEVEL, "value"),
    Input(MonitorId.TEXT, "value"),
    State(MonitorId.WHICH, "data"),
    prevent_initial_call=True,
)
def refresh_log(actor: Actor, _hint: Any, _tick: Any, level: str, text: str, which: str) -> Any:
    """Show the latest lines that are asked for."""
    asked = state.State.of_query({"level": level or "info", "text": text or ""})
    return log_rows(lines_of(actor, which, asked))


@server_callback(
    Output(MonitorId.KEPT, "data"),
    Output(MonitorId.CONFIRM, "opened", allow_duplicate=True),
    Input({"type": MonitorType.ACTION.value, "action": ALL}, "n_clicks"),
    State(MonitorId.WHICH, "data"),
    prevent_initial_call=True,
)
def control(actor: Actor, clicks: list[int | None], experiment_id: str) -> Any:
    """Pause, resume, stop or cancel the training."""
    if not any(clicks) or not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    action = ctx.triggered_id["action"]
    runs.control(actor, experiment_id, action)
    return {"asked": action}, False


IN_BROWSER = (
    browser_callback(
        "learningMonitor.confirm",
        Output(MonitorId.CONFIRM, "opened"),
        Input(MonitorId.CONFIRM_OPEN, "n_clicks", allow_optional=True),
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
