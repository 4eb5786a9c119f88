"""One visit of the page of automatic trading."""

from typing import Any, Final

from dash import html

from sonde.markets.services import price_store, replays, strategies, user_strategies
from sonde.markets.services.automations import asking, signal_log
from sonde.markets.services.automations.asking import Automation
from sonde.markets.ui.automation.form import start_card
from sonde.markets.ui.automation.ids import AutomationId
from sonde.markets.ui.automation.own import own_card
from sonde.markets.ui.automation.panels import (
    chosen_card,
    list_card,
    memory,
    signals_table,
    strategy_list,
)
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

SHOWN: Final = 25


def show(request: PageRequest) -> PageView:
    """Return the form, the strategies, and what the chosen one decided."""
    actor, found = request.actor, asking.mine(request.actor)
    chosen = _chosen(found, request.query.get("strategy", ""))
    known = strategies.listed()
    body = [
        *memory(chosen.automation_id if chosen else "", is_quiet=not found),
        start_card(known, price_store.list_series(actor), replays.list_replays(actor)),
        list_card(listed(actor, chosen.automation_id if chosen else "")),
    ]
    if chosen is None:
        body.append(html.Div(id=AutomationId.SIGNALS, hidden=True))
    else:
        body.append(chosen_card(chosen, told(actor, chosen.automation_id)))
    if actor.role is Role.ADMIN:
        body.append(own_card(user_strategies.mine(actor)))
    return PageView(
        "Automation",
        body,
        description="Strategies that trade by themselves on paper, each in an account of its own.",
    )


def listed(actor: Actor, chosen: str) -> Any:
    """Return the strategies of a person as they stand now."""
    places = {one.id: f"replay {one.title}" for one in replays.list_replays(actor)}
    return strategy_list(asking.mine(actor), places, chosen)


def told(actor: Actor, automation_id: str) -> Any:
    """Return what a strategy decided, the newest first."""
    return signals_table(signal_log.signals(actor, automation_id, limit=SHOWN))


def _chosen(found: Any, automation_id: str) -> Automation | None:
    """Return the strategy that is asked for, or the newest one."""
    known = {one.automation_id: one for one in found}
    return known.get(automation_id) or (found[-1] if found else None)
