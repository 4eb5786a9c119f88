"""Run a strategy's decisions over candles through the engine."""

from sonde.markets.core.backtesting.results import (
    EXIT_REASONS,
    Fills,
    OrderCounts,
    Run,
    Totals,
    Trades,
)
from sonde.markets.core.backtesting.settings import BacktestSettings, Costs, Funding, Sizing

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
]
