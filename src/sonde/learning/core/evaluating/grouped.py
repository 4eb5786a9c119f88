"""Drawing whole groups with replacement: how sure any figure of held-out samples is.

Samples of one group are alike, so the group is what is drawn (a cluster bootstrap), within each mix
of classes so that none disappears.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluation import draw_by_stratum, strata_of
from sonde.learning.core.splits.policy import deal

LEVEL = 0.95


@dataclass(frozen=True)
class GroupDraws:
    """How often each group is drawn.

    Parameters
    ----------
    names : ndarray of str, shape (group,)
    position : ndarray of intp, shape (sample,)
        The group of each sample.
    weights : ndarray of float64, shape (draw, group)
    """

    names: NDArray[np.str_]
    position: NDArray[np.intp]
    weights: NDArray[np.float64]

    def of_samples(self, draw: int) -> NDArray[np.float64]:
        """Return how often each sample is drawn, shape (sample,)."""
        return self.weights[draw][self.position]

    def sums(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return the sum of `values`, shape (sample, ...), over the samples of each draw."""
        per_group = np.zeros((len(self.names), *values.shape[1:]))
        np.add.at(per_group, self.position, values)
        return np.asarray(np.tensordot(self.weights, per_group, axes=1), dtype=np.float64)


def draw_groups(
    groups: NDArray[np.str_], labels: NDArray[np.integer], n_draws: int, seed: int = 0
) -> GroupDraws:
    """Draw whole groups with replacement, within each mix of classes.

    Parameters
    ----------
    groups : ndarray of str, shape (sample,)
    labels : ndarray of int, shape (sample,)
    n_draws : int
    seed : int

    Returns
    -------
    GroupDraws

    Examples
    --------
    >>> draws = draw_groups(np.array(["a", "a", "b"]), np.array([0, 0, 0]), 3)
    >>> draws.weights.sum(axis=1).tolist()
    [2.0, 2.0, 2.0]
    """
    names, position = np.unique(groups, return_inverse=True)
    strata = strata_of(position, labels, (len(names), int(labels.max(initial=0)) + 1))
    weights = draw_by_stratum(strata, n_draws, seed)
    return GroupDraws(names.astype(str), position.astype(np.intp), weights)


def interval(draws: NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the central 95 % of the draws that are numbers; None where none is.

    Parameters
    ----------
    draws : ndarray of float64, shape (draw,)

    Examples
    --------
    >>> interval(np.array([np.nan])) is None
    True
    >>> interval(np.linspace(0.0, 1.0, 101))
    (0.025, 0.975)
    """
    known = draws[np.isfinite(draws)]
    if not len(known):
        return None
    low, high = np.quantile(known, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return round(float(low), 12), round(float(high), 12)


def group_hands(
    groups: NDArray[np.str_], labels: NDArray[np.integer], n_hands: int, seed: int = 0
) -> NDArray[np.intp]:
    """Deal whole groups to hands, every class spread as evenly as it can be.

    Parameters
    ----------
    groups : ndarray of str, shape (sample,)
    labels : ndarray of int, shape (sample,)
    n_hands : int
        No more than there are groups are dealt to.
    seed : int

    Returns
    -------
    ndarray of intp, shape (sample,)
        The hand of each sample; a group is never torn.

    Examples
    --------
    >>> hands = group_hands(np.array(["a", "a", "b", "c"]), np.array([0, 0, 0, 0]), 3)
    >>> hands[0] == hands[1], len(set(hands.tolist()))
    (np.True_, 3)
    """
    names, position = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), int(labels.max(initial=0)) + 1))
    np.add.at(counts, (position, labels), 1.0)
    most = counts.argmax(axis=1).astype(np.intp)
    dealt = deal(most, min(n_hands, len(names)), np.random.default_rng(seed))
    hands: NDArray[np.intp] = dealt[position]
    return hands
