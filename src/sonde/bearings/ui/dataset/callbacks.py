"""What the page of one data set does."""

from typing import Any

from dash import Input, Output, State, no_update, set_props

from sonde.bearings.core.datasets import ARCHIVED, DatasetChange
from sonde.bearings.services import dataset_changes, datasets, derivations, exports, trash
from sonde.bearings.services.derivations import NewName
from sonde.bearings.ui.dataset.dialogs import files_list
from sonde.bearings.ui.dataset.ids import DatasetId
from sonde.bearings.ui.dataset.wording import kept_text, part_text, query_with
from sonde.bearings.ui.recordings import asked_for, recording_row
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.shell.showing import show_again
from sonde.platform.ui.tables import rows_response
from sonde.platform.ui.theme import Tone

_KEPT = (
    State(DatasetId.DATASET, "data"),
    State(DatasetId.FILTER, "data"),
    State(DatasetId.SIGNALS, "filterModel"),
)


@server_callback(
    Output(DatasetId.SIGNALS, "getRowsResponse"),
    Output(DatasetId.COUNT, "children"),
    Output(DatasetId.SUBSET_WHAT, "children"),
    Output(DatasetId.EXPORT_WHAT, "children"),
    Input(DatasetId.SIGNALS, "getRowsRequest"),
    State(DatasetId.DATASET, "data"),
    State(DatasetId.FILTER, "data"),
    prevent_initial_call=True,
)
def load_rows(
    actor: Actor, request: dict[str, Any] | None, dataset_id: str, kept: dict[str, Any]
) -> Any:
    """Show the part of the list that the grid asks for."""
    if request is None:
        return no_update, no_update, no_update, no_update
    query = asked_for(request, query_with(kept, {}))
    page = datasets.find_recordings(actor, dataset_id, query)
    number = datasets.get(actor, dataset_id).n_recordings
    part = part_text(page.total, number)
    rows = [recording_row(one) for one in page.rows]
    return rows_response(rows, page.total), kept_text(page.total, number), part, part


@server_callback(
    Output(DatasetId.SAVED, "children"),
    Output(DatasetId.REVISION, "data"),
    Input(DatasetId.DESCRIPTION, "value"),
    Input(DatasetId.TAGS, "value"),
    State(DatasetId.DATASET, "data"),
    State(DatasetId.REVISION, "data"),
    prevent_initial_call=True,
)
def describe(
    actor: Actor, text: str | None, tags: list[str] | None, dataset_id: str, seen: int
) -> Any:
    """Save description and tags as they are written, unless somebody else did meanwhile."""
    before = datasets.get(actor, dataset_id)
    wanted = DatasetChange(description=text or "", tags=tuple(tags or ()))
    if (before.description, before.tags) == (wanted.description, wanted.tags):
        return no_update, no_update
    changed = dataset_changes.change(actor, dataset_id, wanted, seen_revision=seen)
    return "Saved", changed.revision


@server_callback(
    Output(DatasetId.RENAME, "loading"),
    Input(DatasetId.RENAME, "n_clicks"),
    State(DatasetId.DATASET, "data"),
    State(DatasetId.RENAME_NAME, "value"),
    prevent_initial_call=True,
)
def rename(actor: Actor, clicks: int | None, dataset_id: str, name: str | None) -> Any:
    """Rename the data set and stay on its page."""
    if clicks:
        renamed = dataset_changes.rename(actor, dataset_id, name or "")
        show_toast("Renamed", f"It is called {renamed.name} now.", Tone.GOOD)
        show_again(actor, f"/datasets/{dataset_id}")
    return False


@server_callback(
    Output(DatasetId.ARCHIVE, "disabled"),
    Input(DatasetId.ARCHIVE, "n_clicks"),
    State(DatasetId.DATASET, "data"),
    prevent_initial_call=True,
)
def archive(actor: Actor, clicks: int | None, dataset_id: str) -> Any:
    """Put the data set aside, or bring it back in use."""
    if clicks:
        is_away = datasets.get(actor, dataset_id).state == ARCHIVED
        dataset_changes.set_archived(actor, dataset_id, archived=not is_away)
        text = "It is offered again." if is_away else "It stays whole, but is no longer offered."
        show_toast("In use" if is_away else "Archived", text, Tone.GOOD)
        show_again(actor, f"/datasets/{dataset_id}")
    return False


