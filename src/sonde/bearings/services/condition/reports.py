"""The one-page report of a machine: gathered here, drawn by the core."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sonde import __version__
from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.health import INDICATOR
from sonde.bearings.core.condition.machines import DETAILS, Measurement, Node, NodeKind
from sonde.bearings.core.condition.report import MachineReport, PointLine, Spark
from sonde.bearings.core.condition.zones import VELOCITY, zone_note
from sonde.bearings.persistence import machines as rows
from sonde.bearings.services import machines
from sonde.bearings.services.condition import alarms, health, log, overview, trends
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

_COLUMNS: Final = (("RMS", "RMS"), (VELOCITY, "mm/s RMS"), ("Kurtosis", "Kurtosis"))
_N_SPARKS = 3
_METHOD: Final = (
    "Figures are those of the feature registry, computed from each recording. A state rises when "
    "so many values in a row as its limits say lie above one, and falls once a value lies below "
    "it by the hysteresis. Zones: ISO 20816-3, RMS of velocity from 10 to 1000 Hz. The health "
    "indicator is the Mahalanobis distance from the baseline over the root of the number of "
    "figures; about 1 is healthy. Remaining life: Bayesian exponential growth since its onset "
    "(Gebraeel et al. 2005), beside a straight line as control. An estimate is no warranty."
)


@dataclass(frozen=True)
class ReportFile:
    """A report as a file."""

    name: str
    content: bytes


def report(actor: Actor, machine_id: str) -> ReportFile:
    """Return the report of a machine; raises NotFound, and Invalid for any other place."""
    from sonde.bearings.core.condition.report_pages import as_pdf

    machine = machines.get(actor, machine_id)
    if machine.kind is not NodeKind.MACHINE:
        raise Invalid(f"Reports are of machines; {machine.name} is a {machine.kind.value}.")
    content = as_pdf(_gathered(actor, machine))
    name = re.sub(r"[^A-Za-z0-9-]+", "-", machine.name).strip("-") or "machine"
    return ReportFile(f"{name}-{ports().clock():%Y-%m-%d}.pdf", content)


def _gathered(actor: Actor, machine: Node) -> MachineReport:
    nodes = machines.tree(actor)
    below = machines.below(nodes, machine.id)
    channels = [one for one in below if one.kind is NodeKind.CHANNEL]
    states = overview.states(actor, nodes)
    newest = rows.latest([one.id for one in channels])
    order = list(AlarmState)
    channels.sort(key=lambda one: -order.index(state) if (state := states[one.id]) else 1)
    measured = [one for one in channels if one.id in newest]
    return MachineReport(
        machine=machine.name,
        plant=machines.way(actor, machine.id)[0].name,
        state=states[machine.id],
        facts=_facts(machine),
        columns=[title for _, title in _COLUMNS],
        points=[_line(actor, one, newest.get(one.id), states[one.id]) for one in channels],
        sparks=_sparks(actor, measured, newest),
        outlook=_outlook(actor, measured[0]) if measured else ["Nothing was measured yet."],
        events=[
            (f"{one.at:%Y-%m-%d %H:%M}", one.kind, _said(one))
            for one in log.events(actor, machine.id, limit=10)
        ],
        method=_METHOD,
        made_at=ports().clock(),
        version=__version__,
        zones=_zones(actor, measured, newest),
    )


def _facts(machine: Node) -> list[tuple[str, str]]:
    titles = DETAILS[NodeKind.MACHINE]
    return [
        (titles[key], f"{value:g}" if isinstance(value, float) else str(value))
        for key, value in machine.details.items()
    ]


def _line(
    actor: Actor, node: Node, newest: Measurement | None, state: AlarmState | None
) -> PointLine:
    way = machines.way(actor, node.id)
    figures = newest.figures if newest else {}
    values = tuple(f"{figures[name]:.4g}" if name in figures else "-" for name, _ in _COLUMNS)
    zone = zone_note(way, newest).zone
    name = " / ".join(one.name for one in way[-2:])
    return PointLine(
        name, newest.taken_at if newest else None, values, zone.value if zone else "none", state
    )


def _zones(actor: Actor, measured: Sequence[Node], newest: Mapping[str, Measurement]) -> list[str]:
    if not measured:
        return []
    worst = measured[0]
    return [f"{worst.name}: {zone_note(machines.way(actor, worst.id), newest[worst.id]).sentence}"]


def _sparks(
    actor: Actor, measured: Sequence[Node], newest: Mapping[str, Measurement]
) -> list[Spark]:
    """Return the trends of the worst limited figures, then the health indicator."""
    limited = alarms.bands(actor, [one.id for one in measured])
    order = list(AlarmState)
    chosen = [
        (one.node_id, one.feature)
        for one in sorted(limited, key=lambda one: -order.index(one.state))
    ]
    chosen += [(one.id, overview.main_feature((), newest[one.id])) for one in measured]
    found = []
    for node_id, feature in list(dict.fromkeys(chosen))[:_N_SPARKS]:
        trend = trends.trend(actor, node_id, feature, points=200)
        title = f"{feature}, {trend.node.name}"
        band = trend.band.band if trend.band else None
        found.append(Spark(title, trend.unit, trend.moments, trend.values, band))
    return found + (_health_spark(actor, measured[0]) if measured else [])


def _health_spark(actor: Actor, node: Node) -> list[Spark]:
    try:
        found = health.health(actor, node.id)
    except Invalid:
        return []
    return [Spark(f"Health indicator, {node.name}", "", found.moments, found.values)]


def _outlook(actor: Actor, node: Node) -> list[str]:
    """Return sentences about the worst channel; each reason for silence is said as well."""
    told = []
    limited = [one.feature for one in alarms.bands(actor, [node.id])]
    for feature in (*limited[:3], INDICATOR):
        try:
            found = health.outlook(actor, node.id, feature)
        except Invalid as error:
            told.append(f"{feature}: {error.message}")
            continue
        told.append(f"{node.name}: {found.sentence}")
        if found.life is not None and np.isfinite(found.life.straight_line) and found.life.median:
            straight = health.hours_text(found.life.straight_line)
            told.append(f"Control: a straight line reaches the limit in {straight}.")
    return told


def _said(event: log.Event) -> str:
    by = f" ({event.by})" if event.by else ""
    return f"{event.text}{by}".strip()
