"""Passwords: what is accepted, and how they are kept."""

from functools import cache
from typing import TYPE_CHECKING

from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST = 8
LONGEST = 1024
# OWASP ASVS 5, 11.4.2: m = 19 MiB, t = 2, p = 1 or stronger.
MEMORY_KIB = 19_456
ROUNDS = 2
LANES = 1


@cache
def _hasher() -> "PasswordHash":
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    return PasswordHash(
        (Argon2Hasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES),)
    )


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def check_password(password: str) -> None:
    """Check that `password` may be used; nothing is asked of it but length and rarity.

    Raises
    ------
    Invalid
        If it is too short, absurdly long, or among the 30,000 most common ones.

    Examples
    --------
    >>> check_password("four dull words win")
    """
    if len(password) < SHORTEST:
        raise Invalid(f"A password has at least {SHORTEST} characters.", field="password")
    if len(password) > LONGEST:
        raise Invalid(f"A password has at most {LONGEST} characters.", field="password")
    if password.lower() in _common():
        raise Invalid(
            "This password is on every attacker's list; take a longer or rarer one.",
            field="password",
        )


def hash_password(password: str) -> str:
    """Return the Argon2id hash of the whole password; nothing is cut off."""
    return _hasher().hash(password)


def verify_password(password: str, hashed: str | None) -> bool:
    """Say whether `password` belongs to `hashed`; takes as long when there is no hash."""
    if hashed is None:
        _hasher().verify(password, _nobody())
        return False
    return _hasher().verify(password, hashed)


@cache
def _nobody() -> str:
    return hash_password("nobody has this password")
