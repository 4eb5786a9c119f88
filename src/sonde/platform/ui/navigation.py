"""Going somewhere from within a callback."""

from dash import set_props

from sonde.platform.ui.ids import ShellId


def go_to(path: str, search: str = "") -> None:
    """Visit another page once the callback has answered; `search` begins with a question mark."""
    set_props(ShellId.LOCATION, {"pathname": path, "search": search})
