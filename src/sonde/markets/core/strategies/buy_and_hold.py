"""Buy and hold: what every other strategy is compared with."""

import numpy as np

from sonde.markets.core.candles import Candles
from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.decisions import Decisions


class BuyAndHold:
    """Wants to be in the market at every bar."""

    name = "buy-and-hold"
    title = "Buy and hold"
    words = "Buys at the first chance and never sells."
    parameters: tuple[Parameter, ...] = ()

    def check(self, settings: Settings) -> None:
        """Accept that there is nothing to set."""

    def warm_up(self, settings: Settings) -> int:
        """Return 0: it looks at nothing."""
        del settings
        return 0

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar: to be long."""
        del settings
        return Decisions.of(candles.n, enter_long=np.ones(candles.n, dtype=np.bool_))
