"""Live feeds: how each stands and why, the last prices, and what is stale."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.feeds.port import FeedStanding
from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.services.feeds import LiveFeed
from sonde.markets.ui.market_data.ids import DataType, FeedId
from sonde.platform.ui.components import badge, card, empty_state, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import duration

_TONES = {
    FeedStanding.STREAMING: Tone.GOOD,
    FeedStanding.CONNECTING: Tone.WARN,
    FeedStanding.OFF: Tone.NEUTRAL,
}
_COLUMNS = (Column("Feed"), Column("State"), Column("Why"), Column("Prices"), Column(""))
Quotes = Mapping[str, Sequence[Quote]]


def feed_card(feeds: Sequence[LiveFeed], quotes: Quotes, *, is_admin: bool) -> Any:
    """Return the live feeds; administrators may switch them."""
    return card(
        stack(
            [
                html.Div(_form(), hidden=not is_admin),
                html.Div(feed_list(feeds, quotes, is_admin=is_admin), id=FeedId.LIST),
                dcc.Interval(
                    id=FeedId.TICK, interval=5000, disabled=not any(one.is_on for one in feeds)
                ),
            ]
        ),
        title="Live feeds",
        description="Prices as they are traded. What is too old to trade at is marked stale.",
    )


def feed_list(feeds: Sequence[LiveFeed], quotes: Quotes, *, is_admin: bool) -> Any:
    """Return how each feed stands, or what to do first."""
    if not feeds:
        who = "Name an exchange and its symbols above" if is_admin else "Ask an administrator"
        return empty_state(
            "No live feed",
            f"{who} to see prices as they are traded. Everything else works without: import "
            "files, and replay them as if they came now.",
            icon_name="tabler:activity",
        )
    rows = [_row(one, quotes.get(one.name, ()), is_admin=is_admin) for one in feeds]
    return plain_table(_COLUMNS, rows)


def _row(feed: LiveFeed, quotes: Sequence[Quote], *, is_admin: bool) -> list[Any]:
    state = feed.state
    return [
        feed.name,
        html.Span(
            badge(str(state.standing), _TONES.get(state.standing, Tone.INFO)),
            className="sonde-whole-badge",
        ),
        state.reason or ", ".join(feed.symbols),
        html.Ul([html.Li(_quote(one)) for one in quotes], className="sonde-plain-list"),
        _switch(feed) if is_admin else "",
    ]


def _quote(quote: Quote) -> Any:
    symbol = quote.key.partition(":")[2]
    price = "no price" if quote.price is None else f"{quote.price:,f}"
    age = "" if quote.age_ms is None else f", {duration(quote.age_ms / 1000)} old"
    stale = [badge("stale", Tone.WARN, hint=quote.reason)] if quote.is_stale else []
    return html.Span([f"{symbol} {price}{age} ", *stale])


def _switch(feed: LiveFeed) -> Any:
    text = "Switch off" if feed.is_on else "Switch on"
    return dmc.Button(
        text,
        id={"type": DataType.FEED.value, "act": "off" if feed.is_on else "on", "feed": feed.name},
        size="compact-sm",
        variant="default",
        **{"aria-label": f"{text} {feed.name}"},
    )


def _form() -> Any:
    return html.Div(
        [
            dmc.TextInput(id=FeedId.NAME, label="Exchange", placeholder="binance"),
            dmc.TextInput(id=FeedId.SYMBOLS, label="Symbols", placeholder="BTCUSDT, ETHUSDT"),
            dmc.Button("Switch on", id=FeedId.ON, leftSection=icon("tabler:activity", 16)),
        ],
        className="sonde-look-bar",
    )
