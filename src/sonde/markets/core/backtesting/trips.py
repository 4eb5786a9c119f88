"""Round trips from flat to flat, made from fills."""

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.results import Fills, Trades
from sonde.markets.core.engine.layout import (
    E_FEE,
    E_GROSS,
    E_KIND,
    E_MAKER,
    E_ORDER,
    E_QUANTITY,
    E_REFERENCE,
    E_SIDE,
    E_SLIPPAGE,
    E_TAG,
    E_TICKS,
    E_TIME,
    EV_FILL,
    Ints,
)

R_BAR, R_AMBIGUOUS = 16, 17


def fills_of(rows: Ints) -> Fills:
    """Return the fills among the rows that the driver kept.

    Parameters
    ----------
    rows : ndarray of int64, shape (row, WIDTH)
    """
    kept = rows[rows[:, E_KIND] == EV_FILL]
    return Fills(
        time_ms=kept[:, E_TIME].copy(),
        bar=kept[:, R_BAR].copy(),
        order_id=kept[:, E_ORDER].copy(),
        side=kept[:, E_SIDE].astype(np.int8),
        ticks=kept[:, E_TICKS].copy(),
        reference_ticks=kept[:, E_REFERENCE].copy(),
        quantity_steps=kept[:, E_QUANTITY].copy(),
        fee_units=kept[:, E_FEE].copy(),
        slippage_units=kept[:, E_SLIPPAGE].copy(),
        gross_units=kept[:, E_GROSS].copy(),
        maker=kept[:, E_MAKER].astype(np.bool_),
        reason=kept[:, E_TAG].astype(np.int8),
    )


def trades_of(
    rows: Ints, tick: float, symbol: str, extremes: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> Trades:
    """Return the round trips that the rows of a run make up.

    Parameters
    ----------
    rows : ndarray of int64, shape (row, WIDTH)
        Fills and fundings in order of time; flat before the first and after the last.
    tick : float
        Price of one tick.
    symbol : str
    extremes : tuple of ndarray of float64, shape (bar,)
        Highs and lows.

    Returns
    -------
    Trades
    """
    is_fill = rows[:, E_KIND] == EV_FILL
    steps = np.where(is_fill, rows[:, E_QUANTITY], 0)
    after = np.cumsum(steps * rows[:, E_SIDE])
    last = np.flatnonzero((after == 0) & is_fill)
    first = np.concatenate((np.zeros(min(len(last), 1), np.int64), last[:-1] + 1))
    # Funding that came while flat is never written, so a trade begins with a fill.
    side = rows[first, E_SIDE]
    trade = np.repeat(np.arange(len(last)), last - first + 1)
    opens = rows[:, E_SIDE] == side[trade]

    def summed(column: Ints) -> Ints:
        found: Ints = np.add.reduceat(column, first) if len(first) else column[:0]
        return found

    def price(which: NDArray[np.bool_]) -> NDArray[np.float64]:
        weights = np.where(which, steps, 0)
        weighted = weights.astype(np.float64) * rows[:, E_TICKS]
        found = np.add.reduceat(weighted, first) if len(first) else weighted[:0]
        return found / np.maximum(summed(weights), 1) * tick

    gross = summed(np.where(is_fill, rows[:, E_GROSS], 0))
    fees, slippage = summed(rows[:, E_FEE]), summed(rows[:, E_SLIPPAGE])
    funding = summed(np.where(is_fill, 0, rows[:, E_GROSS]))
    entry_price = price(opens & is_fill)
    bars = (rows[first, R_BAR], rows[last, R_BAR])
    mae, mfe = _excursions(entry_price, side, bars, extremes)
    return Trades(
        entry_time_ms=rows[first, E_TIME],
        exit_time_ms=rows[last, E_TIME],
        side=side.astype(np.int8),
        quantity_steps=summed(np.where(opens, steps, 0)),
        entry_price=entry_price,
        exit_price=price(~opens & is_fill),
        gross_units=gross,
        fees_units=fees,
        slippage_units=slippage,
        funding_units=funding,
        net_units=gross - fees - funding,
        exit_reason=rows[last, E_TAG].astype(np.int8),
        bars_held=bars[1] - bars[0],
        mae=mae,
        mfe=mfe,
        ambiguous=summed(rows[:, R_AMBIGUOUS]) > 0,
        symbol=np.full(len(last), symbol),
    )


def _excursions(
    entry_price: NDArray[np.float64],
    side: Ints,
    bars: tuple[Ints, Ints],
    extremes: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the largest moves against and for each trade, as fractions of its entry price."""
    if not len(entry_price):
        return entry_price, entry_price
    # An extra bar lets the last slice of reduceat end behind the last bar.
    high, low = (np.append(each, each[-1:]) for each in extremes)
    slices = np.column_stack((bars[0], bars[1] + 1)).ravel()
    top = np.maximum.reduceat(high, slices)[::2]
    bottom = np.minimum.reduceat(low, slices)[::2]
    up = np.maximum(top / entry_price - 1, 0)
    down = np.maximum(1 - bottom / entry_price, 0)
    return np.where(side > 0, down, up), np.where(side > 0, up, down)
