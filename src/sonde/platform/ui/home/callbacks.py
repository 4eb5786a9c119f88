"""What the home page does: it looks again by itself."""

from typing import Any

from dash import Input, Output

from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import server_callback
from sonde.platform.ui.home.ids import HomeId
from sonde.platform.ui.home.layout import home_body
from sonde.platform.ui.home.page import home_of
from sonde.platform.ui.ids import ShellId


@server_callback(
    Output(HomeId.BODY, "children"),
    Input(ShellId.JOBS_CHANGED, "data"),
    Input(ShellId.POLL, "n_intervals"),
    prevent_initial_call=True,
)
def refresh_home(actor: Actor, _changed: Any, _tick: Any) -> Any:
    """Show where things stand now."""
    return home_body(home_of(actor))
