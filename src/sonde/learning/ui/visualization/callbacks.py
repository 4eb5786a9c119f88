"""What the visualization page does."""

from typing import Any

from dash import ALL, Input, Output, State, no_update

from sonde.learning.services import visualizations
from sonde.learning.ui.visualization.ids import VisualizationId, VisualizationType
from sonde.learning.ui.visualization.showing import picked, shown
from sonde.learning.ui.visualization.state import of_store
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId


@server_callback(
    Output(VisualizationId.BODY, "children"),
    Input(VisualizationId.STATE, "data"),
    Input(VisualizationId.CHANGED, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def show_panel(actor: Actor, stored: dict[str, Any], _changed: Any, _jobs: Any) -> Any:
    """Show what the tab and its settings ask for."""
    return shown(actor, of_store(stored))


@server_callback(
    Output(VisualizationId.CHANGED, "data"),
    Input(VisualizationId.ASK, "n_clicks"),
    State(VisualizationId.STATE, "data"),
    State(VisualizationId.CHANGED, "data"),
    prevent_initial_call=True,
)
def ask(actor: Actor, clicks: int | None, stored: dict[str, Any], changed: int) -> Any:
    """Ask for the tab's look; the page looks again."""
    if not clicks:
        return no_update
    state = of_store(stored)
    visualizations.ask(actor, state.tab, state.experiment, state.params)
    return changed + 1


@server_callback(
    Output(VisualizationId.PICKED, "children"),
    Input(VisualizationId.MAP, "clickData"),
    State(VisualizationId.STATE, "data"),
    prevent_initial_call=True,
)
def pick(actor: Actor, clicked: dict[str, Any] | None, stored: dict[str, Any]) -> Any:
    """Say what the clicked sample is, and how to look at it alone."""
    sample = (clicked or {"points": [{}]})["points"][0].get("customdata")
    if not isinstance(sample, int):
        return no_update
    found = picked(actor, of_store(stored), sample)
    return no_update if found is None else found


IN_BROWSER = (
    browser_callback(
        "sondeVisualization.remember",
        Output(VisualizationId.STATE, "data"),
        Input(VisualizationId.SUBJECT, "value"),
        Input(VisualizationId.TAB, "value"),
        Input({"type": VisualizationType.SETTING, "name": ALL}, "value"),
        State({"type": VisualizationType.SETTING, "name": ALL}, "id"),
        State(VisualizationId.STATE, "data"),
        prevent_initial_call=True,
    ),
)
