"""The rows of automatic trading: strategies that run in accounts, and what they decided."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)
RUNNING, STOPPED = "running", "stopped"


class AutomationRow(Table):
    """One strategy in one account.

    ``run`` counts its starts. ``decided_ms`` is the close of the newest bar that was decided on: it
    moves together with what the decision did, so that each acts once.
    """

    __tablename__ = "markets_automations"
    __table_args__ = (
        Index("ix_markets_automations_owner_id", "owner_id", "id"),
        Index("uq_markets_automations_account", "account_id", unique=True),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey("markets_accounts.id"))
    title: Mapped[str]
    strategy: Mapped[str]
    symbol: Mapped[str]
    timeframe: Mapped[str]
    replay_id: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    run: Mapped[int] = mapped_column(server_default="0")
    started_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    decided_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SignalRow(Table):
    """What one decision wanted, and what came of it; one per bar of a run."""

    __tablename__ = "markets_signals"

    automation_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("markets_automations.id", ondelete="CASCADE"), primary_key=True
    )
    run: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bar_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    wish: Mapped[str]
    outcome: Mapped[str]
    words: Mapped[str]
    trade_id: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(**columns: object) -> bool:
    """Add one; False where the account has a strategy already."""
    made = session().execute(
        insert(AutomationRow)
        .values(**columns)
        .on_conflict_do_nothing(index_elements=["account_id"])
        .returning(AutomationRow.id)
    )
    return made.first() is not None


def find(automation_id: str, owner_id: str) -> AutomationRow | None:
    """Return a person's automation."""
    query = select(AutomationRow).where(
        AutomationRow.id == automation_id, AutomationRow.owner_id == owner_id
    )
    return session().scalar(query.execution_options(populate_existing=True))


def lock(automation_id: str) -> AutomationRow | None:
    """Return one as it is now, and keep everybody else from deciding or switching until the end."""
    query = select(AutomationRow).where(AutomationRow.id == automation_id).with_for_update()
    return session().scalar(query.execution_options(populate_existing=True))


def owned(owner_id: str) -> Sequence[AutomationRow]:
    """Return a person's automations, the oldest first."""
    query = select(AutomationRow).where(AutomationRow.owner_id == owner_id)
    return session().scalars(query.order_by(AutomationRow.id)).all()


@remembered(AutomationRow)
def of_account(account_id: str) -> AutomationRow | None:
    """Return the automation of an account."""
    return session().scalar(select(AutomationRow).where(AutomationRow.account_id == account_id))


def running() -> Sequence[AutomationRow]:
    """Return everybody's running automations, the oldest first."""
    query = select(AutomationRow).where(AutomationRow.state == RUNNING)
    return session().scalars(query.order_by(AutomationRow.id)).all()


def remove(automation_id: str) -> None:
    """Delete one with its log."""
    session().execute(delete(AutomationRow).where(AutomationRow.id == automation_id))


def log(row: AutomationRow, bar_ms: int, columns: Mapping[str, Any]) -> bool:
    """Write a decision down; False if that of this bar is there already."""
    made = session().execute(
        insert(SignalRow)
        .values(automation_id=row.id, run=row.run, bar_ms=bar_ms, **columns)
        .on_conflict_do_nothing()
        .returning(SignalRow.bar_ms)
    )
    return made.first() is not None


def note_outcome(row: AutomationRow, bar_ms: int, outcome: str, words: str, trade_id: str) -> None:
    """Write what came of a decision."""
    session().execute(
        update(SignalRow)
        .where(
            SignalRow.automation_id == row.id,
            SignalRow.run == row.run,
            SignalRow.bar_ms == bar_ms,
        )
        .values(outcome=outcome, words=words, trade_id=trade_id)
    )


def signals(
    automation_ids: Sequence[str], *, before_ms: int | None = None, limit: int = 100
) -> Sequence[SignalRow]:
    """Return decisions of every run, the newest bar first."""
    query = select(SignalRow).where(SignalRow.automation_id.in_(automation_ids))
    if before_ms is not None:
        query = query.where(SignalRow.bar_ms < before_ms)
    order = (SignalRow.bar_ms.desc(), SignalRow.run.desc(), SignalRow.automation_id)
    return session().scalars(query.order_by(*order).limit(limit)).all()


def of_run(row: AutomationRow) -> Sequence[SignalRow]:
    """Return the decisions since the last start, the oldest first."""
    query = select(SignalRow).where(SignalRow.automation_id == row.id, SignalRow.run == row.run)
    return session().scalars(query.order_by(SignalRow.bar_ms)).all()


@contextmanager
def attempt() -> Iterator[None]:
    """What is written inside is taken back where an error leaves it; what was before stays."""
    with session().begin_nested():
        yield
