"""Money flow (Chaikin)."""

import math

import numpy as np

from sonde.markets.core.indicators.indicator import Indicator, period_parameter
from sonde.markets.core.indicators.running import Bar, Restorable, Window
from sonde.markets.core.indicators.windows import Floats, columns, rolling_sum


def cmf(high: Floats, low: Floats, close: Floats, volume: Floats, period: int = 20) -> Floats:
    """Return whether volume was traded near the highs or near the lows.

    ``CMF = sum(M * V) / sum(V)`` over the last bars, with ``M = ((C - L) - (H - C)) / (H - L)``,
    and 0 for a bar without range (Chaikin, as given by Achelis, 2001, *Technical Analysis from A
    to Z*). It is not the accumulation/distribution line, which adds ``M * V`` up for ever.

    Parameters
    ----------
    high, low, close, volume : ndarray of float, shape (bar,)
    period : int
        At least 1.

    Returns
    -------
    ndarray of float, shape (bar,)
        In [-1, 1]; NaN in the first ``period - 1`` rows, or where nothing was traded.

    Examples
    --------
    >>> cmf([4.0, 4.0], [0.0, 0.0], [3.0, 0.0], [30.0, 10.0], 2)
    array([  nan, 0.125])
    """
    high, low, close, volume = columns(high, low, close, volume)
    width = high - low
    place = np.zeros(len(close))
    np.divide((close - low) - (high - close), width, out=place, where=width > 0)
    traded = rolling_sum(volume, period)
    answer = np.full(len(close), np.nan)
    return np.divide(rolling_sum(place * volume, period), traded, out=answer, where=traded > 0)


class RunningCmf(Restorable):
    """Chaikin's money flow, bar by bar."""

    def __init__(self, period: int = 20) -> None:
        self.flows = Window(period)
        self.volumes = Window(period)

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the money flow."""
        width = bar.high - bar.low
        place = ((bar.close - bar.low) - (bar.high - bar.close)) / width if width > 0 else 0.0
        self.flows.add(place * bar.volume)
        if not self.volumes.add(bar.volume):
            return (math.nan,)
        traded = sum(self.volumes.values)
        return (sum(self.flows.values) / traded if traded > 0 else math.nan,)


CMF = Indicator(
    name="cmf",
    title="Chaikin money flow",
    words="Whether volume was traded near the bars' highs (up to 1) or lows (down to -1).",
    source="Chaikin, in Achelis (2001), Technical Analysis from A to Z",
    outputs=("cmf",),
    parameters=(period_parameter(20, "Bars that are added up.", low=1),),
    inputs=("high", "low", "close", "volume"),
    compute=cmf,
    running=RunningCmf,
    memory=lambda settings: int(settings["period"]) - 1,
)
