"""The knobs of models and of training: forms, searches and checks are made from them."""

from dataclasses import dataclass

import numpy as np

from sonde.platform.core.errors import Invalid

Value = bool | int | float | str


@dataclass(frozen=True)
class HyperParameter:
    """One knob of a model.

    Parameters
    ----------
    name, title, help : str
    default : bool, int, float or str
        Its type is the knob's type.
    low, high : float, optional
        Closed range of a number.
    choices : tuple of str
        What a text may be.
    is_log : bool
        The range is best walked in powers of ten.
    """

    name: str
    title: str
    help: str
    default: Value
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    is_log: bool = False

    def accept(self, value: object) -> Value:
        """Return `value` in the knob's own type.

        Raises
        ------
        Invalid
            If it has another type or lies outside.

        Examples
        --------
        >>> HyperParameter("depth", "Depth", "", 3, low=1, high=9).accept("4")
        4
        """
        try:
            converted = _convert(self.default, value)
        except (KeyError, OverflowError, TypeError, ValueError):
            kind = type(self.default).__name__
            raise Invalid(f"{self.title} must be of type {kind}, not {value!r}.") from None
        if isinstance(converted, str) and not (converted.isprintable() and len(converted) <= 2000):
            raise Invalid(f"{self.title} has at most 2,000 characters that can be printed.")
        if self.choices and converted not in self.choices:
            raise Invalid(f"{self.title} is one of {', '.join(self.choices)}, not {value!r}.")
        is_low = self.low is not None and float(converted) < self.low
        is_high = self.high is not None and float(converted) > self.high
        if is_low or is_high:
            raise Invalid(f"{self.title} lies between {self.low} and {self.high}, not {value!r}.")
        return converted


def _convert(default: Value, value: object) -> Value:
    if isinstance(default, bool):
        if isinstance(value, str):
            return {"true": True, "yes": True, "false": False, "no": False}[value.lower()]
        return bool(value)
    if isinstance(default, str):
        return str(value)
    if isinstance(default, int):
        number = float(str(value))
        if number != int(number):
            raise ValueError(value)
        return int(number)
    number = float(str(value))
    if not np.isfinite(number):
        raise ValueError(value)
    return number
