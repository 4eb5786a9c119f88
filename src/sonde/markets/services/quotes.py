"""The price of a symbol, from the best source that there is, and which that is."""

from sonde.markets.core.feeds.quotes import Quote, QuoteBoard, no_quote
from sonde.markets.core.feeds.recorded import bar_of
from sonde.markets.core.prices.series import Series
from sonde.markets.services import feeds, price_store, replays
from sonde.platform.core.actor import Actor


def latest(actor: Actor, symbol: str) -> Quote:
    """Return the price of ``BTCUSDT`` or ``venue:BTCUSDT``: live, of a replay, or stored.

    A live feed that has a price comes first, then the actor's newest replay that plays, then the
    last candle that is stored, which is stale unless it closed lately. There is no price without a
    source: it is None then, with the reason.
    """
    name = symbol.strip()
    found = live(actor, name)
    if found is not None and found.price is not None:
        return found
    return _replayed(actor, name) or _stored(actor, name) or found or _nowhere(name)


def live(actor: Actor, symbol: str) -> Quote | None:
    """Return what a live feed says of a symbol; None where no feed that is on follows it."""
    name = symbol.strip()
    for feed in feeds.list_feeds(actor):
        keys = [f"{feed.name}:{one}" for one in feed.symbols]
        key = next((key for key in keys if _is_meant(key, name)), "")
        if feed.is_on and key:
            return feeds.quote(actor, key)
    return None


def of_series(actor: Actor, series: Series) -> Quote:
    """Return the close of the last candle of a series, with its source and its age."""
    source, key = series.provenance, series.instrument.key
    if series.last_ms is None:
        return no_quote(key, source.feed, source.name, f"{series.key} holds no candle yet.")
    board = QuoteBoard(source.feed, source.name, max_age_ms=2 * series.timeframe.ms)
    known = price_store.load(actor, series.id, series.last_ms, series.last_ms + 1)
    board.note_close(bar_of(known, known.n - 1), _closed_ms(series))
    return board.quote(key, price_store.now_ms())


def _replayed(actor: Actor, name: str) -> Quote | None:
    for replay in replays.list_replays(actor):
        keys = [key.partition(" ")[0] for key in replay.keys]
        key = next((key for key in keys if _is_meant(key, name)), "")
        if replay.is_playing and key:
            return replays.quote_of(actor, replay, key)
    return None


def _stored(actor: Actor, name: str) -> Quote | None:
    meant = [one for one in price_store.list_series(actor) if _is_meant(one.instrument.key, name)]
    filled = [one for one in meant if one.last_ms is not None]
    return of_series(actor, max(filled, key=_closed_ms)) if filled else None


def _nowhere(name: str) -> Quote:
    return no_quote(name, "file", "store", f"No feed and no stored candle speaks of {name}.")


def _closed_ms(series: Series) -> int:
    return (series.last_ms or 0) + series.timeframe.ms


def _is_meant(key: str, name: str) -> bool:
    return name.casefold() in {key.casefold(), key.partition(":")[2].casefold()}
