"""The rows of what accounts wait for: the prices at which something happens to each."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, String, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session


class WatchRow(Table):
    """What an account waits for in one symbol; no row where nothing is open."""

    __tablename__ = "markets_watches"
    __table_args__ = (Index("ix_markets_watches_symbol", "symbol"),)

    account_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("markets_accounts.id"), primary_key=True
    )
    symbol: Mapped[str] = mapped_column(primary_key=True)
    below: Mapped[Decimal | None] = mapped_column(Numeric)
    above: Mapped[Decimal | None] = mapped_column(Numeric)
    is_eager: Mapped[bool]
    seen_ms: Mapped[int] = mapped_column(BigInteger)


def put(account_id: str, symbol: str, **values: object) -> None:
    """Write down what an account waits for in a symbol."""
    session().execute(
        insert(WatchRow)
        .values(account_id=account_id, symbol=symbol, **values)
        .on_conflict_do_update(index_elements=["account_id", "symbol"], set_=values)
    )


def keep_only(account_id: str, symbols: Sequence[str]) -> None:
    """Forget every other symbol of an account."""
    session().execute(
        delete(WatchRow).where(
            WatchRow.account_id == account_id, WatchRow.symbol.not_in(list(symbols))
        )
    )


def symbols() -> Sequence[str]:
    """Return the symbols in which any account waits for a price."""
    return session().scalars(select(WatchRow.symbol).distinct().order_by(WatchRow.symbol)).all()


def concerned(symbol: str, low: Decimal, high: Decimal, seen_before_ms: int) -> Sequence[str]:
    """Return the accounts to which prices from `low` to `high` matter.

    Also those that have seen no price since `seen_before_ms`.
    """
    query = select(WatchRow.account_id).where(
        WatchRow.symbol == symbol,
        or_(
            WatchRow.is_eager,
            WatchRow.below >= low,
            WatchRow.above <= high,
            WatchRow.seen_ms <= seen_before_ms,
        ),
    )
    return session().scalars(query.order_by(WatchRow.account_id)).all()


@remembered(WatchRow)
def of_account(account_id: str) -> Sequence[WatchRow]:
    """Return what an account waits for."""
    query = select(WatchRow).where(WatchRow.account_id == account_id)
    return session().scalars(query.execution_options(populate_existing=True)).all()
