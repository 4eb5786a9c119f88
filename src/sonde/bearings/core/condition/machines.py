"""Machines and where they are measured: plant, machine, measuring point, channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sonde.platform.core.errors import Invalid


class NodeKind(StrEnum):
    """What a place in the tree is."""

    PLANT = "plant"
    MACHINE = "machine"
    POINT = "point"
    CHANNEL = "channel"


PARENT_OF: Mapping[NodeKind, NodeKind | None] = MappingProxyType(
    {
        NodeKind.PLANT: None,
        NodeKind.MACHINE: NodeKind.PLANT,
        NodeKind.POINT: NodeKind.MACHINE,
        NodeKind.CHANNEL: NodeKind.POINT,
    }
)
# What may be said of each kind, and what it is for people.
DETAILS: Mapping[NodeKind, Mapping[str, str]] = MappingProxyType(
    {
        NodeKind.PLANT: {"place": "Place"},
        NodeKind.MACHINE: {
            "speed_rpm": "Nominal speed (rpm)",
            "power_kw": "Rated power (kW)",
            "machine_group": "Machine group of ISO 20816-3",
            "support": "Support of ISO 20816-3",
        },
        NodeKind.POINT: {"bearing": "Bearing (designation or geometry)", "place": "Place"},
        NodeKind.CHANNEL: {"unit": "Unit", "direction": "Direction"},
    }
)
_NUMBERS = ("speed_rpm", "power_kw")
_LONGEST = 120


@dataclass(frozen=True)
class Node:
    """One place in the tree of machines.

    Parameters
    ----------
    id, workspace_id, owner_id : str
    kind : NodeKind
    name : str
    parent_id : str
        Empty for a plant.
    details : mapping
        Keys of `DETAILS` for the kind.
    """

    id: str
    workspace_id: str
    owner_id: str
    kind: NodeKind
    name: str
    parent_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measurement:
    """One recording of one channel, kept as figures, with the signal it came from.

    Parameters
    ----------
    id, node_id : str
    taken_at : datetime
    sampling_rate_hz, speed_rpm : float
        The speed is 0 where nobody said it.
    unit : str
    n_samples : int
    figures : mapping of str to float
        Values of features by name.
    file : str
        Name of the file it came from, as people know it.
    recording_id : str
        The stored recording; empty where the signal was not kept.
    """

    id: str
    node_id: str
    taken_at: datetime
    sampling_rate_hz: float
    speed_rpm: float
    unit: str
    n_samples: int
    figures: Mapping[str, float]
    file: str = ""
    recording_id: str = ""


def checked_name(name: str) -> str:
    """Return a name of a place without outer blanks.

    Raises
    ------
    Invalid
        If it is empty, too long or not printable.

    Examples
    --------
    >>> checked_name("  Pump 3 ")
    'Pump 3'
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise Invalid(f"A name has 1 to {_LONGEST} printable characters.", field="name")
    return name


def checked_details(kind: NodeKind, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a place; empty answers are left out.

    Raises
    ------
    Invalid
        If a key is not one of the kind's, or a number is not positive.

    Examples
    --------
    >>> checked_details(NodeKind.MACHINE, {"speed_rpm": "1480", "support": ""})
    {'speed_rpm': 1480.0}
    """
    told: dict[str, Any] = {}
    for key, value in details.items():
        if key not in DETAILS[kind]:
            known = ", ".join(DETAILS[kind])
            raise Invalid(f"A {kind.value} has no {key!r}; it has {known}.", field=key)
        if value is None or not str(value).strip():
            continue
        told[key] = _positive(key, value) if key in _NUMBERS else str(value).strip()[:_LONGEST]
    return told


def _positive(key: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not 0 < number < 1e9:
        raise Invalid(f"{key} must be a positive number, not {value!r}.", field=key)
    return number
