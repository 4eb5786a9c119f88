"""The rows of funding rates: what perpetuals of a workspace pay from a moment on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, String, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session


class FundingRateRow(Table):
    """A rate that holds from a moment on, in the time of prices; parts per 10**9."""

    __tablename__ = "markets_funding_rates"

    workspace_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    symbol: Mapped[str] = mapped_column(primary_key=True)
    from_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rate_parts: Mapped[int] = mapped_column(BigInteger)
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def put(workspace_id: str, symbol: str, rates: Sequence[tuple[int, int]], owner_id: str) -> None:
    """Let rates hold from moments on."""
    known = {"workspace_id": workspace_id, "symbol": symbol, "owner_id": owner_id}
    adding = insert(FundingRateRow)
    said = {name: adding.excluded[name] for name in ("rate_parts", "owner_id")}
    session().execute(
        adding.on_conflict_do_update(
            index_elements=["workspace_id", "symbol", "from_ms"], set_=said
        ),
        [{**known, "from_ms": from_ms, "rate_parts": parts} for from_ms, parts in rates],
    )


@remembered(FundingRateRow)
def of_symbol(workspace_id: str, symbol: str) -> Sequence[tuple[int, int]]:
    """Return moments and rates, the oldest first."""
    query = select(FundingRateRow.from_ms, FundingRateRow.rate_parts).where(
        FundingRateRow.workspace_id == workspace_id, FundingRateRow.symbol == symbol
    )
    found = session().execute(query.order_by(FundingRateRow.from_ms)).all()
    return [(int(row[0]), int(row[1])) for row in found]


def at_a_glance(workspace_id: str) -> Sequence[tuple[str, int, int, int, int]]:
    """Return of each symbol how many rates it has, the first and last moment, the newest rate."""
    own = select(
        FundingRateRow.symbol,
        func.count().label("n"),
        func.min(FundingRateRow.from_ms).label("first"),
        func.max(FundingRateRow.from_ms).label("last"),
    )
    own = own.where(FundingRateRow.workspace_id == workspace_id).group_by(FundingRateRow.symbol)
    each = own.subquery()
    query = select(each.c.symbol, each.c.n, each.c.first, each.c.last, FundingRateRow.rate_parts)
    newest = (FundingRateRow.symbol == each.c.symbol) & (FundingRateRow.from_ms == each.c.last)
    query = query.join(FundingRateRow, newest & (FundingRateRow.workspace_id == workspace_id))
    return [tuple(row) for row in session().execute(query.order_by(each.c.symbol))]


def forget(workspace_id: str, symbol: str) -> None:
    """Delete every rate of a symbol."""
    session().execute(
        delete(FundingRateRow).where(
            FundingRateRow.workspace_id == workspace_id, FundingRateRow.symbol == symbol
        )
    )
