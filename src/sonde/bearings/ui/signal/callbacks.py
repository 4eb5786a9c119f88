"""What the Signal page does."""

import base64
import tempfile
from pathlib import Path
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.bearings.core.signal_views import Look
from sonde.bearings.services.signals import access, places, predicting, uploads
from sonde.bearings.ui.signal.controls import controls
from sonde.bearings.ui.signal.ids import SignalId, SignalType
from sonde.bearings.ui.signal.layout import found_options
from sonde.bearings.ui.signal.looks.panel import panel
from sonde.bearings.ui.signal.page import known, zone_of
from sonde.bearings.ui.signal.side import side
from sonde.bearings.ui.signal.state import of_store, unit_said
from sonde.bearings.ui.signal.uploading import upload_refused
from sonde.bearings.ui.signal.views.catalogue import view_of
from sonde.bearings.ui.signal.zone import zone_answer
from sonde.learning.ui.prediction import prediction_panel
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SondeError
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.components import note
from sonde.platform.ui.errors import toast_error
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.theme import Tone


@server_callback(
    Output(SignalId.PANEL, "children"),
    Input(SignalId.STATE, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def draw(actor: Actor, stored: dict[str, Any], _changed: Any) -> Any:
    """Draw what is looked at now; of jobs only the waterfall's matters."""
    state = of_store(stored)
    if ctx.triggered_id == ShellId.JOBS_CHANGED and state.view != "waterfall":
        return no_update
    return list(panel(actor, state))


@server_callback(
    Output(SignalId.CONTROLS, "children"),
    Input(SignalId.VIEWS, "value"),
    State(SignalId.STATE, "data"),
    prevent_initial_call=True,
)
def offer(actor: Actor, view: str, stored: dict[str, Any]) -> Any:
    """Offer what can be chosen in another view."""
    chosen = view_of(view)
    state = of_store({**stored, "view": chosen.key})
    channels = access.recording_of(actor, state.recording_id).channels
    return controls(chosen.key, chosen.values(state), channels)


@server_callback(
    Output(SignalId.SIDE_BODY, "children"),
    Input(SignalId.CHANNEL, "value"),
    Input(SignalId.BEARING, "value"),
    Input(SignalId.UNIT, "value"),
    State(SignalId.STATE, "data"),
    State(SignalId.GROUP, "value"),
    State(SignalId.SUPPORT, "value"),
    prevent_initial_call=True,
)
def tell(
    actor: Actor,
    channel: str,
    bearing: str | None,
    unit: str | None,
    stored: dict[str, Any],
    *declared: str | None,
) -> Any:
    """Tell what is known of another channel, or with another bearing or unit."""
    recording_id = of_store(stored).recording_id
    look = Look(recording_id, channel, (bearing or "").strip(), unit_said(unit))
    group, support = declared
    return side(known(actor, look, zone_of(actor, look, group or "", support or "")))


@server_callback(
    Output(SignalId.ZONE, "children"),
    Input(SignalId.GROUP, "value"),
    Input(SignalId.SUPPORT, "value"),
    State(SignalId.STATE, "data"),
    prevent_initial_call=True,
)
def declare(actor: Actor, group: str | None, support: str | None, stored: dict[str, Any]) -> Any:
    """Show the zone for what is declared of the machine."""
    return zone_answer(zone_of(actor, of_store(stored).look, group or "", support or ""))


@server_callback(
    Output(SignalId.FIND, "data"),
    Input(SignalId.FIND, "searchValue"),
)
def find(actor: Actor, text: str | None) -> Any:
    """Offer recordings that hold the typed words."""
    return found_options(places.search_recordings(actor, text or ""))


@server_callback(
    Output(SignalId.COMPARE, "data"),
    Input(SignalId.COMPARE, "searchValue"),
    State(SignalId.COMPARE, "data"),
    State(SignalId.COMPARE, "value"),
    prevent_initial_call=True,
)
def find_others(actor: Actor, text: str | None, offered: Any, chosen: list[str] | None) -> Any:
    """Offer recordings to lay over this one; those that are chosen stay."""
    kept = [one for one in offered or [] if one["value"] in (chosen or [])]
    found = found_options(places.search_recordings(actor, text or ""))
    return kept + [one for one in found if one["value"] not in (chosen or [])]


@server_callback(
    Output(SignalId.GO, "data"),
    Input(SignalId.RANDOM, "n_clicks"),
    State(SignalId.STATE, "data"),
    prevent_initial_call=True,
)
def surprise(actor: Actor, clicks: int | None, stored: dict[str, Any]) -> Any:
    """Go to any other recording of the data set."""
    return places.at_random(actor, of_store(stored).recording_id) if clicks else no_update


def _unreadable(error: Exception) -> Any:
    if isinstance(error, SondeError):
        return no_update, upload_refused(error.message)
    toast_error(error)
    return no_update, no_update


@server_callback(
    Output(SignalId.WENT, "data"),
    Output(SignalId.UPLOAD_REFUSED, "children"),
    Input(SignalId.UPLOAD_LOOK, "n_clicks"),
    State(SignalId.UPLOAD_FILE, "contents"),
    State(SignalId.UPLOAD_FILE, "filename"),
    State(SignalId.UPLOAD_RATE, "value"),
    State(SignalId.UPLOAD_SPEED, "value"),
    State(SignalId.UPLOAD_UNIT, "value"),
    State(SignalId.UPLOAD_BEARING, "value"),
    prevent_initial_call=True,
    running=[(Output(SignalId.UPLOAD_LOOK, "loading"), True, False)],
    failed=_unreadable,
)
def look_at(actor: Actor, clicks: int | None, contents: str, name: str, *said: Any) -> Any:
    """Look at an uploaded file without storing it."""
    if not clicks or not contents:
        return no_update, no_update
    rate, speed, unit, bearing = said
    given = uploads.Given(rate or None, speed or None, unit or "", (bearing or "").strip())
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        path = Path(folder) / f"signal{Path(name).suffix.lower()[:8]}"
        path.write_bytes(base64.b64decode(contents.partition(",")[2]))
        return uploads.keep(actor, path, name, given), None


def _silent(error: Exception) -> Any:
    if isinstance(error, SondeError):
        return note(error.message, Tone.WARN, title="This model cannot say")
    toast_error(error)
    return no_update


@server_callback(
    Output(SignalId.PREDICTION, "children"),
    Input(SignalId.PREDICT, "n_clicks"),
    State(SignalId.MODEL, "value"),
    State(SignalId.STATE, "data"),
    prevent_initial_call=True,
    running=[(Output(SignalId.PREDICT, "loading"), True, False)],
    failed=_silent,
)
def predict(actor: Actor, clicks: int | None, model: str, stored: dict[str, Any]) -> Any:
    """Show what a trained model says about the channel that is looked at."""
    if not clicks:
        return no_update
    return prediction_panel(predicting.predict(actor, of_store(stored).look, model))


_ALL_CHARTS = {"type": SignalType.CHART.value, "view": ALL}

IN_BROWSER = (
    browser_callback(
        "sondeSignal.keep",
        Output(SignalId.STATE, "data"),
        Input(SignalId.VIEWS, "value"),
        Input(SignalId.CHANNEL, "value"),
        Input(SignalId.BEARING, "value"),
        Input(SignalId.COMPARE, "value"),
        Input({"type": SignalType.SETTING.value, "view": ALL, "name": ALL}, "value"),
        Input(_ALL_CHARTS, "relayoutData"),
        Input({"type": SignalType.BAND.value, "view": ALL}, "value"),
        Input({"type": SignalType.BEST.value, "view": ALL}, "n_clicks"),
        Input({"type": SignalType.KURTOGRAM.value, "view": ALL}, "clickData"),
        Input(SignalId.UNIT, "value"),
        State({"type": SignalType.BAND.value, "view": ALL}, "data"),
        State({"type": SignalType.BAND.value, "view": ALL}, "max"),
        State(SignalId.STATE, "data"),
        State(SignalId.DEFAULTS, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.point",
        Output(SignalId.CLICKED, "data"),
        Input(_ALL_CHARTS, "clickData"),
        State({"type": SignalType.SETTING.value, "view": ALL, "name": ALL}, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.go",
        Output(SignalId.SIDE, "title"),
        Input(SignalId.GO, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.open",
        Output(SignalId.FIND, "error"),
        Input(SignalId.FIND, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.open",
        Output(SignalId.UPLOAD_NAME, "title"),
        Input(SignalId.WENT, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.save",
        Output(SignalId.SAVED, "data"),
        Input(SignalId.SAVE_PNG, "n_clicks"),
        Input(SignalId.SAVE_SVG, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.fold",
        Output(SignalId.FOLDED, "data"),
        Input(SignalId.SIDE_FOLD, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.declare",
        Output(SignalId.ZONE, "title"),
        Input(SignalId.GROUP, "value"),
        Input(SignalId.SUPPORT, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeSignal.chosen",
        Output(SignalId.UPLOAD_NAME, "children"),
        Output(SignalId.UPLOAD_LOOK, "disabled"),
        Input(SignalId.UPLOAD_FILE, "filename"),
        prevent_initial_call=True,
    ),
)
