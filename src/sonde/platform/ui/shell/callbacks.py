"""What the shell does on every page."""

from collections.abc import Sequence
from typing import Any

from dash import ALL, MATCH, Input, Output, State, ctx, no_update

from sonde.platform.core.actor import Actor
from sonde.platform.services import jobs, notifications
from sonde.platform.services.request import current_request
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import error_page, show_toast
from sonde.platform.ui.ids import ShellId, ShellType
from sonde.platform.ui.jobs.card import job_card
from sonde.platform.ui.shell.lists import bell_list, tray_list
from sonde.platform.ui.shell.palette import palette_entries, palette_list
from sonde.platform.ui.shell.showing import LATEST, jobs_state, page_at


def _failed_page(error: Exception) -> Any:
    return [error_page(error)], {"title": "Sonde"}


@server_callback(
    Output(ShellId.CONTENT, "children"),
    Output(ShellId.VIEW, "data"),
    Input(ShellId.LOCATION, "pathname"),
    Input(ShellId.AGAIN, "data"),
    State(ShellId.LOCATION, "search"),
    running=[(Output(ShellId.PROGRESS, "className"), "sonde-progress is-on", "sonde-progress")],
    failed=_failed_page,
)
def show_page(actor: Actor, path: str, again: dict[str, Any] | None, search: str | None) -> Any:
    """Show the page at the visited path, or the open page's other view that a link leads to."""
    if again and ctx.triggered_id == ShellId.AGAIN:
        search = again["search"]
    return page_at(actor, path, search)


@server_callback(
    Output(ShellId.PALETTE_LIST, "children"),
    Input(ShellId.PALETTE_TEXT, "value"),
    Input(ShellId.PALETTE, "opened"),
)
def fill_palette(actor: Actor, text: str | None, opened: bool) -> Any:
    """Show what the palette's text finds."""
    if not opened:
        return no_update
    return palette_list(palette_entries(current_request().ports.parts, actor, text or ""))


@server_callback(
    Output(ShellId.TRAY_LIST, "children"),
    Output(ShellId.TRAY_BADGE, "label"),
    Output(ShellId.TRAY_BADGE, "disabled"),
    Output(ShellId.JOBS_STATE, "data"),
    Input(ShellId.JOBS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
)
def refresh_tray(actor: Actor, _hint: Any, _tick: Any) -> Any:
    """Show the person's running and queued jobs."""
    active = jobs.active(actor, limit=LATEST)
    return tray_list(active), str(len(active)), not active, jobs_state(actor)


@server_callback(
    Output({"type": ShellType.JOB, "job": MATCH}, "children"),
    Input(ShellId.JOBS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
    State({"type": ShellType.JOB, "job": MATCH}, "id"),
)
def refresh_job(actor: Actor, _hint: Any, _tick: Any, identifier: dict[str, str]) -> Any:
    """Show how far a job on the page is."""
    return job_card(jobs.get(actor, identifier["job"]), "page")


@server_callback(
    Output(ShellId.JOBS_HINT, "data"),
    Input({"type": ShellType.JOB_CANCEL, "job": ALL, "place": ALL}, "n_clicks"),
    Input({"type": ShellType.JOB_RETRY, "job": ALL, "place": ALL}, "n_clicks"),
    State(ShellId.JOBS_HINT, "data"),
    prevent_initial_call=True,
)
def change_job(actor: Actor, _cancel: Any, _retry: Any, hint: int | None) -> Any:
    """Cancel a job or start it again; every view of jobs looks again afterwards."""
    if not any(changed["value"] for changed in ctx.triggered):
        return no_update
    clicked = ctx.triggered_id
    act = jobs.cancel if clicked["type"] == ShellType.JOB_CANCEL else jobs.retry
    act(actor, clicked["job"])
    return (hint or 0) + 1


@server_callback(
    Output(ShellId.BELL_LIST, "children"),
    Output(ShellId.BELL_BADGE, "label"),
    Output(ShellId.BELL_BADGE, "disabled"),
    Output(ShellId.BELL_SEEN, "data"),
    Input(ShellId.NOTIFICATIONS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
    Input(ShellId.BELL_READ_ALL, "n_clicks"),
    State(ShellId.BELL_SEEN, "data"),
)
def refresh_bell(actor: Actor, _hint: Any, _tick: Any, _clicks: Any, seen: str | None) -> Any:
    """Show the newest notifications, and what is new as a toast."""
    if ctx.triggered_id == ShellId.BELL_READ_ALL:
        notifications.mark_all_read(actor)
    newest = notifications.list_notifications(actor, limit=LATEST).items
    unread = notifications.unread_count(actor)
    for one in [one for one in newest if seen is not None and one.id > seen and not one.is_read]:
        show_toast(one.title, one.body, name=one.id)
    last = newest[0].id if newest else ""
    return bell_list(newest), str(unread), unread == 0, last


IN_BROWSER: Sequence[Any] = (
    browser_callback(
        "sonde.toggleMenu",
        Output(ShellId.APP, "navbar"),
        Input(ShellId.BURGER, "opened"),
        State(ShellId.APP, "navbar"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sonde.changed",
        Output(ShellId.JOBS_CHANGED, "data"),
        Output(ShellId.POLL, "interval"),
        Input(ShellId.JOBS_STATE, "data"),
        Input(ShellId.VIEW, "data"),
        State(ShellId.TRAY_BADGE, "label"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sonde.arrive",
        Output(ShellId.BURGER, "opened"),
        Input(ShellId.VIEW, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sonde.togglePalette",
        Output(ShellId.PALETTE, "opened"),
        Input(ShellId.PALETTE_OPEN, "n_clicks"),
        Input(ShellId.LOCATION, "href"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sonde.leave",
        Output(ShellId.SIGN_OUT, "disabled"),
        Input(ShellId.SIGN_OUT, "n_clicks"),
        Input(ShellId.SIGN_OUT_EVERYWHERE, "n_clicks"),
        prevent_initial_call=True,
    ),
)
