"""The newest candles of a symbol with indicators; of a replay up to where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from sonde.markets.core.candles import Candles
from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.growing import GrowingBar
from sonde.markets.core.indicators.catalogue import indicator_named
from sonde.markets.core.prices.columns import columns_of
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.views import MOST_INDICATORS, PriceView
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services.recent_bars import recent
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

SHOWN = 150
# What an indicator remembers fades: after 360 bars less than one part in 10**11 is left of it.
_BEFORE = 360


@dataclass(frozen=True, eq=False)
class DeskChart:
    """What the desk shows of a symbol.

    Parameters
    ----------
    quote : Quote
    view : PriceView, optional
        None where no bar is over.
    timeframes : tuple of str
        That are stored of the symbol or made of what is stored, short bars first.
    reason : str
        Why there is no view; empty where there is one.
    growing : GrowingBar, optional
        What is known of the bar after those in view.
    """

    quote: Quote
    view: PriceView | None
    timeframes: tuple[str, ...]
    reason: str = ""
    growing: GrowingBar | None = None


def look(
    actor: Actor, symbol: str, timeframe: str = "", indicators: Sequence[str] = ()
) -> DeskChart:
    """Return the newest candles of a symbol.

    Raises NotFound for an unknown indicator, Invalid for too many or an unknown timeframe.
    """
    if len(indicators) > MOST_INDICATORS:
        raise Invalid(f"Choose at most {MOST_INDICATORS} indicators at a time.", field="show")
    if timeframe:
        Timeframe(timeframe)
    known = recent(actor, symbol, timeframe, SHOWN + _BEFORE)
    if known.candles is None or known.series is None or not known.candles.n:
        reason = known.reason or f"No bar of {known.quote.key} is over yet."
        return DeskChart(known.quote, None, known.timeframes, reason)
    view = _view(known.series, known.candles, indicators)
    return DeskChart(known.quote, view, known.timeframes, growing=known.growing)


def _view(series: Series, bars: Candles, indicators: Sequence[str]) -> PriceView:
    first, length_ms = max(bars.n - SHOWN, 0), bars.timeframe.ms
    columns = columns_of(bars).rows(slice(first, None))
    lines = {
        name: {
            output: values[first:]
            for output, values in indicator_named(name).batch(bars, {}).items()
        }
        for name in dict.fromkeys(indicators)
    }
    times = columns.open_time_ms
    # room at the right for what comes next
    span = (int(times[0]), int(times[-1]) + max(6, columns.n // 8) * length_ms)
    return PriceView(series, span, length_ms, columns, lines)
