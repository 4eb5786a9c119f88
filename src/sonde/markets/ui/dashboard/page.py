"""One visit of the dashboard."""

from typing import Any

from sonde.markets.services import (
    desk_charts,
    desk_choices,
    portfolio,
    symbol_features,
    watch_lists,
)
from sonde.markets.ui.dashboard.chart import chart_card, chart_panel
from sonde.markets.ui.dashboard.holdings import acting_parts, portfolio_view, positions_panel
from sonde.markets.ui.dashboard.layout import Parts, dashboard_view, first_view
from sonde.markets.ui.dashboard.live import follow_mark, followers
from sonde.markets.ui.dashboard.notes import PREFIX, note_list
from sonde.markets.ui.dashboard.prices import price_card, watch_card
from sonde.markets.ui.dashboard.readings import readings_view
from sonde.markets.ui.dashboard.state import Look, of_query
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.services import notifications
from sonde.platform.ui.components import PageView

_LOOKED_AT = 60
_NOTES = 6


def show(request: PageRequest) -> PageView:
    """Return what is chosen at the desk, as it is now."""
    choice = desk_choices.of(request.actor)
    if not choice.symbol:
        return first_view()
    chosen = Look(choice.symbol, choice.account_id, is_live=choice.is_live)
    look = of_query(request.query, chosen)
    return dashboard_view(look, _parts(request.actor, look))


def read(actor: Actor, look: Look) -> list[Any]:
    """Return regime and readings at the newest closed bar."""
    found = symbol_features.latest(actor, look.symbol, look.timeframe)
    return readings_view(found.readings, found.regime, found.timeframe, found.reason)


def told(actor: Actor) -> Any:
    """Return what markets have told the person lately."""
    found = notifications.list_notifications(actor, limit=_LOOKED_AT).items
    return note_list([one for one in found if one.kind.startswith(PREFIX)][:_NOTES])


def _parts(actor: Actor, look: Look) -> Parts:
    found = desk_charts.look(actor, look.symbol, look.timeframe, look.shown)
    unit = found.view.series.instrument.quote if found.view else ""
    timeframe = found.view.series.timeframe.name if found.view else look.timeframe
    held = portfolio.caught_up(actor, look.account_id) if look.account_id else None
    marks = portfolio.marks(actor, look.account_id, look.symbol) if look.account_id else ()
    panel = chart_panel(found, look, marks)
    watched = watch_lists.look(actor, watch_lists.chosen(actor))
    keys = [one.quote.key for one in watched]
    return Parts(
        price=price_card(watch_lists.line(actor, look.symbol), unit),
        chart=chart_card(panel, look, found.timeframes, timeframe),
        watch=watch_card(watch_lists.symbols(actor), watched, look),
        notes=told(actor),
        portfolio=portfolio_view(held),
        positions=positions_panel(held),
        readings=read(actor, look),
        followers=followers(look, held.version if held else 0, timeframe, keys),
        mark=follow_mark(look),
        acting=acting_parts(),
    )