@server_callback(
    Output(DatasetId.DELETE, "loading"),
    Input(DatasetId.DELETE, "n_clicks"),
    State(DatasetId.DATASET, "data"),
    prevent_initial_call=True,
)
def delete(actor: Actor, clicks: int | None, dataset_id: str) -> Any:
    """Put the data set into the trash and go to the others, where that can be undone."""
    if clicks:
        gone = trash.delete(actor, dataset_id)
        show_toast("In the trash", f"{gone.name} can be restored for 30 days.", Tone.GOOD)
        there = {"pathname": "/datasets", "search": f"?deleted={dataset_id}"}
        set_props(ShellId.LOCATION, there)
    return False


@server_callback(
    Output(DatasetId.SUBSET_JOB, "children"),
    Output(DatasetId.SUBSET, "disabled"),
    Input(DatasetId.SUBSET, "n_clicks"),
    State(DatasetId.SUBSET_NAME, "value"),
    State(DatasetId.SUBSET_VERSION, "checked"),
    *_KEPT,
    prevent_initial_call=True,
)
def store_part(actor: Actor, clicks: int | None, name: str, as_new: bool, *kept: Any) -> Any:
    """Queue the job that stores what the list shows, and follow it."""
    if not clicks:
        return no_update, no_update
    query, new = query_with(kept[1], kept[2]), NewName(name or "", bool(as_new))
    return job_progress(derivations.start_subset(actor, kept[0], query, new)), True


@server_callback(
    Output(DatasetId.EXPORT_JOB, "children"),
    Input(DatasetId.EXPORT, "n_clicks"),
    State(DatasetId.EXPORT_FORMAT, "value"),
    *_KEPT,
    prevent_initial_call=True,
)
def export(actor: Actor, clicks: int | None, slug: str, *kept: Any) -> Any:
    """Queue the job that writes the file, and follow it."""
    if not clicks:
        return no_update
    query = query_with(kept[1], kept[2])
    return job_progress(exports.start(actor, kept[0], slug, query))


@server_callback(
    Output(DatasetId.EXPORTS, "children"),
    Input(ShellId.JOBS_CHANGED, "data"),
    Input(DatasetId.EXPORT_MODAL, "opened"),
    State(DatasetId.DATASET, "data"),
    prevent_initial_call=True,
)
def list_files(actor: Actor, _changed: Any, _opened: bool, dataset_id: str) -> Any:
    """Show the files that can be downloaded."""
    return files_list(exports.list_exports(actor, dataset_id))


def _opens(modal: DatasetId, button: DatasetId) -> Any:
    return browser_callback(
        "sondeDataset.open",
        Output(modal, "opened"),
        Input(button, "n_clicks"),
        prevent_initial_call=True,
    )


IN_BROWSER = (
    _opens(DatasetId.RENAME_MODAL, DatasetId.RENAME_OPEN),
    _opens(DatasetId.DELETE_MODAL, DatasetId.DELETE_OPEN),
    _opens(DatasetId.SUBSET_MODAL, DatasetId.SUBSET_OPEN),
    _opens(DatasetId.EXPORT_MODAL, DatasetId.EXPORT_OPEN),
    browser_callback(
        "sondeDataset.narrow",
        Output(DatasetId.FILTER, "data"),
        Input(DatasetId.TEXT, "value"),
        Input(DatasetId.LABELS, "value"),
        Input(DatasetId.SEVERITIES, "value"),
        Input(DatasetId.BEARINGS, "value"),
        Input(DatasetId.SESSIONS, "value"),
        Input(DatasetId.LOADS, "value"),
        Input(DatasetId.FINDINGS, "checked"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDataset.again",
        Output(DatasetId.SUBSET, "loading"),
        Input(DatasetId.FILTER, "data"),
        State(DatasetId.SIGNALS, "id"),
        prevent_initial_call=True,
    ),
)
