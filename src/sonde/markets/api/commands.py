"""Commands of the markets storey; heavy imports wait until a command runs."""

from collections.abc import Sequence
from typing import Any

from sonde.markets.api.backtest.commands import backtest
from sonde.markets.api.prices.commands import PRICES
from sonde.markets.api.strategy_commands import STRATEGIES

COMMANDS: Sequence[tuple[str, Any]] = (
    ("backtest", backtest),
    ("prices", PRICES),
    ("strategies", STRATEGIES),
)
