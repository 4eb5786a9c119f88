"""How pages of markets follow what happens: the one place that says when to look again.

`DeskId.NEWS` changes when prices or accounts may have moved, as long as real time is on;
`DeskId.CHANGED` when the person has changed something at the desk.
"""

import json
from typing import Any, Final

from dash import dcc, html, set_props

from sonde.markets.ui.desk.ids import DeskId
from sonde.platform.core.identifiers import new_id

EVERY_MS: Final = 2_000


def followers(symbol: str, account_id: str, *, is_live: bool) -> Any:
    """Return what tells pages to look again: a clock, and what `browser.js` asks the stream for."""
    prices = [f"price:{symbol}"] if symbol else []
    own = ["trade", "balance", "risk"] if account_id else []
    asked = {"subscribe": [*prices, *own], "account_id": account_id}
    return html.Div(
        [
            dcc.Interval(id=DeskId.TICK, interval=EVERY_MS, disabled=not is_live),
            dcc.Store(id=DeskId.NEWS),
            dcc.Store(id=DeskId.CHANGED),
        ],
        hidden=True,
        **{"data-desk": json.dumps(asked)},
    )


def tell_changed() -> None:
    """Let everything on the page look again, from within a callback that changed something."""
    set_props(DeskId.CHANGED, {"data": new_id()})
