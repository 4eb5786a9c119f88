"""What the registry's pages do."""

import base64
import tempfile
from pathlib import Path
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.learning.core.served import Way
from sonde.learning.services import inference, model_batches, promotion, registry
from sonde.learning.ui.prediction import prediction_panel
from sonde.learning.ui.registry.acting import act_on
from sonde.learning.ui.registry.asking import batches_list
from sonde.learning.ui.registry.ids import RegistryId, RegistryType
from sonde.learning.ui.registry.promotion import promotion_body
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import SondeError
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.components import card, note
from sonde.platform.ui.errors import toast_error
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.shell.showing import show_again
from sonde.platform.ui.theme import Tone

_GIVEN = (
    State({"type": RegistryType.GIVEN, "name": ALL}, "value"),
    State({"type": RegistryType.GIVEN, "name": ALL}, "id"),
)


@server_callback(
    Output(RegistryId.PROMOTION, "opened"),
    Output(RegistryId.PROMOTION_BODY, "children"),
    Input({"type": RegistryType.JUDGE, "ref": ALL}, "n_clicks"),
    State(RegistryId.WHICH, "data"),
    prevent_initial_call=True,
)
def judge(actor: Actor, clicks: list[int | None], name: str) -> Any:
    """Show what the rule says about a version."""
    if not any(clicks):
        return no_update, no_update
    told = promotion.judge(actor, name, ctx.triggered_id["ref"])
    return True, promotion_body(told, is_admin=actor.role is Role.ADMIN)


@server_callback(
    Output(RegistryId.DONE, "children"),
    Input({"type": RegistryType.ACT, "action": ALL, "ref": ALL}, "n_clicks"),
    State(RegistryId.WHICH, "data"),
    State(RegistryId.REASON, "value", allow_optional=True),
    State(RegistryId.ALIAS, "value", allow_optional=True),
    State(RegistryId.ALIAS_VERSION, "value", allow_optional=True),
    State(RegistryId.DESCRIPTION, "value", allow_optional=True),
    State(RegistryId.TAB, "value"),
    prevent_initial_call=True,
)
def act(actor: Actor, _clicks: Any, name: str, *written: Any) -> Any:
    """Do what a button says, and show the model as it is now."""
    if not any(one["value"] for one in ctx.triggered):
        return no_update
    *values, tab = written
    words = ("reason", "alias", "version", "description")
    fields = {word: value or "" for word, value in zip(words, values, strict=True)}
    act_on(actor, name, ctx.triggered_id["action"], ctx.triggered_id["ref"], fields)
    show_again(actor, f"/models/{name}", f"?tab={tab}")
    return no_update


def _refused(error: Exception) -> Any:
    if isinstance(error, SondeError):
        hint = " Fill it in above and ask again." * ("field" in error.details)
        return note(error.message + hint, Tone.WARN, title="This recording cannot be judged")
    toast_error(error)
    return no_update


@server_callback(
    Output(RegistryId.ANSWER, "children"),
    Input(RegistryId.ASK, "n_clicks"),
    State(RegistryId.UPLOAD, "contents"),
    State(RegistryId.UPLOAD, "filename"),
    State(RegistryId.WHICH, "data"),
    State(RegistryId.TRY_VERSION, "value"),
    *_GIVEN,
    prevent_initial_call=True,
    running=[(Output(RegistryId.ASK, "loading"), True, False)],
    failed=_refused,
)
def ask(actor: Actor, clicks: int | None, contents: str, filename: str, *more: Any) -> Any:
    """Show what the model says about an uploaded recording."""
    if not clicks or not contents:
        return no_update
    name, version, values, ids = more
    serving = inference.open_version(actor, name, version or "")
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        path = _written(Path(folder), 0, filename, contents)
        told, answered = inference.ask_file(serving, path, filename, _said(values, ids))
    inference.note(actor, serving, Way.PAGE, [answered])
    title = f"What version {serving.version.number} says"
    return card(prediction_panel(told), title=title)


