"""Everything that is said about an account's trades, beside who had bought and held."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.account_chance import chance
from sonde.markets.core.account_figures import AccountFigures, HoldingLine
from sonde.markets.core.account_performance import performance
from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.metrics.daily import DAY_MS, DailyEquity
from sonde.markets.core.backtesting.metrics.holding import against_holding
from sonde.markets.core.holding_basket import Held, basket_line
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.prices.series import Series
from sonde.markets.core.trade_analytics import TradeAnalytics
from sonde.markets.core.trade_intervals import with_intervals
from sonde.markets.services import price_store, trade_history
from sonde.platform.core.actor import Actor

_SEED = 0
_MOST_BARS = 5_000
_POINTS = 400


def look(actor: Actor, account_id: str) -> AccountFigures:
    """Return every figure of an account's trades; raises NotFound."""
    found = trade_history.analytics(actor, account_id)
    net = found.closed.net_units / 10.0**found.currency.decimals
    known = trade_history.instruments_of(actor, account_id)
    over_time = performance(found, _entered(found, known), Bootstrap(_SEED, 500))
    return AccountFigures(
        replace(found, overall=with_intervals(found.overall, net)),
        over_time,
        _holding(actor, found, over_time.daily, known),
        chance(net, found.start, _SEED),
    )


def _entered(found: TradeAnalytics, known: Mapping[str, Instrument]) -> NDArray[np.float64]:
    steps = np.asarray([float(known[str(one)].step) for one in found.closed.symbol])
    return np.asarray(found.closed.entry_price * found.closed.quantity_steps * steps, np.float64)


def _holding(
    actor: Actor, found: TradeAnalytics, daily: DailyEquity, known: Mapping[str, Instrument]
) -> HoldingLine:
    if not len(found.closed):
        return _no_line("no trades")
    span = int(found.closed.entry_time_ms.min()), int(found.closed.exit_time_ms[-1])
    there, parts = price_store.list_series(actor), []
    for key in found.by_symbol:
        part = _held(actor, there, known[key], span)
        if part is None:
            return _no_line(f"no stored prices of {key} over the time of its trades")
        parts.append(part)
    times = np.linspace(span[0], span[1], _POINTS).astype(np.int64)
    ends = basket_line(parts, daily.day_ms + DAY_MS, found.start)
    return HoldingLine(
        times,
        basket_line(parts, times, found.start),
        against_holding(daily, DailyEquity(daily.day_ms, ends, found.start)),
    )


def _held(
    actor: Actor, there: Sequence[Series], one: Instrument, span: tuple[int, int]
) -> Held | None:
    """Return what holding a symbol brought, from the finest bars that are not too many."""
    filled = [each for each in there if each.instrument.key == one.key and each.n_bars]
    covering = [each for each in filled if _covers(each, span)]
    if not covering:
        return None
    length_ms = (span[1] - span[0]) / _MOST_BARS
    fitting = [each for each in covering if each.timeframe.ms >= length_ms]
    chosen = min(fitting or covering[-1:], key=lambda each: each.timeframe.ms)
    first_ms = chosen.timeframe.floor(span[0])
    bars = price_store.load(actor, chosen.id, first_ms, span[1] + 1)
    if not bars.n:
        return None
    return Held(float(bars.open[0]), bars.close_time_ms, bars.close, float(one.fees.taker))


def _covers(series: Series, span: tuple[int, int]) -> bool:
    first, last, length = series.first_ms or 0, series.last_ms or 0, series.timeframe.ms
    return first <= span[0] and last + 2 * length >= span[1]


def _no_line(reason: str) -> HoldingLine:
    return HoldingLine(np.zeros(0, np.int64), np.zeros(0), None, reason)
