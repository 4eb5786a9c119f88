"""A page inside the shell: its breadcrumbs, heading and content."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.platform.ui.components import PageView
from sonde.platform.ui.routing import Crumb


def framed(view: PageView, crumbs: Sequence[Crumb]) -> list[Any]:
    """Return the page with its head."""
    body = view.body if isinstance(view.body, list | tuple) else [view.body]
    return [*_trail(view, crumbs), _head(view), html.Div(list(body), className="sonde-body")]


def _trail(view: PageView, crumbs: Sequence[Crumb]) -> list[Any]:
    if not crumbs:
        return []
    steps = [
        html.Li(dmc.Anchor(crumb.title, href=crumb.path, underline="hover")) for crumb in crumbs
    ]
    here = html.Li(view.crumb or view.title, **{"aria-current": "page"})
    return [html.Nav(html.Ol([*steps, here]), className="sonde-crumbs", **{"aria-label": "Path"})]


def _head(view: PageView) -> Any:
    title = html.Div([html.H1(view.title), *view.marks], className="sonde-row sonde-title")
    below = [html.P(view.description, className="sonde-lead")] if view.description else []
    return html.Header(
        [html.Div([title, *below]), html.Div(list(view.actions), className="sonde-row")],
        className="sonde-page-head",
    )
