"""One visit of the page of machines: what is looked up for what is looked at."""

from typing import Any

from dash import dcc, html

from sonde.bearings.core.condition.health import INDICATOR
from sonde.bearings.core.condition.machines import Node, NodeKind
from sonde.bearings.core.condition.zones import zone_note
from sonde.bearings.services import machines
from sonde.bearings.services.condition import alarms, health, log, overview, trends
from sonde.bearings.services.condition.health import Health, Outlook
from sonde.bearings.ui.condition.cards import machine_cards, nothing_yet
from sonde.bearings.ui.condition.channel import ChannelView, channel_body, measurement_table
from sonde.bearings.ui.condition.dialogs.forms import modals
from sonde.bearings.ui.condition.ids import ConditionId
from sonde.bearings.ui.condition.places import below_card, head, log_card
from sonde.bearings.ui.condition.state import ConditionState
from sonde.bearings.ui.condition.tree import tree_panel
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.ui.components import PageView, card, empty_state

_MEASURED = 12


def show(request: PageRequest) -> PageView:
    """Return the page with what the person may see."""
    state = ConditionState.of_query(request.query)
    return PageView(
        "Machines",
        [
            html.Div(body(request.actor, state), id=ConditionId.BODY),
            dcc.Store(id=ConditionId.CHANGED, data=""),
            dcc.Store(id=ConditionId.VISITED),
            dcc.Store(id=ConditionId.STAMP, data=overview.stamp(request.actor)),
            *modals(),
        ],
        description="Trends of every figure, alarms, health and remaining life, from plant to "
        "channel.",
    )


def body(actor: Actor, state: ConditionState) -> Any:
    """Return the tree and what is chosen in it."""
    nodes = machines.tree(actor)
    states = overview.states(actor, nodes)
    may_change = actor.role is not Role.VIEWER
    chosen = next((one for one in nodes if one.id == state.node), None)
    if chosen is not None:
        main = _place(actor, chosen, state, may_change=may_change and _is_own(actor, chosen))
    elif state.node:
        main = [_gone()]
    else:
        main = _everything(actor, nodes, may_change=may_change)
    tree = tree_panel(nodes, states, state.node, may_change=may_change)
    side = html.Div(tree, style={"flex": "1 1 230px", "minWidth": 0})
    wide = {"flex": "999 1 0", "minWidth": "min(100%, 560px)"}
    return html.Div(
        [side, html.Div(main, className="sonde-stack", style=wide)],
        style={"display": "flex", "flexWrap": "wrap", "gap": "16px", "alignItems": "flex-start"},
    )


def _is_own(actor: Actor, node: Node) -> bool:
    return node.owner_id == actor.user_id or actor.role is Role.ADMIN


def _gone() -> Any:
    text = "It was removed, or it is not yours to see. Choose another at the left."
    return card(empty_state("This place is not there", text, icon_name="tabler:search"))


def _everything(actor: Actor, nodes: Any, *, may_change: bool) -> list[Any]:
    if not nodes:
        return [nothing_yet(may_change=may_change)]
    found = overview.cards(actor)
    if not found:
        text = "Choose your plant at the left and add its first machine."
        return [card(empty_state("No machine yet", text, icon_name="tabler:activity-heartbeat"))]
    return [machine_cards(found)]


def _place(actor: Actor, node: Node, state: ConditionState, *, may_change: bool) -> list[Any]:
    nodes = machines.tree(actor)
    states = overview.states(actor, nodes)
    names = {one.id: one.name for one in nodes}
    way = machines.way(actor, node.id)
    events = log.events(actor, node.id)
    top = head(way, states[node.id], may_change=may_change)
    told = log_card(events, names, may_change=may_change)
    if node.kind is NodeKind.CHANNEL:
        view = _channel(actor, node, state, may_change=may_change)
        table = [measurement_table(view.measured)] if view.measured else []
        return [top, *channel_body(view), told, *table]
    if node.kind is NodeKind.PLANT:
        found = overview.cards(actor, node.id)
        return [top, *([machine_cards(found)] if found else []), told]
    children = [one for one in nodes if one.parent_id == node.id]
    newest = trends.newest(actor, [one.id for one in children])
    return [top, below_card(node, children, states, newest), told]


def _channel(actor: Actor, node: Node, state: ConditionState, *, may_change: bool) -> ChannelView:
    measured = trends.measured(actor, node.id, limit=_MEASURED)
    newest = measured[0] if measured else None
    limited = alarms.bands(actor, [node.id])
    feature = state.feature or overview.main_feature(limited, newest)
    try:
        trend = trends.trend(actor, node.id, feature, since=state.since, until=state.until)
    except Invalid:
        feature = overview.main_feature(limited, newest)
        trend = trends.trend(actor, node.id, feature, since=state.since, until=state.until)
    others = [one.feature for one in limited if one.feature != feature]
    features = [*([feature] if trend.band is not None else []), *others, INDICATOR]
    return ChannelView(
        node=node,
        state=state,
        trend=trend,
        zone=zone_note(machines.way(actor, node.id), newest),
        health=_health(actor, node.id),
        outlooks=[_outlook(actor, node.id, each) for each in features] if measured else [],
        events=log.events(actor, node.id),
        measured=measured,
        may_change=may_change,
    )


def _health(actor: Actor, channel_id: str) -> Health | str:
    try:
        return health.health(actor, channel_id)
    except Invalid as error:
        return error.message


def _outlook(actor: Actor, channel_id: str, feature: str) -> Outlook | str:
    try:
        return health.outlook(actor, channel_id, feature)
    except (Invalid, NotFound) as error:
        return error.message
