"""Cross of the MACD and its signal line."""

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.indicator import period_parameter
from sonde.markets.core.indicators.macd import macd
from sonde.markets.core.indicators.windows import settled_after
from sonde.markets.core.parameters import Settings
from sonde.markets.core.strategies.crosses import SIDES, crossings, in_turn, ordered
from sonde.markets.core.strategies.decisions import Decisions


class Macd:
    """Buys when the MACD comes to lie above its signal line, sells at the opposite cross."""

    name = "macd"
    title = "MACD"
    words = (
        "Buys when the MACD closes above its signal line, having been at or below it, and sells "
        "at the opposite cross."
    )
    parameters = (
        period_parameter(12, "Bars that set the weight of the fast mean.", "fast"),
        period_parameter(26, "Bars that set the weight of the slow mean.", "slow"),
        period_parameter(9, "Bars that set the weight of the signal line.", "signal"),
        SIDES,
    )

    def check(self, settings: Settings) -> None:
        """Refuse a fast mean that is not faster."""
        ordered(settings, "fast", "slow", "The fast mean needs fewer bars than the slow one")

    def warm_up(self, settings: Settings) -> int:
        """Return when all three means have forgotten where the candles begin."""
        periods = (int(settings["slow"]), int(settings["signal"]))
        return sum(each + settled_after(2 / (each + 1)) for each in periods) + 1

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar."""
        periods = [int(settings[name]) for name in ("fast", "slow", "signal")]
        line, signal, rest = macd(candles.close, *periods)
        up, down = crossings(line, signal, candles.close)
        reasons = ("MACD crossed above its signal", "MACD crossed below its signal")
        seen = {"macd": line, "macd_signal": signal, "macd_diff": rest}
        return in_turn(up, down, settings, reasons, seen)
