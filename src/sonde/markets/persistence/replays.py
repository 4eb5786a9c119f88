"""The rows of replays: what is replayed for whom, and where it stands."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, String, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class ReplayRow(Table):
    """One replay of a person."""

    __tablename__ = "markets_replays"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID, index=True)
    title: Mapped[str]
    series_ids: Mapped[list[str]] = mapped_column(JSONB)
    start_ms: Mapped[int] = mapped_column(BigInteger)
    end_ms: Mapped[int] = mapped_column(BigInteger)
    position_ms: Mapped[int] = mapped_column(BigInteger)
    wall_ms: Mapped[int] = mapped_column(BigInteger)
    speed: Mapped[float]
    is_playing: Mapped[bool]
    seeks: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(row: ReplayRow) -> None:
    """Store a new replay."""
    session().add(row)
    session().flush()


def find(replay_id: str, owner_id: str, *, held: bool = False) -> ReplayRow | None:
    """Return a person's replay, held until the work ends where that is asked for."""
    return _read(replay_id, owner_id, held=True) if held else _seen(replay_id, owner_id)


@remembered(ReplayRow)
def _seen(replay_id: str, owner_id: str) -> ReplayRow | None:
    return _read(replay_id, owner_id, held=False)


def _read(replay_id: str, owner_id: str, *, held: bool) -> ReplayRow | None:
    query = select(ReplayRow).where(ReplayRow.id == replay_id, ReplayRow.owner_id == owner_id)
    query = query.with_for_update() if held else query
    return session().scalar(query.execution_options(populate_existing=True))


@remembered(ReplayRow)
def all_of(owner_id: str, limit: int) -> Sequence[ReplayRow]:
    """Return a person's replays, newest first."""
    query = select(ReplayRow).where(ReplayRow.owner_id == owner_id)
    return session().scalars(query.order_by(ReplayRow.id.desc()).limit(limit)).all()


def remove(replay_id: str) -> None:
    """Delete a replay."""
    session().execute(delete(ReplayRow).where(ReplayRow.id == replay_id))
