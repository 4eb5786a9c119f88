"""What the evaluation page does."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.learning.services import evaluations
from sonde.learning.ui.evaluation.ids import EvaluationId, EvaluationType
from sonde.learning.ui.evaluation.showing import shown
from sonde.learning.ui.evaluation.state import of_store
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId


@server_callback(
    Output(EvaluationId.BODY, "children"),
    Input(EvaluationId.STATE, "data"),
    Input(EvaluationId.CHANGED, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def show_panel(actor: Actor, stored: dict[str, Any], _changed: Any, _jobs: Any) -> Any:
    """Show what the tab and its settings ask for."""
    return shown(actor, of_store(stored))


@server_callback(
    Output(EvaluationId.CHANGED, "data"),
    Input({"type": EvaluationType.ASK, "what": ALL}, "n_clicks"),
    State(EvaluationId.STATE, "data"),
    State(EvaluationId.CHANGED, "data"),
    prevent_initial_call=True,
)
def ask(actor: Actor, _clicks: Any, stored: dict[str, Any], changed: int) -> Any:
    """Ask the tab's question; the page looks again."""
    if not any(one["value"] for one in ctx.triggered):
        return no_update
    state = of_store(stored)
    evaluations.ask(actor, state.kind, state.asked, state.params)
    return changed + 1


IN_BROWSER = (
    browser_callback(
        "sondeEvaluation.remember",
        Output(EvaluationId.STATE, "data"),
        Input(EvaluationId.SUBJECT, "value"),
        Input(EvaluationId.TAB, "value"),
        Input({"type": EvaluationType.SETTING, "name": ALL}, "value"),
        State({"type": EvaluationType.SETTING, "name": ALL}, "id"),
        State(EvaluationId.STATE, "data"),
        prevent_initial_call=True,
    ),
)
