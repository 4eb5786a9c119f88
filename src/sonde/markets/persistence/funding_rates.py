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


def put(workspace_id: str, symbol: str, from_ms: int, rate_parts: int, owner_id: str) -> None:
    """Let a rate hold from a moment on."""
    values = {"rate_parts": rate_parts, "owner_id": owner_id}
    session().execute(
        insert(FundingRateRow)
        .values(workspace_id=workspace_id, symbol=symbol, from_ms=from_ms, **values)
        .on_conflict_do_update(index_elements=["workspace_id", "symbol", "from_ms"], set_=values)
    )


@remembered(FundingRateRow)
def of_symbol(workspace_id: str, symbol: str) -> Sequence[tuple[int, int]]:
    """Return moments and rates, the oldest first."""
    query = select(FundingRateRow.from_ms, FundingRateRow.rate_parts).where(
        FundingRateRow.workspace_id == workspace_id, FundingRateRow.symbol == symbol
    )
    found = session().execute(query.order_by(FundingRateRow.from_ms)).all()
    return [(int(row[0]), int(row[1])) for row in found]


def forget(workspace_id: str, symbol: str) -> None:
    """Delete every rate of a symbol."""
    session().execute(
        delete(FundingRateRow).where(
            FundingRateRow.workspace_id == workspace_id, FundingRateRow.symbol == symbol
        )
    )
