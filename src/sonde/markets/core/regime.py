"""The regime of a market: trending or not, calm or volatile; with its numbers, in words."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.adx import adx
from sonde.markets.core.indicators.atr import atr
from sonde.platform.core.errors import Invalid

Floats = NDArray[np.float64]
Direction = Literal["up", "down", "range"]
Volatility = Literal["calm", "volatile"]

_TITLES: Final = {"up": "Trend up", "down": "Trend down", "range": "Range"}
_ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class RegimeSettings:
    """Thresholds of the regime.

    Parameters
    ----------
    period : int
        Bars over which ADX and average true range are averaged; 2 to 200.
    trend_from : float
        ADX from which on a market counts as trending, in (0, 100); Wilder's reading is 25.
    window : int
        Bars with which the newest range is compared; 20 to 5000.
    volatile_from : float
        Share of these bars whose range must be smaller for the market to count as volatile, in
        (0, 1).

    Raises
    ------
    Invalid
        If a value lies outside.

    Examples
    --------
    >>> RegimeSettings().trend_from
    25.0
    """

    period: int = 14
    trend_from: float = 25.0
    window: int = 200
    volatile_from: float = 0.8

    def __post_init__(self) -> None:
        for name, low, high in (
            ("period", 2, 200),
            ("trend_from", 0.1, 99.9),
            ("window", 20, 5000),
            ("volatile_from", 0.01, 0.99),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise Invalid(
                    f"{name} must lie between {low} and {high}, not {value!r}.", field=name
                )


@dataclass(frozen=True)
class Regime:
    """The regime at the close of one bar.

    Parameters
    ----------
    open_time_ms : int
        Of that bar, milliseconds UTC.
    direction : {"up", "down", "range"} or None
        None as long as there are too few bars.
    volatility : {"calm", "volatile"} or None
    adx, plus_di, minus_di : float or None
        In [0, 100].
    range_percent : float or None
        Average true range in percent of the close.
    rank : float or None
        Share of the last bars whose range was smaller, in [0, 1].
    words : str
        The regime, its numbers and its thresholds.
    """

    open_time_ms: int
    direction: Direction | None
    volatility: Volatility | None
    adx: float | None
    plus_di: float | None
    minus_di: float | None
    range_percent: float | None
    rank: float | None
    words: str


@dataclass(frozen=True)
class Regimes:
    """The regime at every bar, as columns; row k knows bars 0..k only.

    Parameters
    ----------
    settings : RegimeSettings
    open_time_ms : ndarray of int64, shape (bar,)
    adx, plus_di, minus_di, range_percent, rank : ndarray of float, shape (bar,)
        NaN where not defined yet.
    """

    settings: RegimeSettings
    open_time_ms: NDArray[np.int64]
    adx: Floats
    plus_di: Floats
    minus_di: Floats
    range_percent: Floats
    rank: Floats

    def at(self, row: int) -> Regime:
        """Return the regime at one bar; `row` may count from the end.

        Raises
        ------
        Invalid
            If there is no such bar.
        """
        if not -len(self.adx) <= row < len(self.adx):
            raise Invalid(f"There are {len(self.adx)} bars; there is no bar {row}.")
        names = ("adx", "plus_di", "minus_di", "range_percent", "rank")
        values = {name: float(getattr(self, name)[row]) for name in names}
        known = {name: None if np.isnan(each) else each for name, each in values.items()}
        direction = _direction(values, self.settings)
        volatility = _volatility(values["rank"], self.settings)
        return Regime(
            open_time_ms=int(self.open_time_ms[row]),
            direction=direction,
            volatility=volatility,
            **known,
            words=" ".join(
                (
                    _trend_words(direction, values, self.settings),
                    _volatility_words(volatility, values, self.settings),
                )
            ),
        )


def regimes(candles: Candles, settings: RegimeSettings | None = None) -> Regimes:
    """Return the regime at every bar.

    A market trends when the average directional index (Wilder, 1978) is at least `trend_from`, in
    the direction of the larger directional indicator; else it ranges. It is volatile when the
    average true range in percent of the close is larger than in `volatile_from` of the last
    `window` bars, the newest one not counted.

    Parameters
    ----------
    candles : Candles
    settings : RegimeSettings, optional

    Returns
    -------
    Regimes
    """
    settings = settings or RegimeSettings()
    high, low, close = candles.high, candles.low, candles.close
    index, plus, minus = adx(high, low, close, settings.period)
    percent = 100 * atr(high, low, close, settings.period) / close
    rank = rolling_rank(percent, settings.window)
    return Regimes(settings, candles.open_time_ms, index, plus, minus, percent, rank)


def rolling_rank(values: Floats, window: int) -> Floats:
    """Return which share of the `window` values before each one is smaller.

    Parameters
    ----------
    values : ndarray of float, shape (bar,)
        May begin with NaN.
    window : int

    Returns
    -------
    ndarray of float, shape (bar,)
        In [0, 1]; NaN until so many values are there.

    Examples
    --------
    >>> rolling_rank(np.array([3.0, 1.0, 2.0, 9.0]), 2)
    array([nan, nan, 0.5, 1. ])
    """
    rank = np.full(len(values), np.nan)
    if len(values) <= window:
        return rank
    before = np.lib.stride_tricks.sliding_window_view(values, window)[:-1]
    newest = values[window:]
    for first in range(0, len(newest), _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        smaller = (before[rows] < newest[rows, np.newaxis]).mean(axis=1)
        is_known = ~np.isnan(before[rows, 0]) & ~np.isnan(newest[rows])
        rank[window + first : window + first + len(smaller)] = np.where(is_known, smaller, np.nan)
    return rank


def _direction(values: dict[str, float], settings: RegimeSettings) -> Direction | None:
    if np.isnan(values["adx"]):
        return None
    if values["adx"] < settings.trend_from or values["plus_di"] == values["minus_di"]:
        return "range"
    return "up" if values["plus_di"] > values["minus_di"] else "down"


def _volatility(rank: float, settings: RegimeSettings) -> Volatility | None:
    if np.isnan(rank):
        return None
    return "volatile" if rank >= settings.volatile_from else "calm"


def _trend_words(
    direction: Direction | None, values: dict[str, float], settings: RegimeSettings
) -> str:
    if direction is None:
        return f"Trend not known yet: it needs {2 * settings.period} bars."
    index, bound = f"ADX {values['adx']:.1f}", f"{settings.trend_from:g}"
    if values["adx"] < settings.trend_from:
        return f"Range: {index} is below {bound}."
    plus, minus = f"+DI {values['plus_di']:.1f}", f"-DI {values['minus_di']:.1f}"
    words = {"up": "lies above", "down": "lies below", "range": "equals"}[direction]
    return f"{_TITLES[direction]}: {index} is at least {bound}, and {plus} {words} {minus}."


def _volatility_words(
    volatility: Volatility | None, values: dict[str, float], settings: RegimeSettings
) -> str:
    if volatility is None:
        needed = settings.period + settings.window + 1
        return f"Volatility not known yet: it needs {needed} bars."
    return (
        f"{volatility.capitalize()}: the average range of {values['range_percent']:.2f} % of the "
        f"price is larger than in {100 * values['rank']:.1f} % of the last {settings.window} bars "
        f"(volatile from {100 * settings.volatile_from:g} %)."
    )
