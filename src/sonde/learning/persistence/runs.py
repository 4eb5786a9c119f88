"""The rows of running trainings: what a person wishes, how far each part is, the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    String,
    delete,
    func,
    select,
    update,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.learning.persistence.metrics import MetricBlockRow, MetricRow
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class RunRow(Table):
    """What is known of a training beside its job and its result."""

    __tablename__ = "experiment_runs"

    experiment_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True
    )
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    wish: Mapped[str] = mapped_column(server_default="")
    parts: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    files: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class LogLineRow(Table):
    """One line of a training's log; rows are only ever added."""

    __tablename__ = "experiment_log_lines"
    __table_args__ = (Index("ix_experiment_log_lines_experiment_id_id", "experiment_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    experiment_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("experiments.id", ondelete="CASCADE")
    )
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime]
    level: Mapped[str]
    part: Mapped[str]
    text: Mapped[str]


def write(experiment_id: str, owner: Mapping[str, str], **columns: Any) -> None:
    """Write some columns of a training's row, which is made where there is none."""
    session().execute(
        insert(RunRow)
        .values(experiment_id=experiment_id, **owner, **columns)
        .on_conflict_do_update(
            index_elements=["experiment_id"],
            set_={**columns, "updated_at": func.clock_timestamp()},
        )
    )


def find(experiment_id: str) -> RunRow | None:
    """Return a training's row, fresh from the database."""
    query = select(RunRow).where(RunRow.experiment_id == experiment_id)
    return session().scalar(query.execution_options(populate_existing=True))


def wish_of(experiment_id: str) -> str:
    """Return what a person asked of a training."""
    query = select(RunRow.wish).where(RunRow.experiment_id == experiment_id)
    return session().scalar(query) or ""


def begin_anew(experiment_id: str) -> None:
    """Forget what an earlier training of this experiment wished and measured; the log stays."""
    parts = select(RunRow.parts).where(RunRow.experiment_id == experiment_id)
    if not session().scalar(parts):
        return
    session().execute(
        update(RunRow).where(RunRow.experiment_id == experiment_id).values(wish="", parts=[])
    )
    for table in (MetricRow, MetricBlockRow):
        session().execute(delete(table).where(table.experiment_id == experiment_id))


def add_lines(lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines to a log."""
    if lines:
        session().execute(plain_insert(LogLineRow), list(lines))


def lines(
    experiment_id: str,
    *,
    levels: Sequence[str],
    text: str = "",
    after: int = 0,
    limit: int = 500,
) -> Sequence[LogLineRow]:
    """Return lines of a log, oldest first: the next ones after an id, else the latest ones."""
    query = select(LogLineRow).where(
        LogLineRow.experiment_id == experiment_id, LogLineRow.level.in_(levels)
    )
    if text:
        query = query.where(LogLineRow.text.icontains(text, autoescape=True))
    if after:
        query = query.where(LogLineRow.id > after).order_by(LogLineRow.id)
        return session().scalars(query.limit(limit)).all()
    latest = session().scalars(query.order_by(LogLineRow.id.desc()).limit(limit)).all()
    return latest[::-1]
