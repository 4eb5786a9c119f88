"""Tags of experiments: named, coloured, given and taken, one by one or in bulk."""

from collections.abc import Sequence

from sonde.learning.core.tags import Tag, checked_colour, checked_name, checked_names, usual_colour
from sonde.learning.persistence import experiment_changes as changes
from sonde.learning.persistence import experiment_tags as rows
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, NotFound


def list_tags(actor: Actor) -> Sequence[Tag]:
    """Return the tags of the actor's workspaces, the most used first."""
    return rows.every(actor.workspace_ids)


def create(actor: Actor, name: str, colour: str = "") -> Tag:
    """Add a tag; raises Forbidden, Invalid, and Conflict if there is one of this name."""
    actor.require(Role.ANALYST)
    kept = checked_name(name)
    made = rows.add(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        name=kept,
        colour=checked_colour(colour) if colour else usual_colour(kept),
    )
    if made is None:
        raise Conflict(f"There is a tag called {kept!r} already.", field="name")
    return find(actor, made)


def find(actor: Actor, tag_id: str) -> Tag:
    """Return one tag; raises NotFound."""
    for tag in rows.every(actor.workspace_ids):
        if tag.id == tag_id:
            return tag
    raise NotFound(f"There is no tag {tag_id}.", tag_id=tag_id)


def change(actor: Actor, tag_id: str, *, name: str = "", colour: str = "") -> Tag:
    """Give a tag another name or colour; raises Forbidden, NotFound, Invalid, Conflict."""
    tag = find(actor, tag_id)
    actor.require(Role.ANALYST)
    kept = checked_name(name) if name else tag.name
    taken = rows.named(tag.workspace_id, [kept]).get(kept.lower(), tag_id)
    if taken != tag_id:
        raise Conflict(f"There is a tag called {kept!r} already.", field="name")
    rows.change(tag_id, name=kept, colour=checked_colour(colour or tag.colour))
    return find(actor, tag_id)


def remove(actor: Actor, tag_id: str) -> None:
    """Delete a tag from every experiment; raises Forbidden, NotFound."""
    find(actor, tag_id)
    actor.require(Role.ANALYST)
    rows.remove(tag_id)


def attach(actor: Actor, experiment_ids: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    """Give experiments tags, new ones where there are none; return the ids that changed.

    Raises Forbidden, Invalid, NotFound.
    """
    actor.require(Role.ANALYST)
    wanted = checked_names(list(names))
    places = changes.places(experiment_ids, actor.workspace_ids)
    _check_all(experiment_ids, [one for one, _ in places])
    changed: set[str] = set()
    for workspace_id in sorted({place for _, place in places}):
        here = [one for one in places if one[1] == workspace_id]
        tag_ids = [_ensure(actor, workspace_id, name) for name in wanted]
        changed.update(rows.attach(here, tag_ids, actor.user_id))
    return sorted(changed)


def detach(actor: Actor, experiment_ids: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    """Take tags from experiments; return the ids that changed; raises as `attach`."""
    actor.require(Role.ANALYST)
    wanted = {name.lower() for name in checked_names(list(names))}
    places = changes.places(experiment_ids, actor.workspace_ids)
    _check_all(experiment_ids, [one for one, _ in places])
    tag_ids = [tag.id for tag in list_tags(actor) if tag.name.lower() in wanted]
    return rows.detach(experiment_ids, tag_ids) if tag_ids else []


def _ensure(actor: Actor, workspace_id: str, name: str) -> str:
    """Return the id of a workspace's tag, made where there is none."""
    made = rows.add(
        workspace_id=workspace_id, owner_id=actor.user_id, name=name, colour=usual_colour(name)
    )
    return made or rows.named(workspace_id, [name])[name.lower()]


def _check_all(wanted: Sequence[str], found: Sequence[str]) -> None:
    lacking = sorted(set(wanted) - set(found))
    if lacking:
        raise NotFound(f"There is no experiment {lacking[0]}.", experiment_id=lacking[0])
