"""The page that chooses files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.understanding.staged import StagedImport
from sonde.bearings.ui.importing.fields import (
    AUTOMATIC,
    REMARKS,
    mapping_fields,
    preset_field,
    shaping_fields,
)
from sonde.bearings.ui.importing.ids import ImportId
from sonde.bearings.ui.importing.recent import quota_card, recent_card
from sonde.platform.core.jobs import Job
from sonde.platform.core.quota import Quota
from sonde.platform.ui.components import PageView, card, columns, note, split, stack
from sonde.platform.ui.icons import icon

MAX_FILE_BYTES = 128 << 20


@dataclass(frozen=True)
class ImportForm:
    """What the form shows.

    Parameters
    ----------
    bearings : tuple of str
        Designations to choose from.
    may_read_folders : bool
        Only administrators may read folders of the server.
    preset : str
        The layout that is chosen at first.
    recent : tuple of StagedImport
    jobs : mapping of str to Job
        The jobs of the recent imports that are not read yet, by their ids.
    used, allowed : Quota
    """

    bearings: tuple[str, ...]
    may_read_folders: bool = False
    preset: str = AUTOMATIC
    recent: tuple[StagedImport, ...] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    used: Quota = Quota(0, 0)  # noqa: RUF009  (frozen)
    allowed: Quota = Quota()  # noqa: RUF009  (frozen)


def import_view(form: ImportForm) -> PageView:
    """Return the page that chooses files."""
    return PageView(
        "Import recordings",
        import_form(form),
        description="First the files are read aside. Then you see what was understood of each one, "
        "and correct it. Nothing is stored before you say so.",
    )


def import_form(form: ImportForm) -> list[Any]:
    """Return the form, the room that is left, and the latest imports."""
    chooser = card(
        stack(
            [
                _names(form.bearings),
                _source(may_read_folders=form.may_read_folders),
                preset_field(form.preset),
                mapping_fields(),
                shaping_fields(),
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
    remarks = dcc.Store(id=ImportId.REMARKS, data=dict(REMARKS))
    side = [quota_card(form.used, form.allowed), *_help()]
    return [remarks, split(chooser, side), recent_card(form.recent, form.jobs)]


def _names(bearings: Sequence[str]) -> Any:
    version = dmc.Checkbox(
        id=ImportId.VERSION,
        label="If that name is taken, store this as its new version",
        checked=False,
        size="sm",
    )
    fields = columns(
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
    return stack([fields, version])


def _source(*, may_read_folders: bool) -> Any:
    choices = [{"value": "upload", "label": "Upload files"}]
    if may_read_folders:
        choices.append({"value": "folder", "label": "Folder on the server"})
    chooser = html.Div(
        dmc.SegmentedControl(id=ImportId.SOURCE, data=choices, value="upload", size="xs"),
        hidden=not may_read_folders,
    )
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


def _help() -> list[Any]:
    return [
        card(
            html.Ul(
                [
                    html.Li(".mat of versions 4 to 7.3 with nested structs, .h5, .npy, .npz, .wav"),
                    html.Li(".csv, .tsv, .txt with any common delimiter and decimal mark"),
                    html.Li(".parquet, .tdms, and universal files .uff, .unv (data set 58)"),
                    html.Li(
                        "labels.csv with a column file and any of label, bearing, severity, fs, "
                        "rpm, unit, load, session, tacho, taken_at"
                    ),
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
