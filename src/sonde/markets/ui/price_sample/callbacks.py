"""What the button of the simulated markets does."""

from typing import Any

from dash import MATCH, Input, Output, no_update

from sonde.markets.services import price_sample
from sonde.markets.ui.price_sample.ids import SampleType
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.theme import Tone

_BUTTON = {"type": SampleType.START.value, "place": MATCH}


@server_callback(
    Output(_BUTTON, "title"),
    Input(_BUTTON, "n_clicks"),
    prevent_initial_call=True,
    running=[(Output(_BUTTON, "loading"), True, False)],
)
def start(actor: Actor, clicks: int | None) -> Any:
    """Store the simulated markets, play them and look at them."""
    if clicks:
        price_sample.start(actor)
        show_toast(
            "Simulated markets play",
            "A minute passes in a second. These prices are simulated: practise with them.",
            Tone.GOOD,
        )
        go_to("/markets")
    return no_update
