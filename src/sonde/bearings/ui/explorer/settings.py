"""What can be chosen in a tab: plain values that stand in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

Choices = tuple[tuple[str, str], ...]
BETWEEN: Final = "|"


class Kind(StrEnum):
    """How a setting is chosen."""

    LIST = "list"
    SWITCH = "switch"
    NUMBER = "number"
    MANY = "many"


@dataclass(frozen=True)
class Setting:
    """One thing that can be chosen.

    Parameters
    ----------
    name : str
        Key in the address.
    label : str
    kind : Kind
    default : str
        What is chosen where the address says nothing.
    choices : tuple of (str, str)
        Value and words; none for numbers.
    low, high : float, optional
        Range of a number.
    most : int
        How many of many may be chosen; 0 for all.
    hint : str
    """

    name: str
    label: str
    kind: Kind = Kind.LIST
    default: str = ""
    choices: Choices = ()
    low: float | None = None
    high: float | None = None
    most: int = 0
    hint: str = ""


@dataclass(frozen=True)
class Said:
    """What is chosen in a tab: what the address says where it makes sense, else the defaults.

    Parameters
    ----------
    settings : sequence of Setting
    values : mapping of str to str

    Examples
    --------
    >>> method = Setting("method", "Method", default="pca", choices=(("pca", "PCA"),))
    >>> Said((method,), {"method": "magic"}).text("method")
    'pca'
    """

    settings: Sequence[Setting]
    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return what is chosen of a list."""
        one = self._of(name)
        value = self.values.get(name, one.default)
        known = {choice for choice, _ in one.choices}
        return value if value in known or one.kind is Kind.NUMBER else one.default

    def many(self, name: str) -> tuple[str, ...]:
        """Return everything that is chosen of many, as far as it can be."""
        one = self._of(name)
        known = {choice for choice, _ in one.choices}
        parts = self.values.get(name, one.default).split(BETWEEN)
        chosen = tuple(dict.fromkeys(part for part in parts if part in known))
        return chosen[: one.most] if one.most else chosen

    def number(self, name: str) -> float | None:
        """Return a number; None where none is chosen, the nearest end where it is outside."""
        one = self._of(name)
        for text in (self.values.get(name, one.default), one.default):
            try:
                value = float(text)
            except ValueError:
                continue
            if isfinite(value):
                low = value if one.low is None else max(value, one.low)
                return low if one.high is None else min(low, one.high)
        return None

    def whole(self, name: str) -> int:
        """Return a whole number, 0 where none is chosen."""
        return int(self.number(name) or 0)

    def _of(self, name: str) -> Setting:
        return next(one for one in self.settings if one.name == name)
