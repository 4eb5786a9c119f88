"""What the result page shows, as its address says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode

TABS: Final = {
    "overview": "Overview",
    "conditions": "Conditions",
    "samples": "Errors",
    "probabilities": "Probabilities",
    "curves": "Learning curves",
    "predict": "Ask the model",
    "origin": "Origin and export",
}


@dataclass(frozen=True)
class ResultState:
    """What is looked at.

    Parameters
    ----------
    tab : str
        One of `TABS`.
    label, told : str
        The cell of the confusion matrix whose samples are listed; empty for all errors.
    """

    tab: str = "overview"
    label: str = ""
    told: str = ""

    def as_store(self) -> dict[str, Any]:
        """Return it as the browser keeps it."""
        return asdict(self)


def state_of(said: Mapping[str, Any]) -> ResultState:
    """Return the state that an address or the browser names; what makes no sense is left out.

    Examples
    --------
    >>> state_of({"tab": "samples", "label": "inner"})
    ResultState(tab='samples', label='inner', told='')
    >>> state_of({"tab": "?"})
    ResultState(tab='overview', label='', told='')
    """
    tab = str(said.get("tab") or "")
    return ResultState(
        tab if tab in TABS else "overview",
        str(said.get("label") or ""),
        str(said.get("told") or ""),
    )


def cell_address(label: str, told: str) -> str:
    """Return the address of the samples of one cell, relative to the page.

    Examples
    --------
    >>> cell_address("inner race", "ball")
    '?tab=samples&label=inner+race&told=ball'
    """
    return "?" + urlencode({"tab": "samples", "label": label, "told": told})
