"""How classes look: the same colour and sign wherever they stand on the page."""

from typing import Final

from sonde.bearings.core.fault_classes import JOURNAL_CLASSES
from sonde.platform.ui.theme import SERIES

_PALETTE: Final = (
    "#1fa890",
    "#5b8def",
    "#e8853a",
    "#a877dc",
    "#cfa227",
    "#dd6074",
    "#3fb0d6",
    "#8bb92f",
    "#d873b8",
    "#a0795a",
    "#6a63d9",
    SERIES[7],
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
_ROLLING: Final = {"inner": 1, "outer": 2, "ball": 3, "cage": 4}
_PLACES: Final = {each.key: each.id for each in JOURNAL_CLASSES} | _ROLLING
TITLES: Final = {each.key: each.title for each in JOURNAL_CLASSES} | {
    "inner": "Inner race",
    "outer": "Outer race",
    "ball": "Rolling element",
    "cage": "Cage",
}
SEVERITY_COLOURS: Final = {
    "": SERIES[7],
    "nominal": "#1fa890",
    "incipient": "#f0c987",
    "mild": "#e8a33a",
    "moderate": "#e07b39",
    "severe": "#c94a4a",
}


def class_title(label: str) -> str:
    """Return a class as people call it.

    Examples
    --------
    >>> class_title("oil_whirl"), class_title("my own")
    ('Oil whirl', 'my own')
    """
    return TITLES.get(label, label)


def colour_of(label: str) -> str:
    """Return the colour of a class, whatever other classes there are.

    Examples
    --------
    >>> len({colour_of(each.key) for each in JOURNAL_CLASSES})
    11
    """
    return _PALETTE[_place(label) % len(_PALETTE)]


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
    return _PLACES.get(label, sum(label.encode()))
