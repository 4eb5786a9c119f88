"""What the list of experiments does."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.learning.core.experiment_changes import Action
from sonde.learning.services import (
    experiment_changes,
    experiment_search,
    saved_searches,
    search_completion,
    tags,
)
from sonde.learning.ui.experiments import keeping
from sonde.learning.ui.experiments.asking import grid_rows, read, rewritten, sort_of
from sonde.learning.ui.experiments.dialogs import tag_list
from sonde.learning.ui.experiments.ids import ExperimentsId, ExperimentsType
from sonde.learning.ui.experiments.keeping import Seen
from sonde.learning.ui.experiments.layout import (
    count_words,
    list_grid,
    summary_words,
    undo_note,
)
from sonde.learning.ui.experiments.page import FILTERS
from sonde.learning.ui.experiments.saved import saved_links
from sonde.learning.ui.experiments.state import ListState
from sonde.learning.ui.experiments.toolbar import choices, wrong
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.tables import rows_response

_CONTROLS = (
    ExperimentsId.STATUS,
    ExperimentsId.MODEL,
    ExperimentsId.TAG,
    ExperimentsId.DATASET,
    ExperimentsId.SCOPE,
)


@server_callback(
    Output(ExperimentsId.QUERY, "value"),
    *(Output(one, "value") for one in _CONTROLS),
    Output(ExperimentsId.ERROR, "children"),
    Output(ExperimentsId.APPLIED, "data"),
    Input(ExperimentsId.QUERY, "value"),
    *(Input(one, "value") for one in _CONTROLS),
    prevent_initial_call=True,
)
def ask(_actor: Actor, query: str | None, *controls: Any) -> Any:
    """Read a search that was typed, or write the one that the controls say."""
    query = query or ""
    if ctx.triggered_id == ExperimentsId.QUERY:
        answer = read(query)
    else:
        values = dict(zip(FILTERS, (value or [] for value in controls[:4]), strict=True))
        answer = rewritten(query, values, controls[4])
    typed = no_update if answer.query == query else answer.query
    if answer.error:
        return typed, *(no_update,) * 5, wrong(answer.query, answer.error), no_update
    chosen = [list(answer.chosen[field]) for field in FILTERS]
    return typed, *chosen, answer.scope, [], answer.query


@server_callback(
    Output(ExperimentsId.QUERY, "data"),
    Input(ExperimentsId.QUERY, "value"),
    prevent_initial_call=True,
)
def complete(actor: Actor, query: str | None) -> Any:
    """Offer ways to go on."""
    found = search_completion.complete(actor, query or "")
    return list(dict.fromkeys(one.query for one in found if one.query != query))


@server_callback(
    Output(ExperimentsId.BOX, "children"),
    Output(ExperimentsId.SHOWN, "data"),
    Input(ExperimentsId.COLUMNS, "value"),
    Input(ExperimentsId.GROUP, "value"),
    State(ExperimentsId.SORT, "data"),
    prevent_initial_call=True,
)
def shape(_actor: Actor, columns: list[str] | None, group: str | None, sort: str | None) -> Any:
    """Show other columns, or groups."""
    state = ListState("", tuple(columns or ()), sort or "", group or "")
    return list_grid(state), {"columns": columns or [], "group": group or ""}


@server_callback(
    Output(ExperimentsId.GRID, "getRowsResponse"),
    Output(ExperimentsId.COUNT, "children"),
    Output(ExperimentsId.SUMMARY, "children"),
    Output(ExperimentsId.SORT, "data"),
    Input(ExperimentsId.GRID, "getRowsRequest"),
    State(ExperimentsId.APPLIED, "data"),
    State(ExperimentsId.SHOWN, "data"),
    prevent_initial_call=True,
)
def load_rows(actor: Actor, request: dict[str, Any] | None, query: str, shown: Any) -> Any:
    """Load a part of the list."""
    if not request:
        return (no_update,) * 4
    query = query or ""
    rows, total = grid_rows(actor, request, query, shown)
    words = count_words(total, rows, shown["group"], query)
    is_first = not request.get("startRow")
    told = summary_words(experiment_search.summary(actor, query)) if is_first else no_update
    return rows_response(rows, total), words, told, sort_of(request)


@server_callback(
    Output(ExperimentsId.GONE, "data"),
    Input(ExperimentsId.TRAY, "data"),
    prevent_initial_call=True,
)
def look_for(actor: Actor, ids: list[str] | None) -> Any:
    """Say which of the experiments that were chosen earlier are not there any more."""
    return list(experiment_changes.lacking(actor, ids or []))


@server_callback(
    Output(ExperimentsId.TAG, "data"),
    Output(ExperimentsId.TAG_NAMES, "data"),
    Input(ExperimentsId.CHANGED, "data"),
    Input(ExperimentsId.TAGS_CHANGED, "data"),
    prevent_initial_call=True,
)
def offer_tags(actor: Actor, _changed: int, _tags_changed: int) -> Any:
    """Offer the tags that there are now."""
    names = [tag.name for tag in tags.list_tags(actor)]
    return choices("tag", names), names


@server_callback(
    Output(ExperimentsId.CHANGED, "data"),
    Output(ExperimentsId.UNDO, "children"),
    Output(ExperimentsId.UNDOING, "data"),
    Output(ExperimentsId.TAG_MODAL, "opened"),
    Input({"type": ExperimentsType.ACT, "action": ALL}, "n_clicks"),
    Input({"type": ExperimentsType.BACK, "number": ALL}, "n_clicks"),
    State(ExperimentsId.CHOSEN, "data"),
    State(ExperimentsId.ALL, "checked"),
    State(ExperimentsId.APPLIED, "data"),
    State(ExperimentsId.TAG_NAMES, "value"),
    State(ExperimentsId.UNDOING, "data"),
    State(ExperimentsId.CHANGED, "data"),
    prevent_initial_call=True,
)
def act(actor: Actor, _acts: Any, _backs: Any, *stored: Any) -> Any:
    """Change the chosen experiments, or take the last change back."""
    chosen, whole, query, names, undoing, changed = stored
    if not any(one["value"] for one in ctx.triggered):
        return (no_update,) * 4
    if ctx.triggered_id["type"] == ExperimentsType.BACK:
        action, ids, names = undoing["action"], undoing["ids"], undoing["names"]
    else:
        action = ctx.triggered_id["action"]
        ids = experiment_search.ids_of(actor, query) if whole else chosen
    done = experiment_changes.change(actor, Action(action), ids, names or ())
    back = {"action": done.undo, "ids": done.ids, "names": done.names}
    return changed + 1, undo_note(done), back, False


@server_callback(
    Output(ExperimentsId.TAGS_BODY, "children"),
    Output(ExperimentsId.TAGS_MODAL, "opened"),
    Output(ExperimentsId.TAGS_CHANGED, "data"),
    Output(ExperimentsId.TAG_NEW, "value"),
    Input(ExperimentsId.TAGS_OPEN, "n_clicks"),
    Input(ExperimentsId.TAG_ADD, "n_clicks"),
    Input({"type": ExperimentsType.TAG_NAME, "tag": ALL}, "value"),
    Input({"type": ExperimentsType.TAG_COLOUR, "tag": ALL}, "value"),
    Input({"type": ExperimentsType.TAG_GONE, "tag": ALL}, "n_clicks"),
    State(ExperimentsId.TAG_NEW, "value"),
    State(ExperimentsId.TAGS_CHANGED, "data"),
    prevent_initial_call=True,
)
def keep_tags(actor: Actor, clicks: int | None, *inputs: Any) -> Any:
    """Show the tags; add, rename, colour or delete one."""
    value, (name, changed) = ctx.triggered[0]["value"], inputs[-2:]
    if not clicks or not value:
        return (no_update,) * 4
    if ctx.triggered_id == ExperimentsId.TAGS_OPEN:
        return tag_list(tags.list_tags(actor)), True, no_update, ""
    if ctx.triggered_id == ExperimentsId.TAG_ADD:
        tags.create(actor, name or "")
    elif not keeping.change_tag(actor, ctx.triggered_id["type"], ctx.triggered_id["tag"], value):
        return (no_update,) * 4
    return tag_list(tags.list_tags(actor)), True, changed + 1, ""


@server_callback(
    Output(ExperimentsId.SAVED, "children"),
    Output(ExperimentsId.SAVE_MODAL, "opened"),
    Input(ExperimentsId.SAVE, "n_clicks"),
    Input({"type": ExperimentsType.SEARCH, "search": ALL, "do": ALL}, "n_clicks"),
    State(ExperimentsId.SAVE_NAME, "value"),
    State(ExperimentsId.SAVE_FLAGS, "value"),
    State(ExperimentsId.APPLIED, "data"),
    State(ExperimentsId.SHOWN, "data"),
    State(ExperimentsId.SORT, "data"),
    prevent_initial_call=True,
)
def keep_search(actor: Actor, _save: Any, _done: Any, *stored: Any) -> Any:
    """Keep this search, or change one."""
    name, flags, *shown = stored
    if not ctx.triggered[0]["value"]:
        return no_update, no_update
    seen = Seen.of(*shown)
    if isinstance(ctx.triggered_id, dict):
        keeping.change(actor, ctx.triggered_id["search"], ctx.triggered_id["do"], seen)
    else:
        keeping.keep(actor, seen, name, flags)
    return saved_links(saved_searches.list_searches(actor), actor.user_id), False


IN_BROWSER = (
    browser_callback(
        "sondeExperiments.look",
        Output(ExperimentsId.REMEMBERED, "data"),
        Input(ExperimentsId.APPLIED, "data"),
        Input(ExperimentsId.SHOWN, "data"),
        Input(ExperimentsId.SORT, "data"),
        Input(ExperimentsId.CHANGED, "data"),
        Input(ExperimentsId.TAGS_CHANGED, "data"),
        Input(ExperimentsId.GONE, "data"),
        Input(ShellId.JOBS_CHANGED, "data"),
        State(ExperimentsId.UNDOING, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeExperiments.whole",
        Output(ExperimentsId.ALL, "label"),
        Input(ExperimentsId.ALL, "checked"),
        Input(ExperimentsId.COUNT, "children"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeExperiments.leave",
        Output(ExperimentsId.CLEAR, "loading"),
        Input(ExperimentsId.CLEAR, "n_clicks"),
        Input(ExperimentsId.COMPARE, "n_clicks"),
        Input(ExperimentsId.EXPORT_CSV, "n_clicks"),
        Input(ExperimentsId.EXPORT_JSON, "n_clicks"),
        State(ExperimentsId.APPLIED, "data"),
        State(ExperimentsId.SHOWN, "data"),
        State(ExperimentsId.SORT, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeExperiments.open",
        Output(ExperimentsId.SAVE_NAME, "value"),
        Input(ExperimentsId.SAVE_OPEN, "n_clicks"),
        Input(ExperimentsId.TAG_OPEN, "n_clicks"),
        prevent_initial_call=True,
    ),
)
