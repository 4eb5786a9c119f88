"""What markets have told the person lately."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.platform.core.notifications import Notification
from sonde.platform.ui.wording import ago

PREFIX = "markets."


def note_list(found: Sequence[Notification]) -> Any:
    """Return the latest notifications of markets."""
    if not found:
        return html.P("Nothing has been told yet.", className="sonde-dim")
    told = html.Ul([html.Li(_note(one)) for one in found], className="sonde-plain-list")
    more = html.P("All of them, read and unread, are behind the bell.", className="sonde-dim")
    return html.Div([told, more])


def _note(one: Notification) -> Any:
    title = dmc.Anchor(one.title, href=one.link) if one.link else html.Span(one.title)
    told = html.Span(f"{one.body} {ago(one.created_at)}".strip(), className="sonde-dim sonde-small")
    return html.Div([html.Div(title), told])
