"""Accounts: who there is, what they may do, and how they prove who they are."""

import re
from collections.abc import Sequence

from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.passwords import check_password, hash_password, verify_password
from sonde.platform.core.people import NewProfile, User
from sonde.platform.persistence import accounts as rows
from sonde.platform.persistence import sessions as session_rows
from sonde.platform.services import audit

_EMAIL = re.compile(r"[^@\s\"<>]+@[^@\s\"<>]+\.[^@\s\"<>.]+|[^@\s\"<>]+@localhost")
_LONGEST_NAME = 100
_LONGEST_EMAIL = 254


def checked_email(email: str) -> str:
    """Return the address in lower case; raises Invalid if it has not the form of one."""
    email = email.strip().lower()
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise Invalid("This is not an e-mail address.", field="email")
    return email


def checked_name(name: str) -> str:
    """Return the name without outer blanks; raises Invalid if it is empty or too long."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Invalid(f"A name has 1 to {_LONGEST_NAME} characters.", field="name")
    return name


def _create(email: str, name: str, role: Role, password: str | None) -> User:
    email, name = checked_email(email), checked_name(name)
    if password is not None:
        check_password(password)
    if rows.find_user_by_email(email) is not None:
        raise Conflict(f"{email} has an account already.", field="email")
    user = rows.UserRow(
        id=new_id(),
        email=email,
        name=name,
        role=role.value,
        password_hash=None if password is None else hash_password(password),
    )
    workspace = rows.WorkspaceRow(id=new_id(), name=f"{name}'s workspace", owner_id=user.id)
    rows.add_user(user, workspace)
    return _row(user.id).view()


def create_user(
    actor: Actor, *, email: str, name: str, role: Role = Role.ANALYST, password: str | None = None
) -> User:
    """Make an account with a workspace of its own; administrators only.

    Raises Forbidden, Invalid (field named in the details) and Conflict for a known address.
    """
    actor.require(Role.ADMIN)
    user = _create(email, name, role, password)
    audit.record(actor.user_id, "user.created", user.id, role=role.value)
    return user


def first_administrator() -> User:
    """Return the first administrator, made now if nobody is; nobody can sign in as them yet."""
    row = rows.first_administrator()
    if row is not None:
        return row.view()
    user = _create("admin@localhost", "Administrator", Role.ADMIN, None)
    audit.record(user.id, "user.created", user.id, role=Role.ADMIN.value, first=True)
    return user


def actor_for(user_id: str) -> Actor:
    """Return a person as the acting one; raises NotFound for who is gone or switched off."""
    actor = rows.acting(user_id)
    if actor is None:
        raise NotFound("There is no such account.")
    return actor


def actor_by_email(email: str) -> Actor:
    """Return the person with this address as the acting one; raises NotFound."""
    row = rows.find_user_by_email(email)
    if row is None or not row.is_active:
        raise NotFound(f"Nobody has the address {email}.")
    return rows.actor_of(row)


def _row(user_id: str) -> rows.UserRow:
    row = rows.find_user(user_id)
    if row is None:
        raise NotFound("There is no such account.")
    return row


def me(actor: Actor) -> User:
    """Return the acting person's own account."""
    return _row(actor.user_id).view()


def list_users(actor: Actor) -> Sequence[User]:
    """Return everybody; administrators only."""
    actor.require(Role.ADMIN)
    return [row.view() for row in rows.list_users()]


def find_user(actor: Actor, email: str) -> User:
    """Return the person with this address; administrators only. Raises NotFound."""
    actor.require(Role.ADMIN)
    row = rows.find_user_by_email(email)
    if row is None:
        raise NotFound(f"Nobody has the address {email}.")
    return row.view()


def change_role(actor: Actor, user_id: str, role: Role) -> User:
    """Give a person another role; the last administrator keeps theirs (Conflict)."""
    actor.require(Role.ADMIN)
    row = _row(user_id)
    last = row.role == Role.ADMIN.value and rows.count_administrators() == 1
    if last and role is not Role.ADMIN:
        raise Conflict("This is the last administrator; make somebody else one first.")
    row.role = role.value
    audit.record(actor.user_id, "user.role_changed", user_id, role=role.value)
    return row.view()


def set_active(actor: Actor, user_id: str, *, active: bool) -> User:
    """Switch an account on or off; off ends all its sessions at once."""
    actor.require(Role.ADMIN)
    if user_id == actor.user_id and not active:
        raise Forbidden("You cannot switch yourself off.")
    row = _row(user_id)
    row.is_active = active
    if not active:
        session_rows.delete_sessions_of(user_id)
    audit.record(actor.user_id, "user.switched", user_id, active=active)
    return row.view()


def complete_profile(actor: Actor, profile: NewProfile, *, session_key: str = "") -> User:
    """Set one's own name, address and password; every session but this one ends.

    Who has a password already must know it. Raises Invalid with the field in the details, Conflict
    for somebody else's address.
    """
    row = _row(actor.user_id)
    email, name = checked_email(profile.email), checked_name(profile.name)
    if row.password_hash and not verify_password(profile.current_password, row.password_hash):
        raise Invalid("This is not your present password.", field="current_password")
    check_password(profile.password)
    other = rows.find_user_by_email(email)
    if other is not None and other.id != row.id:
        raise Conflict(f"{email} has an account already.", field="email")
    row.name, row.email, row.password_hash = name, email, hash_password(profile.password)
    session_rows.delete_sessions_of(actor.user_id, but=session_key)
    audit.record(actor.user_id, "user.password_changed", actor.user_id)
    return row.view()


def forget_password(actor: Actor, user_id: str) -> None:
    """Take a person's password away, so that a sign-in link lets them set a new one.

    Administrators only; the person's sessions end.
    """
    actor.require(Role.ADMIN)
    _row(user_id).password_hash = None
    session_rows.delete_sessions_of(user_id)
    audit.record(actor.user_id, "user.password_forgotten", user_id)


def check_credentials(email: str, password: str) -> str | None:
    """Return the id of whom address and password belong to; takes as long either way."""
    row = rows.find_user_by_email(email[:_LONGEST_EMAIL])
    hashed = row.password_hash if row is not None and row.is_active else None
    if verify_password(password, hashed) and row is not None:
        return row.id
    return None
