"""Features that people define themselves: owned, versioned, seen by their workspace."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sonde.bearings.core.features.own import PREFIX, OwnBand, OwnFeature, own_band
from sonde.bearings.persistence import own_features as rows
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, NotFound
from sonde.platform.core.identifiers import new_id

_LISTED = 500


def list_own(actor: Actor) -> tuple[OwnFeature, ...]:
    """Return the own features of the actor's workspaces by name."""
    return tuple(_own_feature(row) for row in rows.every(actor.workspace_ids, _LISTED))


def bands_of(workspace_id: str) -> dict[str, OwnBand]:
    """Return the bands of a workspace by their column; whoever calls has checked the right."""
    found = rows.every(frozenset({workspace_id}), _LISTED)
    return {band.column: band for band in (_own_feature(row).band for row in found)}


def get(actor: Actor, own_id: str) -> OwnFeature:
    """Return one own feature; raises NotFound for what is not the actor's to see."""
    row = rows.find(own_id, actor.workspace_ids)
    if row is None:
        raise NotFound("There is no such feature, or it is not yours to see.", id=own_id)
    return _own_feature(row)


def define(actor: Actor, given: Mapping[str, Any]) -> OwnFeature:
    """Define a feature; raises Forbidden for viewers, Invalid, and Conflict for a taken name."""
    actor.require(Role.ANALYST)
    band = replace(own_band(given), version=1)
    own_id = new_id()
    added = rows.add(
        id=own_id,
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        owner_name=actor.name,
        name=band.name,
        definition=band.as_json(),
    )
    if not added:
        raise _taken(band)
    return get(actor, own_id)


def change(actor: Actor, own_id: str, given: Mapping[str, Any]) -> OwnFeature:
    """Define a feature anew; its version grows if its values change.

    Sets that hold it keep it as it was. Raises NotFound, Forbidden, Invalid, Conflict.
    """
    before = _mine(actor, own_id)
    band = replace(own_band(given), version=before.band.version)
    other = rows.find_by_name(band.name, frozenset({before.workspace_id}))
    if other is not None and other.id != own_id:
        raise _taken(band)
    if replace(band, name=before.band.name) != before.band:
        band = replace(band, version=before.band.version + 1)
    rows.change(own_id, name=band.name, definition=band.as_json(), version=band.version)
    return get(actor, own_id)


def delete(actor: Actor, own_id: str) -> None:
    """Delete a feature; sets that hold it keep it. Raises NotFound and Forbidden."""
    _mine(actor, own_id)
    rows.remove(own_id)


def _mine(actor: Actor, own_id: str) -> OwnFeature:
    found = get(actor, own_id)
    actor.require(Role.ANALYST)
    if found.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can change this feature.")
    return found


def _own_feature(row: rows.OwnFeatureRow) -> OwnFeature:
    band = replace(own_band(row.definition), version=row.version)
    return OwnFeature(row.id, row.workspace_id, row.owner_id, row.owner_name, band)


def _taken(band: OwnBand) -> Conflict:
    return Conflict(f"There is a feature called {PREFIX}{band.name} already.", field="name")
