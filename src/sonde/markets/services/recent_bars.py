"""The newest closed bars of a symbol as the desk knows them: of a replay up to where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from sonde.markets.core.candles import Candles
from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.prices.series import Series
from sonde.markets.services import price_store, quotes, replays
from sonde.platform.core.actor import Actor

_USUAL = "1h"


@dataclass(frozen=True)
class RecentBars:
    """What is known of a symbol now.

    Parameters
    ----------
    quote : Quote
    candles : Candles, optional
        None where no series of the symbol is stored.
    reason : str
        Why there are none; empty where there are.
    """

    quote: Quote
    candles: Candles | None
    reason: str = ""


def recent(actor: Actor, symbol: str, timeframe: str = "", n_bars: int = 500) -> RecentBars:
    """Return the price of a symbol and up to `n_bars` closed bars of it.

    Without a timeframe: of an hour where there are such, else the shortest.
    """
    quote = quotes.latest(actor, symbol)
    replay = playing(actor, quote)
    chosen = _chosen(_series(actor, quote, replay), timeframe)
    if chosen is None or chosen.last_ms is None:
        asked = f"{timeframe} bar" if timeframe else "bar"
        return RecentBars(quote, None, f"No {asked} of {quote.key} is stored.")
    span_ms = n_bars * chosen.timeframe.ms
    if replay is not None:
        first_ms = replay.position_ms - span_ms
        return RecentBars(quote, replays.candles(actor, replay.id, chosen.id, first_ms))
    first_ms = chosen.last_ms - span_ms + 1
    return RecentBars(quote, price_store.load(actor, chosen.id, first_ms, None))


def playing(actor: Actor, quote: Quote) -> replays.Replay | None:
    """Return the replay that a price is from; None for prices of another source."""
    if quote.feed != "replay":
        return None
    for one in replays.list_replays(actor):
        if one.is_playing and any(key.partition(" ")[0] == quote.key for key in one.keys):
            return one
    return None


def _series(actor: Actor, quote: Quote, replay: replays.Replay | None) -> Sequence[Series]:
    there = price_store.list_series(actor)
    alike = [one for one in there if one.instrument.key == quote.key]
    return alike if replay is None else [one for one in alike if one.id in replay.series_ids]


def _chosen(there: Sequence[Series], timeframe: str) -> Series | None:
    fitting = [one for one in there if timeframe in {"", one.timeframe.name}]
    usual = [one for one in fitting if one.timeframe.name == _USUAL]
    return min(usual or fitting, key=lambda one: one.timeframe.ms, default=None)
