"""The live price and the watch list: every price with its source and its age."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.services.watch_lists import MOST, WatchLine
from sonde.markets.ui.dashboard.ids import DashboardId, DashboardType
from sonde.markets.ui.dashboard.state import Look
from sonde.markets.ui.figure_words import signed_share
from sonde.markets.ui.moving.places import age_place, price_facts, price_place
from sonde.markets.ui.moving.standing import MOVED, SIGN
from sonde.platform.ui.components import badge, card, empty_state, stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

FEEDS: Final = {"live": ("live", Tone.GOOD), "replay": ("replay", Tone.INFO)}
_COLUMNS: Final = (
    Column("Symbol"),
    Column("Price", numeric=True),
    Column("24 h", numeric=True),
    Column("Source and age"),
)


def price_card(line: WatchLine, unit: str) -> Any:
    """Return the price of the symbol that is looked at."""
    quote = line.quote
    price = price_place(quote, DashboardId.PRICE.value, "sonde-hero-value")
    top = [
        html.Div(
            [price, html.Span(unit, className="sonde-dim")],
            className="sonde-row sonde-live-price",
        ),
        html.Div(
            [
                html.Span("24 h", className="sonde-dim sonde-small"),
                html.Span(change_shown(line.change), id=DashboardId.CHANGE),
                *source_marks(quote),
            ],
            className="sonde-row",
        ),
    ]
    spread = [] if quote.bid is None or quote.ask is None else [html.P(_spread(quote, unit))]
    reason = [] if quote.price is not None else [html.P(quote.reason, className="sonde-dim")]
    shown = html.Div([*top, *spread, *reason], className="sonde-live-row")
    return card(shown, title=quote.key)


def source_marks(quote: Quote) -> list[Any]:
    """Return where a price is from, how old it is, and whether it is too old to trade at."""
    words, tone = FEEDS.get(quote.feed, ("stored", Tone.NEUTRAL))
    hint = f"{quote.source or 'no source'}. {quote.reason}".strip()
    return [badge(words, tone, hint=hint), age_place(quote)]


def change_shown(change: float | None, place: str = "") -> Any:
    """Return how a price moved over a day; the sign says it beside the colour."""
    if change is None:
        return html.Span("n/a", className="sonde-dim", title="No price of a day ago is stored.")
    told, named = _change_told(change), {"data-place": place} if place else {}
    return html.Span(told["text"], className=told["class"], **named)


def _change_told(change: float) -> Mapping[str, str]:
    tone = Tone.GOOD if change > 0 else Tone.BAD if change < 0 else Tone.NEUTRAL
    return {"text": signed_share(change), "class": f"sonde-trend is-{tone.value}"}


def watch_card(known: Sequence[str], lines: Sequence[WatchLine], look: Look) -> Any:
    """Return the watch list with its choice of symbols."""
    choose = dmc.MultiSelect(
        id=DashboardId.WATCH,
        label="Symbols",
        data=list(known),
        value=[one.quote.key for one in lines],
        maxValues=MOST,
        searchable=True,
        clearable=True,
        size="sm",
    )
    told = watched_told(lines, look)
    listed = html.Div(watch_table(lines, look), id=DashboardId.WATCHED, **told)
    return card(stack([listed, choose, dcc.Store(id=DashboardId.GONE_TO)]), title="Watch list")


def watched_told(lines: Sequence[WatchLine], look: Look) -> Mapping[str, str]:
    """Return what the rows of watched symbols are, and what moves in them."""
    signs = [look.symbol]
    places: dict[str, Mapping[str, str]] = {}
    for line in lines:
        quote, key = line.quote, line.quote.key
        signs.append(f"{key} {quote.feed} {quote.source} {quote.reason} {line.change is None}")
        places[f"{key} price"] = {"told": json.dumps(price_facts(quote))}
        if line.change is not None:
            places[f"{key} change"] = _change_told(line.change)
    return {SIGN: ",".join(signs), MOVED: json.dumps(places)}


def watch_table(lines: Sequence[WatchLine], look: Look) -> Any:
    """Return the prices of the watched symbols."""
    if not lines:
        return empty_state("Nothing is watched", "Choose symbols below.")
    return plain_table(_COLUMNS, [_row(one, look) for one in lines])


def _row(line: WatchLine, look: Look) -> list[Any]:
    key = line.quote.key
    choose = html.Button(
        key,
        id={"type": DashboardType.SYMBOL.value, "symbol": key},
        n_clicks=0,
        className="sonde-plain-button sonde-cell-link",
        **{"aria-current": "true" if key == look.symbol else "false"},
    )
    source = html.Span(source_marks(line.quote), className="sonde-row")
    price = price_place(line.quote, place=f"{key} price")
    return [choose, price, change_shown(line.change, f"{key} change"), source]


def _spread(quote: Quote, unit: str) -> str:
    return f"Bid {quote.bid:,f}, ask {quote.ask:,f} {unit}"
