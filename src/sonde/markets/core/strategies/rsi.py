"""Return from oversold and overbought, by the relative strength index."""

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.indicator import period_parameter
from sonde.markets.core.indicators.rsi import rsi
from sonde.markets.core.indicators.windows import settled_after
from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.crosses import SIDES, crossings, in_turn, ordered
from sonde.markets.core.strategies.decisions import Decisions


class Rsi:
    """Buys when the index rises back above a low level, sells when it falls below a high one."""

    name = "rsi"
    title = "RSI"
    words = (
        "Buys when the relative strength index rises back above the oversold level, and sells "
        "when it falls back below the overbought one."
    )
    parameters = (
        period_parameter(14, "Bars over which rises and falls are averaged."),
        Parameter("oversold", "Oversold", "float", 1, 99, 30.0, "Level below which all sold."),
        Parameter(
            "overbought", "Overbought", "float", 1, 99, 70.0, "Level above which all bought."
        ),
        SIDES,
    )

    def check(self, settings: Settings) -> None:
        """Refuse levels that are the wrong way round."""
        ordered(settings, "oversold", "overbought", "Oversold must lie below overbought")

    def warm_up(self, settings: Settings) -> int:
        """Return when the index has forgotten where the candles begin."""
        period = int(settings["period"])
        return period + settled_after(1 / period) + 1

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar."""
        index = rsi(candles.close, int(settings["period"]))
        up, _ = crossings(index, float(settings["oversold"]), 100.0)
        _, down = crossings(index, float(settings["overbought"]), 100.0)
        return in_turn(up, down, settings, ("left oversold", "left overbought"), {"rsi": index})
