"""Units of vibration: what a channel's unit measures and what it is worth.

Nothing is ever assumed: a signal without a declared unit has a shape, but no velocity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sonde.platform.core.errors import Invalid

STANDARD_GRAVITY = 9.80665


class Quantity(StrEnum):
    """What a vibration signal measures; each is the derivative in time of the next."""

    ACCELERATION = "acceleration"
    VELOCITY = "velocity"
    DISPLACEMENT = "displacement"

    @property
    def integrations(self) -> int:
        """Return how many integrations in time lead here from acceleration."""
        return list(Quantity).index(self)


@dataclass(frozen=True)
class Unit:
    """A unit of vibration.

    Parameters
    ----------
    symbol : str
        As it is written on an axis.
    quantity : Quantity
    in_si : float
        What one of it is in m/s^2, m/s or m.
    """

    symbol: str
    quantity: Quantity
    in_si: float


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.symbol: unit
        for unit in (
            Unit("g", Quantity.ACCELERATION, STANDARD_GRAVITY),
            Unit("m/s2", Quantity.ACCELERATION, 1.0),
            Unit("mm/s2", Quantity.ACCELERATION, 1e-3),
            Unit("mm/s", Quantity.VELOCITY, 1e-3),
            Unit("m/s", Quantity.VELOCITY, 1.0),
            Unit("in/s", Quantity.VELOCITY, 0.0254),
            Unit("um", Quantity.DISPLACEMENT, 1e-6),
            Unit("mm", Quantity.DISPLACEMENT, 1e-3),
            Unit("m", Quantity.DISPLACEMENT, 1.0),
            Unit("mil", Quantity.DISPLACEMENT, 25.4e-6),
        )
    }
)
SHOWN_IN: Mapping[Quantity, Unit] = MappingProxyType(
    {
        Quantity.ACCELERATION: UNITS["m/s2"],
        Quantity.VELOCITY: UNITS["mm/s"],
        Quantity.DISPLACEMENT: UNITS["um"],
    }
)
_SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "gn": "g",
        "g's": "g",
        "micron": "um",
        "microns": "um",
        "ips": "in/s",
        "mils": "mil",
        "m/s/s": "m/s2",
        "m/sec2": "m/s2",
        "mm/sec": "mm/s",
    }
)


def unit_named(text: str) -> Unit:
    """Return the unit that `text` names, in any usual spelling.

    Raises
    ------
    Invalid
        If it is unknown, empty, or no unit of vibration.

    Examples
    --------
    >>> unit_named("m/s²").symbol, unit_named("µm").quantity.value, unit_named("[G]").in_si
    ('m/s2', 'displacement', 9.80665)
    """
    plain = text.strip().strip("[]()").strip().lower()
    for written, meant in (("²", "2"), ("^", ""), ("**", ""), ("µ", "u"), ("μ", "u"), (" ", "")):
        plain = plain.replace(written, meant)
    plain = _SPELLINGS.get(plain, plain)
    if plain not in UNITS:
        said = f"The unit of this channel is {text!r}" if plain else "This channel has no unit"
        if plain == "unknown":
            said = "The unit of this channel is unknown"
        raise Invalid(
            f"{said}: declare the unit (one of {', '.join(UNITS)}) to see velocity, displacement "
            "or a zone.",
            field="unit",
        )
    return UNITS[plain]


def factor(source: Unit, target: Unit) -> float:
    """Return what a value in `source` is multiplied by to be in `target`.

    Raises
    ------
    Invalid
        If they measure different quantities.

    Examples
    --------
    >>> round(factor(UNITS["g"], UNITS["m/s2"]), 5), round(factor(UNITS["mil"], UNITS["um"]), 9)
    (9.80665, 25.4)
    """
    if source.quantity is not target.quantity:
        raise Invalid(
            f"{source.symbol} is a unit of {source.quantity}, {target.symbol} of "
            f"{target.quantity}: one is not a multiple of the other.",
            field="unit",
        )
    return source.in_si / target.in_si
