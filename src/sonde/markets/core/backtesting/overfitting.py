"""How often the best cell of a search is below the middle on data that did not choose it."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

BLOCKS = 10


@dataclass(frozen=True)
class Overfitting:
    """What combinatorially symmetric cross-validation says of a search.

    Parameters
    ----------
    probability : float
        Share of splits in which the best cell of one half is at or below the median of the other.
    logits : ndarray of float64, shape (split,)
        Log odds of the chosen cell's rank in the other half; at or below 0 is overfitting.
    slope : float
        Of the chosen cells' Sharpe ratio outside against inside; below 0 the search misleads.
    loss_probability : float
        Share of splits in which the chosen cell loses outside.
    """

    probability: float
    logits: NDArray[np.float64]
    slope: float
    loss_probability: float


def probability_of_overfitting(returns: NDArray[np.float64], blocks: int = BLOCKS) -> Overfitting:
    """Choose on every half of the time blocks and look at the choice on the other half.

    Parameters
    ----------
    returns : ndarray of float64, shape (period, cell)
        Returns of equal periods of every cell of a search.
    blocks : int
        Even, at least 2; time is cut into that many equal parts, the rest at the start is left out.

    Returns
    -------
    Overfitting

    Raises
    ------
    Invalid
        For fewer than two cells, an odd number of blocks, or blocks of fewer than two periods.

    Notes
    -----
    D. Bailey, J. Borwein, M. Lopez de Prado and Q. Zhu, "The probability of backtest
    overfitting", Journal of Computational Finance 20 (2017). Performance is the Sharpe ratio.

    Examples
    --------
    >>> time = np.arange(40.0)
    >>> good = 0.02 + 0.01 * np.sin(time)
    >>> found = probability_of_overfitting(np.column_stack((good, good - 0.02, good - 0.04)))
    >>> found.probability, found.logits.size, found.loss_probability
    (0.0, 252, 0.0)
    """
    _check(returns, blocks)
    size = returns.shape[0] // blocks
    cut = returns[returns.shape[0] - size * blocks :].reshape(blocks, size, -1)
    sums, squares = cut.sum(axis=1), (cut**2).sum(axis=1)
    halves = [list(half) for half in combinations(range(blocks), blocks // 2)]
    member = np.zeros((len(halves), blocks))
    for row, half in enumerate(halves):
        member[row, half] = 1.0
    count = size * blocks // 2
    inside = _sharpe(member @ sums, member @ squares, count)
    outside = _sharpe((1 - member) @ sums, (1 - member) @ squares, count)
    rows, best = np.arange(len(halves)), inside.argmax(axis=1)
    chosen = outside[rows, best]
    below = (outside < chosen[:, None]).sum(axis=1)
    ties = (outside == chosen[:, None]).sum(axis=1)
    rank = (below + (ties + 1) / 2) / (returns.shape[1] + 1)
    logits = np.log(rank / (1 - rank))
    chosen_inside = inside[rows, best]
    return Overfitting(
        float(np.mean(logits <= 0)),
        logits,
        _slope(chosen_inside, chosen),
        float(np.mean(chosen < 0)),
    )


def _check(returns: NDArray[np.float64], blocks: int) -> None:
    if returns.ndim != 2 or returns.shape[1] < 2:
        raise Invalid("Overfitting is judged between at least two cells of a search.")
    if blocks < 2 or blocks % 2:
        raise Invalid(f"The number of blocks is even and at least 2, not {blocks}.", field="blocks")
    if returns.shape[0] < 2 * blocks:
        raise Invalid(
            f"{blocks} blocks need at least {2 * blocks} periods, there are {returns.shape[0]}.",
            field="blocks",
        )


def _sharpe(
    total: NDArray[np.float64], squares: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    mean = total / count
    variance = np.maximum(squares / count - mean**2, 0.0) * count / (count - 1)
    spread = np.sqrt(variance)
    return np.divide(mean, spread, out=np.zeros_like(mean), where=spread > 1e-12)


def _slope(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> float:
    moving = inside - inside.mean()
    wide = float(moving @ moving)
    return 0.0 if wide <= 1e-20 else float(moving @ (outside - outside.mean()) / wide)
