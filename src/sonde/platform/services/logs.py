"""What log lines may not hold: secrets, and line breaks that strangers put in."""

import re
from collections.abc import MutableMapping
from typing import Any

_SECRET_NAME = re.compile(r"password|token|secret|cookie|authorization|api_key", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"(://[^:/@\s]*:)[^@\s]+(@)")
_LINE_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\x1b": "\\x1b", "\u2028": " "})

Event = MutableMapping[str, Any]


def mask(_logger: Any, _method: str, event: Event) -> Event:
    """Hide secrets, and let nobody write lines of their own into the log."""
    for name, value in event.items():
        if _SECRET_NAME.search(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = clean(value) if name != "exception" else _without_secrets(value)
    return event


def clean(text: str) -> str:
    """Return `text` on one line, without passwords in URLs.

    Examples
    --------
    >>> clean("postgresql://me:hunter2@host/db")
    'postgresql://me:***@host/db'
    """
    return _without_secrets(text).translate(_LINE_BREAKS)


def _without_secrets(text: str) -> str:
    return _SECRET_IN_URL.sub(r"\1***\2", text)
