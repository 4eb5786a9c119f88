"""What the page of one data set does."""

from typing import Any

from dash import Input, Output, State

from sonde.bearings.services import dataset_changes, trash
from sonde.bearings.ui.dataset.ids import DatasetId
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.theme import Tone


@server_callback(
    Output(DatasetId.RENAME, "loading"),
    Input(DatasetId.RENAME, "n_clicks"),
    State(DatasetId.DATASET, "data"),
    State(DatasetId.RENAME_NAME, "value"),
    prevent_initial_call=True,
)
def rename(actor: Actor, clicks: int | None, dataset_id: str, name: str | None) -> Any:
    """Rename the data set and show it among the others."""
    if clicks:
        renamed = dataset_changes.rename(actor, dataset_id, name or "")
        show_toast("Renamed", f"It is called {renamed.name} now.", Tone.GOOD)
        go_to("/datasets")
    return False


@server_callback(
    Output(DatasetId.DELETE, "loading"),
    Input(DatasetId.DELETE, "n_clicks"),
    State(DatasetId.DATASET, "data"),
    prevent_initial_call=True,
)
def delete(actor: Actor, clicks: int | None, dataset_id: str) -> Any:
    """Delete the data set and go to those that are left."""
    if clicks:
        trash.delete(actor, dataset_id)
        show_toast("Deleted", "The data set and its signals are gone.", Tone.GOOD)
        go_to("/datasets")
    return False


IN_BROWSER = (
    browser_callback(
        "sondeDataset.open",
        Output(DatasetId.RENAME_MODAL, "opened"),
        Input(DatasetId.RENAME_OPEN, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDataset.open",
        Output(DatasetId.DELETE_MODAL, "opened"),
        Input(DatasetId.DELETE_OPEN, "n_clicks"),
        prevent_initial_call=True,
    ),
)
