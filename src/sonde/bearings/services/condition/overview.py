"""How the whole plant is: the state of every place, and a card for every machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.machines import Measurement, Node, NodeKind
from sonde.bearings.core.condition.zones import VELOCITY
from sonde.bearings.core.features.registry import find_feature, unit_text
from sonde.bearings.persistence import machines as rows
from sonde.bearings.services import machines
from sonde.bearings.services.condition import alarms
from sonde.bearings.services.condition.alarms import FeatureBand
from sonde.platform.core.actor import Actor

_WORST: Final = list(AlarmState)
_SPARK_POINTS = 80


@dataclass(frozen=True)
class MachineCard:
    """A machine in the overview.

    Parameters
    ----------
    machine : Node
    plant : str
    state : AlarmState or None
        None while nothing was measured.
    channel_id, channel : str
        The one that is shown: the worst, else the first that was measured; empty for none.
    feature : str
    value : float
        Of the newest measurement.
    unit : str
    measured_at : datetime, optional
    spark : ndarray of float64, shape (time,)
        The newest values of the feature.
    """

    machine: Node
    plant: str
    state: AlarmState | None
    channel_id: str = ""
    channel: str = ""
    feature: str = ""
    value: float = float("nan")
    unit: str = ""
    measured_at: datetime | None = None
    spark: NDArray[np.float64] | None = None


def states(actor: Actor, nodes: Sequence[Node]) -> Mapping[str, AlarmState | None]:
    """Return the state of every place: the worst below it; None where nothing was measured."""
    channels = [one.id for one in nodes if one.kind is NodeKind.CHANNEL]
    told: dict[str, AlarmState | None] = dict.fromkeys(rows.counts(channels), AlarmState.NORMAL)
    for band in alarms.bands(actor, list(told)):
        told[band.node_id] = worst([told[band.node_id], band.state])
    by_id = {one.id: one for one in nodes}
    for channel_id, state in list(told.items()):
        place = by_id[channel_id].parent_id
        while place in by_id:
            told[place] = worst([told.get(place), state])
            place = by_id[place].parent_id
    return {one.id: told.get(one.id) for one in nodes}


def stamp(actor: Actor) -> str:
    """Return what changes whenever a place or a measurement is added that the actor may see."""
    return rows.stamp(actor.workspace_ids)


def worst(found: Sequence[AlarmState | None]) -> AlarmState | None:
    """Return the worst of some states, None if there is none.

    Examples
    --------
    >>> worst([AlarmState.NORMAL, None, AlarmState.ALARM, AlarmState.WARNING]).value
    'alarm'
    """
    known = [one for one in found if one is not None]
    return max(known, key=_WORST.index) if known else None


def cards(actor: Actor, below: str = "") -> tuple[MachineCard, ...]:
    """Return a card for every machine, or for those below a place; worst first."""
    nodes = machines.tree(actor)
    by_id = {one.id: one for one in nodes}
    known = states(actor, nodes)
    wanted = machines.below(nodes, below) if below else nodes
    newest = rows.latest([one.id for one in nodes if one.kind is NodeKind.CHANNEL])
    bands = alarms.bands(actor, list(newest))
    found = []
    for machine in (one for one in wanted if one.kind is NodeKind.MACHINE):
        under = [one.id for one in machines.below(nodes, machine.id) if one.id in newest]
        plant = by_id[machine.parent_id].name if machine.parent_id in by_id else ""
        card = MachineCard(machine, plant, known[machine.id])
        found.append(_filled(card, under, newest, bands, by_id) if under else card)
    return tuple(sorted(found, key=_urgency))


def main_feature(bands: Sequence[FeatureBand], newest: Measurement | None) -> str:
    """Return the figure that says most of a channel: the worst limited one, else a usual one."""
    if bands:
        return max(bands, key=lambda one: _WORST.index(one.state)).feature
    return VELOCITY if newest is not None and VELOCITY in newest.figures else "RMS"


def _filled(
    card: MachineCard,
    under: Sequence[str],
    newest: Mapping[str, Measurement],
    bands: Sequence[FeatureBand],
    by_id: Mapping[str, Node],
) -> MachineCard:
    def badness(channel_id: str) -> int:
        of_it = [_WORST.index(one.state) for one in bands if one.node_id == channel_id]
        return max(of_it, default=-1)

    chosen = max(under, key=badness)
    last = newest[chosen]
    feature = main_feature([one for one in bands if one.node_id == chosen], last)
    series = rows.series(chosen, (feature,), limit=_SPARK_POINTS)
    point = by_id.get(by_id[chosen].parent_id)
    return MachineCard(
        card.machine,
        card.plant,
        card.state,
        chosen,
        f"{point.name} / {by_id[chosen].name}" if point else by_id[chosen].name,
        feature,
        last.figures.get(feature, float("nan")),
        unit_text(find_feature(feature).unit, last.unit),
        last.taken_at,
        np.array([one.values[0] for one in series]),
    )


def _urgency(card: MachineCard) -> tuple[int, str]:
    return (-_WORST.index(card.state) if card.state is not None else 1, card.machine.name.lower())
