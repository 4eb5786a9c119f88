"""The candles that a running strategy looks at, and what it wants at each.

They begin at one bar however often it is asked: so the decisions on a bar are the same at its
close, after a restart, and in the backtest that a paper run is compared with.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles
from sonde.markets.core.prices.series import Series
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.strategies.protocol import decided, settings_for
from sonde.markets.persistence import automations as rows
from sonde.markets.services import price_store, strategies
from sonde.platform.core.actor import Actor

BEFORE = 300


@dataclass(frozen=True, eq=False)
class Window:
    """Closed bars with a strategy's decisions; row k of both belongs together."""

    candles: Candles
    decisions: Decisions

    def rows_after(self, closed_ms: int) -> NDArray[np.int64]:
        """Return the rows that closed after a moment."""
        first = int(np.searchsorted(self.candles.close_time_ms, closed_ms, "right"))
        return np.arange(first, self.candles.n)


def window(actor: Actor, row: rows.AutomationRow, series: Series, until_ms: int) -> Window:
    """Return what a strategy has to look at among the bars that closed until a moment."""
    strategy = strategies.named(row.strategy)
    settings = settings_for(strategy, row.settings)
    length_ms = series.timeframe.ms
    before = BEFORE + strategy.warm_up(settings)
    first_ms = series.timeframe.floor(row.started_ms) - before * length_ms
    candles = price_store.load(actor, series.id, max(first_ms, 0), until_ms - length_ms + 1)
    decisions = decided(strategy, candles, settings) if candles.n else Decisions.of(0)
    return Window(candles, decisions)
