"""Run a strategy's decisions over candles through the engine."""

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.results import (
    EXIT_REASONS,
    Fills,
    OrderCounts,
    Run,
    Totals,
    Trades,
)
from sonde.markets.core.backtesting.settings import BacktestSettings, Funding, Sizing
from sonde.markets.core.backtesting.trips import fills_of, trades_of
from sonde.markets.core.candles import Candles, IntCandles
from sonde.markets.core.engine.layout import (
    FEES,
    FUNDING,
    GROSS,
    NEXT_ID,
    SLIPPAGE,
    Ints,
    new_state,
)
from sonde.markets.core.engine.listings import Costs, Listing
from sonde.markets.core.instruments import account_currency
from sonde.markets.core.money import RATE_PARTS, AmountTooLarge, Currency, fitting
from sonde.markets.core.strategies.decisions import Decisions
from sonde.platform.core.errors import Invalid

__all__ = [
    "EXIT_REASONS",
    "BacktestSettings",
    "Costs",
    "Fills",
    "Funding",
    "OrderCounts",
    "Run",
    "Sizing",
    "Totals",
    "Trades",
    "run",
]
_KINDS = ("equity", "quote", "quantity", "risk")


def run(
    candles: Candles,
    decisions: Decisions,
    settings: BacktestSettings,
    detail: Candles | None = None,
) -> Run:
    """Run decisions over candles, by the rules of ``docs/guide/markets-fills.md``.

    Parameters
    ----------
    candles : Candles
        At least one bar.
    decisions : Decisions
        One row per bar; row k is acted on at the open of bar k + 1 at the earliest.
    settings : BacktestSettings
    detail : Candles, optional
        Finer bars of the same instrument; where they are there, they stand in for a bar.

    Returns
    -------
    Run

    Raises
    ------
    Invalid
        If there is no bar, the decisions are of another length, the detail is not finer or of
        another instrument, or the instrument does not allow the leverage.
    AmountTooLarge
        If an amount does not fit into int64.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from sonde.markets.core.candles import Provenance
    >>> from sonde.markets.core.instruments import FEE_PRESETS, FeeSchedule, Instrument
    >>> from sonde.markets.core.timeframes import Timeframe
    >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.001"),
    ...                  Decimal(0), FeeSchedule(Decimal(0), Decimal("0.001")))
    >>> prices = np.array([100.0, 100.0, 110.0, 120.0])
    >>> candles = Candles(btc, Timeframe("1m"), np.arange(4) * 60_000, prices, prices, prices,
    ...                   prices, np.ones(4), Provenance("x", "file", "x.csv", "", 0))
    >>> wishes = Decisions.of(4, enter_long=np.array([True, False, False, False]),
    ...                       exit_long=np.array([False, False, True, False]))
    >>> done = run(candles, wishes, BacktestSettings(start=Decimal(1000)))
    >>> len(done.trades), done.fees, done.net_profit
    (1, Decimal('2.19780000'), Decimal('197.60220000'))
    """
    _check(candles, decisions, detail)
    currency = settings.currency or account_currency(candles.instrument)
    listing = Listing(
        candles.instrument, settings.leverage, settings.fees, settings.costs, settings.latency_ms
    )
    whole = candles.ticks()
    pieces, ends = _pieces(whole, detail)
    plan = (
        currency.units_of(settings.start),
        _KINDS.index(settings.sizing.kind),
        _size(candles, settings, currency),
        _funding(settings.funding),
    )
    state = new_state([listing.numbers(currency)])
    from sonde.markets.core.backtesting.driver import drive

    try:
        rows, marks, counts = drive(state, pieces, ends, _wishes(candles, decisions), plan)
    except OverflowError:
        raise AmountTooLarge from None
    account = [int(number) for number in state[0]]
    extremes = (candles.high, candles.low)
    tick = float(candles.instrument.tick)
    filled, rejected, cancelled, expired, ambiguous, _, closed = (int(one) for one in counts)
    net = account[GROSS] - account[FEES] - account[FUNDING]
    return Run(
        instrument=candles.instrument,
        currency=currency,
        timeframe_ms=candles.timeframe.ms,
        start_units=plan[0],
        open_time_ms=candles.open_time_ms,
        equity_units=marks[0],
        position_steps=marks[1],
        cash_units=marks[2],
        fills=fills_of(rows),
        trades=trades_of(rows, tick, candles.instrument.symbol, extremes),
        totals=Totals(account[GROSS], account[FEES], account[SLIPPAGE], account[FUNDING], net),
        orders=OrderCounts(account[NEXT_ID] - 1, filled, rejected, cancelled, expired),
        ambiguous_bars=ambiguous,
        closed_at_end=closed,
    )


