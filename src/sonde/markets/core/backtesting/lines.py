"""What is drawn of a run: its equity thinned for a chart, and the trades in a stretch of time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.results import Trades


@dataclass(frozen=True)
class EquityLine:
    """Equity at the closes of bars, thinned for a chart; first, last and extremes are there.

    Parameters
    ----------
    n_bars : int
        Before thinning.
    currency : str
    close_time_ms : tuple of int
    equity, holding : tuple of float
        Of the strategy, and of buying and holding.
    position : tuple of float
        Signed, in units of base.
    lowest, highest : str
        Exact, over all bars.
    """

    n_bars: int
    currency: str
    close_time_ms: tuple[int, ...]
    equity: tuple[float, ...]
    holding: tuple[float, ...]
    position: tuple[float, ...]
    lowest: str
    highest: str


@dataclass(frozen=True)
class ForwardLine:
    """Equity through the tests of a walk-forward, thinned for a chart."""

    close_time_ms: tuple[int, ...]
    equity: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class TradeMarks:
    """Trades of a backtest that touch a stretch of time.

    Parameters
    ----------
    n : int
        How many do.
    trades : Trades
        All of them, or those that won or lost most if they are too many to be told apart.
    net : ndarray of float64, shape (trade,)
        In the account's currency.
    """

    n: int
    trades: Trades
    net: NDArray[np.float64]
