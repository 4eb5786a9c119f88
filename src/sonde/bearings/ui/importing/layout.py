"""The page that chooses files."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.ui.importing.ids import ImportId
from sonde.platform.ui.components import PageView, card, columns, note, split, stack
from sonde.platform.ui.icons import icon

MAX_FILE_BYTES = 128 << 20
ACCEPTED = ".mat,.npy,.csv,.tsv,.txt,.wav,.h5,.hdf5"


def import_view(bearings: Sequence[str], *, may_read_folders: bool) -> PageView:
    """Return the form; only administrators may read folders of the server."""
    form = card(
        stack(
            [
                _names(bearings),
                _source(may_read_folders=may_read_folders),
                _defaults(),
                html.Div(
                    dmc.Button(
                        "Read the files",
                        id=ImportId.READ,
                        leftSection=icon("tabler:file-search", 16),
                    ),
                    className="sonde-row sonde-end",
                ),
            ]
        )
    )
    return PageView(
        "Import recordings",
        split(form, _help()),
        description="First the files are read aside. Then you see what was understood of each one, "
        "and correct it. Nothing is stored before you say so.",
    )


def _names(bearings: Sequence[str]) -> Any:
    return columns(
        [
            dmc.TextInput(
                id=ImportId.NAME,
                label="Name of the data set",
                placeholder="Pump 7, spring campaign",
                required=True,
                inputProps={"maxLength": 120},
            ),
            dmc.Autocomplete(
                id=ImportId.BEARING,
                label="Bearing type",
                placeholder="6205-2RS or n=8,d=5.97,D=31.62,angle=0",
                data=list(bearings),
                limit=8,
            ),
        ]
    )


def _source(*, may_read_folders: bool) -> Any:
    choices = [{"value": "upload", "label": "Upload files"}]
    if may_read_folders:
        choices.append({"value": "folder", "label": "Folder on the server"})
    chooser = dmc.SegmentedControl(id=ImportId.SOURCE, data=choices, value="upload", size="xs")
    upload = html.Div(
        [
            dcc.Upload(
                html.Div(
                    [
                        icon("tabler:upload", 22),
                        html.Div("Drop recordings here, or choose files"),
                        html.Div(
                            "A labels.csv among them says what each file is",
                            className="sonde-dim",
                        ),
                    ],
                    className="sonde-quiet",
                ),
                id=ImportId.UPLOAD,
                multiple=True,
                max_size=MAX_FILE_BYTES,
                accept=ACCEPTED,
                className="sonde-drop",
            ),
            html.Div(id=ImportId.CHOSEN, className="sonde-dim", role="status"),
        ],
        id=ImportId.UPLOAD_PART,
    )
    folder = html.Div(
        dmc.TextInput(
            id=ImportId.FOLDER,
            label="Folder",
            placeholder="/data/recordings",
            description="Read with all its folders; a labels.csv in it says what each file is.",
        ),
        id=ImportId.FOLDER_PART,
        hidden=True,
    )
    return stack([chooser, upload, folder])


def _defaults() -> Any:
    fields = columns(
        [
            dmc.NumberInput(id=ImportId.RATE, label="Sampling rate, Hz", min=1, hideControls=True),
            dmc.NumberInput(id=ImportId.SPEED, label="Speed, rpm", min=1, hideControls=True),
            dmc.TextInput(id=ImportId.LABEL, label="Class", placeholder="healthy"),
            dmc.TextInput(id=ImportId.CHANNELS, label="Only channels", placeholder="DE, FE"),
        ],
        minimum=150,
    )
    return html.Details(
        [html.Summary("For files that do not say it themselves"), fields], className="sonde-twin"
    )


def _help() -> list[Any]:
    return [
        card(
            html.Ul(
                [
                    html.Li(".mat of versions 4 to 7.3, .h5, .npy, .wav"),
                    html.Li(".csv, .tsv, .txt with any common delimiter and decimal mark"),
                    html.Li("labels.csv with a column file and any of label, bearing, fs, rpm"),
                ],
                className="sonde-dim",
            ),
            title="What is read",
        ),
        note(
            "The physical bearing decides what may be trained and what may be tested on. Where "
            "nobody says it, all recordings of one class count as one bearing.",
            title="Say which bearing it was",
        ),
    ]
