"""What the page that makes data does."""

from typing import Any
from urllib.parse import urlencode

from dash import ALL, Input, Output, State, no_update, set_props

from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.preview import preview_of, shown_config
from sonde.bearings.services import generations
from sonde.bearings.ui.generation.figures import spectrum_figure, time_figure
from sonde.bearings.ui.generation.ids import MakeId, MakeType
from sonde.bearings.ui.generation.layout import MAKE_PATH, form
from sonde.bearings.ui.generation.page import made_lately, wanted_of
from sonde.bearings.ui.generation.preview import (
    DETAIL,
    signal_facts,
    spectrum_summary,
    summary,
    time_summary,
)
from sonde.bearings.ui.generation.recent import progress_cards, recent_card, state_key
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Invalid, NotFound, SondeError
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast, toast_error
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.routing import query_of
from sonde.platform.ui.theme import Tone

_GEOMETRY = frozenset({"geometry", "n", "d", "D", "angle"})
_NAMES = {"class": "classes", "index": "per_class"}


def _field_of(error: SondeError) -> str:
    """Return the control that an error is about; empty if it is about none."""
    field = str(error.details.get("field", ""))
    if field in _GEOMETRY:
        return "rolling.geometry"
    if not field and isinstance(error, NotFound):
        return "rolling.designation"
    return _NAMES.get(field, field)


def _refused(error: Exception) -> Any:
    """Show what is wrong at its control; what is nobody's fault here is a toast."""
    if not isinstance(error, SondeError):
        toast_error(error)
        return (*[no_update] * 6, {"ready": False, "field": "", "text": ""})
    verdict = {"ready": False, "field": _field_of(error), "text": error.message}
    return (*[no_update] * 6, verdict)


@server_callback(
    Output(MakeId.TIME, "figure"),
    Output(f"{MakeId.TIME}-summary", "children"),
    Output(MakeId.SPECTRUM, "figure"),
    Output(f"{MakeId.SPECTRUM}-summary", "children"),
    Output(MakeId.FACTS, "children"),
    Output(MakeId.SUMMARY, "children"),
    Output(MakeId.VERDICT, "data"),
    Input(MakeId.CONFIG, "data"),
    Input(MakeId.CLASS, "value"),
    Input(MakeId.DETAIL, "value"),
    Input(MakeId.ANOTHER, "n_clicks"),
    failed=_refused,
)
def look(_actor: Actor, given: Any, key: str, detail: str, clicks: int | None) -> Any:
    """Show one signal of what is wanted, and how much it will be."""
    if not given:
        return (no_update,) * 7
    config = GenerationConfig.from_json(given)
    config.check_size()
    key = key if key in config.classes else config.classes[0]
    number = (clicks or 0) % config.per_class
    signal = generations.preview(shown_config(config), key, number)
    shown = preview_of(signal, in_detail=detail == DETAIL)
    return (
        time_figure(shown),
        time_summary(shown),
        spectrum_figure(shown),
        spectrum_summary(shown),
        signal_facts(shown, number, config.per_class),
        summary(config, generations.estimate(config)),
        {"ready": True, "field": "", "text": ""},
    )


@server_callback(
    Output(MakeId.FORM, "children"),
    Input(ShellId.LOCATION, "search"),
    State(ShellId.LOCATION, "pathname"),
    prevent_initial_call=True,
)
def open_wanted(actor: Actor, search: str | None, path: str) -> Any:
    """Fill the form anew: another kind, a preset, a saved or an earlier configuration."""
    if path != MAKE_PATH:
        return no_update
    return form(wanted_of(actor, query_of(search)))


def _not_started(error: Exception) -> Any:
    is_name = isinstance(error, Conflict) or (
        isinstance(error, Invalid) and error.details.get("field") == "name"
    )
    if is_name and isinstance(error, SondeError):
        return no_update, error.message
    toast_error(error)
    return no_update, None


