"""What a model is: its name, its knobs, how it learns and how it comes back from arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

Progress = Callable[[float], None]
"""Told often, with the fraction done in [0, 1]; raises to stop the work."""

Arrays = Mapping[str, NDArray[Any]]
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
        except (KeyError, TypeError, ValueError):
            kind = type(self.default).__name__
            raise Invalid(f"{self.title} must be of type {kind}, not {value!r}.") from None
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


@dataclass(frozen=True)
class ModelConfig:
    """Which model, with which knobs; saved with every run.

    Parameters
    ----------
    model : str
    seed : int
    values : mapping
        Values of the hyper-parameters; what is absent has its default.
    """

    model: str
    seed: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)


class FittedModel(Protocol):
    """A model that has learned; nothing but arrays inside."""

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities, shape (sample, class), rows summing to one.

        `inputs` are float32 windows (sample, channel, time) or float64 features
        (sample, feature), as the model's specification says.
        """
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        ...


Fit = Callable[[Problem, NDArray[np.intp], ModelConfig, Progress], FittedModel]


@dataclass(frozen=True)
class ModelSpecification:
    """One model that can be trained.

    Parameters
    ----------
    name, title, family, help : str
    eats : {"windows", "features"}
    hyper_parameters : tuple of HyperParameter
    fit : callable
        From problem, training indices, config and progress to a fitted model.
    restore : callable
        From the arrays of a fitted model back to it; raises KeyError or ValueError if they are
        not such arrays.
    """

    name: str
    title: str
    family: str
    help: str
    eats: Literal["windows", "features"]
    hyper_parameters: tuple[HyperParameter, ...]
    fit: Fit
    restore: Callable[[Arrays], FittedModel]

    def values(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Return the value of every knob, the given ones checked.

        Raises
        ------
        Invalid
            If a name is unknown or a value is not acceptable.
        """
        known = {knob.name: knob for knob in self.hyper_parameters}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise Invalid(
                f"{self.title} has no setting {unknown[0]!r}; it has {', '.join(known)}.",
                unknown=unknown,
                choices=list(known),
            )
        return {
            name: knob.accept(given[name]) if name in given else knob.default
            for name, knob in known.items()
        }
