"""What the page shows: its view state, as it stands in the URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

PATH: Final = "/condition"
_LONGEST = 60


@dataclass(frozen=True)
class ConditionState:
    """What is looked at.

    Parameters
    ----------
    node : str
        Id of the chosen place; empty for the whole plant.
    feature : str
        Figure of a channel; empty for the one that says most.
    since, until : datetime, optional
        Whole days in UTC.
    """

    node: str = ""
    feature: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "ConditionState":
        """Read it from a URL's query; what makes no sense is left out.

        Examples
        --------
        >>> ConditionState.of_query({"from": "2026-01-05", "to": "x"}).since.day
        5
        """
        until = _day(query.get("to", ""))
        return cls(
            query.get("node", "")[:_LONGEST],
            query.get("feature", "")[:_LONGEST],
            _day(query.get("from", "")),
            until + timedelta(days=1) if until else None,
        )

    @property
    def last_day(self) -> datetime | None:
        """Return the last day that is shown."""
        return self.until - timedelta(days=1) if self.until else None


def link_to(node_id: str, feature: str = "") -> str:
    """Return the address of a place, or of a figure of a channel.

    Examples
    --------
    >>> link_to("01J", "RMS")
    '/condition?node=01J&feature=RMS'
    """
    query = {"node": node_id, **({"feature": feature} if feature else {})}
    return f"{PATH}?{urlencode(query)}"


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
