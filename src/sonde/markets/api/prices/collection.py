"""Collecting candles and switching live feeds, over REST."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import moment
from sonde.markets.services import collection, feeds
from sonde.markets.services.collection import Collection
from sonde.platform.api.routing import Acting, router

ROUTER = router("/markets", tag="Markets: prices")


class CollectionBody(BaseModel):
    """One symbol that is collected."""

    id: str
    venue: str
    symbol: str
    timeframe: str
    is_on: bool
    rows: int
    collected: int
    begins_at: datetime
    next_at: datetime
    fraction: float
    said: str
    is_failing: bool
    looked_at: datetime | None


class CollectionStats(BaseModel):
    """What is collected: whether anything is on, and the candles stored of each symbol."""

    running: bool
    total_rows: int
    symbols: list[CollectionBody]


class CollectionStart(BaseModel):
    """What to collect."""

    model_config = ConfigDict(extra="forbid")

    symbol: str = Field(min_length=1, max_length=40, examples=["BTCUSDT"])
    venue: str = Field("binance", max_length=40)
    timeframe: str = Field("1m", max_length=4)
    from_ms: int | None = Field(None, ge=0, description="Milliseconds UTC; 30 days ago.")


class CollectionStop(BaseModel):
    """What to collect no longer; without an id, nothing at all."""

    model_config = ConfigDict(extra="forbid")

    collection_id: str = Field("", max_length=40)


class FeedSwitch(BaseModel):
    """A live feed to be switched on with its symbols, or off."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=40, examples=["binance"])
    is_on: bool
    symbols: list[str] = Field(default_factory=list, max_length=feeds.MOST_SYMBOLS)


class FeedBody(BaseModel):
    """One live feed, and how it stands in words."""

    name: str
    is_on: bool
    symbols: list[str]
    state: str


@ROUTER.get("/ml/data_collection/stats")
def get_collection_stats(actor: Acting) -> CollectionStats:
    """Count the stored candles of every symbol that is collected."""
    found = collection.statistics(actor)
    return CollectionStats(
        running=any(one.is_on for one in found),
        total_rows=sum(one.rows for one in found),
        symbols=[_body(one) for one in found],
    )


@ROUTER.post("/ml/data_collection/start", status_code=201)
def start_collection(actor: Acting, body: CollectionStart) -> CollectionBody:
    """Collect a symbol from now on, and first what is missing; a job begins at once."""
    return _body(collection.start(actor, body.venue, body.symbol, body.timeframe, body.from_ms))


@ROUTER.post("/ml/data_collection/stop")
def stop_collection(actor: Acting, body: CollectionStop | None = None) -> CollectionStats:
    """Collect a symbol no longer, or none of them; what is stored stays."""
    wanted = body.collection_id if body else ""
    every = [one.id for one in collection.statistics(actor) if one.is_on]
    for collection_id in [wanted] if wanted else every:
        collection.stop(actor, collection_id)
    return get_collection_stats(actor)


@ROUTER.get("/feeds")
def list_feeds(actor: Acting) -> list[FeedBody]:
    """List the live feeds of this installation."""
    return [_feed(one) for one in feeds.list_feeds(actor)]


@ROUTER.post("/feeds")
def switch_feed(actor: Acting, body: FeedSwitch) -> FeedBody:
    """Switch a live feed on or off; administrators only."""
    if body.is_on:
        return _feed(feeds.switch_on(actor, body.name, body.symbols))
    return _feed(feeds.switch_off(actor, body.name))


def _feed(feed: feeds.LiveFeed) -> FeedBody:
    return FeedBody(
        name=feed.name, is_on=feed.is_on, symbols=list(feed.symbols), state=feed.state.words
    )


def _body(found: Collection) -> CollectionBody:
    return CollectionBody(
        id=found.id,
        venue=found.venue,
        symbol=found.symbol,
        timeframe=found.timeframe,
        is_on=found.is_on,
        rows=found.rows,
        collected=found.collected,
        begins_at=moment(found.from_ms),
        next_at=moment(found.next_ms),
        fraction=found.fraction,
        said=found.said,
        is_failing=found.is_failing,
        looked_at=found.looked_at,
    )
