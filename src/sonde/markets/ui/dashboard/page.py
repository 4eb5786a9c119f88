"""One visit of the dashboard."""

from sonde.markets.services import desk_charts, desk_choices, portfolio, watch_lists
from sonde.markets.ui.dashboard.chart import chart_card, chart_panel
from sonde.markets.ui.dashboard.holdings import portfolio_view, position_list
from sonde.markets.ui.dashboard.layout import Parts, dashboard_view, first_view
from sonde.markets.ui.dashboard.live import follow_mark, followers
from sonde.markets.ui.dashboard.prices import price_card, watch_card
from sonde.markets.ui.dashboard.state import Look, of_query
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return what is chosen at the desk, as it is now."""
    choice = desk_choices.of(request.actor)
    if not choice.symbol:
        return first_view()
    chosen = Look(choice.symbol, choice.account_id, is_live=choice.is_live)
    look = of_query(request.query, chosen)
    return dashboard_view(look, _parts(request.actor, look))


def _parts(actor: Actor, look: Look) -> Parts:
    found = desk_charts.look(actor, look.symbol, look.timeframe, look.shown)
    unit = found.view.series.instrument.quote if found.view else ""
    timeframe = found.view.series.timeframe.name if found.view else look.timeframe
    held = portfolio.look(actor, look.account_id) if look.account_id else None
    marks = portfolio.marks(actor, look.account_id, look.symbol) if look.account_id else ()
    panel = chart_panel(found.view, found.reason, look, marks)
    return Parts(
        price=price_card(watch_lists.line(actor, look.symbol), unit),
        chart=chart_card(panel, look, found.timeframes, timeframe),
        watch=watch_card(watch_lists.symbols(actor)),
        portfolio=portfolio_view(held),
        positions=position_list(held),
        followers=followers(look, held.version if held else 0, timeframe),
        mark=follow_mark(look),
    )
