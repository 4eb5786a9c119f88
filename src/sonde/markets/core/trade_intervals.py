"""How sure the figures of single trades are: intervals from trades drawn again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.figure import Figure
from sonde.markets.core.backtesting.metrics.trading import Trading

FEWEST_TRADES: Final = 10
_AT_ONCE: Final = 500_000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Redraw:
    """How trades are drawn again; the seed is kept, so that a page says the same twice.

    Parameters
    ----------
    seed : int
    draws : int
    """

    seed: int = 0
    draws: int = 1000


def with_intervals(figures: Trading, net: Floats, redraw: Redraw | None = None) -> Trading:
    """Return figures of trades with 95 % intervals where trades alone decide them.

    Parameters
    ----------
    figures : Trading
    net : ndarray of float64, shape (trade,)
        What each trade made after all costs.
    redraw : Redraw, optional

    Returns
    -------
    Trading
        Expectancy, median, profit factor, payoff ratio, expectancy in R, system quality number and
        Kelly share have their interval. An end that has no bound is None, and so are both under 10
        trades: so few say nothing about others.

    Notes
    -----
    Percentile interval of the ordinary bootstrap (B. Efron, Annals of Statistics 7, 1979): trades
    are taken as independent of each other, which streaks of a market are not; the true interval is
    then wider.
    """
    if net.size < FEWEST_TRADES:
        return figures
    columns = [_measured(sample) for sample in _samples(net, redraw or Redraw())]
    changes: dict[str, Any] = {
        name: _between(getattr(figures, name), np.concatenate([one[name] for one in columns]))
        for name in columns[0]
    }
    return replace(figures, **changes)


def _samples(net: Floats, redraw: Redraw) -> Iterator[Floats]:
    generator = np.random.default_rng(redraw.seed)
    rows = max(1, _AT_ONCE // net.size)
    for first in range(0, redraw.draws, rows):
        n = min(rows, redraw.draws - first)
        yield net[generator.integers(0, net.size, size=(n, net.size))]


def _measured(sample: Floats) -> dict[str, Floats]:
    """Return the figures of each row; infinite where nothing was lost, NaN where nothing is."""
    won, lost = np.maximum(sample, 0.0), np.maximum(-sample, 0.0)
    n_won, n_lost = (sample > 0).sum(axis=1), (sample < 0).sum(axis=1)
    mean, share = sample.mean(axis=1), n_won / sample.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_lost = lost.sum(axis=1) / n_lost
        payoff = (won.sum(axis=1) / n_won) / mean_lost
        return {
            "expectancy": mean,
            "median": np.median(sample, axis=1),
            "profit_factor": won.sum(axis=1) / lost.sum(axis=1),
            "payoff_ratio": payoff,
            "expectancy_r": mean / mean_lost,
            "sqn": sample.shape[1] ** 0.5 * mean / sample.std(axis=1, ddof=1),
            "kelly": share - (1 - share) / payoff,
        }


def _between(figure: Figure, drawn: Floats) -> Figure:
    if figure.value is None:
        return figure
    # no interpolation: between two numbers one of which is infinite there is none
    known = np.where(np.isnan(drawn), np.inf, drawn)
    low, high = (float(each) for each in np.quantile(known, (0.025, 0.975), method="nearest"))
    return replace(
        figure,
        low=low if np.isfinite(low) else None,
        high=high if np.isfinite(high) else None,
    )
