"""The page of one data set as components."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.ui.dataset.figures import class_figure
from sonde.bearings.ui.dataset.ids import DatasetId
from sonde.bearings.ui.datasets.layout import size_text
from sonde.platform.ui.components import PageView, badge, button_link, card, facts, note, split
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, grid, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count, duration, moment

FEW_BEARINGS: Final = 8
SIGNAL_COLUMNS: Final = (
    Column(
        "Recording",
        "title",
        searchable=True,
        options={"cellRenderer": "SondeLink", "minWidth": 210},
    ),
    Column("Class", "label", width=110, searchable=True),
    Column("Physical bearing", "bearing", width=160, searchable=True),
    Column("Fault size", "fault_size", width=105),
    Column("Position", "fault_position", width=95),
    Column("Load", "load", width=90),
    Column("Speed, rpm", "speed_rpm", numeric=True, width=110),
    Column("Rate, Hz", "sampling_rate_hz", numeric=True, width=105),
    Column("Length, s", "length_s", numeric=True, width=100),
    Column("Channels", "channels", width=120, sortable=False),
    Column("Unit", "unit", width=95),
    Column("Assumed", "notes", sortable=False, options={"minWidth": 200, "tooltipField": "notes"}),
)


def dataset_view(
    dataset: Dataset, recordings: Sequence[StoredRecording], *, may_change: bool, may_train: bool
) -> PageView:
    """Return the page of one data set."""
    body = [
        dcc.Store(id=DatasetId.DATASET, data=dataset.id),
        split(
            [_classes(recordings), _bearings(recordings)],
            [card(facts(_facts(dataset, recordings)), title="Facts"), *_warnings(recordings)],
        ),
        _signals(recordings),
        *(_modals(dataset) if may_change else ()),
    ]
    return PageView(
        dataset.name,
        body,
        description=f"{count(dataset.n_recordings)} recordings of {dataset.n_bearings} physical "
        f"bearings, stored by {dataset.owner_name}.",
        marks=[badge("sealed", Tone.GOOD, icon_name="tabler:lock", hint=_SEALED)],
        actions=[*(_change_buttons() if may_change else ()), *_train(dataset, may_train)],
        crumb=dataset.name,
    )


_SEALED: Final = "Its content can never change; its hash stands among the facts."


def _train(dataset: Dataset, may_train: bool) -> list[Any]:
    if not may_train:
        return []
    href = f"/experiment/new?dataset={dataset.id}"
    return [button_link("Train on this", href, icon_name="tabler:player-play", variant="filled")]


def _change_buttons() -> list[Any]:
    return [
        dmc.Button(
            "Rename",
            id=DatasetId.RENAME_OPEN,
            variant="default",
            leftSection=icon("tabler:pencil", 16),
        ),
        dmc.Button(
            "Delete",
            id=DatasetId.DELETE_OPEN,
            variant="default",
            leftSection=icon("tabler:trash", 16),
        ),
    ]


def class_counts(recordings: Sequence[StoredRecording]) -> list[tuple[str, int]]:
    """Return labels and how many recordings each has, healthy first, then by name."""
    counted = Counter(recording.label for recording in recordings)
    return sorted(counted.items(), key=lambda pair: (pair[0] != "healthy", pair[0]))


def _classes(recordings: Sequence[StoredRecording]) -> Any:
    classes = class_counts(recordings)
    most = max(classes, key=lambda pair: pair[1])
    columns = (Column("Class"), Column("Recordings", numeric=True))
    chart = graph(
        class_figure(classes),
        id=DatasetId.CLASSES,
        name="Recordings in each class",
        summary=f"{len(classes)} classes; {most[0]} has the most recordings ({most[1]}).",
        twin=Twin(columns, classes),
        height=240,
    )
    return card(chart, title="Classes")


def bearing_rows(recordings: Sequence[StoredRecording]) -> list[tuple[str, str, str, int, str]]:
    """Return each physical bearing: name, class, fault, number of recordings, speeds."""
    rows = []
    for bearing in sorted({recording.bearing for recording in recordings}):
        own = [recording for recording in recordings if recording.bearing == bearing]
        first = own[0]
        fault = " ".join(part for part in (first.fault_size, first.fault_position) if part)
        speeds = sorted(recording.speed_rpm for recording in own)
        span = (
            f"{speeds[0]:,.0f}"
            if speeds[0] == speeds[-1]
            else f"{speeds[0]:,.0f} to {speeds[-1]:,.0f}"
        )
        rows.append((bearing, first.label, fault or "none", len(own), span))
    return rows


def _bearings(recordings: Sequence[StoredRecording]) -> Any:
    columns = (
        Column("Physical bearing"),
        Column("Class"),
        Column("Fault"),
        Column("Recordings", numeric=True),
        Column("Speed, rpm", numeric=True),
    )
    return card(
        html.Div(
            plain_table(columns, bearing_rows(recordings)),
            style={"maxHeight": "400px", "overflowY": "auto"},
            tabIndex=0,
        ),
        title="Physical bearings",
        description="What an honest split keeps on one side.",
    )


def _facts(dataset: Dataset, recordings: Sequence[StoredRecording]) -> list[tuple[str, Any]]:
    rates = sorted({recording.sampling_rate_hz for recording in recordings})
    units = sorted({recording.unit for recording in recordings})
    seconds = sum(recording.duration_s for recording in recordings)
    return [
        ("Recordings", count(dataset.n_recordings)),
        ("Physical bearings", count(dataset.n_bearings)),
        ("Bearing type", dataset.designation or "not stated"),
        ("Sampling rate", ", ".join(f"{rate:,.0f} Hz" for rate in rates)),
        ("Unit", ", ".join(units)),
        ("Measured time", duration(seconds)),
        ("Size", size_text(dataset.size_bytes)),
        ("Origin", {"import": "imported", "sample": "simulated sample"}.get(dataset.origin, "")),
        ("Stored", moment(dataset.created_at)),
        ("Content", html.Code(dataset.content_hash[:16], title=dataset.content_hash)),
    ]


def _warnings(recordings: Sequence[StoredRecording]) -> list[Any]:
    found = []
    bearings = {recording.bearing for recording in recordings}
    if len(bearings) < FEW_BEARINGS:
        found.append(
            note(
                f"With {len(bearings)} physical bearings every score has a wide interval.",
                Tone.WARN,
                title="Few bearings",
            )
        )
    if len({recording.sampling_rate_hz for recording in recordings}) > 1:
        found.append(
            note(
                "A model is trained on recordings of one rate; the most frequent one is taken.",
                title="Several sampling rates",
            )
        )
    if all(recording.unit == "unknown" for recording in recordings):
        found.append(
            note(
                "Nobody declared it, so no limits in physical units are shown.",
                title="Unit unknown",
            )
        )
    return found


def _signals(recordings: Sequence[StoredRecording]) -> Any:
    table = grid(
        SIGNAL_COLUMNS,
        id=DatasetId.SIGNALS,
        name="Recordings",
        rows=[signal_row(recording) for recording in recordings],
        height=min(560, 90 + 44 * len(recordings)),
    )
    return card(table, title="Recordings", className="sonde-card is-flush")


def signal_row(recording: StoredRecording) -> dict[str, Any]:
    """Return a recording as a row of the grid."""
    return {
        "id": recording.id,
        "href": f"/signal-viewer/{recording.id}",
        "title": recording.title,
        "label": recording.label,
        "bearing": recording.bearing,
        "fault_size": recording.fault_size,
        "fault_position": recording.fault_position,
        "load": recording.load,
        "speed_rpm": recording.speed_rpm,
        "sampling_rate_hz": recording.sampling_rate_hz,
        "length_s": round(recording.duration_s, 2),
        "channels": ", ".join(recording.channels),
        "unit": recording.unit,
        "notes": " ".join(recording.notes),
    }


def _modals(dataset: Dataset) -> list[Any]:
    rename = dmc.Modal(
        [
            dmc.TextInput(
                id=DatasetId.RENAME_NAME,
                label="Name",
                value=dataset.name,
                inputProps={"maxLength": 120},
            ),
            html.Div(dmc.Button("Rename", id=DatasetId.RENAME), className="sonde-row sonde-end"),
        ],
        id=DatasetId.RENAME_MODAL,
        title="Rename the data set",
        centered=True,
    )
    delete = dmc.Modal(
        [
            html.P(
                f"{dataset.name} with its {count(dataset.n_recordings)} recordings will be gone. "
                "Experiments that were trained on it keep their results."
            ),
            html.Div(
                dmc.Button("Delete for good", id=DatasetId.DELETE, color=Tone.BAD.value),
                className="sonde-row sonde-end",
            ),
        ],
        id=DatasetId.DELETE_MODAL,
        title="Delete the data set?",
        centered=True,
    )
    return [rename, delete]
