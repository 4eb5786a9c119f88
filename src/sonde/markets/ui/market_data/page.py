"""One visit of the page of market data."""

from typing import Any

from dash import html

from sonde.markets.services import (
    collection,
    feeds,
    funding,
    price_imports,
    price_store,
    price_views,
)
from sonde.markets.services import replays as replay_service
from sonde.markets.ui.market_data.collecting import collect_card
from sonde.markets.ui.market_data.feeding import Quotes, feed_card
from sonde.markets.ui.market_data.funding import funding_card
from sonde.markets.ui.market_data.ids import DataId
from sonde.markets.ui.market_data.importing import import_card, import_list
from sonde.markets.ui.market_data.layout import data_view, series_view
from sonde.markets.ui.market_data.replaying import replay_card
from sonde.markets.ui.market_data.series_list import series_card
from sonde.markets.ui.market_data.state import of_query
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.services import jobs
from sonde.platform.ui.components import PageView

_RECENT = 8


def show(request: PageRequest) -> PageView:
    """Return everything that is stored and comes in."""
    actor, now_ms = request.actor, price_store.now_ms()
    may_act = actor.role is not Role.VIEWER
    stored = price_store.list_series(actor)
    is_admin = actor.role is Role.ADMIN
    found = feeds.list_feeds(actor)
    return data_view(
        [
            html.Div(series_card(stored, now_ms), id=DataId.LIST),
            html.Div(import_card(recent_imports(actor)), hidden=not may_act),
            replay_card(stored, replay_service.list_replays(actor), may_act=may_act),
            html.Div(funding_card(stored, funding.known(actor)), hidden=not may_act),
            collect_card(collection.statistics(actor), may_act=may_act),
            feed_card(found, told(actor, found), is_admin=is_admin),
        ]
    )


def show_series(request: PageRequest) -> PageView:
    """Return one series as the address says."""
    actor, state = request.actor, of_query(request.params["series_id"], request.query)
    view = price_views.look(actor, state.series_id, state.span, state.shown)
    may_act = actor.role is not Role.VIEWER
    return series_view(view, state, price_store.now_ms(), may_act=may_act)


def recent_imports(actor: Actor) -> list[Any]:
    """Return the latest imports; those that are being read with their jobs."""
    recent = price_imports.recent(actor)[:_RECENT]
    waiting = {one.job_id: jobs.get(actor, one.job_id) for one in recent if one.state == "waiting"}
    return import_list(recent, waiting)


def told(actor: Actor, found: tuple[feeds.LiveFeed, ...]) -> Quotes:
    """Return the last prices of the feeds that are on."""
    return {
        one.name: [feeds.quote(actor, f"{one.name}:{symbol}") for symbol in one.symbols]
        for one in found
        if one.is_on
    }
