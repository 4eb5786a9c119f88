"""Sessions and one-time links; both are kept as hashes only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.people import SignedIn
from sonde.platform.persistence.database import Table, remembered, session

_HASH = String(64)


class SessionRow(Table):
    """One signed-in browser or command line."""

    __tablename__ = "sessions"

    key: Mapped[str] = mapped_column(_HASH, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(server_default="")
    device: Mapped[str] = mapped_column(server_default="")

    def view(self) -> SignedIn:
        """Return what the owner may see."""
        return SignedIn(
            self.key,
            self.user_id,
            self.created_at,
            self.last_seen_at,
            self.address,
            self.device,
        )


class SignInLinkRow(Table):
    """A link that signs one person in, once."""

    __tablename__ = "sign_in_links"

    key: Mapped[str] = mapped_column(_HASH, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def add_session(row: SessionRow) -> None:
    """Store a session."""
    session().add(row)
    session().flush()


@remembered(SessionRow)
def find_session(key: str) -> SessionRow | None:
    """Return a session by its hash."""
    return session().get(SessionRow, key)


def touch_session(key: str, at: datetime) -> None:
    """Note that a session was used."""
    session().execute(update(SessionRow).where(SessionRow.key == key).values(last_seen_at=at))


def sessions_of(user_id: str) -> Sequence[SessionRow]:
    """Return a person's sessions, the newest first."""
    query = (
        select(SessionRow)
        .where(SessionRow.user_id == user_id)
        .order_by(SessionRow.last_seen_at.desc())
    )
    return session().scalars(query).all()


def delete_session(key: str) -> None:
    """End one session."""
    session().execute(delete(SessionRow).where(SessionRow.key == key))


def delete_sessions_of(user_id: str, *, but: str = "") -> int:
    """End all sessions of a person but the one with the key `but`; return how many."""
    done = session().execute(
        delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.key != but)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def delete_expired(now: datetime, idle_since: datetime) -> None:
    """Forget sessions and links whose time is over."""
    session().execute(
        delete(SessionRow).where(
            (SessionRow.expires_at < now) | (SessionRow.last_seen_at < idle_since)
        )
    )
    session().execute(delete(SignInLinkRow).where(SignInLinkRow.expires_at < now))


def add_link(row: SignInLinkRow) -> None:
    """Store a one-time link; earlier unused ones of the same person end."""
    session().execute(delete(SignInLinkRow).where(SignInLinkRow.user_id == row.user_id))
    session().add(row)
    session().flush()


def find_link(key: str, now: datetime) -> SignInLinkRow | None:
    """Return a link that can still be used."""
    return session().scalar(
        select(SignInLinkRow).where(
            SignInLinkRow.key == key,
            SignInLinkRow.used_at.is_(None),
            SignInLinkRow.expires_at > now,
        )
    )


def use_link(key: str, now: datetime) -> str | None:
    """Use a link up and return whose it is; None if it was used or is too old."""
    return session().scalar(
        update(SignInLinkRow)
        .where(
            SignInLinkRow.key == key,
            SignInLinkRow.used_at.is_(None),
            SignInLinkRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(SignInLinkRow.user_id)
    )
