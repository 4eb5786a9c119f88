"""Prices, money and locks in words."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from dash import html

from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.prices.checking import when
from sonde.markets.core.risk.findings import shown
from sonde.markets.core.risk.locks import Lock
from sonde.markets.ui.moving.places import age_place, price_place
from sonde.platform.ui.components import badge
from sonde.platform.ui.theme import Tone

_FEEDS: Final = {"live": "live from", "replay": "replay of", "file": "stored candle of"}


def price_view(quote: Quote) -> Any:
    """Return a price with source and age, or why there is none."""
    if quote.price is None:
        return [html.Strong("No price"), html.Div(quote.reason, className="sonde-dim")]
    stale = [badge("stale", Tone.WARN, hint=quote.reason)] if quote.is_stale else []
    words = f"{_FEEDS[quote.feed]} {quote.source}, "
    spread = []
    if quote.bid is not None and quote.ask is not None:
        told = f"bid {quote.bid:,f}, ask {quote.ask:,f}"
        spread = [html.Div(told, className="sonde-dim sonde-small")]
    return [
        html.Div(
            [price_place(quote, look="sonde-figure-value"), *stale],
            className="sonde-row",
        ),
        *spread,
        html.Div([words, age_place(quote)], className="sonde-dim sonde-small"),
    ]


def money_words(amount: Decimal, unit: str) -> str:
    """Say an amount of money; what is less than one keeps four decimals.

    Examples
    --------
    >>> money_words(Decimal("9999.7527"), "USDT"), money_words(Decimal("-0.2473"), "USDT")
    ('9,999.75 USDT', '-0.2473 USDT')
    """
    return shown(round(amount, 2) if abs(amount) >= 1 else amount, unit)


def signed(amount: Decimal, unit: str = "") -> Any:
    """Return an amount with its sign, in words and colour; what is shown as nought has none.

    Examples
    --------
    >>> signed(Decimal("12.5"), "USDT").children, signed(Decimal("-0.00002"), "USDT").children
    ('+12.5 USDT', '0 USDT')
    """
    amount = round(amount, 4)
    tone = Tone.GOOD if amount > 0 else Tone.BAD if amount < 0 else Tone.NEUTRAL
    sign = "+" if amount > 0 else ""
    return html.Span(f"{sign}{money_words(amount, unit)}", className=f"sonde-trend is-{tone.value}")


def lock_words(lock: Lock) -> str:
    """Say what a lock keeps back, until when and why.

    Examples
    --------
    >>> lock_words(Lock("l", "", None, None, "holidays", "u", 0))
    'Every symbol, both sides, until it is removed: holidays'
    """
    what = lock.symbol or "Every symbol"
    side = "both sides" if lock.side is None else f"{lock.side.value} only"
    until = "it is removed" if lock.until_ms is None else when(lock.until_ms // 1000 * 1000)
    return f"{what}, {side}, until {until}: {lock.reason}"


def listed(lines: Sequence[Any]) -> Any:
    """Return lines below each other."""
    return html.Ul([html.Li(line) for line in lines], className="sonde-plain-list")
