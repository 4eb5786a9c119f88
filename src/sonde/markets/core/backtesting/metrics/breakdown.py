"""The same figures for parts of the trades: by side, by symbol, by reason of the exit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.trading import Trading, trading
from sonde.markets.core.backtesting.results import Trades


@dataclass(frozen=True)
class Breakdown:
    """Figures of parts of the trades, by the part's name; parts without trades are left out."""

    by_side: Mapping[str, Trading]
    by_symbol: Mapping[str, Trading]
    by_exit_reason: Mapping[str, Trading]


def breakdown(trades: Trades, decimals: int) -> Breakdown:
    """Return the figures of longs and shorts, of each symbol and of each reason of exit.

    Parameters
    ----------
    trades : Trades
    decimals : int
        Decimals of the account's currency.

    Returns
    -------
    Breakdown
    """
    sides = np.where(trades.side > 0, "long", "short")
    return Breakdown(
        _parts(trades, sides, decimals),
        _parts(trades, trades.symbol, decimals),
        _parts(trades, np.asarray(trades.reasons(), dtype=np.str_), decimals),
    )


def _parts(trades: Trades, names: NDArray[np.str_], decimals: int) -> Mapping[str, Trading]:
    return {str(name): trading(trades.rows(names == name), decimals) for name in np.unique(names)}
