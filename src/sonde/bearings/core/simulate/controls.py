"""Controls: fields of a frozen class that a page can show and a file can set, checked alike.

Every control carries its title, unit and limits in the metadata of its field, so that the page,
the REST interface and the command line refuse the same values with the same sentence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from sonde.platform.core.errors import Invalid

_KEY = "control"
Span = tuple[float, float]


@dataclass(frozen=True)
class Control:
    """What is known of one field.

    Parameters
    ----------
    kind : str
        ``"switch"``, ``"number"``, ``"whole"``, ``"range"``, ``"choice"``, ``"choices"`` or
        ``"text"``.
    title, unit, help : str
    low, high : float
        Closed limits of a number and of both ends of a range.
    choices : tuple of str
    step : float
        A sensible step for a page; 0 where there is none.
    """

    kind: str
    title: str
    unit: str = ""
    help: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    step: float = 0.0


def switch(default: bool, title: str, *, help: str = "") -> Any:
    """Return a field that is on or off."""
    return field(default=default, metadata={_KEY: Control("switch", title, help=help)})


def number(default: float, title: str, *, span: Span, unit: str = "", step: float = 0.0) -> Any:
    """Return a field that holds a number within `span`."""
    kind = "whole" if isinstance(default, int) else "number"
    control = Control(kind, title, unit, low=span[0], high=span[1], step=step)
    return field(default=default, metadata={_KEY: control})


def reach(default: Span, title: str, *, span: Span, unit: str = "") -> Any:
    """Return a field that holds a range, from which every recording draws its own value."""
    control = Control("range", title, unit, low=span[0], high=span[1])
    return field(default=default, metadata={_KEY: control})


def choice(default: str, title: str, *, choices: tuple[str, ...] = ()) -> Any:
    """Return a field that holds one of some words; any text where there are no `choices`."""
    control = Control("choice" if choices else "text", title, choices=choices)
    return field(default=default, metadata={_KEY: control})


def several(default: tuple[str, ...], title: str, *, choices: tuple[str, ...] = ()) -> Any:
    """Return a field that holds any of some words."""
    return field(default=default, metadata={_KEY: Control("choices", title, choices=choices)})


def controls_of(settings: Any) -> Mapping[str, Control]:
    """Return the controls of a class or of a value of it, by field."""
    return {one.name: one.metadata[_KEY] for one in fields(settings) if _KEY in one.metadata}


Settings = TypeVar("Settings")


def check(settings: Any, place: str = "") -> None:
    """Bring the controls of a new `settings` into their types; raises Invalid out of limits."""
    for name, control in controls_of(settings).items():
        value = accept(control, getattr(settings, name), place + name)
        object.__setattr__(settings, name, value)


def changed(settings: Settings, given: object, place: str = "") -> Settings:
    """Return `settings` with the controls that `given` names set to new, checked values.

    Parameters
    ----------
    settings : dataclass
    given : object
        What a file says; must be a mapping of names to values.
    place : str
        Where `settings` stands, for the sentence and the field of an error: ``"noise."``.

    Raises
    ------
    Invalid
        If a name is unknown or a value cannot be accepted.
    """
    where = place.rstrip(".") or "configuration"
    if not isinstance(given, Mapping):
        raise Invalid(f"{where} must be an object of names and values.", field=where)
    known = controls_of(settings)
    unknown = sorted(str(name) for name in given if name not in known)
    if unknown:
        raise Invalid(
            f"{where} has no setting {unknown[0]!r}; it has {', '.join(known)}.",
            field=place + unknown[0],
        )
    values = {name: accept(known[name], value, place + name) for name, value in given.items()}
    return replace(settings, **values)  # type: ignore[type-var]


def plain(settings: Any) -> dict[str, Any]:
    """Return the controls of `settings` as JSON-ready values."""
    values = {name: getattr(settings, name) for name in controls_of(settings)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def accept(control: Control, value: object, place: str) -> Any:
    """Return `value` in the control's own type; raises Invalid with a sentence and the field.

    Examples
    --------
    >>> accept(Control("whole", "Seed", low=0), "7", "seed")
    7
    >>> accept(Control("range", "Load", low=0, high=1), [0.3, 1], "load")
    (0.3, 1.0)
    """
    if control.kind == "switch":
        if not isinstance(value, bool):
            raise Invalid(f"{control.title} is true or false, not {value!r}.", field=place)
        return value
    if control.kind in {"number", "whole"}:
        return _number(control, value, place)
    if control.kind == "range":
        return _range(control, value, place)
    if control.kind == "choices":
        return _choices(control, value, place)
    return _word(control, value, place)


def _number(control: Control, value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Invalid(f"{control.title} must be a number, not {value!r}.", field=place)
    try:
        found = float(value)
    except (ValueError, OverflowError):
        raise Invalid(f"{control.title} must be a number, not {value!r}.", field=place) from None
    is_whole = control.kind == "whole"
    if not control.low <= found <= control.high or (is_whole and found != int(found)):
        what = "a whole number" if is_whole else "a number"
        unit = f" {control.unit}" if control.unit else ""
        raise Invalid(
            f"{control.title} is {what} from {control.low:g} to {control.high:g}{unit}, "
            f"not {value!r}.",
            field=place,
        )
    return int(found) if is_whole else found


def _range(control: Control, value: object, place: str) -> Span:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Invalid(f"{control.title} needs a lowest and a highest value.", field=place)
    low, high = (_number(control, end, place) for end in value)
    if low > high:
        raise Invalid(f"{control.title} begins at {low:g} but ends at {high:g}.", field=place)
    return (low, high)


def _choices(control: Control, value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise Invalid(f"{control.title} must be a list of words, not {value!r}.", field=place)
    return tuple(dict.fromkeys(_word(control, one, place) for one in value))


def _word(control: Control, value: object, place: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"{control.title} must be a text, not {value!r}.", field=place)
    if control.choices and value not in control.choices:
        raise Invalid(
            f"{control.title} is one of {', '.join(control.choices)}, not {value!r}.", field=place
        )
    return value
