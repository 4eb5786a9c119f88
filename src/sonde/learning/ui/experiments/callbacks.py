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
from sonde.learning.ui.experiments.asking import grid_rows, read, rewritten, sort_of
from sonde.learning.ui.experiments.dialogs import tag_list
from sonde.learning.ui.experiments.ids import ExperimentsId, ExperimentsType
from sonde.learning.ui.experiments.layout import count_words, list_grid, undo_note
from sonde.learning.ui.experiments.page import FILTERS
from sonde.learning.ui.experiments.state import ListState
from sonde.learning.ui.experiments.toolbar import saved_links
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.tables import rows_response
from sonde.platform.ui.theme import Tone

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
        return typed, *(no_update,) * 5, answer.error, no_update
    chosen = [list(answer.chosen[field]) for field in FILTERS]
    return typed, *chosen, answer.scope, "", answer.query


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
    Output(ExperimentsId.SORT, "data"),
    Input(ExperimentsId.GRID, "getRowsRequest"),
    State(ExperimentsId.APPLIED, "data"),
    State(ExperimentsId.SHOWN, "data"),
    prevent_initial_call=True,
)
def load_rows(actor: Actor, request: dict[str, Any] | None, query: str, shown: Any) -> Any:
    """Load a part of the list."""
    if not request:
        return (no_update,) * 3
    rows, total = grid_rows(actor, request, query or "", shown)
    words = count_words(total, rows, shown["group"])
    return rows_response(rows, total), words, sort_of(request)


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
    Output(ExperimentsId.TAG_NAMES, "data"),
    Input(ExperimentsId.TAGS_OPEN, "n_clicks"),
    Input({"type": ExperimentsType.TAG_NAME, "tag": ALL}, "value"),
    Input({"type": ExperimentsType.TAG_COLOUR, "tag": ALL}, "value"),
    Input({"type": ExperimentsType.TAG_GONE, "tag": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def keep_tags(actor: Actor, clicks: int | None, *_inputs: Any) -> Any:
    """Show the tags; rename, colour or delete one."""
    value = ctx.triggered[0]["value"]
    if not clicks or not value:
        return (no_update,) * 3
    if isinstance(ctx.triggered_id, dict):
        kind, tag_id = ctx.triggered_id["type"], ctx.triggered_id["tag"]
        if kind == ExperimentsType.TAG_GONE:
            tags.remove(actor, tag_id)
        else:
            what = "name" if kind == ExperimentsType.TAG_NAME else "colour"
            if getattr(tags.find(actor, tag_id), what) == value:
                return (no_update,) * 3
            tags.change(actor, tag_id, **{what: value})
    found = tags.list_tags(actor)
    return tag_list(found), True, [tag.name for tag in found]


@server_callback(
    Output(ExperimentsId.SAVED, "children"),
    Output(ExperimentsId.SAVE_MODAL, "opened"),
    Input(ExperimentsId.SAVE, "n_clicks"),
    Input({"type": ExperimentsType.SEARCH_GONE, "search": ALL}, "n_clicks"),
    State(ExperimentsId.SAVE_NAME, "value"),
    State(ExperimentsId.SAVE_FLAGS, "value"),
    State(ExperimentsId.APPLIED, "data"),
    State(ExperimentsId.SHOWN, "data"),
    State(ExperimentsId.SORT, "data"),
    prevent_initial_call=True,
)
def keep_search(actor: Actor, _save: Any, _gone: Any, *stored: Any) -> Any:
    """Keep this search, or forget one."""
    name, flags, query, shown, sort = stored
    if not ctx.triggered[0]["value"]:
        return no_update, no_update
    if isinstance(ctx.triggered_id, dict):
        saved_searches.remove(actor, ctx.triggered_id["search"])
    else:
        view = {"columns": ",".join(shown["columns"]), "sort": sort or "", "group": shown["group"]}
        is_so = {f"is_{flag}": flag in (flags or ()) for flag in ("pinned", "shared", "alert")}
        saved_searches.save(actor, saved_searches.NewSearch(name or "", query, view, **is_so))
        show_toast("Saved", f"{name} is kept.", Tone.GOOD)
    return saved_links(saved_searches.list_searches(actor), actor.user_id), False


IN_BROWSER = (
    browser_callback(
        "sondeExperiments.look",
        Output(ExperimentsId.REMEMBERED, "data"),
        Input(ExperimentsId.APPLIED, "data"),
        Input(ExperimentsId.SHOWN, "data"),
        Input(ExperimentsId.SORT, "data"),
        Input(ExperimentsId.CHANGED, "data"),
        Input(ShellId.JOBS_CHANGED, "data"),
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
