"""The charts and the diagnosis of one recording, as components."""

from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.diagnosis import Diagnosis
from sonde.bearings.core.envelope import Band
from sonde.bearings.core.signal_views import Course, EnvelopeLook, Place, SpectrumLook
from sonde.bearings.core.weighing import Verdict
from sonde.bearings.ui.signal.figures import envelope_figure, spectrum_figure, time_figure
from sonde.bearings.ui.signal.ids import SignalId
from sonde.platform.ui.components import badge, card, facts, note, split
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

VERDICTS: Final = {
    Verdict.HEALTHY: ("Healthy", Tone.GOOD, "tabler:circle-check"),
    Verdict.OUTER: ("Outer race fault", Tone.BAD, "tabler:alert-triangle"),
    Verdict.INNER: ("Inner race fault", Tone.BAD, "tabler:alert-triangle"),
    Verdict.BALL: ("Rolling element fault", Tone.BAD, "tabler:alert-triangle"),
    Verdict.CANNOT_TELL: ("Cannot tell", Tone.WARN, "tabler:info-circle"),
}


@dataclass(frozen=True)
class Shown:
    """Everything that the body shows."""

    place: Place
    course: Course
    spectrum: SpectrumLook
    envelope: EnvelopeLook
    diagnosis: Diagnosis | None
    span_s: Band | None = None


def signal_body(shown: Shown) -> list[Any]:
    """Return the charts at the left, the diagnosis and the facts at the right."""
    charts = html.Div(
        [_time_card(shown), _envelope_card(shown), _spectrum_card(shown)], className="sonde-stack"
    )
    side = html.Div([_diagnosis_card(shown), _facts_card(shown)], className="sonde-stack")
    return [split(charts, side)]


def _time_card(shown: Shown) -> Any:
    recording = shown.place.recording
    chart = graph(
        time_figure(shown.course.time_s, shown.course.values, recording.unit, shown.span_s),
        id=SignalId.TIME.value,
        name="Signal over time",
        summary=course_summary(shown.course, recording.unit),
        twin=_course_twin(shown.course),
        height=260,
    )
    return card(
        chart,
        title="Signal",
        description="Drag to zoom: every stretch is drawn anew from the samples. "
        "Double-click for all of it.",
    )


def _course_twin(course: Course) -> Twin:
    """Return what can be read off the stretch that the page began with."""
    crest = course.peak / course.rms if course.rms else 0.0
    figures = (
        ("From, s", f"{course.time_s[0]:.4f}"),
        ("To, s", f"{course.time_s[-1]:.4f}"),
        ("RMS", f"{course.rms:.4g}"),
        ("Peak", f"{course.peak:.4g}"),
        ("Crest factor", f"{crest:.2f}"),
    )
    return Twin((Column("Figure"), Column("Value", numeric=True)), figures)


def course_summary(course: Course, unit: str) -> str:
    """Return what the time chart shows, in one sentence."""
    named = "" if unit == "unknown" else f" {unit}"
    return (
        f"{count(course.n_samples)} samples in {count(len(course.values))} points; "
        f"RMS {course.rms:.3g}{named}, peak {course.peak:.3g}{named}."
    )


def _spectrum_card(shown: Shown) -> Any:
    found = shown.spectrum.spectrum
    peaks = shown.spectrum.peaks
    unit = shown.place.recording.unit
    highest = f"The highest peak stands at {peaks[0][0]:,.1f} Hz." if peaks else "It is flat."
    columns = (Column("Peak, Hz", numeric=True), Column("Amplitude", numeric=True))
    chart = graph(
        spectrum_figure(found.values, found.resolution_hz, unit),
        id=SignalId.SPECTRUM.value,
        name="Amplitude spectrum",
        summary=highest,
        twin=Twin(columns, [(f"{hz:,.2f}", f"{height:.4g}") for hz, height in peaks]),
        height=240,
    )
    return card(chart, title="Spectrum", description="Amplitude of each frequency, peaks kept.")


