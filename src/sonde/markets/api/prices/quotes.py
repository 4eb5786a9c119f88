"""The price of a symbol and its features, over REST."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from sonde.markets.api.exact import Exact, moment, moment_or_none
from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.services import quotes, symbol_features
from sonde.platform.api.routing import Acting, from_memory, router

ROUTER = router("/markets", tag="Markets: prices")

Symbol = Annotated[
    str, Query(min_length=1, max_length=60, description="`BTCUSDT` or `binance:BTCUSDT`.")
]
MaybeTimeframe = Annotated[str, Query(max_length=4, description="Such as 1h; empty to choose.")]


class PriceBody(BaseModel):
    """The price of a symbol, with its source; null with the reason where there is none."""

    symbol: str
    price: Exact | None
    bid: Exact | None
    ask: Exact | None
    at: datetime | None
    age_ms: int | None
    is_stale: bool
    feed: str
    source: str
    reason: str


class RegimeBody(BaseModel):
    """The regime at the newest bar, with its numbers."""

    model_config = ConfigDict(from_attributes=True)

    direction: str | None
    volatility: str | None
    adx: float | None
    plus_di: float | None
    minus_di: float | None
    range_percent: float | None
    rank: float | None
    words: str


class FeaturesBody(BaseModel):
    """The 23 features at the close of the newest bar; null with the reason where undefined."""

    status: str
    symbol: str
    timeframe: str | None
    bar_opened_at: datetime | None
    n_bars: int
    source: str
    feed: str
    indicators: dict[str, float | None]
    reasons: dict[str, str]
    regime: RegimeBody | None
    reason: str


@ROUTER.get("/price")
@from_memory
def get_price(actor: Acting, symbol: Symbol = "BTCUSDT") -> PriceBody:
    """Return the price of a symbol from the best source there is, and which that is."""
    return price_body(quotes.latest(actor, symbol))


@ROUTER.get("/features/indicators")
def get_indicators(
    actor: Acting, symbol: Symbol = "BTCUSDT", timeframe: MaybeTimeframe = ""
) -> FeaturesBody:
    """Return the 23 features and the regime at the newest closed bar."""
    found = symbol_features.latest(actor, symbol, timeframe)
    opened_ms = found.bar_opened_ms
    return FeaturesBody(
        status="ok" if found.readings else "unavailable",
        symbol=found.key,
        timeframe=found.timeframe or None,
        bar_opened_at=None if opened_ms is None else moment(opened_ms),
        n_bars=found.n_bars,
        source=found.source,
        feed=found.feed,
        indicators={one.name: one.value for one in found.readings},
        reasons={one.name: one.reason for one in found.readings if one.reason},
        regime=None if found.regime is None else RegimeBody.model_validate(found.regime),
        reason=found.reason,
    )


def price_body(quote: Quote) -> PriceBody:
    """Return a price as the API shows it."""
    return PriceBody(
        symbol=quote.key,
        price=quote.price,
        bid=quote.bid,
        ask=quote.ask,
        at=moment_or_none(quote.time_ms),
        age_ms=quote.age_ms,
        is_stale=quote.is_stale,
        feed=quote.feed,
        source=quote.source,
        reason=quote.reason,
    )
