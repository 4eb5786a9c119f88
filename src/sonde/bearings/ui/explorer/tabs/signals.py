"""Signals: the list of what the filter keeps."""

from sonde.bearings.ui.explorer.ids import ExplorerId
from sonde.bearings.ui.explorer.settings import Said
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, no_settings
from sonde.bearings.ui.recordings import RECORDING_COLUMNS
from sonde.platform.core.actor import Actor
from sonde.platform.ui.components import card
from sonde.platform.ui.tables import grid


def draw(_actor: Actor, _state: ExplorerState, _said: Said, _offer: Offer) -> Drawn:
    """Return the grid; it asks for its rows by itself."""
    table = grid(
        RECORDING_COLUMNS,
        id=ExplorerId.GRID,
        name="Signals",
        height=620,
        clickable=True,
        options={"enableBrowserTooltips": True},
    )
    return Drawn([card(table, title="Signals", className="sonde-card is-flush")])


TAB = Tab("signals", "Signals", no_settings, draw)
