"""The view state of the list of experiments, as it stands in the page's address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sonde.learning.core.search.columns import GROUPS, columns_of, order_of
from sonde.learning.core.search.tokens import LONGEST
from sonde.platform.core.errors import Invalid

IN_USE: Final = "live"
SCOPES: Final = ((IN_USE, "In use"), ("archived", "Archived"), ("trashed", "Trash"))


@dataclass(frozen=True)
class ListState:
    """What the list shows.

    Parameters
    ----------
    query : str
        In the search language.
    columns : tuple of str
        Keys; empty for the usual ones.
    sort : str
        Empty for the newest first.
    group : str
        Empty for single experiments.
    """

    query: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""
    group: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "ListState":
        """Read it from an address; what makes no sense there is left out."""
        keys = tuple(filter(None, query.get("columns", "").split(",")))
        group = query.get("group", "")
        return cls(
            query.get("q", "")[: LONGEST + 1],
            keys if _is_known(keys) else (),
            query.get("sort", "") if _is_sortable(query.get("sort", "")) else "",
            group if group in GROUPS else "",
        )


def scope_of(marks: tuple[str, ...]) -> str:
    """Return which part of the list a search asks for as a whole.

    Examples
    --------
    >>> scope_of(("pinned", "trashed")), scope_of(())
    ('trashed', 'live')
    """
    return next((mark for mark, _ in SCOPES if mark in marks), IN_USE)


def _is_known(keys: tuple[str, ...]) -> bool:
    try:
        columns_of(keys)
    except Invalid:
        return False
    return True


def _is_sortable(text: str) -> bool:
    try:
        order_of(text)
    except Invalid:
        return False
    return True
