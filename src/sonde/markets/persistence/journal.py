"""The journal of an account: entries are added, never changed; the database refuses both.

An entry's number is the account's ``seq`` plus one. A writer who did not see the newest entry
would write a number that is there already, and is refused: the fence against two writers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from sonde.markets.persistence.accounts import AccountRow
from sonde.platform.core.errors import Conflict
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session


class JournalRow(Table):
    """One thing that was asked of an account, or happened in it."""

    __tablename__ = "markets_journal"
    __table_args__ = (Index("ix_markets_journal_epoch", "account_id", "epoch", "seq"),)

    account_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("markets_accounts.id"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    time_ms: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)


def append(account: AccountRow, entries: Sequence[tuple[int, str, Mapping[str, Any]]]) -> None:
    """Add entries (time, kind, facts) to the journal of an account whose row is locked.

    Raises
    ------
    Conflict
        If somebody else has written since the account was read.
    """
    if not entries:
        return
    rows = [
        {
            "account_id": account.id,
            "seq": account.seq + number,
            "epoch": account.epoch,
            "time_ms": time_ms,
            "kind": kind,
            "facts": dict(facts),
        }
        for number, (time_ms, kind, facts) in enumerate(entries, start=1)
    ]
    try:
        with session().begin_nested():
            session().execute(insert(JournalRow), rows)
    except IntegrityError as error:
        raise Conflict("This account has changed in the meantime; try again.") from error
    account.seq += len(rows)
    session().flush()


class Entry(NamedTuple):
    """One entry, as it is read by the thousand."""

    seq: int
    time_ms: int
    kind: str
    facts: dict[str, Any]


def of_epoch(account_id: str, epoch: int) -> Sequence[Entry]:
    """Return the entries since an account was reset last, the oldest first."""
    return _read(account_id, epoch)


@remembered(JournalRow)
def since_snapshot(
    account_id: str, epoch: int, snapshot: str, kept: tuple[str, ...]
) -> Sequence[Entry]:
    """Return the entries of an epoch from its newest snapshot on, and those of some kinds before.

    All of them where there is no snapshot, or an entry of these kinds is newer than it.
    """
    newest = func.max(JournalRow.seq)
    query = select(
        func.coalesce(newest.filter(JournalRow.kind == snapshot), 0),
        func.coalesce(newest.filter(JournalRow.kind.in_(kept)), 0),
    ).where(JournalRow.account_id == account_id, JournalRow.epoch == epoch)
    at, changed = session().execute(query).one()
    if at < changed:
        return _read(account_id, epoch)
    return _read(account_id, epoch, or_(JournalRow.seq >= at, JournalRow.kind.in_(kept)))


def _read(account_id: str, epoch: int, *which: ColumnElement[bool]) -> list[Entry]:
    query = select(JournalRow.seq, JournalRow.time_ms, JournalRow.kind, JournalRow.facts).where(
        JournalRow.account_id == account_id, JournalRow.epoch == epoch, *which
    )
    return [Entry(*row) for row in session().execute(query.order_by(JournalRow.seq))]


@remembered(JournalRow)
def of_kind(account_id: str, kind: str) -> Sequence[Entry]:
    """Return the entries of a kind in every epoch of an account, the oldest first."""
    query = select(JournalRow.seq, JournalRow.time_ms, JournalRow.kind, JournalRow.facts).where(
        JournalRow.account_id == account_id, JournalRow.kind == kind
    )
    return [Entry(*row) for row in session().execute(query.order_by(JournalRow.seq))]


def after(
    account_id: str, seq: int, *, kinds: Sequence[str] = (), limit: int = 500
) -> Sequence[JournalRow]:
    """Return the entries of an account after one, the oldest first."""
    query = select(JournalRow).where(JournalRow.account_id == account_id, JournalRow.seq > seq)
    if kinds:
        query = query.where(JournalRow.kind.in_(kinds))
    return session().scalars(query.order_by(JournalRow.seq).limit(limit)).all()


def newest(account_id: str) -> JournalRow | None:
    """Return the newest entry of an account; None where there is none."""
    query = select(JournalRow).where(JournalRow.account_id == account_id)
    return session().scalar(query.order_by(JournalRow.seq.desc()).limit(1))


@remembered(JournalRow)
def seen_ms(account_id: str, epoch: int, key: str) -> int:
    """Return until when an account has seen prices of an instrument in an epoch; 0 before any."""
    query = select(JournalRow.time_ms, JournalRow.facts).where(
        JournalRow.account_id == account_id,
        JournalRow.epoch == epoch,
        JournalRow.kind.in_(("engine.bar", "engine.quote")),
        JournalRow.facts["key"].astext == key,
    )
    found = session().execute(query.order_by(JournalRow.seq.desc()).limit(1)).first()
    return 0 if found is None else int(found.time_ms) + int(found.facts.get("length_ms", 0))


def clock_ms(account_id: str, epoch: int) -> int:
    """Return the time that an account's engine has come to in an epoch; 0 before anything."""
    query = select(JournalRow.time_ms, JournalRow.facts).where(
        JournalRow.account_id == account_id,
        JournalRow.epoch == epoch,
        JournalRow.kind.startswith("engine.", autoescape=True),
        JournalRow.kind != "engine.event",
    )
    found = session().execute(query.order_by(JournalRow.seq.desc()).limit(1)).first()
    # A bar is written down at its open and known at its close.
    return 0 if found is None else int(found.time_ms) + int(found.facts.get("length_ms", 0))
