"""What is looked at, as the address and the page's memory say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sonde.bearings.core.exploring.filters import ExplorerFilter, filter_from_json
from sonde.bearings.ui.explorer.settings import BETWEEN

FIRST_TAB: Final = "overview"
NOT_STATED: Final = "(not stated)"
URL_LISTS: Final = {
    "class": "labels",
    "severity": "severities",
    "bearing": "bearings",
    "session": "sessions",
    "load": "loads",
}
_RESERVED: Final = frozenset({"dataset", "tab", "speed", "range", "n", "seed", *URL_LISTS})


@dataclass(frozen=True)
class ExplorerState:
    """One way of looking at one data set.

    Parameters
    ----------
    dataset_id, tab : str
    kept : mapping
        The filter as plain JSON, right or wrong.
    said : mapping of str to str
        What is chosen in this tab.
    """

    dataset_id: str
    tab: str = FIRST_TAB
    kept: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> ExplorerFilter:
        """Return the filter; raises Invalid where it makes no sense."""
        return filter_from_json(self.kept)


def of_query(query: Mapping[str, str]) -> ExplorerState:
    """Return what an address asks for.

    Examples
    --------
    >>> state = of_query({"dataset": "D", "class": "inner|outer", "speed": "900_", "n": "50"})
    >>> state.wanted.labels, state.wanted.speed.low, state.wanted.per_class
    (('inner', 'outer'), 900.0, 50)
    """
    kept: dict[str, Any] = {
        name: [_value(part) for part in query[key].split(BETWEEN) if part]
        for key, name in URL_LISTS.items()
        if query.get(key)
    }
    if query.get("speed"):
        kept["speed"] = _ends(query["speed"])
    ranges = [one.rpartition(":") for one in query.get("range", "").split(BETWEEN) if one]
    if ranges:
        kept["features"] = [{"name": name, **_ends(ends)} for name, _, ends in ranges]
    for key, name in (("n", "per_class"), ("seed", "seed")):
        if query.get(key, "").isdecimal():
            kept[name] = int(query[key])
    said = {name: value for name, value in query.items() if name not in _RESERVED}
    return ExplorerState(query.get("dataset", ""), query.get("tab", FIRST_TAB), kept, said)


def of_store(stored: Mapping[str, Any]) -> ExplorerState:
    """Return what the page's memory says, which the browser wrote."""
    tab = str(stored.get("tab") or FIRST_TAB)
    said = (stored.get("settings") or {}).get(tab) or {}
    return ExplorerState(
        str(stored.get("dataset") or ""),
        tab,
        dict(stored.get("filter") or {}),
        {str(name): str(value) for name, value in said.items()},
    )


def as_store(state: ExplorerState) -> dict[str, Any]:
    """Return the state as the page keeps it."""
    return {
        "dataset": state.dataset_id,
        "tab": state.tab,
        "filter": dict(state.kept),
        "settings": {state.tab: dict(state.said)},
    }


def shown_values(kept: Mapping[str, Any], name: str) -> Sequence[str]:
    """Return the values of a list as its control shows them."""
    return [value or NOT_STATED for value in kept.get(name) or ()]


def _value(text: str) -> str:
    return "" if text == NOT_STATED else text


def _ends(text: str) -> dict[str, float | None]:
    low, _, high = text.partition("_")
    return {"low": _number(low), "high": _number(high)}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
