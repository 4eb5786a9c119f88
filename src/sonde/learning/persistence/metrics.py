"""Metrics of trainings: points in packed blocks, and the latest and best value beside them.

A block holds up to `BLOCK` points of 20 bytes each, as many as fit into one page of PostgreSQL: one
point of ten thousand trainings is then one page of each. A run appends to its last block; a curve
of 100,000 points is 261 rows, and five million points are a hundred megabytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, case, delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.learning.core.runs import smaller_is_better
from sonde.platform.persistence.database import ID_LENGTH, Table, session

BLOCK = 384
_ID = String(ID_LENGTH)
Series = tuple[str, str]
"""Key and part."""


class MetricRow(Table):
    """The latest and the best value of a metric."""

    __tablename__ = "experiment_metrics"
    __table_args__ = (
        Index("ix_experiment_metrics_key_value", "key", "value", "experiment_id"),
        Index("ix_experiment_metrics_key_best", "key", "best_value", "experiment_id"),
    )

    experiment_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    value: Mapped[float]
    step: Mapped[int]
    at: Mapped[datetime]
    best_value: Mapped[float]
    best_step: Mapped[int]


class MetricBlockRow(Table):
    """Up to `BLOCK` points of one metric of one part of a training."""

    __tablename__ = "experiment_metric_blocks"
    __table_args__ = (Index("ix_experiment_metric_blocks_steps", "key", "first_step", "last_step"),)

    experiment_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    n_points: Mapped[int]
    first_step: Mapped[int]
    last_step: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Tail:
    """Where the points of a series end: the last block, how full it is, its last step."""

    number: int = 0
    n_points: int = 0
    last_step: int = -(2**31)


def tails(experiment_id: str) -> dict[Series, Tail]:
    """Return the end of every series of an experiment."""
    block = MetricBlockRow
    found = session().execute(
        select(block.key, block.part, block.number, block.n_points, block.last_step)
        .where(block.experiment_id == experiment_id)
        .ext(distinct_on(block.key, block.part))
        .order_by(block.key, block.part, block.number.desc())
    )
    return {(key, part): Tail(*rest) for key, part, *rest in found}


def append(blocks: Sequence[Mapping[str, Any]]) -> None:
    """Add blocks; what belongs to a block that is there is put at its end."""
    if not blocks:
        return
    adding = insert(MetricBlockRow)
    new = adding.excluded
    session().execute(
        adding.on_conflict_do_update(
            index_elements=["experiment_id", "key", "part", "number"],
            set_={
                "content": MetricBlockRow.content.op("||")(new.content),
                "n_points": MetricBlockRow.n_points + new.n_points,
                "last_step": new.last_step,
            },
        ),
        list(blocks),
    )


def drop_series(experiment_id: str, series: Series) -> None:
    """Delete all points of one series."""
    session().execute(
        delete(MetricBlockRow).where(
            MetricBlockRow.experiment_id == experiment_id,
            MetricBlockRow.key == series[0],
            MetricBlockRow.part == series[1],
        )
    )


def drop_metric(experiment_id: str, key: str) -> None:
    """Forget the latest and best value of a metric."""
    session().execute(
        delete(MetricRow).where(MetricRow.experiment_id == experiment_id, MetricRow.key == key)
    )


def note_metrics(metrics: Sequence[Mapping[str, Any]]) -> None:
    """Write latest values, and best ones where they are better than what is there."""
    for smaller in (True, False):
        chosen = [one for one in metrics if smaller_is_better(one["key"]) is smaller]
        if chosen:
            _note(chosen, smaller=smaller)


def _note(metrics: Sequence[Mapping[str, Any]], *, smaller: bool) -> None:
    adding = insert(MetricRow)
    new = adding.excluded
    old = MetricRow.best_value
    is_better = new.best_value < old if smaller else new.best_value > old
    session().execute(
        adding.on_conflict_do_update(
            index_elements=["experiment_id", "key"],
            set_={
                "value": new.value,
                "step": new.step,
                "at": new.at,
                "best_value": case((is_better, new.best_value), else_=old),
                "best_step": case((is_better, new.best_step), else_=MetricRow.best_step),
            },
        ),
        list(metrics),
    )


def blocks_of(
    experiment_ids: Sequence[str], keys: Sequence[str] = ()
) -> Iterable[tuple[str, str, str, bytes]]:
    """Return experiment, key, part and content of blocks, each series in its order."""
    block = MetricBlockRow
    query = (
        select(block.experiment_id, block.key, block.part, block.content)
        .where(block.experiment_id.in_(experiment_ids))
        .order_by(block.experiment_id, block.key, block.part, block.number)
    )
    if keys:
        query = query.where(block.key.in_(keys))
    return [(row[0], row[1], row[2], row[3]) for row in session().execute(query)]


def latest(experiment_ids: Sequence[str]) -> Sequence[MetricRow]:
    """Return the latest and best values of experiments' metrics, by name."""
    query = (
        select(MetricRow)
        .where(MetricRow.experiment_id.in_(experiment_ids))
        .order_by(MetricRow.experiment_id, MetricRow.key)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def stamp(experiment_id: str) -> str:
    """Return a mark that changes with every new point of an experiment."""
    block = MetricBlockRow
    found = session().execute(
        select(func.count(), func.sum(block.n_points), func.sum(block.last_step)).where(
            block.experiment_id == experiment_id
        )
    )
    return "-".join(str(one or 0) for one in found.one())


def count_points(experiment_id: str) -> int:
    """Return how many points an experiment has."""
    return (
        session().scalar(
            select(func.coalesce(func.sum(MetricBlockRow.n_points), 0)).where(
                MetricBlockRow.experiment_id == experiment_id
            )
        )
        or 0
    )
