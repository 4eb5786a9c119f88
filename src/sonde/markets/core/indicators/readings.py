"""The features at the newest bar: a number, or nothing and why."""

import math
from dataclasses import dataclass

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.catalogue import FEATURES
from sonde.markets.core.indicators.features import RunningFeatures, feature_columns
from sonde.markets.core.indicators.running import Bar


@dataclass(frozen=True)
class Reading:
    """A feature at one bar.

    Parameters
    ----------
    name : str
        Of the feature, such as ``"rsi"``.
    value : float or None
    reason : str
        Why there is no value; empty where there is one.
    """

    name: str
    value: float | None
    reason: str


def bars_needed() -> dict[str, int]:
    """Return how many bars each of the 23 features needs for its first value.

    Examples
    --------
    >>> needed = bars_needed()
    >>> needed["close"], needed["rsi"], needed["ao"]
    (1, 15, 34)
    """
    running, needed, count = RunningFeatures(), dict.fromkeys(FEATURES, 0), 0
    while not all(needed.values()):
        price = 1.0 + (count % 2)  # every bar moves, so only the count is missing
        values = running.update(Bar(count, price, price + 1, price, price, 1.0))
        count += 1
        for name, value in values.items():
            if not needed[name] and not math.isnan(value):
                needed[name] = count
    return needed


def latest_readings(candles: Candles) -> tuple[Reading, ...]:
    """Return the 23 features at the close of the newest bar.

    Parameters
    ----------
    candles : Candles

    Returns
    -------
    tuple of Reading
        In the order of `FEATURES`.
    """
    needed, columns = bars_needed(), feature_columns(candles)
    return tuple(
        _reading(name, float(column[-1]) if candles.n else math.nan, needed[name], candles.n)
        for name, column in columns.items()
    )


def _reading(name: str, value: float, needed: int, there: int) -> Reading:
    if not math.isnan(value):
        return Reading(name, value, "")
    if there < needed:
        return Reading(name, None, f"needs {needed} bars, there are {there}")
    why = "nothing was traded" if name == "cmf" else "prices did not move"
    return Reading(name, None, f"not defined: {why} in the bars that it looks at")
