"""Everything that is said about an account's trades, as one value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.account_chance import Chance
from sonde.markets.core.account_performance import Performance
from sonde.markets.core.backtesting.metrics.holding import AgainstHolding
from sonde.markets.core.trade_analytics import TradeAnalytics


@dataclass(frozen=True, eq=False)
class HoldingLine:
    """Buying and holding the same symbols, or the reason why it cannot be said.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (moment,)
        Milliseconds UTC.
    worth : ndarray of float64, shape (moment,)
        In the account's currency.
    against : AgainstHolding, optional
    reason : str
        Why there is no line; empty where there is one.
    """

    time_ms: NDArray[np.int64]
    worth: NDArray[np.float64]
    against: AgainstHolding | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class AccountFigures:
    """Figures of an account's closed trades since its last reset.

    Parameters
    ----------
    trades : TradeAnalytics
        Those of all trades together carry intervals.
    performance : Performance
    holding : HoldingLine
    chance : Chance, optional
    """

    trades: TradeAnalytics
    performance: Performance
    holding: HoldingLine
    chance: Chance | None = None
