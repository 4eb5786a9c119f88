"""The page that shows what was understood, to be corrected before it is stored."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.understanding.corrections import EDITABLE
from sonde.bearings.core.understanding.staged import StagedImport
from sonde.bearings.core.understanding.understood import Understood
from sonde.bearings.ui.importing.ids import ReviewId
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import PageView, badge, card, note, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.ids import ShellType
from sonde.platform.ui.jobs.card import job_card
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.theme import Tone

_NOUNS: Final = {
    "sampling_rate_hz": "sampling rate",
    "speed_rpm": "speed",
    "label": "class",
    "bearing": "physical bearing",
    "unit": "unit",
    "severity": "severity",
    "session": "session",
    "tacho_channel": "tacho channel",
    "taken_at": "time of measuring",
    "fault_size": "fault size",
    "fault_position": "fault position",
    "load": "load",
}
_KINDS: Final = {
    "clipped": "clipped",
    "dropouts": "with dropouts",
    "dc offset": "with an offset",
    "wrong rate": "with a doubtful rate",
    "duplicate": "stored before",
}
_URGENCY: Final = ("lacks", "refused", "left out", "ready")
_TEXT: Final = {"editable": {"function": "!params.data.refused"}}
_NUMBER: Final = {
    **_TEXT,
    "cellEditor": "agNumberCellEditor",
    "cellEditorParams": {"min": 0},
}
COLUMNS: Final = (
    Column("File", "file", searchable=True, options={"pinned": "left", "minWidth": 180}),
    Column("Verdict", "verdict", width=110, options={"cellRenderer": "SondeVerdict"}),
    Column("Remarks", "why", sortable=False, options={"minWidth": 240, "tooltipField": "why"}),
    Column("Class", "label", width=110, options=_TEXT),
    Column("Physical bearing", "bearing", width=140, options=_TEXT),
    Column("Rate, Hz", "sampling_rate_hz", numeric=True, width=100, options=_NUMBER),
    Column("Speed, rpm", "speed_rpm", numeric=True, width=110, options=_NUMBER),
    Column("Leave out", "left_out", width=105, options={"editable": True}),
    Column("Unit", "unit", width=100, options=_TEXT),
    Column("Severity", "severity", width=105, options=_TEXT),
    Column("Fault size", "fault_size", width=105, options=_TEXT),
    Column("Position", "fault_position", width=95, options=_TEXT),
    Column("Load", "load", width=90, options=_TEXT),
    Column("Session", "session", width=120, options=_TEXT),
    Column("Measured at", "taken_at", width=210, options=_TEXT),
    Column("Tacho", "tacho_channel", width=100, options=_TEXT),
    Column("Channels", "channels", width=110, sortable=False),
    Column("Length, s", "length_s", numeric=True, width=100),
    Column("Format", "format", width=85),
)


def review_view(staged: StagedImport, job: Job) -> PageView:
    """Return the page of an import, whether it is still being read or not."""
    machinery = [
        dcc.Store(id=ReviewId.IMPORT, data=staged.id),
        dcc.Store(id=ReviewId.SHOWN, data=staged.state),
        dcc.Interval(id=ReviewId.TICK, interval=1_000, disabled=staged.state != "reading"),
    ]
    body = html.Div(review_body(staged, job), id=ReviewId.BODY, className="sonde-body")
    return PageView(
        staged.name,
        [*machinery, body],
        description="What was understood of each file. Click a cell to correct it.",
        marks=[badge("not stored yet", Tone.WARN)] if staged.state != "stored" else (),
        crumb=staged.name,
    )


def review_body(staged: StagedImport, job: Job) -> list[Any]:
    """Return what stands on the page in the import's present state."""
    if staged.state == "reading":
        watched = html.Div(job_card(job, "page"), id={"type": ShellType.JOB, "job": job.id})
        return [card(watched, title="Reading the files"), _leave()]
    if staged.state == "stored":
        link = dmc.Anchor("Open the data set", href=f"/datasets/{staged.dataset_id}")
        return [note(link, Tone.GOOD, title="This import is stored")]
    table = grid(
        COLUMNS,
        id=ReviewId.GRID,
        name="What was understood of each file",
        rows=sorted(review_rows(staged.rows), key=lambda row: _URGENCY.index(row["verdict"])),
        height=min(620, 130 + 44 * max(len(staged.rows), 1)),
        options={"singleClickEdit": True, "stopEditingWhenCellsLoseFocus": True},
    )
    head = html.Div(
        [html.Div(summary(staged.rows), id=ReviewId.SUMMARY), _fill()],
        className="sonde-row sonde-between sonde-toolbar",
    )
    return [card([head, table], className="sonde-card is-flush"), _leave(store=True)]


