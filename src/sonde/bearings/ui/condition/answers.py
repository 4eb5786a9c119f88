"""What callbacks of the page of machines answer with."""

from typing import Any

from dash import set_props

from sonde.bearings.ui.condition.ids import ConditionId
from sonde.platform.core.errors import SondeError
from sonde.platform.core.identifiers import new_id
from sonde.platform.ui.components import note
from sonde.platform.ui.errors import toast_error
from sonde.platform.ui.theme import Tone


def look_again() -> None:
    """Draw the page anew once the callback has answered."""
    set_props(ConditionId.CHANGED, {"data": new_id()})


def refused(error: Exception) -> Any:
    """Show what is wrong beside the button; what is nobody's fault here is a toast."""
    if isinstance(error, SondeError):
        return note(error.message, Tone.WARN)
    toast_error(error)
    return None
