"""What the evaluation page shows, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from sonde.learning.core.analyses import analysis
from sonde.platform.core.identifiers import is_id

PAGE: Final = "/evaluation"
TABS: Final = {
    "curves": "ROC and PR",
    "errors": "Errors",
    "architectures": "Architectures",
    "robustness": "Robustness",
    "calibration": "Calibration",
    "sets": "Prediction sets",
    "unseen": "Unseen",
}
KIND_OF_TAB: Final = {name: name for name in TABS} | {"sets": "prediction-sets"}
_RESERVED: Final = frozenset({"experiment", "tab"})
_MOST: Final = 20


@dataclass(frozen=True)
class ViewState:
    """What is looked at.

    Parameters
    ----------
    experiments : tuple of str
        The subject first; the others stand beside it in the comparison of architectures.
    tab : str
    said : mapping of str to str
        What was chosen of the questions' parameters.
    """

    experiments: tuple[str, ...] = ()
    tab: str = "curves"
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Name of the question behind the tab."""
        return KIND_OF_TAB[self.tab]

    @property
    def asked(self) -> tuple[str, ...]:
        """The experiments that the tab's question is about."""
        return self.experiments if self.tab == "architectures" else self.experiments[:1]

    @property
    def params(self) -> dict[str, object]:
        """Those of the chosen parameters that the tab's question knows."""
        known = analysis(self.kind).defaults
        return {name: value for name, value in self.said.items() if name in known}

    @property
    def address(self) -> str:
        """The address that shows this."""
        query = {"experiment": ",".join(self.experiments), "tab": self.tab, **self.said}
        return f"{PAGE}?{urlencode(query, safe=',')}"

    def as_store(self) -> dict[str, Any]:
        """Return it as the browser keeps it."""
        return {"experiments": list(self.experiments), "tab": self.tab, "said": dict(self.said)}


def of_query(query: Mapping[str, str]) -> ViewState:
    """Return the state that an address names; what makes no sense is left out.

    Examples
    --------
    >>> of_query({"tab": "robustness", "change": "gain", "experiment": "x"})
    ViewState(experiments=(), tab='robustness', said={'change': 'gain'})
    """
    return _state(
        query.get("experiment", "").split(","),
        query.get("tab", ""),
        {name: value for name, value in query.items() if name not in _RESERVED},
    )


def of_store(stored: Mapping[str, Any]) -> ViewState:
    """Return what the page's memory says, which the browser wrote."""
    said = stored.get("said") or {}
    return _state(
        [str(one) for one in stored.get("experiments") or ()],
        str(stored.get("tab") or ""),
        {str(name): str(value) for name, value in said.items()},
    )


def _state(ids: list[str], tab: str, said: dict[str, str]) -> ViewState:
    known = tuple(dict.fromkeys(one for one in ids if is_id(one)))[:_MOST]
    return ViewState(known, tab if tab in TABS else "curves", said)