def _check(candles: Candles, decisions: Decisions, detail: Candles | None) -> None:
    if candles.n == 0:
        raise Invalid("There is no bar to run over.", field="candles")
    if decisions.n != candles.n:
        raise Invalid(
            f"{decisions.n} rows of decisions for {candles.n} bars: there must be one for each.",
            field="decisions",
        )
    if detail is None:
        return
    if detail.instrument != candles.instrument:
        raise Invalid(
            f"The detail is of {detail.instrument.key}, the candles of {candles.instrument.key}.",
            field="detail",
        )
    if candles.timeframe.ms % detail.timeframe.ms or detail.timeframe.ms >= candles.timeframe.ms:
        raise Invalid(
            f"Detail of {detail.timeframe} cannot stand in for bars of {candles.timeframe}.",
            field="detail",
        )


def _table(bars: IntCandles) -> Ints:
    """Return bars as an int64 array (bar, 7)."""
    columns = (bars.open_time_ms, bars.open, bars.high, bars.low, bars.close, bars.volume)
    table = np.empty((bars.n, 7), np.int64)
    for place, column in enumerate(columns):
        table[:, place] = column
    table[:, 6] = bars.open_time_ms + bars.timeframe.ms
    return table


def _pieces(whole: IntCandles, detail: Candles | None) -> tuple[Ints, Ints]:
    """Return bars, or detail bars where there are any, and where each bar's pieces end."""
    bars = _table(whole)
    if detail is None:
        return bars, np.arange(1, whole.n + 1)
    fine = _table(detail.ticks())
    owner = np.searchsorted(bars[:, 0], fine[:, 0], "right") - 1
    inside = (owner >= 0) & (fine[:, 0] < bars[np.maximum(owner, 0), 6])
    fine, owner = fine[inside], owner[inside]
    lonely = np.flatnonzero(np.bincount(owner, minlength=whole.n) == 0)
    pieces = np.concatenate((fine, bars[lonely]))
    owner = np.concatenate((owner, lonely))
    order = np.argsort(pieces[:, 0], kind="stable")
    return np.ascontiguousarray(pieces[order]), np.cumsum(np.bincount(owner, minlength=whole.n))


def _size(candles: Candles, settings: BacktestSettings, currency: Currency) -> int:
    """Return the size as the driver counts it: parts per 10**9, units or steps."""
    kind, size = settings.sizing.kind, settings.sizing.value
    if kind == "quote":
        return currency.units_of(size)
    if kind == "quantity":
        return candles.instrument.steps_within(size)
    return fitting(int(size * RATE_PARTS))


def _funding(funding: Funding | None) -> Ints:
    if funding is None:
        return np.zeros((0, 2), np.int64)
    return np.ascontiguousarray(np.column_stack((funding.time_ms, funding.rate_parts)))


def _wishes(candles: Candles, decisions: Decisions) -> Ints:
    """Return decisions as the driver reads them, int64 (bar, 7) (rules 10.1 and 10.3)."""
    both = decisions.enter_long & decisions.enter_short
    long = decisions.enter_long & ~decisions.exit_long & ~both
    short = decisions.enter_short & ~decisions.exit_short & ~both
    wishes = np.zeros((candles.n, 7), np.int64)
    wishes[:, 0] = long.astype(np.int64) - short.astype(np.int64)
    wishes[:, 1] = decisions.exit_long | (wishes[:, 0] < 0)
    wishes[:, 2] = decisions.exit_short | (wishes[:, 0] > 0)
    tick = float(candles.instrument.tick)
    prices = (decisions.stop_price, decisions.target_price, decisions.trail_distance)
    for place, column in enumerate(prices, 3):
        if column is not None:
            wishes[:, place] = _rounded(column / tick)
    if decisions.size_fraction is not None:
        wishes[:, 6] = _rounded(decisions.size_fraction * RATE_PARTS)
    return wishes


def _rounded(column: NDArray[np.float64]) -> Ints:
    """Return whole numbers, halves up, at least 1; 0 for NaN."""
    known = np.isfinite(column)
    whole = np.floor(np.where(known, column, 0.0) + 0.5)
    return np.where(known, np.maximum(whole, 1), 0).astype(np.int64)
