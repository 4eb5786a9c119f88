"""The sidebar beside a page: every page of markets is shown with it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from dash import html

from sonde.markets.services import desk_views
from sonde.markets.ui.desk.sidebar import sidebar
from sonde.platform.core.domain import Page, PageRequest
from sonde.platform.ui.components import PageView


def beside_desk(page: Page) -> Page:
    """Return a page that is shown beside the desk."""
    return replace(page, layout=partial(_shown, page.title, page.layout))


def _shown(title: str, layout: Callable[[PageRequest], Any], request: PageRequest) -> PageView:
    made = layout(request)
    view = made if isinstance(made, PageView) else PageView(title, made)
    body = view.body if isinstance(view.body, list | tuple) else [view.body]
    main = html.Div(list(body), className="sonde-body")
    desk = sidebar(desk_views.desk(request.actor))
    return replace(view, body=[html.Div([desk, main], className="sonde-explore")])
