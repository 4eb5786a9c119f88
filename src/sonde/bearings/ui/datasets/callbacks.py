"""What happens on the Datasets page."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.bearings.core.merging import BearingNames
from sonde.bearings.services import datasets, derivations, samples
from sonde.bearings.services.derivations import NewName
from sonde.bearings.ui.datasets.acting import act_on
from sonde.bearings.ui.datasets.ids import DatasetsId, DatasetsType
from sonde.bearings.ui.datasets.layout import ListState, list_body
from sonde.bearings.ui.datasets.merging import merge_form
from sonde.bearings.ui.datasets.page import listed
from sonde.bearings.ui.datasets.undoing import undo_note
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.jobs.card import job_progress

_FILTERS = (
    Input(DatasetsId.TEXT, "value"),
    Input(DatasetsId.TAG, "value"),
    Input(DatasetsId.ORIGIN, "value"),
    Input(DatasetsId.STATE, "value"),
    Input(DatasetsId.LOOK, "value"),
)


@server_callback(
    Output(DatasetsId.SAMPLE_JOB, "children"),
    Output(DatasetsId.SAMPLE, "disabled"),
    Input(DatasetsId.SAMPLE, "n_clicks"),
    prevent_initial_call=True,
)
def load_sample(actor: Actor, _clicks: int) -> Any:
    """Queue the sample project and follow its job."""
    return job_progress(samples.start(actor)), True


@server_callback(
    Output(DatasetsId.LIST, "children"),
    Output(DatasetsId.TAG, "data"),
    *_FILTERS,
    Input(DatasetsId.CHANGED, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def show_list(actor: Actor, *inputs: Any) -> Any:
    """Show what the filters leave."""
    text, tag, origin, state, look = (value or "" for value in inputs[:5])
    wanted = ListState(text, tag, origin, state, look)
    found = listed(actor, wanted)
    return list_body(found, wanted), list(found.tags)


@server_callback(
    Output(DatasetsId.CHANGED, "data"),
    Output(DatasetsId.UNDO, "children"),
    Input({"type": DatasetsType.ACT, "action": ALL, "dataset": ALL}, "n_clicks"),
    Input(DatasetsId.BAR_ARCHIVE, "n_clicks"),
    Input(DatasetsId.BAR_DELETE, "n_clicks"),
    State(DatasetsId.CHOSEN, "data"),
    State(DatasetsId.CHANGED, "data"),
    prevent_initial_call=True,
)
def act(
    actor: Actor, _each: Any, _archive: Any, _delete: Any, chosen: list[str], changed: int
) -> Any:
    """Archive, delete or bring back; the list looks again, and a deletion can be undone."""
    if not any(one["value"] for one in ctx.triggered):
        return no_update, no_update
    clicked = ctx.triggered_id
    if isinstance(clicked, dict):
        action, ids = clicked["action"], clicked["dataset"].split(",")
    else:
        action, ids = ("delete" if clicked == DatasetsId.BAR_DELETE else "archive"), chosen
    gone = act_on(actor, action, ids)
    return changed + 1, undo_note(gone)


@server_callback(
    Output(DatasetsId.MERGE_MODAL, "opened"),
    Output(DatasetsId.MERGE_BODY, "children"),
    Input(DatasetsId.BAR_MERGE, "n_clicks"),
    State(DatasetsId.CHOSEN, "data"),
    prevent_initial_call=True,
)
def open_merge(actor: Actor, clicks: int | None, chosen: list[str]) -> Any:
    """Show what the chosen data sets would be together."""
    if not clicks:
        return no_update, no_update
    merged = derivations.preview_merge(actor, chosen)
    return True, merge_form([datasets.get(actor, each) for each in chosen], merged)


@server_callback(
    Output(DatasetsId.MERGE_JOB, "children"),
    Output(DatasetsId.MERGE, "disabled"),
    Input(DatasetsId.MERGE, "n_clicks"),
    State(DatasetsId.MERGE_NAME, "value"),
    State(DatasetsId.MERGE_BEARINGS, "value"),
    State(DatasetsId.MERGE_VERSION, "checked"),
    State(DatasetsId.CHOSEN, "data"),
    prevent_initial_call=True,
)
def merge(
    actor: Actor, clicks: int | None, name: str, bearings: str, as_new: bool, chosen: list[str]
) -> Any:
    """Queue the merge and follow its job."""
    if not clicks:
        return no_update, no_update
    new = NewName(name or "", bool(as_new))
    job = derivations.start_merge(actor, chosen, new, BearingNames(bearings))
    return job_progress(job), True


IN_BROWSER = (
    browser_callback(
        "sondeDatasets.remember",
        Output(DatasetsId.REMEMBERED, "data"),
        *_FILTERS,
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDatasets.choose",
        Output(DatasetsId.CHOSEN, "data"),
        Output(DatasetsId.BAR, "hidden"),
        Output(DatasetsId.BAR_TEXT, "children"),
        Output(DatasetsId.BAR_COMPARE, "disabled"),
        Output(DatasetsId.BAR_MERGE, "disabled"),
        Input({"type": DatasetsType.CHOOSE, "dataset": ALL}, "checked"),
        Input({"type": DatasetsType.GRID, "place": ALL}, "selectedRows"),
        State({"type": DatasetsType.CHOOSE, "dataset": ALL}, "id"),
    ),
    browser_callback(
        "sondeDatasets.compare",
        Output(DatasetsId.BAR_COMPARE, "loading"),
        Input(DatasetsId.BAR_COMPARE, "n_clicks"),
        State(DatasetsId.CHOSEN, "data"),
        prevent_initial_call=True,
    ),
)
