"""What the import pages do."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dash import Input, Output, State, ctx, no_update

from sonde.bearings.services import imports
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.uploads import Upload
from sonde.bearings.ui.importing.fields import FIELDS, given_of
from sonde.bearings.ui.importing.ids import ImportId, ReviewId
from sonde.bearings.ui.importing.review import review_body, review_rows, summary
from sonde.platform.core.actor import Actor
from sonde.platform.services import jobs
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import toast_error
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.navigation import go_to

_SAID = (ImportId.SOURCE, ImportId.FOLDER, ImportId.NAME, ImportId.BEARING, *FIELDS)


@server_callback(
    Output(ImportId.READ, "loading"),
    Input(ImportId.READ, "n_clicks"),
    State(ImportId.UPLOAD, "contents"),
    State(ImportId.UPLOAD, "filename"),
    State(ImportId.NORMALISE, "checked"),
    State(ImportId.VERSION, "checked"),
    *(State(name, "value") for name in _SAID),
    prevent_initial_call=True,
)
def read_files(
    actor: Actor,
    _clicks: int,
    contents: Sequence[str] | None,
    names: Sequence[str] | None,
    normalise: bool | None,
    as_new: bool | None,
    *values: Any,
) -> Any:
    """Begin to read what was chosen and go to where it will be shown."""
    said = dict(zip(_SAID, values, strict=True))
    given = given_of(said, normalise=bool(normalise))
    names_it = (said[ImportId.NAME] or "", said[ImportId.BEARING] or "")
    wish = ImportWish(*names_it, given, bool(as_new))
    if said[ImportId.SOURCE] == "folder":
        staged = imports.stage_folder(actor, wish, Path(said[ImportId.FOLDER] or ""))
    else:
        staged = imports.stage_uploads(actor, wish, _uploads(contents or (), names or ()))
    go_to(f"/datasets/import/{staged.id}")
    return False


def _uploads(contents: Sequence[str], names: Sequence[str]) -> list[Upload]:
    return [
        Upload(name, base64.b64decode(content.partition(",")[2]))
        for name, content in zip(names, contents, strict=True)
    ]


@server_callback(
    Output(ReviewId.BODY, "children"),
    Output(ReviewId.SHOWN, "data"),
    Output(ReviewId.TICK, "disabled"),
    Input(ReviewId.TICK, "n_intervals"),
    Input(ShellId.JOBS_HINT, "data"),
    State(ReviewId.IMPORT, "data"),
    State(ReviewId.SHOWN, "data"),
    prevent_initial_call=True,
)
def show_progress(actor: Actor, _tick: Any, _hint: Any, import_id: str, shown: str) -> Any:
    """Show what was understood once the files are read."""
    if shown != "reading":
        return no_update, no_update, True
    staged = imports.get(actor, import_id)
    job = jobs.get(actor, staged.job_id)
    return review_body(staged, job), staged.state, staged.state != "reading" or job.state.is_final


def _undo(error: Exception) -> Any:
    """Put the cell back that could not be changed."""
    toast_error(error)
    if ctx.triggered_id != ReviewId.GRID:
        return no_update, no_update
    change = ctx.triggered[0]["value"][0]
    return {"update": [{**change["data"], change["colId"]: change["oldValue"]}]}, no_update


@server_callback(
    Output(ReviewId.GRID, "rowTransaction"),
    Output(ReviewId.SUMMARY, "children"),
    Input(ReviewId.GRID, "cellValueChanged"),
    Input(ReviewId.FILL, "n_clicks"),
    State(ReviewId.FIELD, "value"),
    State(ReviewId.VALUE, "value"),
    State(ReviewId.IMPORT, "data"),
    prevent_initial_call=True,
    failed=_undo,
)
def correct(
    actor: Actor, changes: Any, clicks: int | None, field: str, value: str, import_id: str
) -> Any:
    """Change what was understood: one cell, or everywhere where it is missing."""
    if ctx.triggered_id == ReviewId.FILL and clicks:
        staged = imports.fill(actor, import_id, field, value)
    elif changes and ctx.triggered_id == ReviewId.GRID:
        wanted = {int(each["rowId"]): {each["colId"]: each["value"]} for each in changes}
        staged = imports.correct(actor, import_id, wanted)
    else:
        return no_update, no_update
    return {"update": review_rows(staged.rows)}, summary(staged.rows)


@server_callback(
    Output(ReviewId.STORE, "loading"),
    Input(ReviewId.STORE, "n_clicks"),
    State(ReviewId.IMPORT, "data"),
    prevent_initial_call=True,
)
def store(actor: Actor, clicks: int | None, import_id: str) -> Any:
    """Store everything that is ready and go to the new data set."""
    if clicks:
        go_to(f"/datasets/{imports.commit(actor, import_id).id}")
    return False


@server_callback(
    Output(ReviewId.DISCARD, "loading"),
    Input(ReviewId.DISCARD, "n_clicks"),
    State(ReviewId.IMPORT, "data"),
    prevent_initial_call=True,
)
def discard(actor: Actor, clicks: int | None, import_id: str) -> Any:
    """Leave the import; nothing of it remains."""
    if clicks:
        imports.discard(actor, import_id)
        go_to("/datasets")
    return False


IN_BROWSER = (
    browser_callback(
        "sondeImport.chooseSource",
        Output(ImportId.UPLOAD_PART, "hidden"),
        Output(ImportId.FOLDER_PART, "hidden"),
        Input(ImportId.SOURCE, "value"),
    ),
    browser_callback(
        "sondeImport.remark",
        Output(ImportId.REMARK, "children"),
        Input(ImportId.PRESET, "value"),
        State(ImportId.REMARKS, "data"),
    ),
    browser_callback(
        "sondeImport.nameFiles",
        Output(ImportId.CHOSEN, "children"),
        Input(ImportId.UPLOAD, "filename"),
    ),
)
