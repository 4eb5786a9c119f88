"""One visit of the page of analytics."""

from sonde.markets.services import account_analytics, accounts
from sonde.markets.ui.analytics.layout import analytics_view, nothing_view
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the figures of the account that the address names, else of the oldest."""
    actor, wanted = request.actor, request.query.get("account", "")
    if not wanted and actor.role is Role.VIEWER and not accounts.mine(actor):
        return nothing_view()
    account = accounts.get(actor, wanted) if wanted else accounts.first(actor)
    return analytics_view(account.id, account.name, account_analytics.look(actor, account.id))
