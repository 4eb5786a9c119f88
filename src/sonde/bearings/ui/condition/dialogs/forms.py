"""The dialogs: a place of the tree, and the ways to feed a channel."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.condition.machines import DETAILS, Node, NodeKind
from sonde.bearings.core.units import UNITS
from sonde.bearings.services.condition.folders import WatchedFolder
from sonde.bearings.ui.condition.ids import ConditionId, ConditionType
from sonde.bearings.ui.condition.tree import NAMES
from sonde.platform.ui.components import note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago

_CHOICES: Final = {
    "machine_group": [
        {"value": "1", "label": "Group 1: above 300 kW"},
        {"value": "2", "label": "Group 2: 15 to 300 kW"},
    ],
    "support": [
        {"value": "rigid", "label": "Rigid"},
        {"value": "flexible", "label": "Flexible"},
    ],
    "unit": [{"value": name, "label": name} for name in UNITS],
}


def modals() -> list[Any]:
    """Return the dialogs, empty until something is asked for."""
    return [
        dmc.Modal(
            html.Div(id=ConditionId.PLACE_BODY),
            id=ConditionId.PLACE_MODAL,
            title="Place",
            centered=True,
        ),
        dmc.Modal(
            html.Div(id=ConditionId.FEED_BODY),
            id=ConditionId.FEED_MODAL,
            title="Feed this channel",
            size="lg",
        ),
        dcc.Store(id=ConditionId.PLACE_WISH),
    ]


def place_form(kind: NodeKind, node: Node | None) -> list[Any]:
    """Return the form of a place that is added or changed."""
    details = dict(node.details) if node else {}
    name = dmc.TextInput(
        id={"type": ConditionType.FIELD, "name": "name"},
        label="Name",
        value=node.name if node else "",
        required=True,
        inputProps={"maxLength": 120, "data-autofocus": True},
    )
    fields = [_field(key, title, details.get(key)) for key, title in DETAILS[kind].items()]
    return [html.Div([name, *fields, *_foot("Save")], className="sonde-stack")]


def removal(node: Node, n_below: int, n_measured: int) -> list[Any]:
    """Return the question before a place is removed."""
    what = f"{NAMES[node.kind]} {node.name!r}"
    below = f" with {n_below} places below it" if n_below else ""
    text = f"Remove the {what}{below} and {n_measured:,} measurements? This cannot be undone."
    return [html.Div([note(text, Tone.WARN), *_foot("Remove")], className="sonde-stack")]


def feed_form(
    datasets: Sequence[tuple[str, str]],
    example: str,
    folders: Sequence[WatchedFolder] | None,
) -> Any:
    """Return the ways in: data set, file, folder (None where the person may not), REST."""
    tabs = [("dataset", "Data set"), ("file", "One file"), ("folder", "Folder"), ("rest", "REST")]
    panels = {
        "dataset": _from_dataset(datasets),
        "file": _from_file(),
        "folder": folder_form(folders),
        "rest": _over_rest(example),
    }
    return dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(title, value=value) for value, title in tabs]),
            *(
                dmc.TabsPanel(
                    html.Div(panels[value], className="sonde-stack"), value=value, pt="md"
                )
                for value, _ in tabs
            ),
        ],
        value="dataset",
        keepMounted=True,
    )


def folder_form(folders: Sequence[WatchedFolder] | None) -> list[Any]:
    """Return the folders that are watched and the form for another."""
    if folders is None:
        text = "Watching a folder reads the server's disk: an administrator can set it up."
        return [note(text, Tone.INFO), *_unseen_folder()]
    return [
        html.P(
            "Every new file in this folder of the server becomes a measurement once it has stopped "
            "growing, each file once. The moment is read from its name, else it is the time of "
            "writing. Links are not followed.",
            className="sonde-dim",
        ),
        html.Div(folder_list(folders), id=ConditionId.FOLDER_LIST),
        *_folder_fields(),
    ]


def folder_list(folders: Sequence[WatchedFolder]) -> list[Any]:
    """Return the watched folders of a channel, each with the way to stop."""
    return [
        html.Div(
            [
                html.Div([html.Code(one.path), html.Div(_looked(one), className="sonde-dim")]),
                dmc.Button(
                    "Stop",
                    id={"type": ConditionType.UNWATCH, "folder": one.id},
                    size="compact-xs",
                    variant="default",
                ),
            ],
            className="sonde-row sonde-between",
        )
        for one in folders
    ]


def _looked(one: WatchedFolder) -> str:
    when = ago(one.looked_at) if one.looked_at else "not looked at yet"
    refused = f", {one.n_refused} could not be read (see the event log)" if one.n_refused else ""
    return f"{one.n_taken} taken{refused}; {one.said or 'waiting'}, {when}"


def _folder_fields() -> list[Any]:
    return [
        dmc.TextInput(
            id=ConditionId.FOLDER_PATH, label="Folder on the server", placeholder="/data/pump-3"
        ),
        _number(ConditionId.FOLDER_RATE, "Sampling rate, Hz, where files do not say it"),
        html.Div(id=ConditionId.FOLDER_SAID, **{"aria-live": "polite"}),
        html.Div(dmc.Button("Watch", id=ConditionId.FOLDER_ADD), className="sonde-row sonde-end"),
    ]


def _unseen_folder() -> list[Any]:
    return [html.Div([html.Div(id=ConditionId.FOLDER_LIST), *_folder_fields()], hidden=True)]


def _from_dataset(datasets: Sequence[tuple[str, str]]) -> list[Any]:
    return [
        html.P(
            "Each recording becomes a measurement, once. Recordings that know when they were taken "
            "keep their moment; the others follow one another from the first moment on.",
            className="sonde-dim",
        ),
        dmc.Select(
            id=ConditionId.FEED_DATASET,
            label="Data set",
            data=[{"value": key, "label": name} for key, name in datasets],
            searchable=True,
            placeholder="Choose one" if datasets else "There are no data sets yet",
        ),
        html.Div(
            [
                dmc.TextInput(
                    id=ConditionId.FEED_START,
                    label="First moment (UTC)",
                    placeholder="2026-01-31 14:05; empty: the last one now",
                ),
                _number(ConditionId.FEED_EVERY, "Hours between two", 1.0),
                dmc.TextInput(id=ConditionId.FEED_SESSION, label="Only session"),
                dmc.TextInput(id=ConditionId.FEED_BEARING, label="Only bearing"),
            ],
            className="sonde-form-pairs",
        ),
        html.Div(id=ConditionId.FEED_REFUSED, **{"aria-live": "polite"}),
        html.Div(id=ConditionId.FEED_JOB),
        html.Div(dmc.Button("Feed", id=ConditionId.FEED_RUN), className="sonde-row sonde-end"),
    ]


def _from_file() -> list[Any]:
    drop = dcc.Upload(
        html.Div(
            [
                icon("tabler:upload", 20),
                html.Div("Drop a recording here, or choose one", id=ConditionId.UPLOAD_NAME),
            ],
            className="sonde-drop",
        ),
        id=ConditionId.UPLOAD_FILE,
        multiple=False,
    )
    fields = [
        dmc.TextInput(
            id=ConditionId.UPLOAD_AT, label="Taken at (UTC)", placeholder="as its name says, or now"
        ),
        _number(ConditionId.UPLOAD_RATE, "Sampling rate, Hz", placeholder="As the file says"),
        _number(ConditionId.UPLOAD_SPEED, "Speed, rpm", placeholder="As file or machine say"),
    ]
    return [
        drop,
        html.Div(fields, className="sonde-form-pairs"),
        html.Div(id=ConditionId.UPLOAD_SAID, **{"aria-live": "polite"}),
        html.Div(
            dmc.Button("Measure", id=ConditionId.UPLOAD_RUN, disabled=True),
            className="sonde-row sonde-end",
        ),
    ]


def _over_rest(example: str) -> list[Any]:
    return [
        html.P(
            "Send a recording from a script or a data logger. The answer holds all figures and the "
            "states that follow; under the same Idempotency-Key a repeated request counts once.",
            className="sonde-dim",
        ),
        html.Pre(html.Code(example), className="sonde-scroll-x", tabIndex=0),
    ]


def _field(key: str, title: str, value: Any) -> Any:
    identifier = {"type": ConditionType.FIELD, "name": key}
    if key in _CHOICES:
        return dmc.Select(
            id=identifier,
            label=title,
            data=_CHOICES[key],
            value=value,
            clearable=True,
            placeholder="Not declared",
        )
    text = f"{value:g}" if isinstance(value, float) else (value or "")
    return dmc.TextInput(id=identifier, label=title, value=text)


def _foot(text: str) -> list[Any]:
    colour = {"color": "red"} if text == "Remove" else {}
    return [
        html.Div(id=ConditionId.PLACE_REFUSED, **{"aria-live": "polite"}),
        html.Div(
            dmc.Button(text, id=ConditionId.PLACE_SAVE, **colour), className="sonde-row sonde-end"
        ),
    ]


def _number(id: str, label: str, value: float | None = None, placeholder: str = "") -> Any:
    return dmc.NumberInput(
        id=id, label=label, value=value, min=0, hideControls=True, placeholder=placeholder
    )
