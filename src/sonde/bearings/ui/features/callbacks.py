"""What the Features page does."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.bearings.services import feature_views
from sonde.bearings.ui.features.acting import act_on, delete_own, save_own
from sonde.bearings.ui.features.ids import FeaturesId, FeaturesType, text
from sonde.bearings.ui.features.layout import side_view
from sonde.bearings.ui.features.page import offered
from sonde.bearings.ui.features.panels import table_row
from sonde.bearings.ui.features.picker import known
from sonde.bearings.ui.features.showing import shown
from sonde.bearings.ui.features.state import ViewState, state_of
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.tables import rows_response


def _state(actor: Actor, stored: dict[str, Any]) -> ViewState:
    return state_of(stored, [one.name for one in feature_views.definitions(actor)])


@server_callback(
    Output(FeaturesId.BODY, "children"),
    Output(FeaturesId.EXPORTS, "children"),
    Input(FeaturesId.STATE, "data"),
    Input(FeaturesId.CHANGED, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def show_panel(actor: Actor, stored: dict[str, Any], _changed: Any, _jobs: Any) -> Any:
    """Show what the tab, the choice and the settings ask for."""
    return shown(actor, _state(actor, stored))


@server_callback(
    Output(FeaturesId.TABLE, "getRowsResponse"),
    Input(FeaturesId.TABLE, "getRowsRequest"),
    State(FeaturesId.STATE, "data"),
    prevent_initial_call=True,
)
def load_rows(actor: Actor, request: dict[str, Any] | None, stored: dict[str, Any]) -> Any:
    """Show some rows of the table, in the order asked for."""
    if not request:
        return no_update
    state = _state(actor, stored)
    sort = (request.get("sortModel") or [{}])[0]
    part = feature_views.TablePart(
        request["startRow"],
        request["endRow"],
        str(sort.get("colId", "")).replace("own_", "own:", 1),
        sort.get("sort") == "desc",
    )
    found = feature_views.table_part(actor, state.dataset, state.names, part)
    rows = [table_row(one, found.table, place) for place, one in enumerate(found.recordings)]
    return rows_response(rows, found.total)


@server_callback(
    Output(FeaturesId.CHANGED, "data"),
    Input({"type": FeaturesType.ACT, "action": ALL, "ref": ALL}, "n_clicks"),
    State({"type": FeaturesType.TEXT, "name": ALL}, "value"),
    State({"type": FeaturesType.TEXT, "name": ALL}, "id"),
    State(FeaturesId.SET_RENAMED, "data"),
    State(FeaturesId.STATE, "data"),
    State(FeaturesId.CHANGED, "data"),
    prevent_initial_call=True,
)
def act(actor: Actor, _clicks: Any, values: list[str], ids: Any, *stored: Any) -> Any:
    """Extract, study, save, rename or delete; the page looks again."""
    if not any(one["value"] for one in ctx.triggered):
        return no_update
    edited, state, changed = stored
    texts = {one["name"]: value or "" for one, value in zip(ids, values, strict=True)}
    act_on(actor, ctx.triggered_id, texts, edited, _state(actor, state))
    return changed + 1


@server_callback(
    Output(FeaturesId.SIDE, "children"),
    Output(FeaturesId.PRESETS, "data"),
    Input(FeaturesId.OWN_SAVE, "n_clicks"),
    Input({"type": FeaturesType.OWN_DELETE, "own": ALL}, "n_clicks"),
    State(FeaturesId.OWN_EDITED, "data"),
    State(FeaturesId.OWN_NAME, "value"),
    State(FeaturesId.OWN_LOW, "value"),
    State(FeaturesId.OWN_HIGH, "value"),
    State(FeaturesId.OWN_SCALE, "value"),
    State(FeaturesId.OWN_QUANTITY, "value"),
    State(FeaturesId.STATE, "data"),
    prevent_initial_call=True,
)
def change_own(actor: Actor, _clicks: Any, _deletes: Any, own_id: str, *given: Any) -> Any:
    """Define a band, change or delete one; what is chosen follows."""
    if not any(one["value"] for one in ctx.triggered):
        return no_update, no_update
    *fields, stored = given
    if ctx.triggered_id == FeaturesId.OWN_SAVE:
        band = dict(zip(("name", "low", "high", "scale", "quantity"), fields, strict=True))
        stored["names"].append(save_own(actor, own_id, band))
    else:
        delete_own(actor, ctx.triggered_id["own"])
    offer = offered(actor)
    state = _state(actor, stored)
    return side_view(offer, state), known(offer.definitions, offer.own)


IN_BROWSER = (
    browser_callback(
        "sondeFeatures.remember",
        Output(FeaturesId.STATE, "data"),
        Input(FeaturesId.DATASET, "value"),
        Input(FeaturesId.CHOSEN, "value"),
        Input(FeaturesId.TAB, "value"),
        Input({"type": FeaturesType.SETTING, "name": ALL}, "value"),
        State({"type": FeaturesType.SETTING, "name": ALL}, "id"),
        State(FeaturesId.STATE, "data"),
        State(FeaturesId.PRESETS, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeFeatures.preset",
        Output(FeaturesId.CHOSEN, "value"),
        Input({"type": FeaturesType.PRESET, "name": ALL}, "n_clicks"),
        State(FeaturesId.PRESETS, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeFeatures.count",
        Output(FeaturesId.COUNT, "children"),
        Output({"type": FeaturesType.GROUP, "name": ALL}, "children"),
        Input(FeaturesId.CHOSEN, "value"),
        State({"type": FeaturesType.GROUP, "name": ALL}, "id"),
        State(FeaturesId.PRESETS, "data"),
    ),
    browser_callback(
        "sondeFeatures.search",
        Output({"type": FeaturesType.ROW, "name": ALL}, "style"),
        Output(FeaturesId.GROUPS, "value"),
        Input(FeaturesId.SEARCH, "value"),
        State({"type": FeaturesType.ROW, "name": ALL}, "id"),
        State(FeaturesId.GROUPS, "value"),
        State(FeaturesId.PRESETS, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeFeatures.editOwn",
        Output(FeaturesId.OWN_MODAL, "opened"),
        Output(FeaturesId.OWN_EDITED, "data"),
        Output(FeaturesId.OWN_NAME, "value"),
        Output(FeaturesId.OWN_LOW, "value"),
        Output(FeaturesId.OWN_HIGH, "value"),
        Output(FeaturesId.OWN_SCALE, "value"),
        Output(FeaturesId.OWN_QUANTITY, "value"),
        Input({"type": FeaturesType.OWN_EDIT, "own": ALL}, "n_clicks"),
        Input(FeaturesId.PRESETS, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeFeatures.editSet",
        Output(FeaturesId.SET_MODAL, "opened"),
        Output(FeaturesId.SET_RENAMED, "data"),
        Output(text("rename"), "value"),
        Input({"type": FeaturesType.SET_EDIT, "set": ALL, "name": ALL}, "n_clicks"),
        Input(FeaturesId.CHANGED, "data"),
        prevent_initial_call=True,
    ),
)
