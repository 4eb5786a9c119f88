"""What is known beside the chart: diagnosis, features, facts, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.diagnosis import Diagnosis
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.signal_views import Measure, Place
from sonde.bearings.core.weighing import Verdict
from sonde.bearings.ui.signal.exporting import export_panel
from sonde.bearings.ui.signal.figures import written
from sonde.bearings.ui.signal.ids import SignalId
from sonde.bearings.ui.signal.zone import ZoneFound, zone_section
from sonde.platform.ui.components import badge, facts, note
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

VERDICTS: Final = {
    Verdict.HEALTHY: ("Healthy", Tone.GOOD, "tabler:circle-check"),
    Verdict.OUTER: ("Outer race fault", Tone.BAD, "tabler:alert-triangle"),
    Verdict.INNER: ("Inner race fault", Tone.BAD, "tabler:alert-triangle"),
    Verdict.BALL: ("Rolling element fault", Tone.BAD, "tabler:alert-triangle"),
    Verdict.CANNOT_TELL: ("Cannot tell", Tone.WARN, "tabler:info-circle"),
}
_SAID_ALREADY: Final = frozenset({"speed_hz", "speed_rpm", "load", "class_id"})
_UNITS: Final = {"c": "°C", "hz": "Hz", "rpm": "rpm", "um": "µm", "mm": "mm", "kw": "kW", "s": "s"}
_OPEN: Final = ("diagnosis", "recording")


@dataclass(frozen=True)
class Known:
    """What is known of the channel that is looked at.

    Parameters
    ----------
    place : Place
    diagnosis : Diagnosis, optional
        None where the bearing is unknown.
    features : mapping of str to tuple of Measure
        By domain.
    models : tuple of (str, str)
        Experiment id and words of every model that can be asked.
    zone : ZoneFound
    refused : str
        Why the bearing that was typed is not assumed; empty where it is.
    """

    place: Place
    diagnosis: Diagnosis | None
    features: Mapping[str, tuple[Measure, ...]]
    models: tuple[tuple[str, str], ...]
    zone: ZoneFound
    refused: str = ""


def side(known: Known) -> list[Any]:
    """Return what is known, in sections that open and close."""
    sections = [
        _section("diagnosis", "Diagnosis", _diagnosis(known.diagnosis)),
        _section("recording", "Recording", _facts(known.place)),
        _section("zone", "Severity zone", zone_section(known.zone)),
        _section("features", "Features", _features(known.features)),
        _section("predict", "Predict", _predict(known.models)),
        _section("export", "Listen and export", export_panel(known.place)),
    ]
    refused = [note(known.refused, Tone.WARN, title="Unknown bearing")] if known.refused else []
    return [
        *refused,
        dmc.Accordion(
            sections, multiple=True, value=list(_OPEN), className="sonde-look-known", order=2
        ),
    ]


def _section(key: str, title: str, content: Any) -> Any:
    return dmc.AccordionItem([dmc.AccordionControl(title), dmc.AccordionPanel(content)], value=key)


def _diagnosis(found: Diagnosis | None) -> Any:
    if found is None:
        text = "Nobody named the bearing. Type one above, such as 6205-2RS, to see its lines."
        return note(text, title="Which bearing?")
    words, tone, icon_name = VERDICTS[found.verdict]
    rows = [
        (each.line, f"{each.expected_hz:.1f}", f"{each.found_hz:.1f}", f"{each.strength:.1f}")
        for each in found.evidence
    ]
    columns = (
        Column("Line"),
        Column("Expected, Hz", numeric=True),
        Column("Found, Hz", numeric=True),
        Column("Strength", numeric=True),
    )
    strength = f"{found.strength:.1f} times its background"
    return html.Div(
        [
            html.Div(
                [badge(words, tone, icon_name=icon_name), html.Span(strength)],
                className="sonde-row",
            ),
            html.P(found.summary),
            plain_table(columns, rows),
            html.Details(
                [
                    html.Summary("What was taken as given"),
                    html.Ul([html.Li(text) for text in found.assumptions], className="sonde-list"),
                ],
                className="sonde-twin",
            ),
            html.P("From physics alone: no model was trained for this.", className="sonde-dim"),
        ],
        className="sonde-stack",
    )


def _features(groups: Mapping[str, Sequence[Measure]]) -> Any:
    return html.Div(
        [
            html.Details(
                [
                    html.Summary(f"{domain.capitalize()} ({len(members)})"),
                    plain_table(
                        (Column("Feature"), Column("Value", numeric=True)),
                        [(_named(one), _value(one)) for one in members],
                    ),
                ],
                className="sonde-twin",
                open=domain == "time",
            )
            for domain, members in groups.items()
        ]
    )


def _named(one: Measure) -> Any:
    return html.Span(one.title, title=one.formula)


def _value(one: Measure) -> Any:
    if one.lacks:
        return html.Span("–", title=f"Cannot be had: {one.lacks}.")
    return f"{one.value:,.4g} {one.unit}".strip()


def _facts(place: Place) -> Any:
    recording = place.recording
    fault = " ".join(part for part in (recording.fault_size, recording.fault_position) if part)
    pairs = [
        ("Class", class_title(recording.label)),
        ("Severity", recording.severity),
        ("Physical bearing", recording.bearing),
        ("Fault", fault),
        ("Speed", f"{recording.speed_rpm:,.0f} rpm"),
        ("Load", recording.load),
        ("Sampling rate", f"{recording.sampling_rate_hz:,.0f} Hz"),
        ("Length", f"{recording.duration_s:.2f} s, {recording.n_samples:,} samples"),
        ("Unit", written(recording.unit)),
        ("Session", recording.session),
        ("Tacho", recording.tacho_channel),
        *_conditions(recording.conditions),
        ("File", recording.title),
        ("Id", html.Span(recording.id, className="sonde-mono")),
    ]
    content: list[Any] = [facts([(name, value) for name, value in pairs if value])]
    if recording.quality:
        content.append(
            note(html.Ul([html.Li(text) for text in recording.quality]), Tone.WARN, title="Quality")
        )
    if recording.notes:
        content.append(html.Ul([html.Li(text) for text in recording.notes], className="sonde-list"))
    return html.Div(content, className="sonde-stack")


def _conditions(conditions: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what else is known of the machine's state, as far as it is plain."""
    return [
        (_condition_words(name), f"{value:.4g}" if isinstance(value, float) else str(value))
        for name, value in conditions.items()
        if isinstance(value, str | int | float)
        and not isinstance(value, bool)
        and name not in _SAID_ALREADY
    ]


def _condition_words(name: str) -> str:
    """Write a key in the words of people.

    Examples
    --------
    >>> _condition_words("temperature_c"), _condition_words("oil_viscosity")
    ('Temperature, °C', 'Oil viscosity')
    """
    words, _, last = name.rpartition("_")
    if words and last in _UNITS:
        return f"{words.replace('_', ' ').capitalize()}, {_UNITS[last]}"
    return name.replace("_", " ").capitalize()


def _predict(models: Sequence[tuple[str, str]]) -> Any:
    if not models:
        return note(
            "No model is finished yet. Train one on a data set, and ask it here.",
            title="Nobody to ask",
        )
    return html.Div(
        [
            dmc.Select(
                id=SignalId.MODEL,
                label="Model",
                data=[{"value": key, "label": words} for key, words in models],
                value=models[0][0],
                allowDeselect=False,
                searchable=True,
                size="xs",
            ),
            dmc.Button("Predict", id=SignalId.PREDICT, size="xs"),
            dcc.Loading(
                html.Div(id=SignalId.PREDICTION, **{"aria-live": "polite"}),
                custom_spinner=dmc.Loader(size="sm"),
            ),
        ],
        className="sonde-stack",
    )
