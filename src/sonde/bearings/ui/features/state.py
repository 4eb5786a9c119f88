"""What the Features page shows, as its address says."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode

from sonde.bearings.core.features.registry import ADVANCED_NAMES, DEFAULT_NAMES, REGISTRY
from sonde.bearings.core.features.study import IMPORTANCE, METHODS, SELECTION, StudyConfig

PAGE: Final = "/feature-engineering"
TABS: Final = {
    "table": "Table",
    "distributions": "Distributions",
    "correlation": "Correlation",
    IMPORTANCE: "Importance",
    SELECTION: "Selection",
    "sets": "Sets",
}
PRESETS: Final[Mapping[str, tuple[str, ...]]] = {
    "original": DEFAULT_NAMES,
    "advanced": ADVANCED_NAMES,
    "all": tuple(one.name for one in REGISTRY),
}
LOOKS: Final = {"box": "Box", "violin": "Violin"}
_N_DEFAULT: Final = 10


@dataclass(frozen=True)
class ViewState:
    """What is shown.

    Parameters
    ----------
    dataset : str
        Id; empty where there is none.
    names : tuple of str
        Chosen features.
    tab : str
    feature, look : str
        Of the distributions.
    importance, selection : str
        Methods.
    n, folds, seed : int
    """

    dataset: str = ""
    names: tuple[str, ...] = DEFAULT_NAMES
    tab: str = "table"
    feature: str = ""
    look: str = "box"
    importance: str = "permutation"
    selection: str = "mrmr"
    n: int = _N_DEFAULT
    folds: int = 5
    seed: int = 0

    @property
    def shown_feature(self) -> str:
        """Return the feature whose distribution is shown: one of the chosen."""
        if self.feature in self.names or not self.names:
            return self.feature
        return self.names[0]

    def study(self, question: str) -> StudyConfig:
        """Return what is asked; raises Invalid where it cannot be."""
        method = self.importance if question == IMPORTANCE else self.selection
        n = max(1, min(self.n, len(self.names)))
        return StudyConfig(question, method, self.names, n, self.folds, self.seed)

    @property
    def address(self) -> str:
        """Return the address that shows this."""
        preset = next((key for key, names in PRESETS.items() if names == self.names), "")
        query = {**self.as_store(), "names": preset or ",".join(self.names)}
        usual = ViewState().as_store()
        said = {key: value for key, value in query.items() if value != usual.get(key)}
        return f"{PAGE}?{urlencode(said, safe=',:')}"

    def as_store(self) -> dict[str, Any]:
        """Return it as the browser keeps it."""
        return {**asdict(self), "names": list(self.names)}


def state_of(given: Mapping[str, Any], known: Sequence[str]) -> ViewState:
    """Return the state that an address or the browser's store names; what makes no sense is left.

    Parameters
    ----------
    given : mapping
        In an address ``names`` is one of `PRESETS` or names with commas.
    known : sequence of str
        Every feature that can be chosen.

    Examples
    --------
    >>> state_of({"names": "RMS,Nonsense", "tab": "sets", "n": "3"}, ["RMS"]).names
    ('RMS',)
    """
    choices = {"tab": TABS, "look": LOOKS, **METHODS}
    values: dict[str, Any] = {
        name: str(given[name])
        for name, allowed in choices.items()
        if str(given.get(name, "")) in allowed
    }
    for name, low, high in (("n", 1, 200), ("folds", 2, 10), ("seed", 0, 2**31 - 1)):
        if (number := _whole(given.get(name))) is not None and low <= number <= high:
            values[name] = number
    for name in ("dataset", "feature"):
        values[name] = str(given.get(name) or "")
    if given.get("names") is not None:
        values["names"] = _names(given["names"], known)
    return ViewState(**values)


def _names(given: Any, known: Sequence[str]) -> tuple[str, ...]:
    wanted = given.split(",") if isinstance(given, str) else list(given)
    if isinstance(given, str) and given in PRESETS:
        wanted = list(PRESETS[given])
    chosen = set(wanted)
    return tuple(name for name in known if name in chosen)


def _whole(value: Any) -> int | None:
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return None
