"""The form that asks a model about a recording."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.sources import UploadQuestion
from sonde.learning.ui.experiment_result.ids import ResultId, ResultType
from sonde.learning.ui.prediction import MAX_UPLOAD_BYTES
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon


def predict_panel(asks: Sequence[UploadQuestion]) -> Any:
    """Return the form that takes a recording, and the place of the answer."""
    drop = dcc.Upload(
        html.Div(
            [
                icon("tabler:upload", 22),
                html.Div("Drop a recording here, or choose a file", id=ResultId.FILE),
            ],
            className="sonde-drop",
        ),
        id=ResultId.UPLOAD,
        max_size=MAX_UPLOAD_BYTES,
        multiple=False,
    )
    fields = html.Div([_question(one) for one in asks], className="sonde-form")
    ask = dmc.Button(
        "Ask the model", id=ResultId.ASK, disabled=True, leftSection=icon("tabler:send", 16)
    )
    answer = dcc.Loading(
        html.Div(id=ResultId.PREDICTION, **{"aria-live": "polite"}),
        custom_spinner=html.Div(
            [dmc.Loader(size="sm"), "Reading the recording"], className="sonde-quiet"
        ),
    )
    return card(
        [html.Div([fields, drop, html.Div(ask), answer], className="sonde-stack")],
        title="Ask the model about a recording",
        description=".mat, .npy, .csv, .wav or .h5. The file is read in a closed-off process and "
        "not kept.",
    )


def _question(one: UploadQuestion) -> Any:
    identifier = {"type": ResultType.ANSWER, "name": one.name}
    if not one.unit:
        return dmc.TextInput(id=identifier, label=one.title, placeholder="As the file says")
    return dmc.NumberInput(
        id=identifier,
        label=f"{one.title} ({one.unit})",
        placeholder="As the file says",
        min=0,
        hideControls=True,
    )
