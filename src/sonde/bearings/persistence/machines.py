"""The rows of machines and of what was measured on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, distinct_on, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.bearings.core.condition.machines import Measurement, Node, NodeKind
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class NodeRow(Table):
    """One place in the tree of machines."""

    __tablename__ = "bearings_machine_nodes"
    __table_args__ = (
        Index("ix_bearings_machine_nodes_workspace_id", "workspace_id"),
        Index(
            "uq_bearings_machine_nodes_place",
            "workspace_id",
            text("coalesce(parent_id, '')"),
            "name",
            unique=True,
        ),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    parent_id: Mapped[str | None] = mapped_column(
        _ID, ForeignKey("bearings_machine_nodes.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str] = mapped_column(server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    def view(self) -> Node:
        """Return the row as a value."""
        return Node(
            self.id,
            self.workspace_id,
            self.owner_id,
            NodeKind(self.kind),
            self.name,
            self.parent_id or "",
            self.details,
        )


class MeasurementRow(Table):
    """One measurement of one channel."""

    __tablename__ = "bearings_measurements"
    __table_args__ = (UniqueConstraint("node_id", "taken_at"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    node_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bearings_machine_nodes.id", ondelete="CASCADE")
    )
    taken_at: Mapped[datetime]
    file: Mapped[str] = mapped_column(server_default="")
    recording_id: Mapped[str] = mapped_column(server_default="")
    unit: Mapped[str] = mapped_column(server_default="")
    content_hash: Mapped[str] = mapped_column(server_default="")
    sampling_rate_hz: Mapped[float]
    speed_rpm: Mapped[float]
    n_samples: Mapped[int]
    figures: Mapped[dict[str, float]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    def view(self) -> Measurement:
        """Return the row as a value."""
        return Measurement(
            id=self.id,
            node_id=self.node_id,
            taken_at=self.taken_at,
            sampling_rate_hz=self.sampling_rate_hz,
            speed_rpm=self.speed_rpm,
            unit=self.unit,
            n_samples=self.n_samples,
            figures=self.figures,
            file=self.file,
            recording_id=self.recording_id,
        )


def add_node(node: Node) -> bool:
    """Add a place; False if its parent has one of that name."""
    made = session().execute(
        insert(NodeRow)
        .values(
            id=node.id,
            workspace_id=node.workspace_id,
            owner_id=node.owner_id,
            parent_id=node.parent_id or None,
            kind=node.kind.value,
            name=node.name,
            details=dict(node.details),
        )
        .on_conflict_do_nothing()
        .returning(NodeRow.id)
    )
    return made.first() is not None


def find_node(node_id: str, workspace_ids: frozenset[str]) -> NodeRow | None:
    """Return one place of these workspaces."""
    return session().scalar(
        select(NodeRow).where(NodeRow.id == node_id, NodeRow.workspace_id.in_(workspace_ids))
    )


def lock_node(node_id: str) -> None:
    """Let nobody else add to a place until this unit of work has ended."""
    session().execute(select(NodeRow.id).where(NodeRow.id == node_id).with_for_update())


def nodes(workspace_ids: frozenset[str]) -> Sequence[Node]:
    """Return every place, in the order of their names."""
    query = select(NodeRow).where(NodeRow.workspace_id.in_(workspace_ids))
    return [row.view() for row in session().scalars(query.order_by(NodeRow.name, NodeRow.id))]


def name_is_taken(node: Node, name: str) -> bool:
    """Say whether another place below the same parent has that name."""
    query = select(NodeRow.id).where(
        NodeRow.workspace_id == node.workspace_id,
        func.coalesce(NodeRow.parent_id, "") == node.parent_id,
        NodeRow.name == name,
        NodeRow.id != node.id,
    )
    return session().scalar(query) is not None


def remove_node(node_id: str) -> None:
    """Delete a place with everything below it."""
    session().execute(delete(NodeRow).where(NodeRow.id == node_id))


def add_measurement(
    node: Node, measured: Mapping[str, Any], figures: Mapping[str, float]
) -> str | None:
    """Add a measurement; return its id, None if the channel has one of that moment."""
    made = session().execute(
        insert(MeasurementRow)
        .values(
            id=new_id(),
            workspace_id=node.workspace_id,
            owner_id=node.owner_id,
            node_id=node.id,
            figures=dict(figures),
            **measured,
        )
        .on_conflict_do_nothing()
        .returning(MeasurementRow.id)
    )
    return made.scalar()


def measurements(
    node_ids: Sequence[str], *, since: datetime | None = None, limit: int = 5000
) -> Sequence[Measurement]:
    """Return the newest measurements of channels, oldest first."""
    query = select(MeasurementRow).where(MeasurementRow.node_id.in_(node_ids))
    if since is not None:
        query = query.where(MeasurementRow.taken_at >= since)
    rows = session().scalars(query.order_by(MeasurementRow.taken_at.desc()).limit(limit)).all()
    return [row.view() for row in reversed(rows)]


@dataclass(frozen=True)
class SeriesRow:
    """A measurement as a trend needs it: its id, its moment, and a few of its figures."""

    id: str
    taken_at: datetime
    values: tuple[float, ...]


def series(
    node_id: str,
    names: Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100_000,
) -> Sequence[SeriesRow]:
    """Return some figures of the newest measurements of a channel, oldest first; NaN if absent."""
    figures = [MeasurementRow.figures[name].as_float() for name in names]
    query = select(MeasurementRow.id, MeasurementRow.taken_at, *figures)
    query = query.where(MeasurementRow.node_id == node_id)
    if since is not None:
        query = query.where(MeasurementRow.taken_at >= since)
    if until is not None:
        query = query.where(MeasurementRow.taken_at <= until)
    found = session().execute(query.order_by(MeasurementRow.taken_at.desc()).limit(limit)).all()
    return [
        SeriesRow(row[0], row[1], tuple(nan if one is None else float(one) for one in row[2:]))
        for row in reversed(found)
    ]


def has_measurement(node_id: str, taken_at: datetime) -> bool:
    """Say whether a channel has a measurement of a moment."""
    query = select(MeasurementRow.id).where(
        MeasurementRow.node_id == node_id, MeasurementRow.taken_at == taken_at
    )
    return session().scalar(query) is not None


def counts(node_ids: Sequence[str]) -> Mapping[str, int]:
    """Return how many measurements every channel has that has any."""
    query = select(MeasurementRow.node_id, func.count()).where(MeasurementRow.node_id.in_(node_ids))
    found = session().execute(query.group_by(MeasurementRow.node_id))
    return {row[0]: int(row[1]) for row in found}


def stamp(workspace_ids: frozenset[str]) -> str:
    """Return what changes whenever a place or a measurement of these workspaces is added."""
    told = []
    for table in (NodeRow, MeasurementRow):
        query = select(func.count(), func.max(table.id))
        row = session().execute(query.where(table.workspace_id.in_(workspace_ids))).one()
        told.append(f"{row[0]}:{row[1]}")
    return " ".join(told)


def latest(node_ids: Sequence[str]) -> Mapping[str, Measurement]:
    """Return the newest measurement of every channel that has one."""
    query = (
        select(MeasurementRow)
        .where(MeasurementRow.node_id.in_(node_ids))
        .ext(distinct_on(MeasurementRow.node_id))
        .order_by(MeasurementRow.node_id, MeasurementRow.taken_at.desc())
    )
    return {row.node_id: row.view() for row in session().scalars(query)}
