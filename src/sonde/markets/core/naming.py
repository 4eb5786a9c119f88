"""What is said where nothing has the name that is asked for."""

from collections.abc import Iterable

from sonde.platform.core.errors import NotFound


def unknown(what: str, name: str, known: Iterable[str]) -> NotFound:
    """Return the error that says which there are.

    Examples
    --------
    >>> unknown("indicator", "rsii", ["rsi", "sma"]).message
    "There is no indicator 'rsii'; there is: rsi, sma."
    """
    said = ", ".join(known)
    return NotFound(f"There is no {what} {name!r:.80}; there is: {said}.", name=name)
