"""People and what is known of them, as values."""

from dataclasses import dataclass
from datetime import datetime

from sonde.platform.core.actor import Role


@dataclass(frozen=True)
class User:
    """A person with an account."""

    id: str
    email: str
    name: str
    role: Role
    is_active: bool
    has_password: bool
    created_at: datetime
    last_signed_in_at: datetime | None = None


@dataclass(frozen=True)
class NewProfile:
    """What a person sets of their own account.

    Parameters
    ----------
    name, email, password : str
    current_password : str
        Needed by who has one already.
    """

    name: str
    email: str
    password: str
    current_password: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A session as its owner sees it."""

    key: str
    user_id: str
    created_at: datetime
    last_seen_at: datetime
    address: str
    device: str


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from: network address and the browser's own description."""

    address: str = ""
    device: str = ""
