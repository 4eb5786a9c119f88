"""What the visualization page shows, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from sonde.learning.core.analyses import analysis
from sonde.platform.core.identifiers import is_id

PAGE: Final = "/visualization"
TABS: Final = {
    "embedding": "Map of samples",
    "picture": "Signal",
    "features": "Features",
    "activations": "Activations",
    "saliency": "Saliency",
    "filters": "Filters",
}
_RESERVED: Final = frozenset({"experiment", "tab"})


@dataclass(frozen=True)
class ViewState:
    """What is looked at.

    Parameters
    ----------
    experiment : str
        Empty where nobody chose one.
    tab : str
        Also the name of the question.
    said : mapping of str to str
        What was chosen of the questions' parameters, and ``colour`` and ``feature``.
    """

    experiment: str = ""
    tab: str = "embedding"
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, object]:
        """Those of the chosen parameters that the tab's question knows."""
        known = analysis(self.tab).defaults
        return {name: value for name, value in self.said.items() if name in known}

    @property
    def colour(self) -> str:
        """By what the points of the map are coloured."""
        return self.said.get("colour", "class")

    @property
    def feature(self) -> str:
        """Whose distributions are shown; empty for the most telling one."""
        return self.said.get("feature", "")

    def address(self, tab: str, **said: object) -> str:
        """Return the address of another tab about the same experiment.

        Examples
        --------
        >>> ViewState("01J").address("saliency", sample=3)
        '/visualization?experiment=01J&tab=saliency&sample=3'
        """
        query = {"experiment": self.experiment, "tab": tab, **said}
        return f"{PAGE}?{urlencode(query)}"

    def as_store(self) -> dict[str, Any]:
        """Return it as the browser keeps it."""
        return {"experiment": self.experiment, "tab": self.tab, "said": dict(self.said)}


def of_query(query: Mapping[str, str]) -> ViewState:
    """Return the state that an address names; what makes no sense is left out.

    Examples
    --------
    >>> of_query({"tab": "filters", "seed": "1", "experiment": "x"})
    ViewState(experiment='', tab='filters', said={'seed': '1'})
    """
    said = {name: value for name, value in query.items() if name not in _RESERVED}
    return _state(query.get("experiment", ""), query.get("tab", ""), said)


def of_store(stored: Mapping[str, Any]) -> ViewState:
    """Return what the page's memory says, which the browser wrote."""
    said = {str(name): str(value) for name, value in (stored.get("said") or {}).items()}
    return _state(str(stored.get("experiment") or ""), str(stored.get("tab") or ""), said)


def _state(experiment: str, tab: str, said: dict[str, str]) -> ViewState:
    return ViewState(
        experiment if is_id(experiment) else "", tab if tab in TABS else "embedding", said
    )
