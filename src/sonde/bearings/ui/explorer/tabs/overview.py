"""Overview: the classes in figures, and how many there are of each."""

import math
from typing import Any

from dash import html

from sonde.bearings.core.exploring.overview import ClassRow, ExplorerOverview
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.services.explorer import looking
from sonde.bearings.ui.class_figures import class_figure, lying_height, severity_figure
from sonde.bearings.ui.explorer.ids import chart_id
from sonde.bearings.ui.explorer.settings import Said
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, no_settings
from sonde.platform.core.actor import Actor
from sonde.platform.ui.components import card, columns
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.wording import count

_TITLES = (
    "Signals",
    "Bearings",
    "Mean amplitude",
    "RMS",
    "Kurtosis",
    "Dominant, Hz",
    "Speed, rpm",
)


def draw(actor: Actor, state: ExplorerState, _said: Said, offer: Offer) -> Drawn:
    """Return the table of classes and two charts of them."""
    found = looking.overview(actor, state.dataset_id, state.wanted)
    return Drawn(
        [_table(found, offer), columns([_classes(found), _severities(found)], minimum=380)]
    )


def _table(found: ExplorerOverview, offer: Offer) -> Any:
    heads = (Column("Class"), *(Column(title, numeric=True) for title in _TITLES))
    unit = f" in {offer.unit}" if offer.unit and offer.unit != "unknown" else ""
    return card(
        plain_table(heads, [_row(one) for one in found.classes]),
        title="Classes",
        description=f"Mean amplitude and RMS{unit} are means over the signals of a class, kurtosis "
        "and dominant frequency medians.",
    )


def _row(one: ClassRow) -> tuple[Any, ...]:
    return (
        class_title(one.label),
        count(one.n),
        count(one.n_bearings),
        _text(one.mean_amplitude),
        _text(one.rms),
        _text(one.kurtosis),
        _text(one.dominant_hz),
        html.Span(_speed(one), className="sonde-nowrap"),
    )


def _speed(one: ClassRow) -> str:
    if math.isnan(one.speed_low_rpm):
        return "not measured"
    low, high = f"{one.speed_low_rpm:,.0f}", f"{one.speed_high_rpm:,.0f}"
    return low if low == high else f"{low} to {high}"


def _text(value: float) -> str:
    return "not measured" if math.isnan(value) else f"{value:,.4g}"


def _classes(found: ExplorerOverview) -> Any:
    counts = [(one.label, one.n) for one in found.classes]
    largest = max(counts, key=lambda pair: pair[1])
    chart = graph(
        class_figure(counts),
        id=chart_id("classes"),
        name="Signals of each class",
        summary=f"{len(counts)} classes; {class_title(largest[0])} has most signals, "
        f"{count(largest[1])}. Click a bar to keep that class only.",
        twin=Twin(
            (Column("Class"), Column("Signals", numeric=True)),
            [(class_title(label), count(number)) for label, number in counts],
        ),
        height=lying_height(len(counts)),
    )
    return card(chart, title="Signals of each class")


def _severities(found: ExplorerOverview) -> Any:
    stated = sum(number for _, severity, number in found.severities if severity)
    chart = graph(
        severity_figure([one.label for one in found.classes], found.severities),
        id=chart_id("severities"),
        name="Severities of each class",
        summary=f"The severity of {count(stated)} of {count(found.n)} signals is stated. Click a "
        "piece to keep that severity only.",
        twin=Twin(
            (Column("Class"), Column("Severity"), Column("Signals", numeric=True)),
            [
                (class_title(label), severity or "not stated", count(number))
                for label, severity, number in found.severities
            ],
        ),
        height=lying_height(len(found.classes)) + 24,
    )
    return card(chart, title="Severities")


TAB = Tab("overview", "Overview", no_settings, draw)
