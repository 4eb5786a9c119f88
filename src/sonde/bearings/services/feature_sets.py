"""Named sets of features: saved by their owner, used by the experiments of the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sonde.bearings.core.features.sets import FeatureChoice, FeatureSet, feature_choice
from sonde.bearings.persistence import feature_sets as rows
from sonde.bearings.services import own_features
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id, new_id

_LISTED = 500
_NAME_LENGTH = 80


def list_sets(actor: Actor) -> tuple[FeatureSet, ...]:
    """Return the sets of the actor's workspaces by name."""
    return tuple(_feature_set(row) for row in rows.every(actor.workspace_ids, _LISTED))


def get(actor: Actor, set_id: str) -> FeatureSet:
    """Return one set; raises NotFound for what is not the actor's to see."""
    row = rows.find(set_id, actor.workspace_ids)
    if row is None:
        raise NotFound("There is no such set of features, or it is not yours to see.", id=set_id)
    return _feature_set(row)


def find(actor: Actor, name_or_id: str) -> FeatureSet:
    """Return the set of this id or, failing that, of this name; raises NotFound."""
    if is_id(name_or_id):
        return get(actor, name_or_id)
    row = rows.find_by_name(name_or_id, actor.workspace_ids)
    if row is None:
        raise NotFound(f"There is no set of features called {name_or_id!r}.", name=name_or_id)
    return _feature_set(row)


def save(
    actor: Actor, name: str, names: Sequence[str], made_from: Mapping[str, Any] | None = None
) -> FeatureSet:
    """Save features under a name, own ones as they are defined now.

    Raises Forbidden for viewers, Invalid for a bad name or unknown features, Conflict for a name
    that is taken.
    """
    actor.require(Role.ANALYST)
    bands = own_features.bands_of(actor.workspace_id)
    wanted = tuple(names)
    choice = FeatureChoice(wanted, tuple(bands[one] for one in wanted if one in bands))
    name, set_id = _checked_name(name), new_id()
    added = rows.add(
        id=set_id,
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        owner_name=actor.name,
        name=name,
        content={"names": list(choice.names), "own": [asdict(band) for band in choice.own]},
        made_from=dict(made_from or {}),
    )
    if not added:
        raise _taken(name)
    return get(actor, set_id)


def rename(actor: Actor, set_id: str, name: str) -> FeatureSet:
    """Rename a set; raises NotFound, Forbidden, Invalid, Conflict."""
    found, name = _mine(actor, set_id), _checked_name(name)
    other = rows.find_by_name(name, frozenset({found.workspace_id}))
    if other is not None and other.id != set_id:
        raise _taken(name)
    rows.change(set_id, name=name)
    return get(actor, set_id)


def delete(actor: Actor, set_id: str) -> None:
    """Delete a set; models that were trained on it keep what they need. Raises as `rename`."""
    _mine(actor, set_id)
    rows.remove(set_id)


def _mine(actor: Actor, set_id: str) -> FeatureSet:
    found = get(actor, set_id)
    actor.require(Role.ANALYST)
    if found.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can change this set.")
    return found


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise Invalid(f"A name has 1 to {_NAME_LENGTH} printable characters.", field="name")
    return name


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a set called {name!r} already.", field="name", name=name)


def _feature_set(row: rows.FeatureSetRow) -> FeatureSet:
    return FeatureSet(
        id=row.id,
        workspace_id=row.workspace_id,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        name=row.name,
        choice=feature_choice(row.content),
        created_at=row.created_at,
        made_from=row.made_from,
    )
