"""The rows of live feeds: what is wanted, how each stands, and who runs them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import Table, remembered, session

_NOW = func.clock_timestamp()


class FeedRow(Table):
    """One live feed of this installation."""

    __tablename__ = "markets_feeds"

    name: Mapped[str] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    symbols: Mapped[list[str]] = mapped_column(JSONB)
    rest_origin: Mapped[str]
    stream_origin: Mapped[str]
    changed_by: Mapped[str]
    workspace_id: Mapped[str]
    standing: Mapped[str]
    reason: Mapped[str]
    since_ms: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]


class FeedLeaseRow(Table):
    """Who runs the live feeds; the token outdates every earlier one."""

    __tablename__ = "markets_feed_leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    token: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[datetime]


@remembered(FeedRow)
def all_of() -> Sequence[FeedRow]:
    """Return every feed, by name."""
    query = select(FeedRow).order_by(FeedRow.name).execution_options(populate_existing=True)
    return session().scalars(query).all()


@remembered(FeedRow)
def find(name: str) -> FeedRow | None:
    """Return one feed."""
    return session().get(FeedRow, name, populate_existing=True)


def put(name: str, **values: object) -> None:
    """Make a feed or change it."""
    whole = {"rest_origin": "", "stream_origin": "", **values}
    session().execute(
        insert(FeedRow)
        .values(name=name, **whole)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )


def note_state(name: str, standing: str, reason: str, since_ms: int) -> None:
    """Write how a feed stands."""
    session().execute(
        update(FeedRow)
        .where(FeedRow.name == name)
        .values(standing=standing, reason=reason, since_ms=since_ms)
    )


def take_lease(name: str, holder: str, lease_s: float) -> int | None:
    """Take the lease if nobody holds it any more; return its token."""
    until = _NOW + timedelta(seconds=lease_s)
    statement = (
        insert(FeedLeaseRow)
        .values(name=name, holder=holder, token=1, until=until)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "token": FeedLeaseRow.token + 1, "until": until},
            where=FeedLeaseRow.until < _NOW,
        )
        .returning(FeedLeaseRow.token)
    )
    return session().scalar(statement)


def extend_lease(name: str, token: int, lease_s: float) -> bool:
    """Keep the lease; False if it is no longer ours."""
    until = _NOW + timedelta(seconds=lease_s)
    statement = (
        update(FeedLeaseRow)
        .where(FeedLeaseRow.name == name, FeedLeaseRow.token == token)
        .values(until=until)
        .returning(FeedLeaseRow.token)
    )
    return session().scalar(statement) is not None


def is_lease_alive(name: str) -> bool:
    """Say whether somebody holds the lease now."""
    query = select(FeedLeaseRow.until > _NOW).where(FeedLeaseRow.name == name)
    return bool(session().scalar(query))


def drop_lease(name: str, token: int) -> None:
    """Let somebody else take the lease at once."""
    session().execute(
        update(FeedLeaseRow)
        .where(FeedLeaseRow.name == name, FeedLeaseRow.token == token)
        .values(until=_NOW)
    )
