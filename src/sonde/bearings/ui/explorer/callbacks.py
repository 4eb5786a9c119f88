"""What the Data explorer does."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.bearings.core.recording_query import RecordingQuery
from sonde.bearings.services import features
from sonde.bearings.services.explorer import looking, projecting
from sonde.bearings.ui.explorer.controls import controls
from sonde.bearings.ui.explorer.ids import ExplorerId, ExplorerType
from sonde.bearings.ui.explorer.panel import offer_of, panel
from sonde.bearings.ui.explorer.settings import Said
from sonde.bearings.ui.explorer.state import of_store
from sonde.bearings.ui.explorer.tabs.catalogue import tab_of
from sonde.bearings.ui.explorer.tabs.projection import wish_of
from sonde.bearings.ui.explorer.tabs.signals import signal_row
from sonde.bearings.ui.recordings import asked_for
from sonde.platform.core.actor import Actor
from sonde.platform.core.identifiers import new_id
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.tables import rows_response


@server_callback(
    Output(ExplorerId.PANEL, "children"),
    Output(ExplorerId.COUNT, "children"),
    Output(ExplorerId.FOOT, "children"),
    Output(ExplorerId.WAITING, "data"),
    Input(ExplorerId.STATE, "data"),
    Input(ExplorerId.STARTED, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    State(ExplorerId.WAITING, "data"),
    prevent_initial_call=True,
)
def draw(actor: Actor, stored: dict[str, Any], _started: Any, _changed: Any, waiting: bool) -> Any:
    """Draw what is looked at now; a change of jobs matters only where one is waited for."""
    by_job = ctx.triggered_id == ShellId.JOBS_CHANGED
    if by_job and not waiting:
        return (no_update,) * 4
    shown = panel(actor, of_store(stored))
    if by_job and shown.drawn.waiting:  # the job's own card follows it
        return (no_update,) * 4
    return list(shown.drawn.children), shown.count, shown.foot, shown.drawn.waiting


@server_callback(
    Output(ExplorerId.CONTROLS, "children"),
    Input(ExplorerId.TABS, "value"),
    Input(ExplorerId.WAITING, "data"),
    State(ExplorerId.STATE, "data"),
    prevent_initial_call=True,
)
def offer(actor: Actor, key: str, _waiting: bool, stored: dict[str, Any]) -> Any:
    """Offer what can be chosen in a tab."""
    tab = tab_of(key)
    state = of_store({**stored, "tab": tab.key})
    there = offer_of(actor, state.dataset_id)
    if tab.needs_features and not there.features:
        return []
    return controls(tab.key, Said(tab.settings(there), state.said))


@server_callback(
    Output(ExplorerId.GRID, "getRowsResponse"),
    Input(ExplorerId.GRID, "getRowsRequest"),
    State(ExplorerId.STATE, "data"),
    prevent_initial_call=True,
)
def load_rows(actor: Actor, request: dict[str, Any] | None, stored: dict[str, Any]) -> Any:
    """Load a part of the list of signals."""
    if not request:
        return no_update
    state = of_store(stored)
    query = asked_for(request, RecordingQuery())
    found = looking.signals(actor, state.dataset_id, state.wanted, query)
    return rows_response([signal_row(one) for one in found.rows], found.total)


@server_callback(
    Output(ExplorerId.STARTED, "data"),
    Input({"type": ExplorerType.START.value, "job": ALL}, "n_clicks"),
    State(ExplorerId.STATE, "data"),
    prevent_initial_call=True,
)
def start(actor: Actor, clicks: list[int | None], stored: dict[str, Any]) -> Any:
    """Queue the job that the tab waits for: features, or a projection."""
    if not any(clicks):
        return no_update
    state = of_store(stored)
    if ctx.triggered_id["job"] == "features":
        features.ensure(actor, state.dataset_id)
    else:
        there = offer_of(actor, state.dataset_id)
        said = Said(tab_of("projection").settings(there), state.said)
        projecting.start(actor, state.dataset_id, wish_of(state, said, there))
    return new_id()


_FIELDS = (
    ExplorerId.LABELS,
    ExplorerId.SEVERITIES,
    ExplorerId.BEARINGS,
    ExplorerId.SESSIONS,
    ExplorerId.LOADS,
    ExplorerId.SPEED_LOW,
    ExplorerId.SPEED_HIGH,
    ExplorerId.PER_CLASS,
    ExplorerId.SEED,
)

IN_BROWSER = (
    browser_callback(
        "sondeExplorer.keep",
        Output(ExplorerId.STATE, "data"),
        Input(ExplorerId.TABS, "value"),
        Input({"type": ExplorerType.SETTING.value, "tab": ALL, "name": ALL}, "value"),
        Input(ExplorerId.APPLY, "n_clicks"),
        Input(ExplorerId.RESET, "n_clicks"),
        Input({"type": ExplorerType.CHART.value, "name": ALL}, "clickData"),
        State(ExplorerId.STATE, "data"),
        State(ExplorerId.DEFAULTS, "data"),
        *(State(one, "value") for one in _FIELDS),
        State({"type": ExplorerType.RANGE.value, "place": ALL, "part": ALL}, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeExplorer.go",
        Output(ExplorerId.FOLD, "title"),
        Input(ExplorerId.DATASET, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeExplorer.again",
        Output(ExplorerId.AGAIN, "data"),
        Input(ExplorerId.STATE, "data"),
        prevent_initial_call=True,
    ),
)
