"""The rows of what registered models said, and of predictions of many recordings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class ModelPredictionRow(Table):
    """One answer of a registered model: enough to look for drift, nothing of the signal."""

    __tablename__ = "model_predictions"
    __table_args__ = (Index("ix_model_predictions_model_id", "model_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    model_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("registered_models.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    caller: Mapped[str] = mapped_column(server_default="")
    way: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str] = mapped_column(server_default="")
    input_hash: Mapped[str] = mapped_column(server_default="")
    verdict: Mapped[str] = mapped_column(server_default="")
    n_samples: Mapped[int]
    probabilities: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    is_unlike_training: Mapped[bool | None]
    latency_ms: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelBatchRow(Table):
    """A prediction of many recordings; how far it is stands on its job's row."""

    __tablename__ = "model_batches"
    __table_args__ = (Index("ix_model_batches_model_id", "model_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    model_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("registered_models.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    owner_name: Mapped[str] = mapped_column(server_default="")
    title: Mapped[str] = mapped_column(server_default="")
    job_id: Mapped[str] = mapped_column(server_default="")
    result_key: Mapped[str] = mapped_column(server_default="")
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


def add_predictions(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what a model said."""
    session().add_all(ModelPredictionRow(id=new_id(), **row) for row in rows)
    session().flush()


def keep_newest(model_id: str, keep: int) -> None:
    """Forget all but the newest predictions of a model."""
    oldest = (
        select(ModelPredictionRow.id)
        .where(ModelPredictionRow.model_id == model_id)
        .order_by(ModelPredictionRow.id.desc())
        .offset(keep)
        .limit(1)
    )
    session().execute(
        delete(ModelPredictionRow).where(
            ModelPredictionRow.model_id == model_id,
            ModelPredictionRow.id <= oldest.scalar_subquery(),
        )
    )


def predictions(model_id: str, *, before: str, limit: int) -> Sequence[ModelPredictionRow]:
    """Return what a model said, newest first."""
    query = select(ModelPredictionRow).where(ModelPredictionRow.model_id == model_id)
    if before:
        query = query.where(ModelPredictionRow.id < before)
    return session().scalars(query.order_by(ModelPredictionRow.id.desc()).limit(limit)).all()


def verdict_counts(model_id: str) -> Sequence[tuple[int, str, int]]:
    """Return version, verdict and how often it was told, of all that is kept."""
    found = session().execute(
        select(ModelPredictionRow.number, ModelPredictionRow.verdict, func.count())
        .where(ModelPredictionRow.model_id == model_id)
        .group_by(ModelPredictionRow.number, ModelPredictionRow.verdict)
        .order_by(ModelPredictionRow.number.desc(), func.count().desc())
    )
    return [(row[0], row[1], row[2]) for row in found]


def add_batch(**columns: Any) -> str:
    """Add a batch; return its id."""
    batch_id = columns.pop("id", "") or new_id()
    session().add(ModelBatchRow(id=batch_id, **columns))
    session().flush()
    return batch_id


def find_batch(batch_id: str, workspace_ids: frozenset[str]) -> ModelBatchRow | None:
    """Return a batch of these workspaces, fresh from the database."""
    return session().scalar(
        select(ModelBatchRow)
        .where(ModelBatchRow.id == batch_id, ModelBatchRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )


def batches(model_id: str, limit: int) -> Sequence[ModelBatchRow]:
    """Return the batches of a model, newest first."""
    return (
        session()
        .scalars(
            select(ModelBatchRow)
            .where(ModelBatchRow.model_id == model_id)
            .order_by(ModelBatchRow.id.desc())
            .limit(limit)
        )
        .all()
    )


def change_batch(batch_id: str, **columns: Any) -> bool:
    """Change columns of a batch; say whether it was still there."""
    changed = session().execute(
        update(ModelBatchRow)
        .where(ModelBatchRow.id == batch_id)
        .values(**columns)
        .returning(ModelBatchRow.id)
    )
    return changed.first() is not None


def finish_batch(batch_id: str, **columns: Any) -> bool:
    """Write what came out; say whether the batch was still there."""
    return change_batch(batch_id, finished_at=func.clock_timestamp(), **columns)


def remove_batch(batch_id: str) -> None:
    """Delete a batch."""
    session().execute(delete(ModelBatchRow).where(ModelBatchRow.id == batch_id))
