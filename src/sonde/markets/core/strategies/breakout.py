"""Breakout from the range of the last bars (Donchian)."""

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.atr import atr
from sonde.markets.core.indicators.donchian import donchian
from sonde.markets.core.indicators.indicator import period_parameter
from sonde.markets.core.indicators.windows import settled_after
from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.crosses import SIDES
from sonde.markets.core.strategies.decisions import Decisions
from sonde.platform.core.errors import Invalid

_RANGE_PERIOD = 20


def _before(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return every value one row later: what was known before the bar."""
    moved = np.full(len(values), np.nan)
    moved[1:] = values[:-1]
    return moved


class Breakout:
    """Buys above the highest price of the bars before, sells below the lowest of fewer bars."""

    name = "breakout"
    title = "Breakout (Donchian)"
    words = (
        "Buys when the close is above the highest price of the bars before it, and sells when it "
        "is below the lowest price of the last few; short the other way round."
    )
    parameters = (
        period_parameter(20, "Bars whose range must be left to enter.", "entry", 1),
        period_parameter(10, "Bars whose range must be left on the other side to exit.", "exit", 1),
        Parameter(
            "stop_ranges",
            "Stop distance",
            "float",
            0,
            20,
            0.0,
            "Stop so many average true ranges (20 bars) from the close; 0 sets none.",
        ),
        SIDES,
    )

    def check(self, settings: Settings) -> None:
        """Refuse an exit range longer than the entry range."""
        if int(settings["exit"]) > int(settings["entry"]):
            raise Invalid(
                "The exit range needs at most as many bars as the entry range: "
                f"exit is {settings['exit']}, entry is {settings['entry']}.",
                field="exit",
            )

    def warm_up(self, settings: Settings) -> int:
        """Return the bars of the entry range, or when the average range is settled."""
        entry = int(settings["entry"])
        if float(settings["stop_ranges"]) == 0:
            return entry
        return max(entry, _RANGE_PERIOD + settled_after(1 / _RANGE_PERIOD))

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar."""
        high, low = (_before(each) for each in _range(candles, settings, "entry"))
        exit_high, exit_low = (_before(each) for each in _range(candles, settings, "exit"))
        close, sides = candles.close, settings["sides"]
        nothing = np.zeros(candles.n, dtype=np.bool_)
        buy = close > high if sides != "short" else nothing
        sell = close < low if sides != "long" else nothing
        return Decisions(
            enter_long=buy,
            exit_long=close < exit_low if sides != "short" else nothing,
            enter_short=sell,
            exit_short=close > exit_high if sides != "long" else nothing,
            stop_price=_stop(candles, buy, sell, float(settings["stop_ranges"])),
            indicators={
                "entry_high": high,
                "entry_low": low,
                "exit_high": exit_high,
                "exit_low": exit_low,
            },
        )


def _range(
    candles: Candles, settings: Settings, name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return donchian(candles.high, candles.low, int(settings[name]))[:2]


def _stop(
    candles: Candles, buy: NDArray[np.bool_], sell: NDArray[np.bool_], ranges: float
) -> NDArray[np.float64] | None:
    """Return the stop of every entry; NaN where it would not be a price."""
    if ranges == 0:
        return None
    away = ranges * atr(candles.high, candles.low, candles.close, _RANGE_PERIOD)
    stop = np.where(buy, candles.close - away, np.where(sell, candles.close + away, np.nan))
    return np.where(stop > 0, stop, np.nan)
