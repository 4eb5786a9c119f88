"""How errors look: a toast for what a person did, a page for where a person went."""

from collections.abc import Callable
from typing import Any

import structlog
from dash import html, set_props

from sonde.platform.core.errors import Forbidden, NotFound, SondeError, Unavailable
from sonde.platform.services.request import current_request
from sonde.platform.ui.components import button_link, error_state, note, request_mark
from sonde.platform.ui.icons import icon
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.theme import Tone

_GENERIC = "Something went wrong on our side. It was noted under the request below."
_log = structlog.get_logger(__name__)


def toast(
    title: str, text: Any = "", tone: Tone = Tone.INFO, *, stays: bool = False, name: str = ""
) -> Any:
    """Return one toast, for `ShellId.TOASTS` ``sendNotifications``; one of a name at a time."""
    named = {"id": name} if name else {}
    return {
        **named,
        "action": "show",
        "title": title,
        "message": text,
        "color": tone.value,
        "autoClose": False if stays else 6000,
        "withBorder": True,
    }


def show_toast(title: str, text: Any = "", tone: Tone = Tone.INFO, *, name: str = "") -> None:
    """Show a toast from within a callback; one of a name at a time."""
    set_props(ShellId.TOASTS, {"sendNotifications": [toast(title, text, tone, name=name)]})


def toast_error(error: Exception) -> None:
    """Tell the person about a failed callback; errors stay until they are closed."""
    message, request_id = _noted(error)
    body = html.Div([html.Div(message), request_mark(request_id)])
    kind = "Not possible" if isinstance(error, SondeError) else "Unexpected error"
    # what is down fails every callback: one toast says it, as long as it is down
    is_down = isinstance(error, Unavailable)
    name = Unavailable.code if is_down else ""
    shown = toast(kind, body, Tone.BAD, stays=not is_down, name=name)
    set_props(ShellId.TOASTS, {"sendNotifications": [shown]})


def said_in_place(otherwise: str) -> Callable[[Exception], Any]:
    """Return what answers a failed callback with a note where its result would stand.

    What nobody expected is a toast as well, and `otherwise` stands in the place.
    """

    def say(error: Exception) -> Any:
        if not isinstance(error, SondeError):
            toast_error(error)
            return note(otherwise, Tone.WARN)
        return note(error.message, Tone.WARN)

    return say


def error_page(error: Exception) -> Any:
    """Return the page for what could not be shown."""
    message, request_id = _noted(error)
    actions = [button_link("Go to Home", "/", icon_name="tabler:home")]
    if isinstance(error, Unavailable):
        # a plain link to here loads the page again
        again = html.Span([icon("tabler:refresh", 16), "Try again"], className="sonde-button")
        actions = [html.A(again, href="", className="sonde-button-link")]
    return error_state(_headline(error), message, request_id=request_id, actions=actions)


def _headline(error: Exception) -> str:
    if isinstance(error, NotFound):
        return "Nothing here"
    if isinstance(error, Forbidden):
        return "Not for your role"
    if isinstance(error, Unavailable):
        return "Not available right now"
    return "This page could not be shown"


def _noted(error: Exception) -> tuple[str, str]:
    """Log the error with its trace unless it was foreseen; return what a person may read."""
    request_id = current_request().request_id
    if isinstance(error, SondeError):
        _log.info("callback.refused", code=error.code, request_id=request_id)
        return error.message, request_id
    _log.error("callback.failed", request_id=request_id, exc_info=error)
    return _GENERIC, request_id
