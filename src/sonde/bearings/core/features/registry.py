"""Every feature that Sonde knows: name, domain, unit, formula and source, in an order that stays.

The first 36 are those of the original platform in its order, the next 16 its advanced ones; then
what needs to be known about the machine: orders of the shaft, lines of the bearing, severity.
"""

import csv
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.platform.core.errors import Invalid

_SIGNAL_UNIT: Final = "x"
N_ORIGINAL: Final = 36
N_ADVANCED: Final = 16


@dataclass(frozen=True)
class FeatureDefinition:
    """One feature.

    Parameters
    ----------
    name : str
        What tables, sets and models call it; never changed.
    title : str
        What people read.
    domain : str
        Which family computes it, such as ``"time"``.
    unit : str
        ``"x"`` stands for the signal's own unit, ``"x²"`` for its square, ``"1"`` for none.
    formula, source : str
    needs : str
        What must be known of the recording: ``"speed"``, ``"geometry"`` (which needs the speed
        too), ``"unit"``, or nothing.
    version : int
        Grows whenever its values change: what was extracted before is computed again.
    """

    name: str
    title: str
    domain: str
    unit: str
    formula: str
    source: str
    needs: str = ""
    version: int = 1

    @property
    def stamp(self) -> str:
        """Return name and version, which together say what a value means."""
        return f"{self.name}@{self.version}"


def _read() -> tuple[FeatureDefinition, ...]:
    text = files("sonde.bearings.core.features").joinpath("registry.csv").read_text("utf-8")
    return tuple(
        FeatureDefinition(
            name=row["name"],
            title=row["title"],
            domain=row["domain"],
            unit=row["unit"],
            formula=row["formula"],
            source=row["source"],
            needs=row["needs"],
            version=int(row["version"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


REGISTRY: Final = _read()
BY_NAME: Final[Mapping[str, FeatureDefinition]] = MappingProxyType(
    {one.name: one for one in REGISTRY}
)
DEFAULT_NAMES: Final = tuple(one.name for one in REGISTRY[:N_ORIGINAL])
ADVANCED_NAMES: Final = tuple(one.name for one in REGISTRY[N_ORIGINAL : N_ORIGINAL + N_ADVANCED])


def find_feature(name: str) -> FeatureDefinition:
    """Return the feature called `name`.

    Raises
    ------
    Invalid
        If there is none; the message names the nearest.

    Examples
    --------
    >>> find_feature("CrestFactor").formula
    'max |x| / RMS'
    """
    try:
        return BY_NAME[name]
    except KeyError:
        near = difflib.get_close_matches(name, BY_NAME, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise Invalid(f"There is no feature {name!r}{hint}", field="names", name=name) from None


def domains(definitions: Iterable[FeatureDefinition]) -> dict[str, list[FeatureDefinition]]:
    """Return definitions by their domain, in the order given.

    Examples
    --------
    >>> {domain: len(found) for domain, found in domains(REGISTRY[:36]).items()}["time"]
    7
    """
    found: dict[str, list[FeatureDefinition]] = {}
    for one in definitions:
        found.setdefault(one.domain, []).append(one)
    return found


def unit_text(unit: str, signal_unit: str = UNKNOWN_UNIT) -> str:
    """Return a feature's unit for a signal measured in `signal_unit`.

    Examples
    --------
    >>> unit_text("x²", "m/s²"), unit_text("x", "unknown"), unit_text("Hz"), unit_text("1")
    ('(m/s²)²', 'signal unit', 'Hz', '')
    """
    if unit == "1":
        return ""
    if not unit.startswith(_SIGNAL_UNIT):
        return unit
    own = "signal unit" if signal_unit == UNKNOWN_UNIT else signal_unit
    rest = unit.removeprefix(_SIGNAL_UNIT)
    return f"({own}){rest}" if rest else own
