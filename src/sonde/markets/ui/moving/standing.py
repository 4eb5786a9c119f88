"""Rows that stand until what they are changes, and places in them that move with prices.

A row that is drawn anew at every price takes the click and the focus from its buttons. Its
container therefore tells what the rows are (`SIGN`) and what has moved in them (`MOVED`: by the
name of a place its text, class or further ``data-`` attributes); `browser.js` writes that into the
places, which bear their name in ``data-place``.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from dash import html

from sonde.markets.core.money import Currency
from sonde.markets.services.trading import TradeView
from sonde.markets.ui.moving.places import result_place, result_told

SIGN: Final = "data-sign"
MOVED: Final = "data-moved"


def held_told(views: Sequence[TradeView], money: Currency) -> Mapping[str, str]:
    """Return what rows of positions are, and what moves in them.

    Examples
    --------
    >>> held_told([], Currency("USDT"))
    {'data-sign': '', 'data-moved': '{}'}
    """
    places: dict[str, Mapping[str, str]] = {}
    for one in views:
        name = one.trade.id
        places |= {f"{name} now": {"text": _now(one)}, f"{name} stop": {"text": _stop(one)}}
        lines = result_told(one, money)
        places[f"{name} result"] = {f"result-{part}": value for part, value in lines.items()}
    return {SIGN: ",".join(_sign(one) for one in views), MOVED: json.dumps(places)}


def now_place(one: TradeView) -> Any:
    """Return the price now of what is held."""
    told = {"data-price": one.instrument.key, "data-place": f"{one.trade.id} now"}
    return html.Span(_now(one), **told)


def result_now(one: TradeView, money: Currency) -> Any:
    """Return what closing a position would bring now."""
    return result_place(one, money, f"{one.trade.id} result")


def levels(one: TradeView) -> Any:
    """Return where stop and target stand now."""
    ticks = one.trade.target_ticks
    target = exact(None if ticks is None else one.instrument.price_of(ticks), "none")
    stop = html.Div(_stop(one), **{"data-place": f"{one.trade.id} stop"})
    return html.Div([stop, html.Div(target)])


def exact(price: Decimal | None, missing: str = "n/a") -> str:
    """Return a price in full.

    Examples
    --------
    >>> exact(Decimal("0.000012340")), exact(Decimal("50000.00"))
    ('0.00001234', '50,000')
    """
    return missing if price is None else f"{price.normalize():,f}"


def _sign(view: TradeView) -> str:
    """Return what of a row changes with the trade only."""
    trade = view.trade
    asked = (trade.id, trade.state, trade.is_placed, trade.wanted_steps, trade.asked_ticks)
    done = (trade.filled_steps, trade.closed_steps, trade.entry_weight, trade.target_ticks)
    return " ".join(str(one) for one in (*asked, *done, view.live is None, view.mark is None))


def _now(view: TradeView) -> str:
    return "no price" if view.mark is None else f"{view.mark:,f}"


def _stop(view: TradeView) -> str:
    if view.trade.trail_ticks is None:
        return exact(view.stop, "none")
    return f"{exact(view.stop, '')} trails".lstrip()
