"""Alarm bands of channels: set by people, judged with every measurement, told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from sonde.bearings.core.condition.alarms import (
    AlarmBand,
    AlarmState,
    BandKind,
    states,
    statistical_band,
)
from sonde.bearings.core.condition.figures import checked_figure
from sonde.bearings.core.condition.machines import Measurement, Node, NodeKind
from sonde.bearings.core.condition.zones import VELOCITY, iso_band
from sonde.bearings.persistence import condition as rows
from sonde.bearings.persistence import machines as machine_rows
from sonde.bearings.services import machines
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.services.events import emit

CHANGED: Final = "bearings.alarm_changed"
LOOKED_BACK: Final = 50
_LIMITS: Final = ("warning", "alarm", "in_a_row", "hysteresis")


@dataclass(frozen=True)
class BandWish:
    """The limits that a person wants.

    Parameters
    ----------
    kind : BandKind
    warning, alarm : float, optional
        Of a fixed band.
    n_baseline : int
        A statistical band learns from so many first values.
    warning_sigmas, alarm_sigmas : float
        Of a statistical band.
    in_a_row : int
    hysteresis : float
    """

    kind: BandKind
    warning: float | None = None
    alarm: float | None = None
    n_baseline: int = 15
    warning_sigmas: float = 3.0
    alarm_sigmas: float = 6.0
    in_a_row: int = 2
    hysteresis: float = 0.1


@dataclass(frozen=True)
class FeatureBand:
    """The limits of one feature of one channel, and the state that was told last."""

    node_id: str
    feature: str
    band: AlarmBand
    state: AlarmState


def bands(actor: Actor, node_ids: Sequence[str]) -> tuple[FeatureBand, ...]:
    """Return the limits of channels that the actor may see."""
    visible = {node.id for node in machines.tree(actor)}
    return tuple(map(_view, rows.bands([one for one in node_ids if one in visible])))


def set_band(actor: Actor, channel_id: str, feature: str, wish: BandWish) -> FeatureBand:
    """Set the limits of a feature in place of earlier ones, and judge what was measured by them.

    Raises NotFound, Forbidden, and Invalid for limits that make no sense or cannot be had.
    """
    node = machines.changeable(actor, channel_id)
    if node.kind is not NodeKind.CHANNEL:
        raise Invalid("Limits belong to a channel; choose one.", field="node")
    checked_figure(feature)
    machine_rows.lock_node(node.id)
    band = _wanted(actor, node, feature, wish)
    settings = {name: getattr(band, name) for name in _LIMITS}
    rows.set_band(node, feature, band.kind.value, settings)
    past = machine_rows.measurements([node.id], limit=LOOKED_BACK)
    row = _row(node.id, feature)
    if past:
        _judge_band(actor, node, row, past)
    return _view(row)


def remove_band(actor: Actor, channel_id: str, feature: str) -> None:
    """Take the limits of a feature away; raises NotFound and Forbidden."""
    rows.remove_band(machines.changeable(actor, channel_id).id, feature)


def judge(actor: Actor, node: Node, taken_at: datetime) -> None:
    """Note and tell where a state changed with a new measurement; called under the node's lock."""
    past = machine_rows.measurements([node.id], limit=LOOKED_BACK)
    if not past or past[-1].taken_at != taken_at:
        return  # an older measurement came late: what is known of today does not change
    for row in rows.bands([node.id]):
        _judge_band(actor, node, row, past)


def _wanted(actor: Actor, node: Node, feature: str, wish: BandWish) -> AlarmBand:
    if wish.kind is BandKind.ISO_20816:
        if feature != VELOCITY:
            raise Invalid(f"ISO 20816-3 limits {VELOCITY} only.", field="feature")
        return iso_band(machines.way(actor, node.id), _newest(node), wish.in_a_row)
    if wish.kind is BandKind.STATISTICAL:
        series = machine_rows.series(node.id, (feature,))
        first = [one for one in (row.values[0] for row in series) if np.isfinite(one)]
        found = statistical_band(
            np.array(first[: max(wish.n_baseline, 0)]),
            warning_sigmas=wish.warning_sigmas,
            alarm_sigmas=wish.alarm_sigmas,
        )
        limits = (found.warning, found.alarm)
    elif wish.warning is None or wish.alarm is None:
        raise Invalid("Say the warning and the alarm.", field="warning")
    else:
        limits = (wish.warning, wish.alarm)
    return AlarmBand(wish.kind, *limits, wish.in_a_row, wish.hysteresis)


def _newest(node: Node) -> Measurement | None:
    return machine_rows.latest([node.id]).get(node.id)


def _row(node_id: str, feature: str) -> rows.AlarmBandRow:
    for row in rows.bands([node_id]):
        if row.feature == feature:
            return row
    raise NotFound(f"{feature} has no limits here.", feature=feature)


def _view(row: rows.AlarmBandRow) -> FeatureBand:
    limits = {name: row.settings[name] for name in _LIMITS}
    state = AlarmState(row.settings.get("state", AlarmState.NORMAL.value))
    return FeatureBand(row.node_id, row.feature, AlarmBand(BandKind(row.kind), **limits), state)


def _judge_band(
    actor: Actor, node: Node, row: rows.AlarmBandRow, past: Sequence[Measurement]
) -> None:
    known = _view(row)
    now = states([one.figures.get(row.feature, np.nan) for one in past], known.band)[-1]
    if now is known.state:
        return
    row.settings = {**row.settings, "state": now.value}
    _tell(actor, node, row.feature, _change(past[-1], known, now))


def _change(newest: Measurement, known: FeatureBand, now: AlarmState) -> Mapping[str, Any]:
    value = newest.figures.get(known.feature, float("nan"))
    limit = known.band.alarm if now is AlarmState.ALARM else known.band.warning
    side = "below" if value <= limit else "above"
    text = f"{known.feature} {value:.4g} is {side} {limit:.4g}"
    at = newest.taken_at
    return {"at": at, "kind": now.value, "feature": known.feature, "text": text, "by": ""}


def _tell(actor: Actor, node: Node, feature: str, happened: Mapping[str, Any]) -> None:
    rows.add_event(node, {**happened, "by": f"Sonde, fed by {actor.name}"})
    where = " / ".join(one.name for one in machines.way(actor, node.id))
    emit(
        actor,
        kind=CHANGED,
        title=f"{where}: {happened['kind']}",
        body=f"{happened['text']} since {happened['at']:%Y-%m-%d %H:%M} UTC",
        link=f"/condition?node={node.id}&feature={feature}",
    )
