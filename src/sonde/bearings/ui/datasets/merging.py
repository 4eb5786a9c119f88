"""The dialog that merges data sets: what will be merged, and what equal names mean."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.datasets import NAME_LENGTH, Dataset
from sonde.bearings.core.merging import BearingNames, Merged
from sonde.bearings.ui.datasets.ids import DatasetsId
from sonde.platform.ui.components import note
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_NAMED: Final = 8
_CHOICES: Final = (
    (BearingNames.SAME, "the same bearing: all its recordings stay on one side of a split"),
    (BearingNames.APART, "different bearings: the data set's name is put before"),
)


def merge_modal() -> Any:
    """Return the dialog, empty until data sets are chosen."""
    return dmc.Modal(
        html.Div(id=DatasetsId.MERGE_BODY),
        id=DatasetsId.MERGE_MODAL,
        title="Merge data sets",
        size="lg",
        centered=True,
    )


def merge_form(datasets: Sequence[Dataset], merged: Merged) -> list[Any]:
    """Return what will be merged, and the questions."""
    rows = [
        html.Li(f"{one.name}: {count(one.n_recordings)} signals of {one.n_bearings} bearings")
        for one in datasets
    ]
    together = f"{count(len(merged.recordings))} signals together."
    if merged.n_copies:
        together += f" {count(merged.n_copies)} are in more than one and are stored once."
    return [
        html.Ul(rows, className="sonde-list"),
        html.P(together, className="sonde-dim"),
        *_bearings(merged.shared_bearings),
        dmc.TextInput(
            id=DatasetsId.MERGE_NAME,
            label="Name of the new data set",
            value=" + ".join(one.name for one in datasets)[:NAME_LENGTH],
            inputProps={"maxLength": NAME_LENGTH},
            mt="sm",
        ),
        dmc.Checkbox(
            id=DatasetsId.MERGE_VERSION,
            label="If that name is taken, store it as its new version",
            checked=False,
            size="sm",
            mt="sm",
        ),
        html.Div(id=DatasetsId.MERGE_JOB),
        html.Div(dmc.Button("Merge", id=DatasetsId.MERGE), className="sonde-row sonde-end"),
    ]


def _bearings(shared: Sequence[str]) -> list[Any]:
    choice = dmc.RadioGroup(
        html.Div([dmc.Radio(text, value=value.value, size="sm", mb=6) for value, text in _CHOICES]),
        id=DatasetsId.MERGE_BEARINGS,
        label="One name in two data sets means",
        value=BearingNames.SAME.value,
        mt="sm",
        style={} if shared else {"display": "none"},
    )
    if not shared:
        return [choice]
    some = ", ".join(shared[:_NAMED]) + (" and more" if len(shared) > _NAMED else "")
    text = (
        f"{len(shared)} names of bearings stand in more than one of them: {some}. If they are "
        "not the same physical bearings, keep them apart; if they are, a split must keep them "
        "together, or its score is too good."
    )
    return [note(text, Tone.WARN, title="Equal names of bearings"), choice]