def _fill() -> Any:
    fields = [{"value": name, "label": _NOUNS[name]} for name in EDITABLE]
    return html.Div(
        [
            dmc.Select(
                id=ReviewId.FIELD,
                data=fields,
                value="speed_rpm",
                allowDeselect=False,
                size="xs",
                w=150,
                **{"aria-label": "What to fill in"},
            ),
            dmc.TextInput(
                id=ReviewId.VALUE,
                placeholder="value",
                size="xs",
                w=130,
                **{"aria-label": "Value for all without one"},
            ),
            dmc.Button(
                "Fill in where missing",
                id=ReviewId.FILL,
                size="compact-sm",
                variant="default",
                leftSection=icon("tabler:pencil", 14),
            ),
        ],
        className="sonde-row",
    )


def _leave(*, store: bool = False) -> Any:
    buttons = [
        dmc.Button(
            "Discard",
            id=ReviewId.DISCARD,
            variant="default",
            leftSection=icon("tabler:trash", 16),
        )
    ]
    if store:
        buttons.append(
            dmc.Button(
                "Store the data set",
                id=ReviewId.STORE,
                leftSection=icon("tabler:database-plus", 16),
            )
        )
    return html.Div(buttons, className="sonde-row sonde-end")


def summary(rows: Sequence[Understood]) -> Any:
    """Say how many rows go in and how many do not."""
    ready = sum(row.goes_in for row in rows)
    lacking = sum(bool(row.missing) and not row.left_out for row in rows)
    refused = sum(bool(row.refused) for row in rows)
    bearings = len({row.bearing for row in rows if row.goes_in})
    parts = [badge(f"{ready} ready", Tone.GOOD), badge(_bearings(bearings), Tone.NEUTRAL)]
    if lacking:
        parts.append(badge(f"{lacking} lack something", Tone.WARN))
    if refused:
        parts.append(badge(f"{refused} refused", Tone.BAD))
    parts += [badge(f"{number} {kind}", Tone.WARN) for kind, number in found_kinds(rows)]
    return stack([html.Div(parts, className="sonde-row")])


def found_kinds(rows: Sequence[Understood]) -> list[tuple[str, int]]:
    """Return what the validation found, in a word or two, with the number of recordings."""
    texts = [" ".join(row.quality).lower() for row in rows if not row.refused]
    counted = [(noun, sum(mark in text for text in texts)) for mark, noun in _KINDS.items()]
    return [(noun, number) for noun, number in counted if number]


def _bearings(number: int) -> str:
    return "1 bearing" if number == 1 else f"{number} bearings"


def review_rows(rows: Sequence[Understood]) -> list[dict[str, Any]]:
    """Return every row of the grid; each is named by its number."""
    return [review_row(number, row) for number, row in enumerate(rows)]


def review_row(number: int, row: Understood) -> dict[str, Any]:
    """Return what was understood as a row of the grid."""
    rate = row.sampling_rate_hz
    return {
        "id": str(number),
        "file": f"{row.file} {row.record}".strip(),
        "verdict": verdict(row),
        "why": why(row),
        "refused": bool(row.refused),
        "channels": ", ".join(row.channels),
        "length_s": round(row.n_samples / rate, 2) if rate else None,
        "format": row.format,
        "left_out": row.left_out,
        **{name: getattr(row, name) for name in EDITABLE},
    }


def verdict(row: Understood) -> str:
    """Say in a word what will become of a row."""
    if row.refused:
        return "refused"
    if row.left_out:
        return "left out"
    return "lacks" if row.missing else "ready"


def why(row: Understood) -> str:
    """Say what is wrong with a row, what the validation found, and what was assumed."""
    if row.refused:
        return row.refused
    lacks = ", ".join(_NOUNS[name] for name in row.missing)
    return " ".join([f"Lacks {lacks}." if lacks else "", *row.quality, *row.notes]).strip()
