"""What the Signal page does."""

from typing import Any

from dash import Input, Output, Patch, State, ctx, no_update

from sonde.bearings.core.signal_views import Look
from sonde.bearings.services import datasets, signals
from sonde.bearings.ui.signal.body import (
    band_text,
    course_summary,
    envelope_summary,
    signal_body,
)
from sonde.bearings.ui.signal.figures import envelope_top, typed
from sonde.bearings.ui.signal.ids import SignalId
from sonde.bearings.ui.signal.layout import SIGNALS_PATH, recording_options
from sonde.bearings.ui.signal.page import looked
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.navigation import go_to


@server_callback(
    Output(SignalId.CHOICE, "data"),
    Input(SignalId.DATASET, "value"),
    prevent_initial_call=True,
)
def list_choices(actor: Actor, dataset_id: str) -> Any:
    """Offer the recordings of the chosen data set."""
    return recording_options(datasets.recordings(actor, dataset_id))


@server_callback(
    Output(SignalId.OPEN, "children"),
    Input(SignalId.CHOICE, "value"),
    State(SignalId.DATASET, "data"),
    prevent_initial_call=True,
)
def open_recording(_actor: Actor, recording_id: str | None, _choices: Any) -> Any:
    """Go to the chosen recording."""
    if recording_id:
        go_to(f"{SIGNALS_PATH}/{recording_id}")
    return no_update


@server_callback(
    Output(SignalId.BODY, "children"),
    Input(SignalId.CHANNEL, "value"),
    Input(SignalId.BEARING, "value"),
    State(SignalId.RECORDING, "data"),
    prevent_initial_call=True,
)
def show_another(actor: Actor, channel: str, bearing: str | None, recording_id: str) -> Any:
    """Draw another channel, or the lines of another bearing."""
    return signal_body(looked(actor, Look(recording_id, channel, (bearing or "").strip())))


@server_callback(
    Output(SignalId.TIME, "figure"),
    Output(f"{SignalId.TIME}-summary", "children"),
    Input(SignalId.TIME, "relayoutData"),
    State(SignalId.RECORDING, "data"),
    State(SignalId.CHANNEL, "value"),
    prevent_initial_call=True,
)
def zoom(actor: Actor, change: dict[str, Any] | None, recording_id: str, channel: str) -> Any:
    """Draw the new stretch from the samples themselves."""
    change = change or {}
    if "xaxis.range[0]" in change:
        span = (float(change["xaxis.range[0]"]), float(change["xaxis.range[1]"]))
    elif change.get("xaxis.autorange"):
        span = (0.0, float("inf"))
    else:
        return no_update, no_update
    stop_s = None if span[1] == float("inf") else span[1]
    found = signals.course(actor, Look(recording_id, channel), span[0], stop_s)
    patch = Patch()
    patch["data"][0]["x"] = typed(found.time_s)
    patch["data"][0]["y"] = typed(found.values)
    unit = datasets.get_recording(actor, recording_id).unit
    return patch, course_summary(found, unit)


@server_callback(
    Output(SignalId.ENVELOPE, "figure"),
    Output(f"{SignalId.ENVELOPE}-summary", "children"),
    Output(SignalId.BAND_TEXT, "children"),
    Output(SignalId.BAND, "value"),
    Input(SignalId.BAND, "value"),
    Input(SignalId.BEST_BAND, "n_clicks"),
    State(SignalId.RECORDING, "data"),
    State(SignalId.CHANNEL, "value"),
    State(SignalId.BEARING, "value"),
    prevent_initial_call=True,
)
def choose_band(
    actor: Actor, edges: list[float], _clicks: Any, recording_id: str, channel: str, bearing: str
) -> Any:
    """Demodulate another band, or the best one again."""
    best = ctx.triggered_id == SignalId.BEST_BAND
    look = Look(recording_id, channel, (bearing or "").strip())
    found = signals.envelope(actor, look, None if best else (edges[0], edges[1]))
    values = found.spectrum.values
    patch = Patch()
    patch["data"][0]["y"] = typed(values)
    patch["data"][0]["dx"] = found.spectrum.resolution_hz
    patch["layout"]["yaxis"]["range"] = [0, envelope_top(values)]
    shown = [round(edge) for edge in found.band] if best else no_update
    return patch, envelope_summary(found), band_text(found.band), shown


IN_BROWSER = (
    browser_callback(
        "sondeSignal.keepState",
        Output(SignalId.STATE, "data"),
        Input(SignalId.TIME, "relayoutData"),
        Input(SignalId.BAND, "value"),
        Input(SignalId.CHANNEL, "value"),
        Input(SignalId.BEARING, "value"),
        State(SignalId.STATE, "data"),
        prevent_initial_call=True,
    ),
)
