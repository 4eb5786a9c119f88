"""The one place that keeps the dashboard up to date: what is followed, and where it is shown.

The browser follows the stream at `STREAM` where there is one. Without it, or while it is away, the
page asks whenever the desk has news. Either way `moving/browser.js` takes in the newest price of
each symbol and draws once for each frame of the screen, however many have come.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from dash import dcc, html

from sonde.markets.core.growing import GrowingBar
from sonde.markets.core.prices.views import PriceView
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.ui.dashboard.ids import LiveId
from sonde.markets.ui.dashboard.state import Look

# Path of the stream of topics.
STREAM: Final = "/api/v1/markets/ws"


def followers(look: Look, version: int, timeframe: str, watched: Sequence[str]) -> Any:
    """Return what follows the market and the account while the page is open.

    `timeframe` is that of the bars that are shown: their chart is drawn again when one is over.
    """
    bar_ms = Timeframe(timeframe).ms if timeframe else 0
    told = {"stream": STREAM, "version": version, "bar_ms": bar_ms, **look.stored()}
    # read from the page itself: a page that is drawn anew starts no callbacks
    followed = json.dumps(told | {"watch": list(watched)})
    return html.Div(
        [
            dcc.Store(id=LiveId.WANTED),
            dcc.Store(id=LiveId.HEARD),
            dcc.Store(id=LiveId.BAR),
            dcc.Store(id=LiveId.ACCOUNT),
        ],
        hidden=True,
        **{"data-follow": followed},
    )


def grows_place(view: PriceView, growing: GrowingBar | None) -> Any:
    """Return, for the browser, where the drawn candles end and the bar that grows after them.

    It is drawn over the chart and moved with every price.
    """
    last_ms = int(view.candles.open_time_ms[-1])
    told = {"last_ms": last_ms, "bar": None if growing is None else asdict(growing)}
    told |= {"bar_ms": view.length_ms, "anchor_ms": view.series.timeframe.anchor_ms}
    return html.Div(hidden=True, **{"data-grows": json.dumps(told)})


def follow_mark(look: Look) -> Any:
    """Return the words that say how the page follows."""
    words = "follows by asking" if look.is_live else "real time is off"
    return html.Span(words, id=LiveId.STATE, className="sonde-dim sonde-small")
