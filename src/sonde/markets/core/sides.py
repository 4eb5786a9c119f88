"""The two sides of a trade."""

from enum import StrEnum

from sonde.platform.core.errors import Invalid


class Side(StrEnum):
    """Which way a trade looks."""

    LONG = "long"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """+1 where a rising price earns, -1 where a falling one does."""
        return 1 if self is Side.LONG else -1


def side_named(text: str) -> Side:
    """Return the side that a word names; ``buy`` and ``sell`` are understood.

    Raises
    ------
    Invalid
        For any other word.

    Examples
    --------
    >>> side_named("LONG")
    <Side.LONG: 'long'>
    """
    word = text.strip().lower()
    word = {"buy": "long", "sell": "short"}.get(word, word)
    if word not in {"long", "short"}:
        raise Invalid(f"A direction is LONG or SHORT, not {text!r}.", field="direction")
    return Side(word)
