"""The tree of machines at the left: links with the state of each place."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.machines import Node, NodeKind
from sonde.bearings.ui.condition.ids import ConditionType
from sonde.bearings.ui.condition.marks import state_dot
from sonde.bearings.ui.condition.state import PATH, link_to
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon

BELOW: Final = {
    NodeKind.PLANT: NodeKind.MACHINE,
    NodeKind.MACHINE: NodeKind.POINT,
    NodeKind.POINT: NodeKind.CHANNEL,
}
NAMES: Final = {
    NodeKind.PLANT: "plant",
    NodeKind.MACHINE: "machine",
    NodeKind.POINT: "measuring point",
    NodeKind.CHANNEL: "channel",
}


def tree_panel(
    nodes: Sequence[Node],
    states: Mapping[str, AlarmState | None],
    chosen: str,
    *,
    may_change: bool,
) -> Any:
    """Return the tree; arrow keys go from place to place."""
    children: dict[str, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node)
    everything = _link("All machines", PATH, state=None, is_chosen=not chosen, depth=0)
    rows = [html.Li(everything), *_branches(children, "", states, chosen)]
    listing = html.Nav(
        html.Ul(rows, style={"listStyle": "none", "padding": 0, "margin": 0}),
        **{"aria-label": "Machines", "data-condition-tree": "yes"},
    )
    more = [place_button("add", "", NodeKind.PLANT)] if may_change else []
    return card(listing, title="Machines", actions=more)


def place_button(action: str, node_id: str, kind: NodeKind) -> Any:
    """Return a button that adds, changes or removes a place."""
    text, icon_name = {
        "add": (f"Add {NAMES[kind]}", "tabler:plus"),
        "change": ("Change", "tabler:pencil"),
        "remove": ("Remove", "tabler:trash"),
    }[action]
    return dmc.Button(
        text,
        id={"type": ConditionType.PLACE, "action": action, "node": node_id, "kind": kind.value},
        size="compact-sm",
        variant="default",
        leftSection=icon(icon_name, 14),
    )


def _branches(
    children: Mapping[str, Sequence[Node]],
    parent: str,
    states: Mapping[str, AlarmState | None],
    chosen: str,
    depth: int = 1,
) -> list[Any]:
    found = []
    for node in children.get(parent, ()):
        link = _link(
            node.name,
            link_to(node.id),
            state=states.get(node.id),
            is_chosen=node.id == chosen,
            depth=depth,
        )
        below = _branches(children, node.id, states, chosen, depth + 1)
        inner = [html.Ul(below, style={"listStyle": "none", "padding": 0})] if below else []
        found.append(html.Li([link, *inner]))
    return found


def _link(text: str, href: str, *, state: AlarmState | None, is_chosen: bool, depth: int) -> Any:
    dot = [state_dot(state)] if depth else [icon("tabler:stack-2", 14)]
    mark = {"aria-current": "page"} if is_chosen else {}
    return dmc.Anchor(
        [*dot, html.Span(text, style={"overflowWrap": "anywhere"})],
        href=href,
        underline="never",
        style={
            "display": "flex",
            "alignItems": "center",
            "gap": "8px",
            "padding": f"5px 8px 5px {8 + 14 * max(depth - 1, 0)}px",
            "borderRadius": "7px",
            "fontSize": "13.5px",
            "color": "var(--sonde-ink)",
            "background": "var(--sonde-selected)" if is_chosen else None,
            "fontWeight": 580 if is_chosen or depth == 1 else 450,
        },
        **mark,
    )
