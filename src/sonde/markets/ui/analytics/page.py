"""One visit of the page of analytics."""

from sonde.markets.services import account_analytics, accounts, desk_choices
from sonde.markets.ui.analytics.layout import analytics_view, nothing_view
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the figures of the account that is chosen at the desk."""
    actor = request.actor
    account_id = desk_choices.of(actor).account_id
    if not account_id:
        return nothing_view()
    account = accounts.get(actor, account_id)
    return analytics_view(account.id, account.name, account_analytics.look(actor, account.id))
