"""How well the parts behind the product answer."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PartHealth:
    """One part of the system.

    Parameters
    ----------
    name : str
        In the words of people, such as ``"Database"``.
    is_up : bool
        Whether it answers.
    detail : str
        What is wrong; empty while it answers.
    """

    name: str
    is_up: bool
    detail: str = ""


def health_score(parts: Sequence[PartHealth]) -> float:
    """Return the share of parts that answer, in [0, 1].

    Parameters
    ----------
    parts : sequence of PartHealth

    Examples
    --------
    >>> health_score([PartHealth("Database", True), PartHealth("Cache", False, "no answer")])
    0.5
    """
    return sum(part.is_up for part in parts) / len(parts) if parts else 0.0
