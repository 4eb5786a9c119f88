"""The settings of indicators and strategies: what may be set, within which bounds, in words."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sonde.platform.core.errors import Invalid

Value = bool | int | float | str
Settings = Mapping[str, Value]
Kind = Literal["int", "float", "bool", "choice"]
_YES_NO: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True)
class Parameter:
    """One thing that can be set.

    Parameters
    ----------
    name : str
        As in ``--set fast=20``.
    title : str
        For people.
    kind : {"int", "float", "bool", "choice"}
    low, high : float
        Closed range of a number; ignored for the other kinds.
    default : bool, int, float or str
    words : str
        One sentence: what it does.
    choices : tuple of str
        What a ``choice`` may be.

    Examples
    --------
    >>> period = Parameter("period", "Period", "int", 2, 500, 14, "Bars that are looked at.")
    >>> period.accept("20")
    20
    """

    name: str
    title: str
    kind: Kind
    low: float
    high: float
    default: Value
    words: str
    choices: tuple[str, ...] = ()

    def accept(self, value: object) -> Value:
        """Return `value` in the parameter's own type.

        Parameters
        ----------
        value : bool, int, float or str
            Text is read: ``"20"``, ``"0.5"``, ``"yes"``.

        Raises
        ------
        Invalid
            If it has another type or lies outside; says which and what would be accepted.
        """
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return value
            raise self._refused(value, f"must be one of {', '.join(self.choices)}")
        if self.kind == "bool":
            answer = value if isinstance(value, bool) else _YES_NO.get(str(value).lower())
            if answer is None:
                raise self._refused(value, "must be yes or no")
            return answer
        return self._number(value)

    def _number(self, value: object) -> int | float:
        noun = "a whole number" if self.kind == "int" else "a number"
        try:
            number = math.nan if isinstance(value, bool) else float(str(value))
        except ValueError:
            number = math.nan
        is_whole = self.kind != "int" or number.is_integer()
        if not (self.low <= number <= self.high and is_whole):
            raise self._refused(value, f"must be {noun} between {self.low:g} and {self.high:g}")
        return int(number) if self.kind == "int" else number

    def _refused(self, value: object, what: str) -> Invalid:
        return Invalid(f"{self.title} ({self.name}) {what}, not {value!r:.80}.", field=self.name)


def accepted(parameters: Iterable[Parameter], given: Mapping[str, object]) -> Settings:
    """Return a full set of settings: `given` in the right types, defaults for the rest.

    Parameters
    ----------
    parameters : iterable of Parameter
    given : mapping of str to object

    Raises
    ------
    Invalid
        If a value is refused, or a name is not one of the parameters.

    Examples
    --------
    >>> period = Parameter("period", "Period", "int", 2, 500, 14, "Bars that are looked at.")
    >>> accepted([period], {})
    {'period': 14}
    >>> accepted([period], {"periode": 3})
    Traceback (most recent call last):
    sonde.platform.core.errors.Invalid: There is no setting 'periode'; there is: period.
    """
    known = {each.name: each for each in parameters}
    for name in given:
        if name not in known:
            names = ", ".join(known) or "nothing to set"
            raise Invalid(f"There is no setting {name!r:.80}; there is: {names}.", field=name)
    return {
        name: each.accept(given[name]) if name in given else each.default
        for name, each in known.items()
    }
