"""The rows of strategies that administrators wrote; one row for each version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

CHECKING, READY, REFUSED, WITHDRAWN = "checking", "ready", "refused", "withdrawn"


class StrategyRow(Table):
    """One version of a strategy.

    ``described`` is what it said of itself when it was loaded: title, words and parameters.
    """

    __tablename__ = "markets_strategies"
    __table_args__ = (UniqueConstraint("name", "version", name="uq_markets_strategies_version"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    name: Mapped[str]
    version: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]
    described: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    proof: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    job_id: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(**columns: object) -> StrategyRow | None:
    """Add a version; None where somebody else has just taken its number."""
    made = session().execute(
        insert(StrategyRow)
        .values(id=new_id(), **columns)
        .on_conflict_do_nothing(constraint="uq_markets_strategies_version")
        .returning(StrategyRow.id)
    )
    row = made.first()
    return None if row is None else find(row[0])


def find(row_id: str) -> StrategyRow | None:
    """Return one version by its id, as it is now."""
    query = select(StrategyRow).where(StrategyRow.id == row_id)
    return session().scalar(query.execution_options(populate_existing=True))


def versions(name: str) -> Sequence[StrategyRow]:
    """Return every version of a strategy, the newest first."""
    query = select(StrategyRow).where(StrategyRow.name == name)
    return session().scalars(query.order_by(StrategyRow.version.desc())).all()


def every() -> Sequence[StrategyRow]:
    """Return all versions of all strategies, by name, the newest first."""
    query = select(StrategyRow).order_by(StrategyRow.name, StrategyRow.version.desc())
    return session().scalars(query).all()
