"""What can be chosen in a view: plain values that stand in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

Choices = tuple[tuple[str, str], ...]


class Kind(StrEnum):
    """How a setting is chosen."""

    LIST = "list"
    SWITCH = "switch"
    NUMBER = "number"
    MANY = "many"
    HIDDEN = "hidden"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Setting:
    """One thing that can be chosen.

    Parameters
    ----------
    name : str
        Key in the address.
    label : str
    default : str
        What is chosen where the address says nothing.
    choices : tuple of (str, str)
        Value and words; none for numbers.
    kind : Kind
    low, high : float, optional
        Range of a number.
    unit, hint : str
    """

    name: str
    label: str
    default: str = ""
    choices: Choices = ()
    kind: Kind = Kind.LIST
    low: float | None = None
    high: float | None = None
    unit: str = ""
    hint: str = ""

    def accepts(self, value: str) -> bool:
        """Say whether `value` can be chosen here."""
        if self.kind in {Kind.HIDDEN, Kind.CHANNEL}:
            return True
        if self.kind is Kind.NUMBER:
            number = _number(value)
            is_low = number is None or (self.low is not None and number < self.low)
            return not is_low and not (self.high is not None and (number or 0.0) > self.high)
        known = {choice for choice, _ in self.choices}
        parts = value.split(",") if self.kind is Kind.MANY else [value]
        return all(part in known for part in parts if part or self.kind is not Kind.MANY)


@dataclass(frozen=True)
class Values:
    """What is chosen in a view: what the address says where it makes sense, else the defaults.

    Parameters
    ----------
    settings : sequence of Setting
    said : mapping of str to str

    Examples
    --------
    >>> window = Setting("window", "Window", "hann", (("hann", "Hann"), ("flat", "Flat top")))
    >>> Values((window,), {"window": "flat"}).text("window")
    'flat'
    >>> Values((window,), {"window": "nonsense"}).text("window")
    'hann'
    """

    settings: Sequence[Setting]
    said: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return what is chosen."""
        setting = next(one for one in self.settings if one.name == name)
        value = self.said.get(name, setting.default)
        return value if value == setting.default or setting.accepts(value) else setting.default

    def number(self, name: str) -> float | None:
        """Return a number, None where none is chosen."""
        return _number(self.text(name))

    def count(self, name: str) -> int:
        """Return a whole number."""
        return int(self.number(name) or 0)

    def parts(self, name: str) -> tuple[str, ...]:
        """Return everything that is chosen of many."""
        return tuple(part for part in self.text(name).split(",") if part)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
