"""The rows of alarm bands, of what happened to machines, and of folders that are watched."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.bearings.core.condition.machines import Node
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)
_NODE = "bearings_machine_nodes.id"


class AlarmBandRow(Table):
    """The limits of one feature of one channel."""

    __tablename__ = "bearings_alarm_bands"
    __table_args__ = (UniqueConstraint("node_id", "feature"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    node_id: Mapped[str] = mapped_column(_ID, ForeignKey(_NODE, ondelete="CASCADE"))
    feature: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ConditionEventRow(Table):
    """Something that happened to a machine."""

    __tablename__ = "bearings_condition_events"
    __table_args__ = (Index("ix_bearings_condition_events_node_id_at", "node_id", "at"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    node_id: Mapped[str] = mapped_column(_ID, ForeignKey(_NODE, ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(server_default="")
    feature: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str] = mapped_column(server_default="")
    by: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WatchedFolderRow(Table):
    """A folder of the server whose new files become measurements."""

    __tablename__ = "bearings_watched_folders"
    __table_args__ = (UniqueConstraint("workspace_id", "path", "node_id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    node_id: Mapped[str] = mapped_column(_ID, ForeignKey(_NODE, ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(server_default="")
    said: Mapped[str] = mapped_column(server_default="")
    given: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    is_on: Mapped[bool] = mapped_column(server_default="true")
    looked_at: Mapped[datetime | None]
    seen: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def set_band(node: Node, feature: str, kind: str, settings: Mapping[str, Any]) -> None:
    """Set the limits of a feature, in place of earlier ones."""
    wanted = {"kind": kind, "settings": dict(settings)}
    session().execute(
        insert(AlarmBandRow)
        .values(
            id=new_id(),
            workspace_id=node.workspace_id,
            owner_id=node.owner_id,
            node_id=node.id,
            feature=feature,
            **wanted,
        )
        .on_conflict_do_update(index_elements=["node_id", "feature"], set_=wanted)
    )


def bands(node_ids: Sequence[str]) -> Sequence[AlarmBandRow]:
    """Return the limits of channels."""
    query = select(AlarmBandRow).where(AlarmBandRow.node_id.in_(node_ids))
    return session().scalars(query.order_by(AlarmBandRow.feature)).all()


def remove_band(node_id: str, feature: str) -> None:
    """Take the limits of a feature away."""
    session().execute(
        delete(AlarmBandRow).where(AlarmBandRow.node_id == node_id, AlarmBandRow.feature == feature)
    )


def add_event(node: Node, happened: Mapping[str, Any]) -> None:
    """Note what happened: ``at``, ``kind``, ``feature``, ``text``, ``by``."""
    session().add(
        ConditionEventRow(
            id=new_id(),
            workspace_id=node.workspace_id,
            owner_id=node.owner_id,
            node_id=node.id,
            **happened,
        )
    )
    session().flush()


def events(node_ids: Sequence[str], *, limit: int = 200) -> Sequence[ConditionEventRow]:
    """Return what happened last, newest first."""
    query = select(ConditionEventRow).where(ConditionEventRow.node_id.in_(node_ids))
    order = (ConditionEventRow.at.desc(), ConditionEventRow.id.desc())
    return session().scalars(query.order_by(*order).limit(limit)).all()


def add_folder(row: WatchedFolderRow) -> None:
    """Add a folder to watch."""
    session().add(row)
    session().flush()


def folders(workspace_ids: frozenset[str] | None = None) -> Sequence[WatchedFolderRow]:
    """Return the folders of these workspaces, of all where none are named."""
    query = select(WatchedFolderRow)
    if workspace_ids is not None:
        query = query.where(WatchedFolderRow.workspace_id.in_(workspace_ids))
    return session().scalars(query.order_by(WatchedFolderRow.path)).all()


def find_folder(folder_id: str, workspace_ids: frozenset[str]) -> WatchedFolderRow | None:
    """Return one watched folder of these workspaces."""
    return session().scalar(
        select(WatchedFolderRow).where(
            WatchedFolderRow.id == folder_id, WatchedFolderRow.workspace_id.in_(workspace_ids)
        )
    )


def remove_folder(folder_id: str) -> None:
    """Watch a folder no longer."""
    session().execute(delete(WatchedFolderRow).where(WatchedFolderRow.id == folder_id))


def moments_of(node_ids: Sequence[str], kinds: Sequence[str]) -> Sequence[datetime]:
    """Return when things of some kinds happened to places."""
    query = select(ConditionEventRow.at).where(
        ConditionEventRow.node_id.in_(node_ids), ConditionEventRow.kind.in_(kinds)
    )
    return session().scalars(query).all()


def find_event(event_id: str, workspace_ids: frozenset[str]) -> ConditionEventRow | None:
    """Return one event of these workspaces."""
    return session().scalar(
        select(ConditionEventRow).where(
            ConditionEventRow.id == event_id, ConditionEventRow.workspace_id.in_(workspace_ids)
        )
    )


def remove_event(event_id: str) -> None:
    """Delete an event."""
    session().execute(delete(ConditionEventRow).where(ConditionEventRow.id == event_id))


def folder(folder_id: str) -> WatchedFolderRow | None:
    """Return a watched folder, held until this unit of work has ended."""
    query = select(WatchedFolderRow).where(WatchedFolderRow.id == folder_id)
    return session().scalar(query.with_for_update())
