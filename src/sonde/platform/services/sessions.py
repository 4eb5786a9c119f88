"""Signing in and out: server-side sessions behind an opaque cookie, and one-time links."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound, RateLimited
from sonde.platform.core.people import SignedIn, Visitor
from sonde.platform.core.tokens import new_token, token_hash
from sonde.platform.persistence import accounts as account_rows
from sonde.platform.persistence import sessions as rows
from sonde.platform.services import accounts, audit
from sonde.platform.services.work import ports

ABSOLUTE_LIFE = timedelta(days=14)
IDLE_LIFE = timedelta(days=2)
LINK_LIFE = timedelta(hours=24)
TOUCH_EVERY = timedelta(minutes=1)

_WINDOW_S = 15 * 60
_TRIES_PER_ACCOUNT_AND_ADDRESS = 5
_TRIES_PER_ACCOUNT = 50
_TRIES_PER_ADDRESS = 60
_FROM = "sign-in-from:"

WRONG = "E-mail and password do not belong together."


def _open(user_id: str, visitor: Visitor, how: str) -> str:
    """Open a session and return its id, which is known to nobody but the caller from now on."""
    now = ports().clock()
    token = new_token()
    rows.add_session(
        rows.SessionRow(
            key=token_hash(token),
            user_id=user_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE_LIFE,
            address=visitor.address[:64],
            device=visitor.device[:200],
        )
    )
    account_rows.note_sign_in(user_id, now)
    audit.record(user_id, "session.opened", user_id, address=visitor.address, how=how)
    return token


def _limits(email: str, visitor: Visitor) -> dict[str, int]:
    account = token_hash(email.strip().lower())[:32]
    return {
        f"sign-in:{account}:{visitor.address}": _TRIES_PER_ACCOUNT_AND_ADDRESS,
        f"sign-in:{account}": _TRIES_PER_ACCOUNT,
        f"{_FROM}{visitor.address}": _TRIES_PER_ADDRESS,
    }


def sign_in(email: str, password: str, visitor: Visitor) -> str:
    """Check address and password and return the id of a new session.

    Raises Invalid, with the same words whether the account exists or not, and RateLimited after
    five wrong tries in fifteen minutes.
    """
    limiter = ports().limiter
    limits = _limits(email, visitor)
    # Counted before the slow comparison, so that many tries at once are many tries.
    for key, tries in limits.items():
        if not limiter.hit(key, tries=tries, window_s=_WINDOW_S):
            raise RateLimited(
                "Too many wrong tries; wait a quarter of an hour.", retry_after_s=_WINDOW_S
            )
    user_id = accounts.check_credentials(email, password)
    if user_id is None:
        raise Invalid(WRONG)
    for key, tries in limits.items():
        if not key.startswith(_FROM):  # one good account must not cover tries at others
            limiter.clear(key, tries=tries, window_s=_WINDOW_S)
    return _open(user_id, visitor, "password")


def issue_link(user_id: str) -> str:
    """Return a new one-time sign-in token for a person; earlier ones end."""
    now = ports().clock()
    token = new_token()
    rows.add_link(
        rows.SignInLinkRow(key=token_hash(token), user_id=user_id, expires_at=now + LINK_LIFE)
    )
    audit.record(user_id, "link.issued", user_id)
    return token


def link_is_open(token: str) -> bool:
    """Say whether a one-time token can still be used; does not use it."""
    return rows.find_link(token_hash(token), ports().clock()) is not None


def sign_in_by_link(token: str, visitor: Visitor) -> str:
    """Use a one-time token up and return the id of a new session; raises NotFound."""
    user_id = rows.use_link(token_hash(token), ports().clock())
    if user_id is None:
        raise NotFound("This link was used already or is too old; ask for a new one.")
    accounts.actor_for(user_id)
    return _open(user_id, visitor, "link")


def resolve(token: str) -> tuple[Actor, str] | None:
    """Return who a session id belongs to, and the session's key; None if it is not open."""
    key = token_hash(token)
    found = _find_open(key)
    if found is None:
        return None
    row, actor = found
    now = ports().clock()
    if now - row.last_seen_at > TOUCH_EVERY:
        rows.touch_session(key, now)
    return actor, key


def is_open(key: str) -> bool:
    """Say whether the session with this key is still open; looking does not keep it open."""
    return _find_open(key) is not None


def _find_open(key: str) -> tuple[rows.SessionRow, Actor] | None:
    row = rows.find_session(key)
    if row is None or not _is_alive(row, ports().clock()):
        return None
    try:
        return row, accounts.actor_for(row.user_id)
    except NotFound:
        return None


def _is_alive(row: rows.SessionRow, now: datetime) -> bool:
    return row.expires_at > now and row.last_seen_at > now - IDLE_LIFE


def sign_out(actor: Actor, key: str) -> None:
    """End one of one's own sessions; others' are not there."""
    row = rows.find_session(key)
    if row is None or row.user_id != actor.user_id:
        raise NotFound("There is no such session.")
    rows.delete_session(key)
    audit.record(actor.user_id, "session.closed", actor.user_id)


def sign_out_everywhere(actor: Actor) -> int:
    """End all of one's own sessions; return how many."""
    count = rows.delete_sessions_of(actor.user_id)
    audit.record(actor.user_id, "session.closed_everywhere", actor.user_id, count=count)
    return count


def my_sessions(actor: Actor) -> Sequence[SignedIn]:
    """Return one's own open sessions, the last used first."""
    now = ports().clock()
    return [row.view() for row in rows.sessions_of(actor.user_id) if _is_alive(row, now)]


def forget_expired() -> None:
    """Drop what nobody can use any more."""
    now = ports().clock()
    rows.delete_expired(now, now - IDLE_LIFE)
