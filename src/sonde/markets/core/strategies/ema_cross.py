"""Cross of two exponential moving averages."""

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.ema import ema
from sonde.markets.core.indicators.indicator import period_parameter
from sonde.markets.core.indicators.windows import settled_after
from sonde.markets.core.parameters import Settings
from sonde.markets.core.strategies.crosses import SIDES, crossings, in_turn, ordered
from sonde.markets.core.strategies.decisions import Decisions


class EmaCross:
    """Buys when a fast exponential mean comes to lie above a slow one, sells at the opposite."""

    name = "ema-cross"
    title = "EMA cross"
    words = (
        "Buys when the fast exponential moving average closes above the slow one, having been at "
        "or below it, and sells at the opposite cross."
    )
    parameters = (
        period_parameter(20, "Bars that set the weight of the fast mean.", "fast"),
        period_parameter(50, "Bars that set the weight of the slow mean.", "slow"),
        SIDES,
    )

    def check(self, settings: Settings) -> None:
        """Refuse a fast mean that is not faster."""
        ordered(settings, "fast", "slow", "The fast mean needs fewer bars than the slow one")

    def warm_up(self, settings: Settings) -> int:
        """Return when the slow mean has forgotten where the candles begin."""
        slow = int(settings["slow"])
        return slow + settled_after(2 / (slow + 1)) + 1

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar."""
        fast = ema(candles.close, int(settings["fast"]))
        slow = ema(candles.close, int(settings["slow"]))
        up, down = crossings(fast, slow, candles.close)
        reasons = ("fast mean crossed above slow", "fast mean crossed below slow")
        return in_turn(up, down, settings, reasons, {"ema_fast": fast, "ema_slow": slow})
