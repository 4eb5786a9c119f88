"""What the page that compares two data sets does: choosing leads to another URL."""

from typing import Any

from dash import Input, Output

from sonde.bearings.ui.comparing.ids import ComparingId
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.shell.showing import show_again


@server_callback(
    Output(ComparingId.FIRST, "error"),
    Input(ComparingId.VISITED, "data"),
    prevent_initial_call=True,
)
def compare(actor: Actor, search: str) -> Any:
    """Show the chosen pair."""
    show_again(actor, "/datasets/compare", search)
    return ""


IN_BROWSER = (
    browser_callback(
        "sondeComparing.choose",
        Output(ComparingId.VISITED, "data"),
        Input(ComparingId.FIRST, "value"),
        Input(ComparingId.SECOND, "value"),
        prevent_initial_call=True,
    ),
)
