"""How pages of markets follow what happens: the one place that says when to look again.

`DeskId.NEWS` changes when prices or accounts may have moved, as long as real time is on;
`DeskId.CHANGED` when the person has changed something at the desk.
"""

from typing import Any, Final

from dash import dcc, html, set_props

from sonde.markets.ui.desk.ids import DeskId
from sonde.platform.core.identifiers import new_id

EVERY_MS: Final = 2_000


def followers(*, is_live: bool) -> Any:
    """Return what tells pages to look again."""
    return html.Div(
        [
            dcc.Interval(id=DeskId.TICK, interval=EVERY_MS, disabled=not is_live),
            dcc.Store(id=DeskId.NEWS),
            dcc.Store(id=DeskId.CHANGED),
        ],
        hidden=True,
    )


def tell_changed() -> None:
    """Let everything on the page look again, from within a callback that changed something."""
    set_props(DeskId.CHANGED, {"data": new_id()})
