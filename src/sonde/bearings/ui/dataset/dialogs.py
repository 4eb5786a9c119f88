"""The dialogs of one data set: rename, delete, store a part, export."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.datasets import NAME_LENGTH, Dataset
from sonde.bearings.core.export.formats import EXPORT_FORMATS, Export
from sonde.bearings.ui.dataset.ids import DatasetId
from sonde.bearings.ui.naming import size_text
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count, moment


def rename_modal(dataset: Dataset, n_versions: int) -> Any:
    """Return the dialog that renames all versions."""
    all_of_them = f"All {n_versions} versions get the new name." if n_versions > 1 else None
    return dmc.Modal(
        [
            dmc.TextInput(
                id=DatasetId.RENAME_NAME,
                label="Name",
                value=dataset.name,
                description=all_of_them,
                inputProps={"maxLength": NAME_LENGTH},
            ),
            _end(dmc.Button("Rename", id=DatasetId.RENAME)),
        ],
        id=DatasetId.RENAME_MODAL,
        title="Rename the data set",
        centered=True,
    )


def delete_modal(dataset: Dataset, n_experiments: int) -> Any:
    """Return the dialog that puts the data set into the trash."""
    trained = (
        f" {n_experiments} experiments were trained on it; they keep their results."
        if n_experiments
        else ""
    )
    return dmc.Modal(
        [
            html.P(
                f"{dataset.name} with its {count(dataset.n_recordings)} recordings goes to the "
                f"trash. It can be restored from there for 30 days.{trained}"
            ),
            _end(dmc.Button("Delete", id=DatasetId.DELETE, color=Tone.BAD.value)),
        ],
        id=DatasetId.DELETE_MODAL,
        title="Delete the data set?",
        centered=True,
    )


def subset_modal(dataset: Dataset, *, opened: bool) -> Any:
    """Return the dialog that stores what the list shows as a new data set."""
    return dmc.Modal(
        [
            html.P("", id=DatasetId.SUBSET_WHAT, className="sonde-dim"),
            html.P(
                "Close this dialog to narrow the list first: by class, severity, bearing, session, "
                "load, words, or the figures in its columns.",
                className="sonde-dim",
            ),
            dmc.TextInput(
                id=DatasetId.SUBSET_NAME,
                label="Name of the new data set",
                value=f"Part of {dataset.name}"[:NAME_LENGTH],
                inputProps={"maxLength": NAME_LENGTH},
                mt="sm",
            ),
            dmc.Checkbox(
                id=DatasetId.SUBSET_VERSION,
                label="If that name is taken, store it as its new version",
                checked=False,
                size="sm",
                mt="sm",
            ),
            html.Div(id=DatasetId.SUBSET_JOB, className="sonde-gap"),
            _end(dmc.Button("Store", id=DatasetId.SUBSET)),
        ],
        id=DatasetId.SUBSET_MODAL,
        title="Store as a new data set",
        centered=True,
        opened=opened,
        size="lg",
    )


def export_modal(files: Sequence[Export], *, opened: bool) -> Any:
    """Return the dialog that writes files for other programs."""
    choices = [
        dmc.Radio(
            label=f"{each.title} ({each.extension})",
            description=each.description,
            value=each.slug,
            size="sm",
            mb=8,
        )
        for each in EXPORT_FORMATS.values()
    ]
    return dmc.Modal(
        [
            html.P("", id=DatasetId.EXPORT_WHAT, className="sonde-dim"),
            dmc.RadioGroup(
                html.Div(choices),
                id=DatasetId.EXPORT_FORMAT,
                label="Format",
                value="hdf5",
                mt="sm",
            ),
            html.Div(id=DatasetId.EXPORT_JOB, className="sonde-gap"),
            html.Div(files_list(files), id=DatasetId.EXPORTS),
            _end(dmc.Button("Export", id=DatasetId.EXPORT)),
        ],
        id=DatasetId.EXPORT_MODAL,
        title="Export",
        centered=True,
        opened=opened,
        size="lg",
    )


def files_list(files: Sequence[Export]) -> Any:
    """Return the files that can be downloaded."""
    if not files:
        return None
    rows = [
        html.Li(
            [
                html.A(
                    [icon("tabler:download", 15), one.file_name],
                    href=f"/api/v1/datasets/exports/{one.id}/file",
                    download=one.file_name,
                    className="sonde-file",
                ),
                html.Span(
                    f"{size_text(one.size_bytes)}, until {moment(one.expires_at)}",
                    className="sonde-dim sonde-small",
                ),
            ]
        )
        for one in files
    ]
    return html.Div(
        [
            html.H3("Your files", className="sonde-detail-head"),
            html.Ul(rows, className="sonde-plain-list"),
        ]
    )


def _end(button: Any) -> Any:
    return html.Div(button, className="sonde-row sonde-end sonde-gap")
