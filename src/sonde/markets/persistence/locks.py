"""The rows of locks, and of pauses that somebody ended."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, ForeignKey, Index, String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.markets.core.risk.locks import Forgiven, Lock
from sonde.markets.core.sides import Side
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class LockRow(Table):
    """One lock; a removed one stays, with who removed it."""

    __tablename__ = "markets_locks"
    __table_args__ = (Index("ix_markets_locks_account_id", "account_id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey("markets_accounts.id"))
    symbol: Mapped[str] = mapped_column(server_default="")
    side: Mapped[str] = mapped_column(server_default="")
    until_ms: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at_ms: Mapped[int] = mapped_column(BigInteger)
    removed_by: Mapped[str] = mapped_column(server_default="")

    def view(self) -> Lock:
        """Return the row as a value."""
        return Lock(
            self.id,
            self.symbol,
            Side(self.side) if self.side else None,
            self.until_ms,
            self.reason,
            self.made_by,
            self.made_at_ms,
        )


class PauseEndRow(Table):
    """The last moment at which somebody ended a pause."""

    __tablename__ = "markets_pause_ends"

    account_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("markets_accounts.id"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    symbol: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger)


def add(account_id: str, lock: Lock) -> None:
    """Add a lock."""
    session().add(
        LockRow(
            id=lock.id,
            account_id=account_id,
            symbol=lock.symbol,
            side=lock.side.value if lock.side else "",
            until_ms=lock.until_ms,
            reason=lock.reason,
            made_by=lock.made_by,
            made_at_ms=lock.made_at_ms,
        )
    )
    session().flush()


def find(account_id: str, lock_id: str) -> LockRow | None:
    """Return a lock of an account that nobody has removed."""
    return session().scalar(
        select(LockRow).where(
            LockRow.id == lock_id, LockRow.account_id == account_id, LockRow.removed_by == ""
        )
    )


@remembered(LockRow)
def of_account(account_id: str) -> Sequence[Lock]:
    """Return the locks of an account that nobody has removed."""
    query = select(LockRow).where(LockRow.account_id == account_id, LockRow.removed_by == "")
    return [row.view() for row in session().scalars(query.order_by(LockRow.id))]


def end_pause(account_id: str, forgiven: Forgiven) -> None:
    """Write down that a pause ended at a moment."""
    row = insert(PauseEndRow).values(
        account_id=account_id, code=forgiven.code, symbol=forgiven.symbol, at_ms=forgiven.at_ms
    )
    session().execute(
        row.on_conflict_do_update(
            index_elements=["account_id", "code", "symbol"],
            set_={"at_ms": row.excluded.at_ms},
        )
    )


@remembered(PauseEndRow)
def ended_pauses(account_id: str) -> tuple[Forgiven, ...]:
    """Return the pauses that were ended."""
    query = select(PauseEndRow).where(PauseEndRow.account_id == account_id)
    return tuple(Forgiven(one.code, one.symbol, one.at_ms) for one in session().scalars(query))
