"""The tree of machines: plants, machines, measuring points and channels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sonde.bearings.core.condition.machines import (
    PARENT_OF,
    Node,
    NodeKind,
    checked_details,
    checked_name,
)
from sonde.bearings.core.iso20816 import MachineGroup, Support
from sonde.bearings.core.units import unit_named
from sonde.bearings.persistence import machines as rows
from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id

_MOST_NODES = 20_000


@dataclass(frozen=True)
class NewNode:
    """A place to be added to the tree.

    Parameters
    ----------
    kind : NodeKind
    name : str
    parent_id : str
        Empty for a plant.
    details : mapping
    """

    kind: NodeKind
    name: str
    parent_id: str
    details: Mapping[str, Any]


def tree(actor: Actor) -> Sequence[Node]:
    """Return every place that the actor may see, in the order of their names."""
    return rows.nodes(actor.workspace_ids)


def get(actor: Actor, node_id: str) -> Node:
    """Return one place; raises NotFound for what is not the actor's to see."""
    return _row(actor, node_id).view()


def add(actor: Actor, wanted: NewNode) -> Node:
    """Add a place below its parent.

    Raises Forbidden for viewers, NotFound for an unknown parent, Invalid for a wrong parent or bad
    details, Conflict for a name that is taken there.
    """
    actor.require(Role.ANALYST)
    workspace_id = actor.workspace_id
    expected = PARENT_OF[wanted.kind]
    if expected is not None:
        parent = _changeable(actor, wanted.parent_id)
        if NodeKind(parent.kind) is not expected:
            raise Invalid(
                f"A {wanted.kind.value} stands below a {expected.value}, not a {parent.kind}.",
                field="parent_id",
            )
        workspace_id = parent.workspace_id
    elif wanted.parent_id:
        raise Invalid("A plant stands below nothing.", field="parent_id")
    if len(rows.nodes(frozenset({workspace_id}))) >= _MOST_NODES:
        raise Conflict(f"A tree has at most {_MOST_NODES:,} places.")
    node = Node(
        new_id(),
        workspace_id,
        actor.user_id,
        wanted.kind,
        checked_name(wanted.name),
        wanted.parent_id,
        _details(wanted.kind, wanted.details),
    )
    if not rows.add_node(node):
        raise _taken(node.name)
    return node


def at_path(actor: Actor, path: str) -> Node:
    """Return the place at a path of names such as ``Works/Pump 3``; raises NotFound."""
    first, *rest = path.split("/")
    found = _child(actor, "", first.strip())
    for name in rest:
        found = _child(actor, found.id, name.strip()) if found else None
    if found is None:
        raise NotFound(f"There is no {path!r}; 'sonde machines list' names what there is.")
    return found


def add_path(actor: Actor, path: str, details: Mapping[str, Any]) -> Node:
    """Add the place at a path, with those above it that are missing.

    Raises Forbidden for viewers, Invalid for more than four names or bad details, Conflict if it
    is there already.
    """
    names = [name.strip() for name in path.split("/")]
    if len(names) > len(NodeKind):
        raise Invalid("A path has at most four parts: plant, machine, point, channel.")
    parent = ""
    for kind, name in list(zip(NodeKind, names, strict=False))[:-1]:
        known = _child(actor, parent, name)
        parent = (known or add(actor, NewNode(kind, name, parent, {}))).id
    return add(actor, NewNode(list(NodeKind)[len(names) - 1], names[-1], parent, details))


def _child(actor: Actor, parent_id: str, name: str) -> Node | None:
    alike = (one for one in tree(actor) if (one.parent_id, one.name) == (parent_id, name))
    return next(alike, None)


def change(
    actor: Actor,
    node_id: str,
    *,
    name: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Node:
    """Rename a place or say other things of it; raises NotFound, Forbidden, Invalid, Conflict."""
    row = _changeable(actor, node_id)
    if name is not None:
        wanted = checked_name(name)
        if rows.name_is_taken(row.view(), wanted):
            raise _taken(wanted)
        row.name = wanted
    if details is not None:
        row.details = _details(NodeKind(row.kind), details)
    return row.view()


def remove(actor: Actor, node_id: str) -> None:
    """Delete a place with everything below it and all its measurements.

    Raises NotFound and Forbidden.
    """
    rows.remove_node(_changeable(actor, node_id).id)


def extent(actor: Actor, node_id: str) -> tuple[int, int]:
    """Return how many places stand below a place, and how many measurements there are."""
    get(actor, node_id)
    found = [one.id for one in below(tree(actor), node_id)]
    return len(found) - 1, sum(rows.counts(found).values())


def below(nodes: Sequence[Node], node_id: str) -> tuple[Node, ...]:
    """Return a place and everything below it, each after its parent."""
    children: dict[str, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node)
    found = [node for node in nodes if node.id == node_id]
    for node in found:  # grows while it is walked
        found.extend(children.get(node.id, ()))
    return tuple(found)


def above(nodes: Sequence[Node], node_id: str) -> tuple[Node, ...]:
    """Return the way from the plant down to a place."""
    by_id = {node.id: node for node in nodes}
    way: list[Node] = []
    current = by_id.get(node_id)
    while current is not None:
        way.insert(0, current)
        current = by_id.get(current.parent_id)
    return tuple(way)


def way(actor: Actor, node_id: str) -> tuple[Node, ...]:
    """Return the way from the plant down to a place; raises NotFound."""
    found = [_row(actor, node_id).view()]
    while found[0].parent_id:
        found.insert(0, _row(actor, found[0].parent_id).view())
    return tuple(found)


def changeable(actor: Actor, node_id: str) -> Node:
    """Return a place that the actor may change; raises NotFound and Forbidden."""
    return _changeable(actor, node_id).view()


def _details(kind: NodeKind, details: Mapping[str, Any]) -> dict[str, Any]:
    told = checked_details(kind, details)
    if "bearing" in told:
        datasets.geometry_of(told["bearing"])
    if "unit" in told and told["unit"] != "unknown":
        unit_named(told["unit"])
    for name, choices in (("machine_group", MachineGroup), ("support", Support)):
        known = [one.value for one in choices]
        if name in told and told[name] not in known:
            raise Invalid(f"{name} is {' or '.join(known)}, not {told[name]!r}.", field=name)
    return told


def _row(actor: Actor, node_id: str) -> rows.NodeRow:
    row = rows.find_node(node_id, actor.workspace_ids)
    if row is None:
        raise NotFound("There is no such place, or it is not yours to see.", id=node_id)
    return row


def _changeable(actor: Actor, node_id: str) -> rows.NodeRow:
    row = _row(actor, node_id)
    actor.require(Role.ANALYST)
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can change this place.")
    return row


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a {name!r} here already.", field="name", name=name)