@server_callback(
    Output(RegistryId.BATCHES, "children"),
    Input(RegistryId.BATCH_START, "n_clicks", allow_optional=True),
    Input(ShellId.JOBS_CHANGED, "data"),
    State(RegistryId.BATCH_DATA, "value", allow_optional=True),
    State(RegistryId.BATCH_UPLOAD, "contents", allow_optional=True),
    State(RegistryId.BATCH_UPLOAD, "filename", allow_optional=True),
    State(RegistryId.WHICH, "data"),
    State(RegistryId.TRY_VERSION, "value"),
    *_GIVEN,
    prevent_initial_call=True,
)
def follow_batches(actor: Actor, _clicks: Any, _changed: Any, data: str | None, *more: Any) -> Any:
    """Start asking about many recordings, and show how far that is."""
    contents, filenames, name, version, values, ids = more
    if ctx.triggered_id == RegistryId.BATCH_START:
        if data:
            source, _, ref = data.partition(":")
            model_batches.predict_problem(actor, name, version or "", (source, ref))
        else:
            _ask_files(actor, (name, version or ""), (filenames, contents), _said(values, ids))
    return batches_list(model_batches.list_batches(actor, name))


def _ask_files(
    actor: Actor,
    model: tuple[str, str],
    uploads: tuple[list[str] | None, list[str] | None],
    given: dict[str, Any],
) -> None:
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        pairs = zip(uploads[0] or (), uploads[1] or (), strict=True)
        files = [
            (known_as, _written(Path(folder), number, known_as, content))
            for number, (known_as, content) in enumerate(pairs)
        ]
        model_batches.predict_files(actor, *model, files, given)


def _written(folder: Path, number: int, filename: str, content: str) -> Path:
    path = folder / f"{number}{Path(filename).suffix.lower()[:8]}"
    path.write_bytes(base64.b64decode(content.partition(",")[2]))
    return path


def _said(values: list[Any], ids: list[dict[str, str]]) -> dict[str, Any]:
    return {one["name"]: value for one, value in zip(ids, values, strict=True)}


def _not_registered(error: Exception) -> Any:
    if isinstance(error, SondeError):
        return note(error.message, Tone.WARN)
    toast_error(error)
    return no_update


@server_callback(
    Output(RegistryId.REGISTER_FAILED, "children"),
    Input(RegistryId.REGISTER_SAVE, "n_clicks"),
    State(RegistryId.REGISTER_WHICH, "data"),
    State(RegistryId.REGISTER_NAME, "value"),
    State(RegistryId.REGISTER_NOTES, "value"),
    prevent_initial_call=True,
    running=[(Output(RegistryId.REGISTER_SAVE, "loading"), True, False)],
    failed=_not_registered,
)
def register(actor: Actor, clicks: int | None, which: str, name: str, notes: str | None) -> Any:
    """Register the model of an experiment and go to its page."""
    if not clicks:
        return no_update
    made = registry.register(actor, which, name or "", notes=notes or "")
    go_to(registry.model_path(made.model_name))
    return no_update


IN_BROWSER = (
    browser_callback(
        "sondeRegistry.open",
        Output(RegistryId.REGISTER, "opened"),
        Input(RegistryId.REGISTER_OPEN, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeRegistry.remember",
        Output(RegistryId.DONE, "title"),
        Input(RegistryId.TAB, "value"),
    ),
    browser_callback(
        "sondeRegistry.chosen",
        Output(RegistryId.FILE, "children"),
        Output(RegistryId.ASK, "disabled"),
        Input(RegistryId.UPLOAD, "filename"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeRegistry.many",
        Output(RegistryId.BATCH_FILES, "children"),
        Output(RegistryId.BATCH_START, "disabled"),
        Input(RegistryId.BATCH_DATA, "value"),
        Input(RegistryId.BATCH_UPLOAD, "filename"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeRegistry.here",
        Output({"type": RegistryType.EXAMPLE, "name": ALL}, "children"),
        Output({"type": RegistryType.COPY, "name": ALL}, "value"),
        Input(RegistryId.WHICH, "data"),
        State({"type": RegistryType.EXAMPLE, "name": ALL}, "children"),
    ),
)
