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
    desk = sidebar(desk_views.desk(request.actor))  # first: it takes in what a replay has brought
    made = layout(request)
    view = made if isinstance(made, PageView) else PageView(title, made)
    body = view.body if isinstance(view.body, list | tuple) else [view.body]
    main = html.Div(list(body), className="sonde-body")
    return replace(view, body=[html.Div([desk, main], className="sonde-explore")])
