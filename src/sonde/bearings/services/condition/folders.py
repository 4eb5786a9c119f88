"""Folders of the server that are watched: every new file becomes a measurement of a channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.persistence import condition as rows
from sonde.bearings.persistence.condition import WatchedFolderRow
from sonde.bearings.services import machines
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.identifiers import new_id

_NUMBERS: Final = ("sampling_rate_hz", "speed_rpm")


@dataclass(frozen=True)
class WatchedFolder:
    """A folder that is watched for a channel.

    Parameters
    ----------
    id, node_id, path : str
    given : mapping
        ``sampling_rate_hz``, ``speed_rpm`` and ``channel`` for files that do not say them.
    said : str
        What happened at the last look.
    looked_at : datetime, optional
    n_taken, n_refused : int
        Of the files that are remembered.
    """

    id: str
    node_id: str
    path: str
    given: Mapping[str, Any]
    said: str
    looked_at: datetime | None
    n_taken: int
    n_refused: int


def watch(actor: Actor, channel_id: str, path: str, given: Mapping[str, Any]) -> WatchedFolder:
    """Watch a folder for a channel; administrators only, since it reads the server's disk.

    Raises Forbidden, NotFound, Invalid for what is no folder, Conflict if it is watched already.
    """
    actor.require(Role.ADMIN)
    node = machines.changeable(actor, channel_id)
    if node.kind is not NodeKind.CHANNEL:
        raise Invalid("A folder feeds a channel; choose one.", field="node")
    row = WatchedFolderRow(
        id=new_id(),
        workspace_id=node.workspace_id,
        owner_id=actor.user_id,
        node_id=node.id,
        path=str(checked_folder(path)),
        said="",
        given=_checked(given),
        is_on=True,
        looked_at=None,
        seen={},
    )
    if any(
        one.path == row.path and one.node_id == node.id for one in rows.folders(actor.workspace_ids)
    ):
        raise Conflict("This folder is watched for this channel already.", field="path")
    rows.add_folder(row)
    return _view(row)


def folders(actor: Actor, node_id: str = "") -> Sequence[WatchedFolder]:
    """Return the folders that are watched, of one channel or of all; administrators only."""
    actor.require(Role.ADMIN)
    found = rows.folders(actor.workspace_ids)
    return [_view(row) for row in found if node_id in {"", row.node_id}]


def unwatch(actor: Actor, folder_id: str) -> None:
    """Watch a folder no longer; what was measured stays. Raises NotFound and Forbidden."""
    row = rows.find_folder(folder_id, actor.workspace_ids)
    if row is None:
        raise NotFound("There is no such folder, or it is not yours to see.", id=folder_id)
    actor.require(Role.ADMIN)
    rows.remove_folder(row.id)


def is_any_watched() -> bool:
    """Say whether anybody watches a folder."""
    return any(row.is_on for row in rows.folders())


def checked_folder(path: str) -> Path:
    """Return an existing folder by its whole path, free of links; raises Invalid."""
    given = Path(path.strip())
    if "\0" in path or not given.is_absolute():
        raise Invalid("Give the whole path of a folder on the server.", field="path")
    try:
        if not given.is_dir():  # asked first: what is none, such as a loop of links, has no end
            raise Invalid("There is no such folder on the server.", field="path")
        resolved = given.resolve()
    except OSError as error:
        raise Invalid(f"This folder cannot be read: {error.strerror}.", field="path") from None
    if resolved != given:
        raise Invalid(f"The path holds links; give {resolved} itself.", field="path")
    return resolved


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in _NUMBERS:
        value = given.get(name)
        if value in {None, ""}:
            continue
        if not isinstance(value, int | float) or not 0 < value < 1e9:
            raise Invalid(f"{name} must be a positive number, not {value!r}.", field=name)
        told[name] = float(value)
    if given.get("channel"):
        told["channel"] = str(given["channel"])[:120]
    return told


def _view(row: WatchedFolderRow) -> WatchedFolder:
    outcomes = [one.get("as") for one in row.seen.values()]
    return WatchedFolder(
        row.id,
        row.node_id,
        row.path,
        row.given,
        row.said,
        row.looked_at,
        outcomes.count("taken"),
        outcomes.count("refused"),
    )
