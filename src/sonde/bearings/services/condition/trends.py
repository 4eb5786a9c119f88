"""Trends: any figure of a channel over time, with its limits, zones and states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.condition.alarms import AlarmState, states
from sonde.bearings.core.condition.figures import checked_figure
from sonde.bearings.core.condition.machines import Measurement, Node, NodeKind
from sonde.bearings.core.condition.zones import VELOCITY, ZoneNote, zone_note
from sonde.bearings.core.downsampling import kept_positions
from sonde.bearings.core.features.registry import FeatureDefinition, unit_text
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.persistence import machines as rows
from sonde.bearings.services import machines
from sonde.bearings.services.condition import alarms
from sonde.bearings.services.condition.alarms import FeatureBand
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

SHOWN_POINTS = 1000


@dataclass(frozen=True)
class Trend:
    """One figure of a channel over time.

    Parameters
    ----------
    node : Node
    feature : FeatureDefinition
    unit : str
        Of the values, for people.
    moments : tuple of datetime
    values : ndarray of float64, shape (time,)
    states : tuple of AlarmState
        After each value; empty where there are no limits.
    ids : tuple of str
        Of the measurements.
    n_measured : int
        In the time range, before fewer were chosen for the eye.
    band : FeatureBand or None
    zone : ZoneNote or None
        For the velocity only.
    """

    node: Node
    feature: FeatureDefinition
    unit: str
    moments: tuple[datetime, ...]
    values: NDArray[np.float64]
    states: tuple[AlarmState, ...]
    ids: tuple[str, ...]
    n_measured: int
    band: FeatureBand | None
    zone: ZoneNote | None


def trend(
    actor: Actor,
    channel_id: str,
    feature: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    points: int = SHOWN_POINTS,
) -> Trend:
    """Return a figure of a channel over time, in at most `points` that keep the extremes.

    Raises NotFound, and Invalid for a figure that is not kept or a place that is not a channel.
    """
    definition = checked_figure(feature)
    node = channel(actor, channel_id)
    found = rows.series(node.id, (feature,), since=since, until=until)
    found = [one for one in found if np.isfinite(one.values[0])]
    values = np.array([one.values[0] for one in found], dtype=np.float64)
    band = next((one for one in alarms.bands(actor, [node.id]) if one.feature == feature), None)
    told = states(values, band.band) if band else []
    kept = kept_positions(values.astype(np.float32), points)
    newest = rows.latest([node.id]).get(node.id)
    way = machines.way(actor, node.id)
    return Trend(
        node=node,
        feature=definition,
        unit=unit_text(definition.unit, newest.unit if newest else UNKNOWN_UNIT),
        moments=tuple(found[place].taken_at for place in kept),
        values=values[kept],
        states=tuple(told[place] for place in kept) if told else (),
        ids=tuple(found[place].id for place in kept),
        n_measured=len(found),
        band=band,
        zone=zone_note(way, newest) if feature == VELOCITY else None,
    )


def channel(actor: Actor, node_id: str) -> Node:
    """Return a channel; raises NotFound, and Invalid for any other place."""
    node = machines.get(actor, node_id)
    if node.kind is not NodeKind.CHANNEL:
        raise Invalid(f"A {node.kind.value} has no trend of its own; choose a channel.")
    return node


def measured(actor: Actor, channel_id: str, *, limit: int = 50) -> tuple[Measurement, ...]:
    """Return the newest measurements of a channel, newest first; raises NotFound and Invalid."""
    node = channel(actor, channel_id)
    return tuple(reversed(rows.measurements([node.id], limit=limit)))


def newest(actor: Actor, node_ids: Sequence[str]) -> Mapping[str, Measurement]:
    """Return the newest measurement of every channel among places that the actor may see."""
    visible = {node.id for node in machines.tree(actor)}
    return rows.latest([one for one in node_ids if one in visible])
