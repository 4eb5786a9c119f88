"""Texts in tables that a spreadsheet may open."""

from typing import Any, Final

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> Any:
    """Return a value; a text that a spreadsheet would run as a formula begins with an apostrophe.

    Parameters
    ----------
    value : object

    Examples
    --------
    >>> harmless("=1+1"), harmless("plain"), harmless(-1.5)
    ("'=1+1", 'plain', -1.5)
    """
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return value
