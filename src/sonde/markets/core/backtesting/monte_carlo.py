"""What other orders and other draws of the same trades would have done to the account."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.drawdown import fall_below_peak
from sonde.platform.core.errors import Invalid

PERCENTILES = (5, 25, 50, 75, 95, 99)
_FEWEST = 2
_LARGEST = 20_000_000


@dataclass(frozen=True)
class MonteCarlo:
    """Percentiles over many redrawn sequences of trades.

    Parameters
    ----------
    method : str
        "shuffle" (the same trades in another order) or "resample" (drawn with replacement).
    draws : int
    percentiles : tuple of int
    max_drawdown : ndarray of float64, shape (percentile,)
        Deepest fall from a peak, as a positive fraction.
    final : ndarray of float64, shape (percentile,)
        Equity after the last trade, in the account's currency.
    bands : ndarray of float64, shape (percentile, trade)
        Equity after each trade.
    ruin : float
        Share of draws in which the account lost half of its initial equity or more.
    observed_drawdown : float
        Deepest fall of the trades in their own order, at their closes.
    """

    method: str
    draws: int
    percentiles: tuple[int, ...]
    max_drawdown: NDArray[np.float64]
    final: NDArray[np.float64]
    bands: NDArray[np.float64]
    ruin: float
    observed_drawdown: float


def monte_carlo(
    results: NDArray[np.float64],
    initial: float,
    method: Literal["shuffle", "resample"],
    draws: int,
    generator: np.random.Generator,
) -> MonteCarlo:
    """Redraw the trades and follow the account through each sequence.

    Results are added in the account's currency, so a shuffle ends where the backtest ended.

    Parameters
    ----------
    results : ndarray of float64, shape (trade,)
        Net result of each trade, in the account's currency, in order of exit.
    initial : float
        Equity before the first trade; above 0.
    method : {"shuffle", "resample"}
    draws : int
        Number of sequences, at least 1.
    generator : numpy.random.Generator

    Returns
    -------
    MonteCarlo

    Raises
    ------
    Invalid
        For fewer than two trades, an unknown method, no equity, or more than 20 million steps.

    Examples
    --------
    >>> found = monte_carlo(
    ...     np.array([10.0, -5.0, 3.0]), 100.0, "shuffle", 200, np.random.default_rng(1)
    ... )
    >>> found.final.tolist()
    [108.0, 108.0, 108.0, 108.0, 108.0, 108.0]
    """
    _check(results, initial, method, draws)
    if method == "shuffle":
        drawn = generator.permuted(np.broadcast_to(results, (draws, results.size)), axis=1)
    else:
        drawn = results[generator.integers(0, results.size, (draws, results.size))]
    paths = initial + np.cumsum(drawn, axis=1)
    deepest = fall_below_peak(paths, initial).max(axis=1)
    own = initial + np.cumsum(results)
    return MonteCarlo(
        method=method,
        draws=draws,
        percentiles=PERCENTILES,
        max_drawdown=np.percentile(deepest, PERCENTILES),
        final=np.asarray(np.percentile(paths[:, -1], PERCENTILES), np.float64),
        bands=np.percentile(paths, PERCENTILES, axis=0),
        ruin=float(np.mean(paths.min(axis=1) <= 0.5 * initial)),
        observed_drawdown=float(fall_below_peak(own, initial).max()),
    )


def _check(results: NDArray[np.float64], initial: float, method: str, draws: int) -> None:
    if results.size < _FEWEST:
        raise Invalid(f"Redrawing needs at least {_FEWEST} trades, there are {results.size}.")
    if method not in {"shuffle", "resample"}:
        raise Invalid(
            f"Trades are redrawn by shuffle or resample, not by {method}.", field="method"
        )
    if not np.isfinite(initial) or initial <= 0:
        raise Invalid(f"The account begins with more than 0, not {initial:g}.", field="initial")
    if draws < 1 or draws * results.size > _LARGEST:
        raise Invalid(
            f"Between 1 and {_LARGEST // results.size} draws are possible with "
            f"{results.size} trades, not {draws}.",
            field="draws",
        )
