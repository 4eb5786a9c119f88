"""The one place that keeps the dashboard up to date: what is followed, and where it is shown.

The browser follows the stream at `STREAM` where there is one. Without it, or while it is away, the
page asks whenever the desk has news. Either way `browser.js` takes in the newest price of each
symbol and draws once for each frame of the screen, however many have come.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from dash import dcc, html

from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.growing import GrowingBar
from sonde.markets.core.prices.views import PriceView
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services.trading import TradeView
from sonde.markets.ui.dashboard.ids import LiveId
from sonde.markets.ui.dashboard.state import Look
from sonde.platform.ui.wording import duration

# Path of the stream of topics.
STREAM: Final = "/api/v1/markets/ws"
_DAY_S: Final = 86_400


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


def price_place(quote: Quote, id: str = "") -> Any:
    """Return a price that the browser keeps up to date."""
    text = "no price" if quote.price is None else f"{quote.price:,f}"
    named = {"id": id, "className": "sonde-hero-value"} if id else {"className": "sonde-number"}
    return html.Span(text, **named, **{"data-price": quote.key})


def age_place(quote: Quote) -> Any:
    """Return the age of a price, which the browser keeps up to date."""
    told = {"data-age": quote.key, "data-stale": "yes" if quote.is_stale else "no"}
    return html.Span(age_words(quote), className="sonde-dim sonde-small", **told)


def age_words(quote: Quote) -> str:
    """Say how old a price is, and whether it is too old to trade at."""
    if quote.age_ms is None:
        return "no age"
    seconds = quote.age_ms / 1000
    long = f"{seconds / _DAY_S:,.0f} days"
    age = long if seconds >= 2 * _DAY_S else duration(seconds)
    return f"{age} old{', stale' if quote.is_stale else ''}"


def result_place(one: TradeView, per_unit: float, decimals: int) -> Any:
    """Return what a position would bring now, which the browser keeps up to date.

    It is a line over the price: at the price `mark` it is `base`, and it rises by `slope`.
    """
    if one.live is None or one.mark is None:
        return html.Span("n/a", className="sonde-dim", title="No price is known.")
    base = one.live.net_units / 10.0**decimals
    held = float(one.instrument.quantity_of(one.trade.open_steps))
    entry = one.trade.entry_price(one.instrument)
    cost = float(entry or 0) * float(one.instrument.quantity_of(one.trade.filled_steps))
    line = {
        "symbol": one.instrument.key,
        "mark": float(one.mark),
        "base": base,
        "slope": held * (one.trade.side.sign - per_unit),
        "gross": held * one.trade.side.sign,
        "cost": cost,
    }
    told = {f"data-result-{name}": str(value) for name, value in line.items()}
    percent = f" ({100 * base / cost:+.2f} %)" if cost else ""
    tone = "teal" if base > 0 else "red" if base < 0 else "gray"
    return html.Span(f"{base:+,.2f}{percent}", className=f"sonde-trend is-{tone}", **told)


def moving_amount(value: float, unit: str, *, of: float = 0.0, is_signed: bool = False) -> Any:
    """Return an amount that moves with what open positions are worth; its share of `of` behind."""
    share = f" ({100 * value / of:+.2f} %)" if of else ""
    told = {"data-moves": str(value), "data-moves-unit": unit}
    told |= {"data-moves-of": str(of)} if of else {}
    told |= {"data-moves-signed": "yes"} if is_signed else {}
    amount = f"{value:+,.2f}" if is_signed else f"{value:,.2f}"
    return html.Span(f"{amount} {unit}{share}", **told)


def price_facts(found: Sequence[Quote]) -> list[Mapping[str, Any]]:
    """Return prices as the browser takes them in; as messages of the stream tell them."""
    return [
        {
            "symbol": one.key,
            "price": None if one.price is None else f"{one.price:f}",
            "at_ms": one.time_ms,
            "age_ms": one.age_ms,
            "is_stale": one.is_stale,
            "feed": one.feed,
            "reason": one.reason,
        }
        for one in found
    ]