@server_callback(
    Output(MakeId.STARTED, "data"),
    Output(MakeId.NAME, "error"),
    Input(MakeId.START, "n_clicks"),
    State(MakeId.WANTED, "data"),
    State(MakeId.NAME, "value"),
    State(MakeId.VERSION, "checked"),
    prevent_initial_call=True,
    running=[(Output(MakeId.START, "loading"), True, False)],
    failed=_not_started,
)
def start(actor: Actor, clicks: int | None, given: Any, name: str | None, as_new: bool) -> Any:
    """Start the generation."""
    if not clicks:
        return no_update, no_update
    config = GenerationConfig.from_json(given)
    job = generations.start(actor, config, name or "", as_new_version=bool(as_new))
    return job.id, None


@server_callback(
    Output(MakeId.RECENT, "children"),
    Output(MakeId.PROGRESS, "children"),
    Output(MakeId.SHOWN, "data"),
    Input(MakeId.STARTED, "data"),
    Input(ShellId.JOBS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
    State(MakeId.SHOWN, "data"),
    prevent_initial_call=True,
)
def refresh(actor: Actor, started: str, _hint: Any, _tick: Any, shown: str | None) -> Any:
    """Show what is under way and what was made, once it has changed."""
    made = made_lately(actor)
    key = f"{started} {state_key(made)}"
    if key == shown:
        return no_update, no_update, no_update
    return recent_card(made), progress_cards(made, started), key


@server_callback(
    Output(MakeId.SAVE, "loading"),
    Input(MakeId.SAVE, "n_clicks"),
    State(MakeId.WANTED, "data"),
    State(MakeId.SAVE_NAME, "value"),
    prevent_initial_call=True,
)
def save(actor: Actor, clicks: int | None, given: Any, name: str | None) -> Any:
    """Keep the configuration under a name."""
    if clicks:
        kept = generations.save_config(actor, name or "", GenerationConfig.from_json(given))
        show_toast("Configuration saved", kept.name, Tone.GOOD)
        set_props(ShellId.LOCATION, {"search": "?" + urlencode({"saved": kept.name})})
    return False


@server_callback(
    Output(MakeId.FORGET, "loading"),
    Input(MakeId.FORGET, "n_clicks"),
    State(MakeId.SAVED, "value"),
    State(MakeId.KIND, "value"),
    prevent_initial_call=True,
)
def forget(actor: Actor, clicks: int | None, name: str | None, kind: str) -> Any:
    """Forget the configuration that was loaded."""
    if clicks and name:
        generations.delete_config(actor, name)
        show_toast("Configuration forgotten", name)
        set_props(ShellId.LOCATION, {"search": "?" + urlencode({"kind": kind})})
    return False


_CLASSES = {"type": MakeType.VALUE, "name": "classes"}

IN_BROWSER = (
    browser_callback(
        "sondeMake.gather",
        Output(MakeId.WANTED, "data"),
        Input({"type": MakeType.VALUE, "name": ALL}, "value"),
        Input({"type": MakeType.SWITCH, "name": ALL}, "checked"),
        Input({"type": MakeType.LOW, "name": ALL}, "value"),
        Input({"type": MakeType.HIGH, "name": ALL}, "value"),
        Input(MakeId.BASE, "data"),
        State(MakeId.CONFIG, "data"),
    ),
    browser_callback(
        "sondeMake.offer",
        Output(MakeId.CLASS, "data"),
        Output(MakeId.CLASS, "value"),
        Input(MakeId.CONFIG, "data"),
        State(MakeId.CLASS, "value"),
        State(MakeId.TITLES, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeMake.tell",
        Output({"type": MakeType.ERROR, "name": ALL}, "children"),
        Output(MakeId.PROBLEM, "children"),
        Output(MakeId.START, "disabled"),
        Input(MakeId.VERDICT, "data"),
        State({"type": MakeType.ERROR, "name": ALL}, "id"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeMake.choose",
        Output(MakeId.VISITED, "data"),
        Input(MakeId.KIND, "value"),
        Input(MakeId.EQUATIONS, "value"),
        Input(MakeId.PRESET, "value"),
        Input(MakeId.SAVED, "value"),
        State(MakeId.BASE, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeMake.pick",
        Output(_CLASSES, "value"),
        Input(MakeId.ALL_CLASSES, "n_clicks"),
        Input(MakeId.NO_CLASSES, "n_clicks"),
        State(MakeId.BASE, "data"),
        prevent_initial_call=True,
    ),
)
