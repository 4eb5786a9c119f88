"""Several symbols at once: the price of each, and how it moved over a day."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.services import feeds, price_store, quotes, replays
from sonde.platform.core.actor import Actor
from sonde.platform.services.work import ports

MOST = 12
_FIRST = 6
_KEPT_S = 90 * 86_400
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class WatchLine:
    """One symbol that is watched.

    Parameters
    ----------
    quote : Quote
    change : float, optional
        Of the price over 24 hours, as a fraction; None where no price of then is stored.
    """

    quote: Quote
    change: float | None


def symbols(actor: Actor) -> tuple[str, ...]:
    """Return every symbol of which something is known: what moves now first, then by name."""
    playing = [one for one in replays.list_replays(actor) if one.is_playing]
    moving = [key.partition(" ")[0] for one in playing for key in one.keys]
    on = [one for one in feeds.list_feeds(actor) if one.is_on]
    moving = [f"{one.name}:{symbol}" for one in on for symbol in one.symbols] + moving
    stored = [one.instrument.key for one in price_store.list_series(actor) if one.n_bars]
    return tuple(dict.fromkeys([*moving, *stored]))


def chosen(actor: Actor) -> tuple[str, ...]:
    """Return what the actor watches, as far as it is there; the first few symbols before a choice.

    A choice of view only, remembered for a quarter of a year.
    """
    there, kept = symbols(actor), ports().cache.get(_key(actor))
    if kept is None:
        return there[:_FIRST]
    return tuple(one for one in json.loads(kept) if one in there)


def choose(actor: Actor, wanted: Sequence[str]) -> tuple[str, ...]:
    """Watch other symbols; return those that are there."""
    told = json.dumps(list(dict.fromkeys(wanted))[:MOST])
    ports().cache.set(_key(actor), told.encode(), _KEPT_S)
    return chosen(actor)


def look(actor: Actor, wanted: Sequence[str]) -> tuple[WatchLine, ...]:
    """Return the first dozen of some symbols with their prices."""
    return tuple(line(actor, symbol) for symbol in tuple(dict.fromkeys(wanted))[:MOST])


def line(actor: Actor, symbol: str) -> WatchLine:
    """Return one symbol with its price and the change over 24 hours."""
    quote = quotes.latest(actor, symbol)
    return WatchLine(quote, _change(actor, quote))


def _change(actor: Actor, quote: Quote) -> float | None:
    """Return the change since the last close 24 hours before the price."""
    if quote.price is None or quote.time_ms is None:
        return None
    then_ms = quote.time_ms - _DAY_MS
    for series in price_store.list_series(actor):
        length_ms = series.timeframe.ms
        if series.instrument.key != quote.key or length_ms > _DAY_MS // 6:
            continue
        over_ms = then_ms - length_ms + 1
        bars = price_store.load(actor, series.id, over_ms - 3 * length_ms, over_ms)
        if bars.n:
            return float(quote.price) / float(bars.close[-1]) - 1
    return None


def _key(actor: Actor) -> str:
    return f"markets:watch:{actor.user_id}"
