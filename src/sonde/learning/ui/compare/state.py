"""What is looked at, as the address and the page's memory say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

TABS: Final = (
    ("verdict", "Verdict"),
    ("metrics", "Metrics"),
    ("curves", "Folds and curves"),
    ("confusion", "Confusion"),
    ("slices", "Classes and slices"),
    ("configuration", "What differs"),
)
_SETTINGS: Final = ("pair", "rope", "curve", "base", "other", "by", "all")
DEFAULT_ROPE: Final = 0.01
_LARGEST_ROPE_PERCENT: Final = 20.0


@dataclass(frozen=True)
class CompareState:
    """One way of looking at some experiments.

    Parameters
    ----------
    ids : tuple of str
    tab : str
    said : mapping of str to str
        What is chosen in the tabs.
    """

    ids: tuple[str, ...]
    tab: str = "verdict"
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def rope(self) -> float:
        """The region of practical equivalence as a fraction.

        Examples
        --------
        >>> CompareState((), said={"rope": "2.5"}).rope
        0.025
        """
        try:
            percent = float(self.said.get("rope", ""))
        except ValueError:
            return DEFAULT_ROPE
        return percent / 100.0 if 0.0 <= percent <= _LARGEST_ROPE_PERCENT else DEFAULT_ROPE

    @property
    def pair(self) -> tuple[int, int] | None:
        """The two places that are looked at, if they were chosen."""
        return _two(self.said.get("pair", "").split("-"), len(self.ids))

    def place(self, name: str, usual: int) -> int:
        """Return the place of the experiment that a control names."""
        said = self.said.get(name, "")
        return int(said) if said.isdecimal() and int(said) < len(self.ids) else usual


def state_of(values: Mapping[str, Any], ids: tuple[str, ...]) -> CompareState:
    """Return what an address or the page's memory asks for; what makes no sense is left out."""
    keys = [key for key, _ in TABS]
    tab = str(values.get("tab") or keys[0])
    said = {name: str(values[name]) for name in _SETTINGS if values.get(name)}
    return CompareState(ids, tab if tab in keys else keys[0], said)


def ids_in(text: str) -> tuple[str, ...]:
    """Return the ids of a comma-separated list, each once.

    Examples
    --------
    >>> ids_in("b, a,,b")
    ('b', 'a')
    """
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def as_store(state: CompareState) -> dict[str, Any]:
    """Return the state as the page keeps it."""
    return {"ids": ",".join(state.ids), "tab": state.tab, **state.said}


def _two(parts: list[str], n: int) -> tuple[int, int] | None:
    places = [int(part) for part in parts if part.isdecimal() and int(part) < n]
    return (min(places), max(places)) if len(set(places)) == 2 else None
