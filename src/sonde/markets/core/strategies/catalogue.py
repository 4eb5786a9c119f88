"""The strategies that are shipped."""

from collections.abc import Mapping
from typing import Final

from sonde.markets.core.naming import unknown
from sonde.markets.core.strategies.bollinger import Bollinger
from sonde.markets.core.strategies.breakout import Breakout
from sonde.markets.core.strategies.buy_and_hold import BuyAndHold
from sonde.markets.core.strategies.ema_cross import EmaCross
from sonde.markets.core.strategies.macd import Macd
from sonde.markets.core.strategies.protocol import Strategy
from sonde.markets.core.strategies.rsi import Rsi
from sonde.markets.core.strategies.sma_cross import SmaCross

STRATEGIES: Final[Mapping[str, Strategy]] = {
    "sma-cross": SmaCross(),
    "ema-cross": EmaCross(),
    "rsi": Rsi(),
    "macd": Macd(),
    "bollinger": Bollinger(),
    "breakout": Breakout(),
    "buy-and-hold": BuyAndHold(),
}


def strategy_named(name: str) -> Strategy:
    """Return the shipped strategy called `name`.

    Raises
    ------
    NotFound
        If there is none; says which there are.

    Examples
    --------
    >>> strategy_named("sma-cross").title
    'SMA cross'
    """
    if name not in STRATEGIES:
        raise unknown("strategy", name, STRATEGIES)
    return STRATEGIES[name]
