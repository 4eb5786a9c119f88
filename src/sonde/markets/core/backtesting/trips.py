"""Round trips from flat to flat, made from fills."""

from typing import TypeVar

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
Number = TypeVar("Number", np.int64, np.float64)


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
    first, last = _ends(rows, steps)
    side = rows[first, E_SIDE]
    opens = rows[:, E_SIDE] == side[np.repeat(np.arange(len(last)), last - first + 1)]
    entry_price = _mean_ticks(rows, np.where(opens, steps, 0), first) * tick
    bars = (rows[first, R_BAR], rows[last, R_BAR])
    mae, mfe = _excursions(entry_price, side, bars, extremes)
    gross = _summed(np.where(is_fill, rows[:, E_GROSS], 0), first)
    funding = _summed(np.where(is_fill, 0, rows[:, E_GROSS]), first)
    fees = _summed(rows[:, E_FEE], first)
    return Trades(
        entry_time_ms=rows[first, E_TIME],
        exit_time_ms=rows[last, E_TIME],
        side=side.astype(np.int8),
        quantity_steps=_summed(np.where(opens, steps, 0), first),
        entry_price=entry_price,
        exit_price=_mean_ticks(rows, np.where(opens, 0, steps), first) * tick,
        gross_units=gross,
        fees_units=fees,
        slippage_units=_summed(rows[:, E_SLIPPAGE], first),
        funding_units=funding,
        net_units=gross - fees - funding,
        exit_reason=rows[last, E_TAG].astype(np.int8),
        bars_held=bars[1] - bars[0],
        mae=mae,
        mfe=mfe,
        ambiguous=_summed(rows[:, R_AMBIGUOUS], first) > 0,
        symbol=np.full(len(last), symbol),
    )


def _ends(rows: Ints, steps: Ints) -> tuple[Ints, Ints]:
    """Return the first and the last row of each trade."""
    is_flat = np.cumsum(steps * rows[:, E_SIDE]) == 0
    last = np.flatnonzero(is_flat & (rows[:, E_KIND] == EV_FILL))
    # Funding that came while flat is never written, so a trade begins with a fill.
    return np.concatenate((np.zeros(min(len(last), 1), np.int64), last[:-1] + 1)), last


def _summed(column: NDArray[Number], first: Ints) -> NDArray[Number]:
    """Return the sum over the rows of each trade."""
    found: NDArray[Number] = np.add.reduceat(column, first) if len(first) else column[:0]
    return found


def _mean_ticks(rows: Ints, weights: Ints, first: Ints) -> NDArray[np.float64]:
    """Return the mean price of each trade in ticks, weighted by steps."""
    weighted = weights.astype(np.float64) * rows[:, E_TICKS]
    return _summed(weighted, first) / np.maximum(_summed(weights, first), 1)


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
