"""Places that the browser keeps up to date, wherever on the page they stand.

Each says all that it needs to be drawn at another price: a place of the sidebar and one of the
page, drawn by the server a moment apart, show the same. What the server drew newest is taken in by
`browser.js` as the stream's prices are.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from dash import html

from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.money import Currency
from sonde.markets.services.trading import TradeView
from sonde.platform.ui.wording import count, duration

_DAY_S: Final = 86_400


def price_facts(quote: Quote) -> Mapping[str, Any]:
    """Return a price as the browser takes it in; as messages of the stream tell it."""
    return {
        "symbol": quote.key,
        "price": None if quote.price is None else f"{quote.price:f}",
        "at_ms": quote.time_ms,
        "age_ms": quote.age_ms,
        "is_stale": quote.is_stale,
        "feed": quote.feed,
        "reason": quote.reason,
    }


def price_place(quote: Quote, id: str = "", look: str = "sonde-number", *, place: str = "") -> Any:
    """Return a price that the browser keeps up to date."""
    text = "no price" if quote.price is None else f"{quote.price:,f}"
    named = {"id": id} if id else {}
    named |= {"data-place": place} if place else {}
    told = {"data-price": quote.key, "data-told": json.dumps(price_facts(quote))}
    return html.Span(text, className=look, **named, **told)


def age_place(quote: Quote) -> Any:
    """Return the age of a price, which the browser keeps up to date."""
    told = {"data-age": quote.key, "data-stale": "yes" if quote.is_stale else "no"}
    return html.Span(age_words(quote), className="sonde-dim sonde-small", **told)


def age_words(quote: Quote) -> str:
    """Say how old a price is, and whether it is too old to trade at."""
    if quote.age_ms is None:
        return "no age"
    return f"{how_old(quote.age_ms)} old{', stale' if quote.is_stale else ''}"


def how_old(age_ms: int) -> str:
    """Say how old something is.

    Examples
    --------
    >>> how_old(4_200), how_old(90 * 86_400_000)
    ('4 s', '90 days')
    """
    seconds = age_ms / 1000
    return duration(seconds) if seconds < 2 * _DAY_S else f"{count(round(seconds / _DAY_S))} days"


def result_place(one: TradeView, money: Currency, name: str) -> Any:
    """Return what a position would bring now, which the browser keeps up to date.

    `name` is that of the place; see `standing`.
    """
    told = result_told(one, money)
    if not told:
        return html.Span("n/a", className="sonde-dim", title="No price is known.")
    base, cost = float(told["base"]), float(told["cost"])
    percent = f" ({100 * base / cost:+z.2f} %)" if cost else ""
    tone = "teal" if base > 0 else "red" if base < 0 else "gray"
    written = {"data-place": name} | {f"data-result-{part}": told[part] for part in told}
    return html.Span(f"{base:+z,.2f}{percent}", className=f"sonde-trend is-{tone}", **written)


def result_told(one: TradeView, money: Currency) -> Mapping[str, str]:
    """Return what a position would bring, as a line over the price; nothing where there is none.

    At the price `mark` it is `base`, and it rises by `slope`.
    """
    if one.live is None or one.mark is None:
        return {}
    held = float(one.instrument.quantity_of(one.trade.open_steps))
    entry = float(one.trade.entry_price(one.instrument) or 0)
    line = {
        "symbol": one.instrument.key,
        "mark": float(one.mark),
        "base": float(money.amount_of(one.live.net_units)),
        "slope": held * (one.trade.side.sign - float(one.instrument.fees.taker)),
        "cost": entry * float(one.instrument.quantity_of(one.trade.filled_steps)),
    }
    return {name: str(value) for name, value in line.items()}


def moving_with(positions: Iterable[TradeView]) -> str:
    """Return how an account's equity moves: by symbol what is held, and the price that counted."""
    lines: dict[str, list[float]] = {}
    for one in positions:
        if one.live is not None and one.mark is not None:
            line = lines.setdefault(one.instrument.key, [0.0, float(one.mark)])
            held = float(one.instrument.quantity_of(one.trade.open_steps))
            line[0] += held * one.trade.side.sign
    return json.dumps(lines)


def moving_amount(
    value: float, unit: str, by: str, *, of: float = 0.0, is_signed: bool = False
) -> Any:
    """Return an amount that moves with an account's equity; its share of `of` behind."""
    share = f" ({100 * value / of:+z.2f} %)" if of else ""
    told = {"data-moves": str(value), "data-moves-unit": unit, "data-moves-by": by}
    told |= {"data-moves-of": str(of)} if of else {}
    told |= {"data-moves-signed": "yes"} if is_signed else {}
    amount = f"{value:+z,.2f}" if is_signed else f"{value:z,.2f}"
    return html.Span(f"{amount} {unit}{share}", **told)
