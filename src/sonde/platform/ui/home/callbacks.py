"""What the home page does: it looks again by itself."""

from typing import Any

from dash import Input, Output

from sonde.platform.core.actor import Actor
from sonde.platform.services.health import check_parts
from sonde.platform.services.work import ports
from sonde.platform.ui.callbacks import server_callback
from sonde.platform.ui.home.ids import HomeId
from sonde.platform.ui.home.layout import health_card, home_body
from sonde.platform.ui.home.page import home_of
from sonde.platform.ui.ids import ShellId


@server_callback(
    Output(HomeId.BODY, "children"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def refresh_home(actor: Actor, _changed: Any) -> Any:
    """Show where things stand once a job has begun or ended."""
    return home_body(home_of(actor))


@server_callback(
    Output(HomeId.HEALTH, "children"),
    Input(ShellId.POLL, "n_intervals"),
    prevent_initial_call=True,
)
def refresh_health(_actor: Actor, _tick: Any) -> Any:
    """Ask every part again whether it answers."""
    return health_card(check_parts(ports()))
