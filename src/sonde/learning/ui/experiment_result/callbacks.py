"""What the result page does: it waits for the training, and asks the model."""

import base64
import tempfile
from pathlib import Path
from typing import Any

from dash import ALL, Input, Output, State, no_update

from sonde.learning.services import experiments, predictions, rerunning
from sonde.learning.ui.experiment_result.ids import ResultId, ResultType
from sonde.learning.ui.experiment_result.layout import result_body
from sonde.learning.ui.experiment_result.origin import again_words
from sonde.learning.ui.experiment_result.showing import looked_at, panel
from sonde.learning.ui.experiment_result.state import state_of
from sonde.learning.ui.prediction import prediction_panel
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SondeError
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.components import note
from sonde.platform.ui.errors import toast_error
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.theme import Tone


@server_callback(
    Output(ResultId.BODY, "children"),
    Input(ShellId.JOBS_CHANGED, "data"),
    State(ResultId.WHICH, "data"),
    State(ResultId.STATE, "data"),
    State(ResultId.FINISHED, "data", allow_optional=True),
    prevent_initial_call=True,
)
def refresh_result(
    actor: Actor, _changed: Any, experiment_id: str, stored: dict[str, Any], finished: bool | None
) -> Any:
    """Show the result once the training is finished, and answers that were waited for."""
    state = state_of(stored)
    if finished and state.tab != "probabilities":
        return no_update
    return result_body(*looked_at(actor, experiment_id, state))


@server_callback(
    Output(ResultId.PANEL, "children"),
    Input(ResultId.STATE, "data"),
    State(ResultId.WHICH, "data"),
    prevent_initial_call=True,
)
def show_panel(actor: Actor, stored: dict[str, Any], experiment_id: str) -> Any:
    """Show what the tab asks for."""
    return panel(actor, experiments.get(actor, experiment_id), state_of(stored))


def _refused(error: Exception) -> Any:
    if isinstance(error, SondeError):
        return note(error.message, Tone.WARN, title="This recording cannot be judged")
    toast_error(error)
    return no_update


@server_callback(
    Output(ResultId.PREDICTION, "children"),
    Input(ResultId.ASK, "n_clicks"),
    State(ResultId.UPLOAD, "contents"),
    State(ResultId.UPLOAD, "filename"),
    State(ResultId.WHICH, "data"),
    State({"type": ResultType.ANSWER, "name": ALL}, "value"),
    State({"type": ResultType.ANSWER, "name": ALL}, "id"),
    prevent_initial_call=True,
    running=[(Output(ResultId.ASK, "loading"), True, False)],
    failed=_refused,
)
def predict(actor: Actor, clicks: int | None, contents: str, name: str, *more: Any) -> Any:
    """Show what the model says about an uploaded recording."""
    if not clicks or not contents:
        return no_update
    which, answers, questions = more
    given = {one["name"]: answer for one, answer in zip(questions, answers, strict=True)}
    opened = predictions.open_model(actor, which)
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        path = Path(folder) / f"recording{Path(name).suffix.lower()[:8]}"
        path.write_bytes(base64.b64decode(contents.partition(",")[2]))
        return prediction_panel(predictions.ask(opened, path, name, given))


@server_callback(
    Output(ResultId.AGAIN_MADE, "children"),
    Input(ResultId.AGAIN, "n_clicks"),
    State(ResultId.WHICH, "data"),
    prevent_initial_call=True,
    running=[(Output(ResultId.AGAIN, "loading"), True, False)],
)
def train_again(actor: Actor, clicks: int | None, experiment_id: str) -> Any:
    """Queue the very same training once more, and say what may make it differ."""
    if not clicks:
        return no_update
    made = rerunning.rerun(actor, experiment_id)
    return again_words(made.experiment.id, made.told)


IN_BROWSER = (
    browser_callback(
        "learningResult.remember",
        Output(ResultId.STATE, "data"),
        Input(ResultId.TAB, "value"),
        State(ResultId.STATE, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "learningResult.chosen",
        Output(ResultId.FILE, "children"),
        Output(ResultId.ASK, "disabled"),
        Input(ResultId.UPLOAD, "filename"),
        prevent_initial_call=True,
    ),
)
