"""Identifiers: ULIDs, sortable by time and safe in a URL."""

import re
from datetime import datetime

from ulid import ULID

_ULID = re.compile(r"^[0-9A-HJKMNP-TV-Z]{26}$")


def new_id() -> str:
    """Return a new ULID: 26 characters, sortable by the time of making."""
    return str(ULID())


def is_id(text: str) -> bool:
    """Say whether `text` has the form of a ULID.

    Examples
    --------
    >>> is_id("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    True
    >>> is_id("../etc/passwd")
    False
    """
    return bool(_ULID.match(text))


def made_at(identifier: str) -> datetime:
    """Return when an identifier was made, in UTC.

    Examples
    --------
    >>> made_at("01ARZ3NDEKTSV4RRFFQ69G5FAV").year
    2016
    """
    return ULID.from_str(identifier).datetime
