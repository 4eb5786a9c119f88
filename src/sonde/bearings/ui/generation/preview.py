"""The right side of the page: one signal, what will be made, and the button that makes it."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.generations import Estimate
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.preview import Preview
from sonde.bearings.ui.generation.fields import class_options
from sonde.bearings.ui.generation.figures import spectrum_figure, time_figure
from sonde.bearings.ui.generation.ids import MakeId
from sonde.platform.ui.components import card
from sonde.platform.ui.figures import graph
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count, duration

CHART_HEIGHT = 152
WHOLE, DETAIL = "whole", "detail"


def preview_card(config: GenerationConfig) -> Any:
    """Return the charts of one signal."""
    controls = html.Div(
        [
            dmc.Select(
                id=MakeId.CLASS,
                data=class_options(config.classes),
                value=_first(config),
                allowDeselect=False,
                size="xs",
                style={"flex": "1 1 150px"},
                **{"aria-label": "Class of the signal shown"},
            ),
            dmc.SegmentedControl(
                id=MakeId.DETAIL,
                data=[
                    {"value": WHOLE, "label": "Whole"},
                    {"value": DETAIL, "label": "Ten turns, six orders"},
                ],
                value=WHOLE,
                size="xs",
                **{"aria-label": "How much of the signal"},
            ),
            dmc.Button(
                "Another",
                id=MakeId.ANOTHER,
                size="compact-sm",
                variant="default",
                leftSection=icon("tabler:refresh", 14),
                **{"aria-label": "Show another signal of this class"},
            ),
        ],
        className="sonde-row",
    )
    charts = [
        graph(
            time_figure(None),
            id=MakeId.TIME,
            name="Course in time of one signal",
            summary="",
            height=CHART_HEIGHT,
        ),
        graph(
            spectrum_figure(None),
            id=MakeId.SPECTRUM,
            name="Spectrum of one signal",
            summary="",
            height=CHART_HEIGHT,
        ),
    ]
    facts = html.Div(id=MakeId.FACTS, className="sonde-dim sonde-small", **{"aria-live": "polite"})
    return card(html.Div([controls, *charts, facts], className="sonde-stack is-close"))


def _first(config: GenerationConfig) -> str:
    """Return a class worth looking at: the first fault."""
    return config.classes[min(1, len(config.classes) - 1)]


def making_card(name: str) -> Any:
    """Return what will be made, and the button that makes it."""
    start = dmc.Button(
        "Generate", id=MakeId.START, leftSection=icon("tabler:player-play", 16), disabled=True
    )
    field = dmc.TextInput(
        id=MakeId.NAME,
        label="Name of the data set",
        value=name,
        inputProps={"maxLength": 120},
        style={"flex": "1"},
    )
    version = dmc.Checkbox(
        id=MakeId.VERSION,
        label="If that name is taken, store this as its new version",
        checked=False,
        size="xs",
        mt="sm",
    )
    return card(
        [
            html.Div(id=MakeId.SUMMARY, className="sonde-figures"),
            html.Div(id=MakeId.PROBLEM, className="sonde-field-error", role="alert"),
            html.Div([field, start], className="sonde-beside"),
            version,
        ]
    )


def summary(config: GenerationConfig, found: Estimate) -> list[Any]:
    """Return how much will be made, and how long it takes."""
    each = f"{len(config.classes)} classes x {count(found.n_signals // len(config.classes))}"
    return [
        _figure(count(found.n_signals), "signals", each),
        _figure(count(config.n_samples), "samples each", f"{config.duration_s:g} s"),
        _figure(size_text(found.n_bytes), "on disk", _channels(config)),
        _figure(f"about {duration(max(found.seconds, 1.0))}", "to make", "on two cores"),
    ]


def size_text(n_bytes: int) -> str:
    """Say a size in steps of a thousand.

    Examples
    --------
    >>> size_text(585_728_000), size_text(96_000), size_text(2_000_000_000)
    ('586 MB', '96 kB', '2.0 GB')
    """
    if n_bytes >= 1e9:
        return f"{n_bytes / 1e9:.1f} GB"
    if n_bytes >= 1e6:
        return f"{n_bytes / 1e6:.0f} MB"
    return f"{n_bytes / 1e3:.0f} kB"


def _channels(config: GenerationConfig) -> str:
    number = len(config.channels)
    return "1 channel" if number == 1 else f"{number} channels"


def _figure(value: str, name: str, hint: str) -> Any:
    return html.Div(
        [
            html.Span(value, className="sonde-figure-value"),
            html.Span(name, className="sonde-figure-name"),
            html.Span(hint, className="sonde-dim sonde-small"),
        ]
    )


def signal_facts(preview: Preview, number: int, of: int) -> str:
    """Say what was drawn for the signal shown."""
    signal = preview.signal
    words = [f"Signal {number + 1} of {count(of)}"]
    if signal.severity and signal.severity != "nominal":
        words.append(signal.severity)
    words += [f"{signal.speed_rpm:,.0f} rpm", f"load {signal.load:.0%}".replace("%", " %")]
    temperature = signal.conditions.get("temperature_c")
    if isinstance(temperature, float):
        words.append(f"{temperature:.0f} °C")
    return " · ".join(words)


def time_summary(preview: Preview) -> str:
    """Say in one sentence what the course shows."""
    first = preview.channels[0]
    unit = preview.signal.unit
    after = "" if unit in {"", "unknown"} else f" {unit}"
    title = class_title(preview.signal.label)
    return (
        f"{title}, channel {first.name}: between {first.values.min():.3g} and "
        f"{first.values.max():.3g}{after} over {float(first.time_s[-1]):.3g} s."
    )


def spectrum_summary(preview: Preview) -> str:
    """Say in one sentence where the spectrum is highest."""
    place_hz = preview.channels[0].highest_hz
    order = place_hz / (preview.signal.speed_rpm / 60)
    return f"Highest at {place_hz:.4g} Hz, {order:.2f} times the shaft speed."
