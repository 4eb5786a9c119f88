"""The features of a symbol at its newest closed bar, and the regime of its market."""

from dataclasses import dataclass

from sonde.markets.core.indicators.readings import Reading, latest_readings
from sonde.markets.core.regime import Regime, regimes
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services.recent_bars import recent
from sonde.platform.core.actor import Actor


@dataclass(frozen=True)
class SymbolFeatures:
    """Features of one symbol.

    Parameters
    ----------
    key : str
        Of the instrument.
    timeframe : str
    bar_opened_ms : int, optional
        Of the bar that they are measured at, milliseconds UTC.
    n_bars : int
        So many bars were looked at.
    feed, source : str
        Where the bars come from.
    readings : tuple of Reading
        The 23 features; none where there is no bar.
    regime : Regime, optional
    reason : str
        Why there is nothing; empty where there is.
    """

    key: str
    timeframe: str
    bar_opened_ms: int | None
    n_bars: int
    feed: str
    source: str
    readings: tuple[Reading, ...]
    regime: Regime | None
    reason: str


def latest(actor: Actor, symbol: str, timeframe: str = "") -> SymbolFeatures:
    """Return the features at the newest closed bar; raises Invalid for an unknown timeframe."""
    if timeframe:
        Timeframe(timeframe)
    known = recent(actor, symbol, timeframe)
    candles, quote = known.candles, known.quote
    if candles is None or not candles.n:
        reason = known.reason or f"No bar of {quote.key} is over yet."
        return SymbolFeatures(
            quote.key, timeframe, None, 0, quote.feed, quote.source, (), None, reason
        )
    is_replay = quote.feed == "replay"
    return SymbolFeatures(
        quote.key,
        candles.timeframe.name,
        int(candles.open_time_ms[-1]),
        candles.n,
        "replay" if is_replay else candles.source.feed,
        quote.source if is_replay else candles.source.name,
        latest_readings(candles),
        regimes(candles).at(-1),
        "",
    )
