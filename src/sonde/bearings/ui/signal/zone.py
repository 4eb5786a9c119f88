"""The zone of ISO 20816-3, or the reason why there is none."""

from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.iso20816 import MachineGroup, Support, Zone, ZoneReading
from sonde.bearings.ui.signal.ids import SignalId
from sonde.platform.ui.components import badge, note
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

_TONES: Final = {
    Zone.A: Tone.GOOD,
    Zone.B: Tone.GOOD,
    Zone.C: Tone.WARN,
    Zone.D: Tone.BAD,
}


@dataclass(frozen=True)
class ZoneFound:
    """What is declared about the machine, and what follows from it.

    Parameters
    ----------
    group, support : str
        As the address says; empty where nobody declared them.
    reading : ZoneReading, optional
    refused : str
        Why there is no reading.
    """

    group: str = ""
    support: str = ""
    reading: ZoneReading | None = None
    refused: str = ""


def zone_section(found: ZoneFound) -> Any:
    """Return what has to be declared, and the zone."""
    groups = [{"value": one.value, "label": one.scope} for one in MachineGroup]
    supports = [{"value": one.value, "label": one.value.capitalize()} for one in Support]
    return html.Div(
        [
            _choice(SignalId.GROUP, "Machine group", groups, found.group),
            _choice(SignalId.SUPPORT, "Support", supports, found.support),
            html.Div(zone_answer(found), id=SignalId.ZONE, **{"aria-live": "polite"}),
        ],
        className="sonde-stack",
    )


def zone_answer(found: ZoneFound) -> Any:
    """Return the zone with its figures, or the reason why there is none."""
    reading = found.reading
    if reading is None:
        return note(found.refused, title="No zone")
    limits = reading.boundaries
    rows = [
        (
            "Velocity, mm/s",
            f"{reading.velocity_mm_s:.3g}",
            reading.velocity_zone.value,
            _limits(limits.velocity_mm_s),
        ),
        (
            "Displacement, µm",
            f"{reading.displacement_um:.3g}",
            reading.displacement_zone.value,
            _limits(limits.displacement_um),
        ),
    ]
    columns = (
        Column("RMS"),
        Column("Value", numeric=True),
        Column("Zone"),
        Column("Limits", numeric=True),
    )
    mark = badge(f"Zone {reading.zone.value}", _TONES[reading.zone])
    return html.Div(
        [
            html.Div([mark, html.Span(reading.zone.meaning)], className="sonde-row"),
            plain_table(columns, rows),
            html.P(
                "Limits: where zones A, B and C end. "
                f"ISO 20816-3, {reading.band_hz[0]:g} to {reading.band_hz[1]:g} Hz. For "
                "vibration of a bearing housing; the worse of the two decides.",
                className="sonde-dim",
            ),
        ],
        className="sonde-stack",
    )


def _limits(values: tuple[float, float, float]) -> str:
    return "\u00a0|\u00a0".join(f"{value:g}" for value in values)


def _choice(identifier: SignalId, label: str, data: list[dict[str, str]], value: str) -> Any:
    return dmc.Select(
        id=identifier,
        label=label,
        data=data,
        value=value or None,
        placeholder="Not declared",
        clearable=True,
        size="xs",
    )
