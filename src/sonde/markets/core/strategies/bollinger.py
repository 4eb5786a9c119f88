"""Return from outside the Bollinger bands to their middle."""

import numpy as np

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.bollinger import bollinger
from sonde.markets.core.indicators.indicator import period_parameter
from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.crosses import SIDES, crossings
from sonde.markets.core.strategies.decisions import Decisions


class Bollinger:
    """Buys when the close comes back over the lower band, sells when it reaches the middle."""

    name = "bollinger"
    title = "Bollinger bands"
    words = (
        "Buys when the close comes back above the lower band and sells when it reaches the "
        "middle; short the other way round, from the upper band."
    )
    parameters = (
        period_parameter(20, "Bars of the mean and the deviation."),
        Parameter("width", "Width", "float", 0.1, 10, 2.0, "Standard deviations to each side."),
        SIDES,
    )

    def check(self, settings: Settings) -> None:
        """Accept settings that each lie in their own range."""

    def warm_up(self, settings: Settings) -> int:
        """Return the bars of the bands: the next row has two values to compare."""
        return int(settings["period"])

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar."""
        close = candles.close
        high, low, middle = bollinger(close, int(settings["period"]), float(settings["width"]))
        up, _ = crossings(close, low, close)
        _, down = crossings(close, high, close)
        sides = settings["sides"]
        nothing = np.zeros(candles.n, dtype=np.bool_)
        buy = up & (close < middle) if sides != "short" else nothing
        sell = down & (close > middle) if sides != "long" else nothing
        return Decisions(
            enter_long=buy,
            exit_long=close >= middle if sides != "short" else nothing,
            enter_short=sell,
            exit_short=close <= middle if sides != "long" else nothing,
            reason=np.select([buy, sell, ~np.isnan(middle)], [0, 1, 2], -1),
            reason_names=(
                "back above the lower band",
                "back below the upper band",
                "at the middle",
            ),
            indicators={"bb_high": high, "bb_low": low, "bb_middle": middle},
        )
