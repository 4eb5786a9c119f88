"""Cross of two simple moving averages."""

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.indicator import period_parameter
from sonde.markets.core.indicators.sma import sma
from sonde.markets.core.parameters import Settings
from sonde.markets.core.strategies.crosses import SIDES, crossings, in_turn, ordered
from sonde.markets.core.strategies.decisions import Decisions


class SmaCross:
    """Buys when a fast plain mean comes to lie above a slow one, sells at the opposite cross."""

    name = "sma-cross"
    title = "SMA cross"
    words = (
        "Buys when the fast simple moving average closes above the slow one, having been at or "
        "below it, and sells at the opposite cross."
    )
    parameters = (
        period_parameter(20, "Bars of the fast mean.", "fast", 1),
        period_parameter(50, "Bars of the slow mean.", "slow", 2),
        SIDES,
    )

    def check(self, settings: Settings) -> None:
        """Refuse a fast mean that is not faster."""
        ordered(settings, "fast", "slow", "The fast mean needs fewer bars than the slow one")

    def warm_up(self, settings: Settings) -> int:
        """Return the bars of the slow mean: the next row has two values to compare."""
        return int(settings["slow"])

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar."""
        fast = sma(candles.close, int(settings["fast"]))
        slow = sma(candles.close, int(settings["slow"]))
        up, down = crossings(fast, slow, candles.close)
        reasons = ("fast mean crossed above slow", "fast mean crossed below slow")
        return in_turn(up, down, settings, reasons, {"sma_fast": fast, "sma_slow": slow})
