"""The rows of data collections: whose candles are fetched, from when, and how far it is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, String, UniqueConstraint, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class CollectionRow(Table):
    """One symbol in one timeframe that is collected for a workspace."""

    __tablename__ = "markets_collections"
    __table_args__ = (
        UniqueConstraint(
            "workspace_id", "venue", "symbol", "timeframe", name="uq_markets_collections_key"
        ),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    venue: Mapped[str]
    symbol: Mapped[str]
    timeframe: Mapped[str]
    from_ms: Mapped[int] = mapped_column(BigInteger)
    next_ms: Mapped[int] = mapped_column(BigInteger)
    is_on: Mapped[bool]
    collected: Mapped[int] = mapped_column(BigInteger)
    said: Mapped[str]
    is_failing: Mapped[bool]
    looked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def hold(
    workspace_id: str, owner_id: str, *, venue: str, symbol: str, timeframe: str, from_ms: int
) -> CollectionRow:
    """Return the collection of a symbol, made where there is none, held until the work ends."""
    key = {"venue": venue, "symbol": symbol, "timeframe": timeframe}
    session().execute(
        insert(CollectionRow)
        .values(
            id=new_id(),
            workspace_id=workspace_id,
            owner_id=owner_id,
            from_ms=from_ms,
            next_ms=from_ms,
            is_on=True,
            collected=0,
            said="",
            is_failing=False,
            **key,
        )
        .on_conflict_do_nothing(constraint="uq_markets_collections_key")
    )
    query = select(CollectionRow).filter_by(workspace_id=workspace_id, **key)
    held = query.with_for_update().execution_options(populate_existing=True)
    return session().scalars(held).one()


@remembered(CollectionRow)
def all_of(workspace_ids: frozenset[str] | None = None) -> Sequence[CollectionRow]:
    """Return the collections of some workspaces, or all; by name."""
    query = select(CollectionRow).order_by(
        CollectionRow.venue, CollectionRow.symbol, CollectionRow.timeframe, CollectionRow.id
    )
    if workspace_ids is not None:
        query = query.where(CollectionRow.workspace_id.in_(workspace_ids))
    return session().scalars(query.execution_options(populate_existing=True)).all()


def find(collection_id: str) -> CollectionRow | None:
    """Return one collection."""
    return session().get(CollectionRow, collection_id, populate_existing=True)


def change(collection_id: str, **values: object) -> None:
    """Change columns of a collection."""
    session().execute(
        update(CollectionRow).where(CollectionRow.id == collection_id).values(**values)
    )


def remove(collection_id: str) -> None:
    """Forget a collection; what it stored stays."""
    session().execute(delete(CollectionRow).where(CollectionRow.id == collection_id))
