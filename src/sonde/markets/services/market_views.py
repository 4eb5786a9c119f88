"""What is known of a market now: price with source and age, volatility; as trading wants it."""

import math
from dataclasses import replace
from decimal import Decimal

from sonde.markets.core.feeds.quotes import Quote as FeedQuote
from sonde.markets.core.indicators.atr import atr
from sonde.markets.core.measuring import Market
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import instruments, price_store, quotes, replays
from sonde.platform.core.actor import Actor

_HOUR_MS = 3_600_000
_BARS = 100


def of(actor: Actor, symbol: str) -> Market:
    """Return the market of ``BTCUSDT`` or ``venue:BTCUSDT``, from the best source that there is.

    Its time is the source's: in a replay, the replay's. Without a price `quote` is None; without
    enough candles the volatility is None. Raises NotFound for an instrument that nobody knows.
    """
    told = quotes.latest(actor, symbol)
    instrument = instruments.get(actor, told.key)
    now_ms = price_store.now_ms()
    quote = None
    if told.price is not None and told.time_ms is not None:
        now_ms = told.time_ms + (told.age_ms or 0)
        quote = Quote(
            told.price,
            told.time_ms,
            f"{told.feed} {told.source}",
            told.bid,
            told.ask,
            _every_ms(actor, told),
        )
    atr_percent, bar_ms = _volatility(actor, told.key, now_ms)
    return Market(instrument, now_ms, quote, atr_percent, bar_ms=bar_ms)


def tradable(actor: Actor, symbol: str) -> Market:
    """Return the market of a symbol; what is only stored is no price to trade at.

    Raises NotFound for an instrument that nobody knows.
    """
    found = of(actor, symbol)
    if found.quote is not None and found.quote.source.startswith("file"):
        return replace(found, quote=None)
    return found


def _every_ms(actor: Actor, told: FeedQuote) -> int:
    """Return the length of the bars that a replay tells closes of; 0 for trades."""
    if told.feed != "replay":
        return 0
    playing = [one for one in replays.list_replays(actor) if one.is_playing]
    keys = [key.partition(" ") for one in playing for key in one.keys]
    return min((Timeframe(bars).ms for key, _, bars in keys if key == told.key), default=0)


def _volatility(actor: Actor, key: str, now_ms: int) -> tuple[Decimal | None, int]:
    """Return the average true range in percent of the price, and the length of its bars.

    Of the stored series whose bars are nearest to an hour; None unless they reach to now.
    """
    known = [one for one in price_store.list_series(actor) if one.instrument.key == key]
    if not known:
        return None, _HOUR_MS
    series = min(known, key=lambda one: abs(math.log(one.timeframe.ms / _HOUR_MS)))
    length_ms = series.timeframe.ms
    over_ms = now_ms - length_ms + 1
    bars = price_store.load(actor, series.id, over_ms - _BARS * length_ms, over_ms)
    if not bars.n or now_ms - int(bars.open_time_ms[-1]) > 3 * length_ms:
        return None, length_ms
    newest = float(atr(bars.high, bars.low, bars.close)[-1]) / float(bars.close[-1]) * 100
    return (None if math.isnan(newest) else Decimal(f"{newest:.4f}")), length_ms
