"""What is known of a data set as cards: facts, figures, findings, versions, lineage."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.dataset_statistics import DatasetStatistics, Part, Span
from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.naming import ORIGINS, size_text
from sonde.platform.ui.components import badge, card, facts, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago, count, duration, moment

FEW_BEARINGS: Final = 8
_MANY: Final = 200


def span_text(span: Span, digits: int = 4) -> str:
    """Write a span in few figures.

    Examples
    --------
    >>> span_text(Span(0.1234567, 2.0)), span_text(Span(3.0, 3.0)), span_text(Span())
    ('0.1235 to 2', '3', 'unknown')
    """
    if span.low is None or span.high is None:
        return "unknown"
    low, high = f"{span.low:.{digits}g}", f"{span.high:.{digits}g}"
    return low if low == high else f"{low} to {high}"


def facts_card(dataset: Dataset, statistics: DatasetStatistics, same: Sequence[Dataset]) -> Any:
    """Return the facts, among them what else holds the same."""
    whole = statistics.whole
    rows: list[tuple[str, Any]] = [
        ("Recordings", count(dataset.n_recordings)),
        ("Physical bearings", count(dataset.n_bearings)),
        ("Bearing type", dataset.designation or "not stated"),
        ("Sampling rate", ", ".join(f"{rate:,.0f} Hz" for rate, _ in statistics.rates_hz[:4])),
        ("Speed", f"{span_text(whole.speed_rpm)} rpm"),
        ("Unit", ", ".join(unit for unit, _ in statistics.units)),
        ("Measured time", duration(whole.duration_s)),
        ("Size", size_text(dataset.size_bytes)),
        ("Origin", ORIGINS.get(dataset.origin, dataset.origin)),
        ("Stored", f"{moment(dataset.created_at)} by {dataset.owner_name}"),
        ("Content", html.Code(dataset.content_hash[:16], title=dataset.content_hash)),
    ]
    if same:
        links = [dmc.Anchor(one.name, href=f"/datasets/{one.id}", size="sm") for one in same]
        rows.append(("Same content", html.Span(links, className="sonde-row")))
    return card(facts(rows), title="Facts")


def class_table(statistics: DatasetStatistics) -> Any:
    """Return the figures of each class."""
    columns = (
        Column("Class"),
        *(
            Column(title, numeric=True)
            for title in ("Signals", "Bearings", "Time", "Speed, rpm", "RMS", "Kurtosis")
        ),
    )
    rows = [_class_row(part) for part in statistics.classes]
    return card(
        plain_table(columns, rows),
        title="Figures of each class",
        description="Smallest to largest value; RMS in the unit of the signals.",
    )


def _class_row(part: Part) -> tuple[Any, ...]:
    return (
        class_title(part.name),
        count(part.n_recordings),
        count(part.n_bearings),
        duration(part.duration_s),
        *(
            html.Span(text, className="sonde-nowrap")
            for text in (
                span_text(part.speed_rpm),
                span_text(part.rms, 3),
                span_text(part.kurtosis, 3),
            )
        ),
    )


def bearing_rows(statistics: DatasetStatistics) -> list[tuple[Any, ...]]:
    """Return each physical bearing: name, class, fault, number of recordings, speeds."""
    return [
        (
            one.name,
            class_title(one.label),
            one.fault or "none",
            one.n_recordings,
            span_text(one.speed_rpm),
        )
        for one in statistics.bearings[:_MANY]
    ]


def bearings_card(statistics: DatasetStatistics) -> Any:
    """Return what an honest split keeps on one side."""
    columns = (
        Column("Physical bearing"),
        Column("Class"),
        Column("Fault"),
        Column("Recordings", numeric=True),
        Column("Speed, rpm", numeric=True),
    )
    more = len(statistics.bearings) - _MANY
    rest = [html.P(f"and {count(more)} more", className="sonde-dim")] if more > 0 else []
    table = html.Div(
        [plain_table(columns, bearing_rows(statistics)), *rest],
        style={"maxHeight": "360px", "overflowY": "auto"},
        tabIndex=0,
        role="region",
        **{"aria-label": "Physical bearings"},
    )
    return card(
        table,
        title="Physical bearings",
        description="What an honest split keeps on one side.",
    )


def quality_card(statistics: DatasetStatistics) -> Any:
    """Return what the validation found."""
    if not statistics.findings:
        words = html.Div(
            [icon("tabler:circle-check", 16), "Nothing was found."], className="sonde-row sonde-dim"
        )
        return card(words, title="Quality")
    rows = [
        html.Li([html.Strong(count(number)), f" × {text}"]) for text, number in statistics.findings
    ]
    return card(
        html.Ul(rows, className="sonde-list"),
        title="Quality",
        description="Found by the validation; the list below can be narrowed to these.",
    )


def versions_card(dataset: Dataset, versions: Sequence[Dataset]) -> Any:
    """Return all versions, this one marked."""
    rows = []
    for one in versions:
        here = one.id == dataset.id
        name = f"Version {one.version}"
        text = (
            html.Strong(name) if here else dmc.Anchor(name, href=f"/datasets/{one.id}", size="sm")
        )
        said = f"{count(one.n_recordings)} signals, {ago(one.created_at)}"
        mark = [badge("this one", Tone.INFO)] if here else []
        rows.append(html.Li([text, html.Span(said, className="sonde-dim"), *mark]))
    return card(
        html.Ul(rows, className="sonde-plain-list"),
        title="Versions",
        description="Storing other content under this name makes the next one.",
    )


def warnings(statistics: DatasetStatistics) -> list[Any]:
    """Return what a person should know before training on it."""
    found = []
    n_bearings = statistics.whole.n_bearings
    if n_bearings < FEW_BEARINGS:
        found.append(
            note(
                f"With {n_bearings} physical bearings every score has a wide interval.",
                Tone.WARN,
                title="Few bearings",
            )
        )
    if len(statistics.rates_hz) > 1:
        found.append(
            note(
                "A model is trained on recordings of one rate; the most frequent one is taken.",
                title="Several sampling rates",
            )
        )
    if [unit for unit, _ in statistics.units] == ["unknown"]:
        found.append(
            note(
                "Nobody declared it, so no limits in physical units are shown.",
                title="Unit unknown",
            )
        )
    return found
