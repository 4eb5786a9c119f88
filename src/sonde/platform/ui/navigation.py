"""Going somewhere from within a callback."""

from dash import set_props

from sonde.platform.ui.ids import ShellId


def go_to(path: str, search: str = "") -> None:
    """Visit another page once the callback has answered; `search` begins with a question mark."""
    # the browser's own address may have moved on without a visit: the whole of it is said anew
    place = {"href": f"{path}{search}", "pathname": path, "search": search}
    set_props(ShellId.LOCATION, place)
