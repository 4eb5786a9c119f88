"""Candles as the bars that the engine takes."""

from collections.abc import Sequence

from sonde.markets.core.candles import Candles
from sonde.markets.core.engine.layout import Bar


def whole_bars(candles: Candles) -> Sequence[Bar]:
    """Return candles as bars of whole ticks and steps, in their order.

    Raises
    ------
    Invalid
        If a price is not on the instrument's grid.
    """
    whole = candles.ticks()
    columns = (whole.open_time_ms, whole.open, whole.high, whole.low, whole.close, whole.volume)
    return [Bar(*row) for row in zip(*(one.tolist() for one in columns), strict=True)]
