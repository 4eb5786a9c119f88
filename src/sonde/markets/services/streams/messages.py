"""Messages of the live stream, as lines of JSON."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sonde.markets.core.candles import Candles
from sonde.markets.core.feeds.events import Bar
from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.growing import GrowingBar

_COLUMNS = ("open", "high", "low", "close", "volume")


def line(topic: str, **facts: object) -> str:
    """Return one message; decimals travel as text."""
    return _written({"topic": topic, **facts})


def price_document(quote: Quote) -> str:
    """Return a price as a document of its own."""
    return _written(price_facts(quote))


def price_facts(quote: Quote) -> Mapping[str, Any]:
    """Return what a message tells of a price."""
    return {
        "symbol": quote.key,
        "price": quote.price,
        "bid": quote.bid,
        "ask": quote.ask,
        "at_ms": quote.time_ms,
        "age_ms": quote.age_ms,
        "is_stale": quote.is_stale,
        "feed": quote.feed,
        "source": quote.source,
        "reason": quote.reason,
    }


def bar_facts(bar: Bar) -> Mapping[str, Any]:
    """Return what a message tells of a candle that grows or has closed."""
    return {
        "symbol": bar.key,
        "timeframe": bar.timeframe,
        "time_ms": bar.open_time_ms,
        **{name: float(getattr(bar, name)) for name in _COLUMNS},
        "is_finished": bar.is_finished,
        "is_whole": bar.is_whole,
    }


def growing_facts(key: str, timeframe: str, bar: GrowingBar) -> Mapping[str, Any]:
    """Return what a message tells of a bar that grows out of shorter ones and of prices."""
    return {
        "symbol": key,
        "timeframe": timeframe,
        "time_ms": bar.open_time_ms,
        **{name: getattr(bar, name) for name in _COLUMNS},
        "is_finished": False,
    }


def candles_facts(candles: Candles) -> Mapping[str, Any]:
    """Return the columns of candles."""
    columns = {name: getattr(candles, name).tolist() for name in _COLUMNS}
    return {
        "symbol": candles.instrument.key,
        "timeframe": candles.timeframe.name,
        "time_ms": candles.open_time_ms.tolist(),
        **columns,
    }


def _written(facts: Mapping[str, object]) -> str:
    return json.dumps(facts, default=_plain, separators=(",", ":"))


def _plain(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
