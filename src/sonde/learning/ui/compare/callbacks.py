"""What the page does: another choice is another address; tabs and controls draw the panel anew."""

from typing import Any

from dash import ALL, Input, Output, State, no_update

from sonde.learning.services import stored_comparisons
from sonde.learning.ui.compare.ids import CompareId, CompareType
from sonde.learning.ui.compare.layout import as_data, headline
from sonde.learning.ui.compare.page import choices_of
from sonde.learning.ui.compare.panel import drawn
from sonde.learning.ui.compare.state import ids_in, state_of
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.shell.showing import show_again
from sonde.platform.ui.theme import Tone


@server_callback(
    Output(CompareId.WRONG, "children"),
    Input(CompareId.VISITED, "data"),
    prevent_initial_call=True,
)
def choose(actor: Actor, search: str | None) -> Any:
    """Show the chosen experiments."""
    if not search:
        return no_update
    show_again(actor, "/compare", search)
    return ""


@server_callback(
    Output(CompareId.CHOSEN, "data"),
    Input(CompareId.CHOSEN, "searchValue"),
    State(CompareId.CHOSEN, "value"),
    prevent_initial_call=True,
)
def find(actor: Actor, typed: str | None, ids: list[str] | None) -> Any:
    """Offer the experiments whose title holds what is typed, however old they are."""
    return as_data(choices_of(actor, ids or (), typed or ""))


@server_callback(
    Output(CompareId.HEAD, "children"),
    Output(CompareId.PANEL, "children"),
    Input(CompareId.STATE, "data"),
    prevent_initial_call=True,
)
def draw(actor: Actor, stored: dict[str, Any]) -> Any:
    """Draw the open tab as its controls say."""
    shown = drawn(actor, state_of(stored, ids_in(str(stored.get("ids", "")))))
    return headline(shown), list(shown.panel)


@server_callback(
    Output(CompareId.KEPT, "children"),
    Input(CompareId.KEEP, "n_clicks"),
    State(CompareId.KEEP_NAME, "value"),
    State(CompareId.KEEP_NOTE, "value"),
    State(CompareId.STATE, "data"),
    prevent_initial_call=True,
)
def keep(
    actor: Actor, clicks: int | None, name: str | None, note: str | None, stored: dict[str, Any]
) -> Any:
    """Keep the comparison and go to its own address."""
    if not clicks:
        return no_update
    kept = stored_comparisons.keep(actor, ids_in(str(stored["ids"])), name or "", note or "")
    show_toast("Kept", "The address of this page is the link to share.", Tone.GOOD)
    go_to(stored_comparisons.link(kept))
    return ""


@server_callback(
    Output({"type": CompareType.FORGET.value, "id": ALL}, "disabled"),
    Input({"type": CompareType.FORGET.value, "id": ALL}, "n_clicks"),
    State({"type": CompareType.FORGET.value, "id": ALL}, "id"),
    prevent_initial_call=True,
)
def forget(actor: Actor, clicks: list[int | None], ids: list[dict[str, str]]) -> Any:
    """Delete the kept comparison; its experiments stay."""
    if not any(clicks):
        return [no_update] * len(clicks)
    stored_comparisons.delete(actor, ids[0]["id"])
    show_toast("Deleted", "The experiments are still there.", Tone.GOOD)
    go_to("/compare")
    return [True] * len(clicks)


IN_BROWSER = (
    browser_callback(
        "sondeCompare.choose",
        Output(CompareId.VISITED, "data"),
        Input(CompareId.CHOSEN, "value"),
        State(CompareId.SHOWN, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeCompare.remember",
        Output(CompareId.STATE, "data"),
        Input(CompareId.TABS, "value"),
        Input({"type": CompareType.SETTING.value, "name": ALL}, "value"),
        Input({"type": CompareType.SETTING.value, "name": ALL}, "checked"),
        State({"type": CompareType.SETTING.value, "name": ALL}, "id"),
        State(CompareId.STATE, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeCompare.open",
        Output(CompareId.KEEP_MODAL, "opened"),
        Input(CompareId.KEEP_OPEN, "n_clicks"),
        prevent_initial_call=True,
    ),
)