def _envelope_card(shown: Shown) -> Any:
    found = shown.envelope
    half = shown.place.recording.sampling_rate_hz / 2
    slider = dmc.RangeSlider(
        id=SignalId.BAND,
        min=0,
        max=round(half),
        step=max(1, round(half / 400)),
        minRange=max(10, round(half / 100)),
        value=[round(edge) for edge in found.band],
        label=None,
        labelAlwaysOn=False,
        thumbFromLabel="Lower edge of the band",
        thumbToLabel="Upper edge of the band",
    )
    chart = graph(
        envelope_figure(
            found.spectrum.values,
            found.spectrum.resolution_hz,
            [(mark.name, mark.frequency_hz) for mark in found.marks],
        ),
        id=SignalId.ENVELOPE.value,
        name="Squared envelope spectrum",
        summary=envelope_summary(found),
        twin=_mark_twin(found),
        height=320,
    )
    band = html.Div(
        [html.Span(band_text(found.band), id=SignalId.BAND_TEXT, className="sonde-dim"), slider],
        className="sonde-stack",
    )
    return card(
        [band, chart],
        title="Envelope spectrum",
        description="How the power within a band swings; dashed lines show where a fault of each "
        "part would stand.",
        actions=[
            dmc.Button("Best band", id=SignalId.BEST_BAND, variant="default", size="compact-sm")
        ],
    )


def band_text(band: Band) -> str:
    """Return a band in words.

    Examples
    --------
    >>> band_text((1500.0, 2877.4))
    'Band 1,500 to 2,877 Hz'
    """
    return f"Band {band[0]:,.0f} to {band[1]:,.0f} Hz"


def envelope_summary(found: EnvelopeLook) -> str:
    """Return what the envelope spectrum shows, in one sentence."""
    values = found.spectrum.values
    skipped = max(1, round(2.0 / found.spectrum.resolution_hz))
    if len(values) <= skipped:
        return "This band is too narrow to show anything."
    place_hz = float(values[skipped:].argmax() + skipped) * found.spectrum.resolution_hz
    return f"{band_text(found.band)}; the highest line stands at {place_hz:.1f} Hz."


def _mark_twin(found: EnvelopeLook) -> Twin:
    values, step = found.spectrum.values, found.spectrum.resolution_hz
    rows = []
    for mark in found.marks:
        centre = round(mark.frequency_hz / step)
        reach = max(1, round(0.02 * mark.frequency_hz / step))
        near = values[max(centre - reach, 0) : centre + reach + 1]
        height = f"{float(near.max()):.4f}" if len(near) else ""
        rows.append((mark.name, mark.multiple, f"{mark.frequency_hz:.1f}", height))
    columns = (
        Column("Line"),
        Column("Multiple", numeric=True),
        Column("Frequency, Hz", numeric=True),
        Column("Highest within 2 %", numeric=True),
    )
    return Twin(columns, rows)


def _diagnosis_card(shown: Shown) -> Any:
    found = shown.diagnosis
    if found is None:
        text = "The data set names no bearing. Type one above, such as 6205-2RS, to see its lines."
        return card(note(text, title="Which bearing?"), title="Diagnosis")
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
    return card(
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
                    html.Ul([html.Li(text) for text in found.assumptions]),
                ]
            ),
        ],
        title="Diagnosis",
        description="From physics alone: no model was trained for this.",
    )


def _facts_card(shown: Shown) -> Any:
    recording = shown.place.recording
    fault = " ".join(part for part in (recording.fault_size, recording.fault_position) if part)
    pairs = [
        ("Class", recording.label),
        ("Physical bearing", recording.bearing),
        ("Fault", fault or "none stated"),
        ("Speed", f"{recording.speed_rpm:,.0f} rpm"),
        ("Load", recording.load or "not stated"),
        ("Sampling rate", f"{recording.sampling_rate_hz:,.0f} Hz"),
        ("Length", f"{recording.duration_s:.2f} s"),
        ("Unit", recording.unit),
        ("File", recording.title),
    ]
    notes = [html.Ul([html.Li(text) for text in recording.notes])] if recording.notes else []
    return card([facts(pairs), *notes], title="Recording")
