"""Outliers: bars that their neighbours do not believe, each with the reason.

A bar is measured against the bars around it by median and median absolute deviation (Hampel,
"The influence curve and its role in robust estimation", JASA 69, 1974), so that neither a quiet
night nor a wild day, nor the outlier itself, sets the scale for the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.columns import PriceColumns

# Of a normal distribution: standard deviation = 1.4826 times the median absolute deviation.
_SIGMA = 1.4826
_LEAST_NEIGHBOURS = 20


@dataclass(frozen=True)
class OutlierSettings:
    """What counts as an outlier.

    Parameters
    ----------
    threshold : float
        So many robust standard deviations, for wicks so many usual spans of a bar; prices have
        fat tails, 4 is an ordinary day.
    neighbours : int
        Bars around a bar that set its scale, the half before and the half after it.
    most : int
        Keep so many, the strangest ones.
    """

    threshold: float = 15.0
    neighbours: int = 200
    most: int = 200


@dataclass(frozen=True)
class Outlier:
    """One bar that stands out.

    Parameters
    ----------
    time_ms : int
        When the bar opened, milliseconds UTC.
    kind : str
        ``"spike"``: the close leaves and the next bar comes back; ``"jump"``: it leaves and
        stays; ``"wick"``: high or low alone; ``"volume"``.
    column : str
    value : float
    score : float
        Robust standard deviations away from the neighbours; for wicks their length over the
        neighbours' median span from low to high.
    words : str
        Why, as a sentence.
    """

    time_ms: int
    kind: str
    column: str
    value: float
    score: float
    words: str


_DEFAULTS = OutlierSettings()
_MEASURES = {"spike": "move", "jump": "move", "wick": "span", "volume": "spread"}


def outliers(columns: PriceColumns, settings: OutlierSettings = _DEFAULTS) -> tuple[Outlier, ...]:
    """Find bars that stand out of their neighbours, in order of time.

    Parameters
    ----------
    columns : PriceColumns
        Sorted and unique.
    settings : OutlierSettings

    Returns
    -------
    tuple of Outlier
        The strangest ones where there are more than `settings.most`.

    Examples
    --------
    >>> wave = 100.0 + np.sin(np.arange(300.0))
    >>> close = wave.copy()
    >>> close[150] = 140.0
    >>> high = np.maximum(wave, close)
    >>> bars = PriceColumns(np.arange(300) * 60_000, wave, high, wave, close, np.ones(300))
    >>> [(found.kind, found.time_ms // 60_000) for found in outliers(bars)]
    [('spike', 150)]
    """
    if columns.n < _LEAST_NEIGHBOURS:
        return ()
    found = [*_closes(columns, settings), *_wicks(columns, settings), *_volumes(columns, settings)]
    once: dict[int, Outlier] = {}
    for each in found:
        once.setdefault(each.time_ms, each)
    strangest = sorted(once.values(), key=lambda each: -each.score)[: settings.most]
    return tuple(sorted(strangest, key=lambda each: each.time_ms))


def _closes(columns: PriceColumns, settings: OutlierSettings) -> Iterator[Outlier]:
    moves = np.diff(np.log(columns.close), prepend=np.log(columns.open[:1]))
    scores = robust_scores(moves, settings.neighbours)
    returns = -1
    for k in np.flatnonzero(np.abs(scores) > settings.threshold):
        if k == returns:
            continue
        goes_back = k + 1 < moves.size and moves[k + 1] * moves[k] < -0.5 * moves[k] ** 2
        returns = k + 1 if goes_back else -1
        kind = "spike" if goes_back else "jump"
        percent = 100 * float(np.expm1(moves[k]))
        yield _told(columns, int(k), kind, "close", float(scores[k]), percent)


def _wicks(columns: PriceColumns, settings: OutlierSettings) -> Iterator[Outlier]:
    """Measure wicks by what a whole bar usually spans around there: half of all wicks are none."""
    top = np.log(columns.high / np.maximum(columns.open, columns.close))
    bottom = np.log(np.minimum(columns.open, columns.close) / columns.low)
    spans = np.log(columns.high / columns.low)
    floor = 0.1 * float(np.median(spans))
    if floor == 0.0:
        return
    usual = np.maximum(_rolling_median(spans, settings.neighbours), floor)
    for column, lengths in (("high", top), ("low", bottom)):
        scores = lengths / usual
        for k in np.flatnonzero(scores > settings.threshold):
            length = 100 * float(np.expm1(lengths[k]))
            yield _told(columns, int(k), "wick", column, float(scores[k]), length)


def _volumes(columns: PriceColumns, settings: OutlierSettings) -> Iterator[Outlier]:
    logs = np.log1p(columns.volume / max(float(np.median(columns.volume)), 1e-12))
    scores = robust_scores(logs, settings.neighbours)
    for k in np.flatnonzero(scores > settings.threshold):
        yield _told(columns, int(k), "volume", "volume", float(scores[k]), 0.0)


def _told(
    columns: PriceColumns, k: int, kind: str, column: str, score: float, percent: float
) -> Outlier:
    value = float(getattr(columns, column)[k])
    time_ms = int(columns.open_time_ms[k])
    far = f"{abs(score):.0f} times the usual {_MEASURES[kind]} of its neighbours"
    reasons = {
        "spike": f"moves by {percent:+.2f} %, {far}, and the next bar comes back: "
        "perhaps a wrong print",
        "jump": f"moves by {percent:+.2f} %, {far}, and stays there: "
        "news, a split, or another instrument",
        "wick": f"stands {percent:.2f} % off the body of its bar, {far}: perhaps one wrong trade",
        "volume": f"is {far} above theirs",
    }
    words = f"{when(time_ms)}: the {column} of {value:.12g} {reasons[kind]}."
    return Outlier(time_ms, kind, column, value, abs(score), words)


def robust_scores(values: NDArray[np.float64], neighbours: int) -> NDArray[np.float64]:
    """Return how far each value is from its neighbours, in robust standard deviations.

    The scale is the rolling median absolute deviation, but at least a tenth of the whole series':
    in a dead calm every move would be infinitely strange.

    Parameters
    ----------
    values : ndarray of float64, shape (bar,)
    neighbours : int

    Returns
    -------
    ndarray of float64, shape (bar,)
        0 everywhere if more than half of all values are equal.

    Examples
    --------
    >>> robust_scores(np.array([1.0, 2.0, 3.0, 2.0, 1.0, 90.0] * 1), 6).argmax()
    np.int64(5)
    """
    centre = _rolling_median(values, neighbours)
    away = np.abs(values - centre)
    floor = 0.1 * float(np.median(np.abs(values - np.median(values))))
    if floor == 0.0:
        return np.zeros(values.size)
    scores: NDArray[np.float64] = (values - centre) / (
        _SIGMA * np.maximum(_rolling_median(away, neighbours), floor)
    )
    return scores


def _rolling_median(values: NDArray[np.float64], neighbours: int) -> NDArray[np.float64]:
    import polars as pl

    size = min(neighbours, values.size) | 1
    rolled = pl.Series(values).rolling_median(size, min_samples=1, center=True)
    return rolled.to_numpy()
