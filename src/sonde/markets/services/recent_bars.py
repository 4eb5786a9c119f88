"""The newest bars of a symbol as the desk knows them: of a replay up to where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sonde.markets.core.candles import Candles
from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.growing import GrowingBar, grown, open_time_of
from sonde.markets.core.prices.columns import columns_of
from sonde.markets.core.prices.resampling import resampled
from sonde.markets.core.prices.series import Series
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import price_store, quotes, replays
from sonde.platform.core.actor import Actor

_USUAL = "1h"
_OFFERED = ("5m", "15m", "1h", "4h", "1d")
# So many finer bars are made into coarser ones in a few milliseconds.
_MOST_FINER = 150_000


@dataclass(frozen=True)
class RecentBars:
    """What is known of a symbol now.

    Parameters
    ----------
    quote : Quote
    candles : Candles, optional
        Bars that are over; None where no series of the symbol is stored.
    reason : str
        Why there are none; empty where there are.
    series : Series, optional
        Of the candles; where they were made of finer bars, under their own timeframe.
    growing : GrowingBar, optional
        What is known of the bar after them.
    timeframes : tuple of str
        Of which there are bars, stored or made of finer ones, short ones first.
    """

    quote: Quote
    candles: Candles | None
    reason: str = ""
    series: Series | None = None
    growing: GrowingBar | None = None
    timeframes: tuple[str, ...] = ()


def recent(actor: Actor, symbol: str, timeframe: str = "", n_bars: int = 500) -> RecentBars:
    """Return the price of a symbol, up to `n_bars` closed bars of it, and the bar that grows.

    Without a timeframe: of an hour where there are such, else the shortest. What is not stored is
    made of finer bars that are.
    """
    quote = quotes.latest(actor, symbol)
    replay = playing(actor, quote)
    there = _series(actor, quote, replay)
    names = _names(there)
    chosen = _chosen(there, timeframe)
    if chosen is None or chosen.last_ms is None:
        asked = f"{timeframe} bar" if timeframe else "bar"
        reason = f"No {asked} of {quote.key} is stored."
        return RecentBars(quote, None, reason, timeframes=names)
    wanted = Timeframe(timeframe) if timeframe else chosen.timeframe
    candles = _over(actor, chosen, replay, wanted, n_bars)
    growing = _growing(actor, there, replay, quote, candles)
    made = replace(chosen, timeframe=wanted)
    return RecentBars(quote, candles, "", made, growing, names)


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
    alike = [one for one in there if one.instrument.key == quote.key and one.last_ms is not None]
    return alike if replay is None else [one for one in alike if one.id in replay.series_ids]


def _names(there: Sequence[Series]) -> tuple[str, ...]:
    known = {one.timeframe for one in there}
    made = [
        Timeframe(name) for name in _OFFERED if any(Timeframe(name).holds(one) for one in known)
    ]
    return tuple(one.name for one in sorted({*known, *made}, key=lambda one: one.ms))


def _chosen(there: Sequence[Series], timeframe: str) -> Series | None:
    """Return the series of a timeframe, or the coarsest that bars of it can be made of."""
    if timeframe:
        wanted = Timeframe(timeframe)
        fitting = [one for one in there if wanted.holds(one.timeframe)]
        return max(fitting, key=lambda one: one.timeframe.ms, default=None)
    usual = [one for one in there if one.timeframe.name == _USUAL]
    return min(usual or there, key=lambda one: one.timeframe.ms, default=None)


def _over(
    actor: Actor, series: Series, replay: replays.Replay | None, wanted: Timeframe, n_bars: int
) -> Candles:
    """Return the newest bars that are over."""
    finer = series.timeframe
    span_ms = min((n_bars + 1) * wanted.ms, _MOST_FINER * finer.ms)
    if wanted == finer:
        span_ms = n_bars * wanted.ms
    found = _bars(actor, series, replay, _now_ms(series, replay) - span_ms)
    if wanted == finer or not found.n:
        return found
    made = resampled(columns_of(found), finer, wanted).columns
    return made.candles(series.instrument, wanted, found.source)


def _growing(
    actor: Actor,
    there: Sequence[Series],
    replay: replays.Replay | None,
    quote: Quote,
    over: Candles,
) -> GrowingBar | None:
    """Return the bar in which the newest price lies, unless that is over."""
    if quote.price is None or quote.time_ms is None or not over.n:
        return None
    wanted = over.timeframe
    open_ms = open_time_of(wanted, quote.time_ms, is_close=quote.feed != "live")
    if open_ms <= int(over.open_time_ms[-1]):
        return None
    finer = [one for one in there if one.timeframe != wanted and wanted.holds(one.timeframe)]
    finest = min(finer, key=lambda one: one.timeframe.ms, default=None)
    inside = None if finest is None else _bars(actor, finest, replay, open_ms)
    return grown(inside, open_ms, float(quote.price))


def _bars(actor: Actor, series: Series, replay: replays.Replay | None, first_ms: int) -> Candles:
    if replay is not None:
        return replays.candles(actor, replay.id, series.id, first_ms)
    return price_store.load(actor, series.id, first_ms, None)


def _now_ms(series: Series, replay: replays.Replay | None) -> int:
    return (series.last_ms or 0) + 1 if replay is None else replay.position_ms
