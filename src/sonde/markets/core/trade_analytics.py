"""What a person's trades were worth: every figure with its interval, or why there is none.

The figures are those of a backtest, computed by the same code from closed trades.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.drawdown import Drawdown, drawdown
from sonde.markets.core.backtesting.metrics.figure import missing
from sonde.markets.core.backtesting.metrics.trading import Trading, trading
from sonde.markets.core.backtesting.results import Trades
from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.money import Currency
from sonde.markets.core.trades import Trade, TradeState


@dataclass(frozen=True)
class TradeAnalytics:
    """Figures of closed trades.

    Parameters
    ----------
    overall : Trading
    by_side, by_symbol, by_exit_reason, by_tag : mapping of str to Trading
        Parts without trades are left out.
    closed_equity : Drawdown
        Of the balance after each exit; open positions are not in it.
    n_open, n_pending, n_cancelled, n_expired : int
        Expired ones are among the cancelled.
    currency : Currency
        Of every amount.
    start : float
        Money before the first trade.
    closed : Trades
        The closed trades, in the order of their exits.
    balance : ndarray of float64, shape (trade,)
        After each exit.
    """

    overall: Trading
    by_side: Mapping[str, Trading]
    by_symbol: Mapping[str, Trading]
    by_exit_reason: Mapping[str, Trading]
    by_tag: Mapping[str, Trading]
    closed_equity: Drawdown
    n_open: int
    n_pending: int
    n_cancelled: int
    currency: Currency
    start: float
    closed: Trades
    balance: NDArray[np.float64]
    n_expired: int = 0


def analyse(
    trades: Sequence[Trade],
    instruments: Mapping[str, Instrument],
    currency: Currency,
    start: float,
) -> TradeAnalytics:
    """Return the figures of an account's trades.

    Parameters
    ----------
    trades : sequence of Trade
        In any state and order; figures are of the closed ones, in the order of their exits.
    instruments : mapping of str to Instrument
        Of every symbol traded, by its key.
    currency : Currency
    start : float
        Money before the first trade, in the currency.

    Returns
    -------
    TradeAnalytics
    """
    closed = [one for one in trades if one.state is TradeState.CLOSED]
    closed.sort(key=lambda one: (one.closed_ms or 0, one.id))
    table = _table(closed, instruments, currency)
    decimals = currency.decimals
    balance = start + np.cumsum(table.net_units / 10.0**decimals)
    counts = {state: sum(one.state is state for one in trades) for state in TradeState}

    def parts(names: Sequence[str]) -> Mapping[str, Trading]:
        keys = np.asarray(names, dtype=np.str_)
        return {str(one): _figures(table.rows(keys == one), decimals) for one in np.unique(keys)}

    return TradeAnalytics(
        overall=_figures(table, decimals),
        by_side=parts([one.side.value for one in closed]),
        by_symbol=parts([one.symbol for one in closed]),
        by_exit_reason=parts([one.exit_reason for one in closed]),
        by_tag=parts([one.tag for one in closed]),
        closed_equity=drawdown(table.exit_time_ms, balance, start),
        n_open=counts[TradeState.OPEN] + counts[TradeState.CLOSING],
        n_pending=counts[TradeState.PENDING],
        n_cancelled=counts[TradeState.CANCELLED],
        currency=currency,
        start=start,
        closed=table,
        balance=balance,
        n_expired=sum(
            one.state is TradeState.CANCELLED and one.exit_reason == "expired" for one in trades
        ),
    )


def _figures(table: Trades, decimals: int) -> Trading:
    """Return the figures without those in bars: paper trades are held in time."""
    none = missing("trades of an account are held in time, not in bars")
    figures = trading(table, decimals)
    return replace(figures, mean_bars=none, median_bars=none, longest_bars=none)


def _table(
    closed: Sequence[Trade], instruments: Mapping[str, Instrument], currency: Currency
) -> Trades:
    values = {key: unit_value(instruments[key], currency) for key in {one.symbol for one in closed}}

    def ints(numbers: Sequence[int]) -> NDArray[np.int64]:
        return np.asarray(numbers, dtype=np.int64)

    def prices(weights: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
        each = [
            float(instruments[one.symbol].tick) * weight / steps
            for one, (weight, steps) in zip(closed, weights, strict=True)
        ]
        return np.asarray(each, dtype=np.float64)

    nothing = ints([0] * len(closed))
    return Trades(
        entry_time_ms=ints([one.opened_ms or 0 for one in closed]),
        exit_time_ms=ints([one.closed_ms or 0 for one in closed]),
        side=np.asarray([one.side.sign for one in closed], dtype=np.int8),
        quantity_steps=ints([one.filled_steps for one in closed]),
        entry_price=prices([(one.entry_weight, one.filled_steps) for one in closed]),
        exit_price=prices([(one.exit_weight, one.closed_steps) for one in closed]),
        gross_units=ints([one.gross_units(values[one.symbol]) for one in closed]),
        fees_units=ints([one.fees_units for one in closed]),
        slippage_units=ints([one.slippage_units for one in closed]),
        funding_units=ints([one.funding_units for one in closed]),
        net_units=ints([one.net_units(values[one.symbol]) for one in closed]),
        exit_reason=np.zeros(len(closed), dtype=np.int8),
        bars_held=nothing,
        mae=nothing.astype(np.float64),
        mfe=nothing.astype(np.float64),
        ambiguous=nothing.astype(np.bool_),
        symbol=np.asarray([one.symbol for one in closed], dtype=np.str_),
    )
