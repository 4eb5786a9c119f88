"""How a class looks wherever it is shown: the same colour and the same words on every page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sonde.bearings.core.fault_classes import JOURNAL_CLASSES, ROLLING_CLASSES
from sonde.platform.ui.theme import SERIES, series_colour

# Healthy is green on every page; the others follow in the order of their family.
_HEALTHY: Final = 2
_OTHERS: Final = tuple(place for place in range(len(SERIES)) if place != _HEALTHY)
_PLACES: Final[Mapping[str, int]] = MappingProxyType(
    {
        ROLLING_CLASSES[0]: _HEALTHY,
        **dict(zip(ROLLING_CLASSES[1:], _OTHERS, strict=False)),
        **dict(zip([one.key for one in JOURNAL_CLASSES[1:]], _OTHERS, strict=False)),
    }
)

_SIGNS: Final = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "x",
    "triangle-down",
    "pentagon",
    "star",
    "hexagon",
    "hourglass",
    "bowtie",
)
_SIGNS_3D: Final = (
    "circle",
    "square",
    "diamond",
    "cross",
    "circle-open",
    "square-open",
    "diamond-open",
)
SEVERITY_COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "#8b93a1",
        "nominal": "#1fa890",
        "incipient": "#f0c987",
        "mild": "#e8a33a",
        "moderate": "#e07b39",
        "severe": "#c94a4a",
    }
)


def class_colour(label: str) -> str:
    """Return the colour of a class, the same on every page.

    Examples
    --------
    >>> class_colour("inner") == class_colour("inner") != class_colour("outer")
    True
    """
    return series_colour(_place(label))


def sign_of(label: str, *, in_space: bool = False) -> str:
    """Return the sign of a class' points: colour is never their only difference."""
    signs = _SIGNS_3D if in_space else _SIGNS
    return signs[_place(label) % len(signs)]


def pale(colour: str, opacity: float) -> str:
    """Return a colour that lets through what is behind it.

    Examples
    --------
    >>> pale("#0a1420", 0.5)
    'rgba(10,20,32,0.5)'
    """
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def _place(label: str) -> int:
    place = _PLACES.get(label)
    return _OTHERS[sum(label.encode()) % len(_OTHERS)] if place is None else place
