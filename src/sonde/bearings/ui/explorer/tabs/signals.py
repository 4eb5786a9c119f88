"""Signals: the list of what the filter keeps."""

from typing import Any

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.ui.explorer.ids import ExplorerId
from sonde.bearings.ui.explorer.settings import Said
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, no_settings
from sonde.bearings.ui.recordings import RECORDING_COLUMNS, recording_row
from sonde.platform.core.actor import Actor
from sonde.platform.ui.components import card
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import moment

_FIRST = ("title", "label", "severity", "rms", "kurtosis", "dominant_hz", "speed_rpm", "load")
_BY_FIELD = {one.field: one for one in RECORDING_COLUMNS}
_TAKEN = Column("Taken", "taken", sortable=False, width=160)
COLUMNS = (
    *(_BY_FIELD[name] for name in _FIRST),
    _TAKEN,
    *(one for one in RECORDING_COLUMNS if one.field not in _FIRST),
)


def signal_row(recording: StoredRecording) -> dict[str, Any]:
    """Return a recording as a row of the grid."""
    taken = moment(recording.taken_at) if recording.taken_at else ""
    return recording_row(recording) | {"taken": taken}


def draw(_actor: Actor, _state: ExplorerState, _said: Said, _offer: Offer) -> Drawn:
    """Return the grid; it asks for its rows by itself."""
    table = grid(
        COLUMNS,
        id=ExplorerId.GRID,
        name="Signals",
        height=620,
        clickable=True,
        options={"enableBrowserTooltips": True},
    )
    return Drawn([card(table, title="Signals", className="sonde-card is-flush")])


TAB = Tab("signals", "Signals", no_settings, draw)
