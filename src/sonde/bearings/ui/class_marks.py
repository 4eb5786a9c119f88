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


def class_colour(label: str) -> str:
    """Return the colour of a class, the same on every page.

    Examples
    --------
    >>> class_colour("inner") == class_colour("inner") != class_colour("outer")
    True
    """
    place = _PLACES.get(label)
    return series_colour(_OTHERS[sum(label.encode()) % len(_OTHERS)] if place is None else place)
