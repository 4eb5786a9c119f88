"""Whether a model may take the place of another: only if it is better on the very same test.

The unit is the group: whole groups are drawn with replacement, the same for both models, and the
challenger has won if the interval of the difference of their macro-F1 lies above zero.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluation import FEW_GROUPS, macro_f1
from sonde.learning.core.held_out import HeldOut
from sonde.platform.core.errors import Invalid

LEVEL = 0.95


@dataclass(frozen=True)
class Verdict:
    """How a challenger does beside the champion on the same held-out samples.

    Parameters
    ----------
    champion, challenger : float
        Macro-F1 of each.
    difference, low, high : float
        Challenger less champion, and its interval over groups.
    level : float
    n_groups : int
    group_noun : str
    few_groups : bool
        Fewer than 8: the interval is too narrow rather than too wide.
    """

    champion: float
    challenger: float
    difference: float
    low: float
    high: float
    level: float
    n_groups: int
    group_noun: str
    few_groups: bool

    @property
    def wins(self) -> bool:
        """Whether the challenger is better beyond chance."""
        return self.low > 0.0

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        told = (
            f"macro-F1 {self.challenger:.3f} against {self.champion:.3f}, a difference of "
            f"{self.difference:+.3f} ({self.low:+.3f} to {self.high:+.3f} over "
            f"{self.n_groups} {self.group_noun}s)"
        )
        if self.wins:
            return f"It beats the champion on the same test: {told}."
        if self.high < 0.0:
            return f"It is worse than the champion on the same test: {told}."
        return f"It is not better than the champion beyond chance: {told}."


def judge_challenger(
    champion: HeldOut, challenger: HeldOut, *, n_draws: int = 2000, seed: int = 0
) -> Verdict:
    """Compare two models on the samples that both were tested on.

    Parameters
    ----------
    champion, challenger : HeldOut
        Of equal `test_key`.
    n_draws : int
        Bootstrap draws of whole groups, the same for both.
    seed : int

    Returns
    -------
    Verdict

    Raises
    ------
    Invalid
        If they were not tested on the same samples.
    """
    if champion.test_key != challenger.test_key:
        raise Invalid("The two were not tested on the same samples; a comparison would be unfair.")
    groups, of_row = np.unique(champion.groups, return_inverse=True)
    weights = _draws(champion, of_row.ravel(), len(groups), n_draws, seed)
    scores = [_scores(table, groups, weights) for table in (champion, challenger)]
    differences = scores[1] - scores[0]
    edges = (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)
    low, high = np.nanquantile(differences[1:], edges)
    return Verdict(
        champion=float(scores[0][0]),
        challenger=float(scores[1][0]),
        difference=float(differences[0]),
        low=float(low),
        high=float(high),
        level=LEVEL,
        n_groups=len(groups),
        group_noun=champion.group_noun,
        few_groups=len(groups) < FEW_GROUPS,
    )


def _draws(
    table: HeldOut, of_row: NDArray[np.intp], n_groups: int, n_draws: int, seed: int
) -> NDArray[np.float64]:
    """Return how often each group counts; the first row is every group once."""
    random = np.random.default_rng(seed)
    mix = np.zeros((n_groups, len(table.class_names)), dtype=np.bool_)
    mix[of_row, table.labels] = True
    strata = np.unique(mix, axis=0, return_inverse=True)[1].ravel()
    weights = np.ones((n_draws + 1, n_groups))
    for stratum in np.unique(strata):
        mine = np.flatnonzero(strata == stratum)
        share = np.full(len(mine), 1.0 / len(mine))
        weights[1:, mine] = random.multinomial(len(mine), share, size=n_draws)
    return weights


def _scores(
    table: HeldOut, groups: NDArray[np.str_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the macro-F1 of every draw, by the aggregation that experiments are scored by."""
    cells, group_of, fold_of = _cells(table, groups)
    in_each = [fold_of == fold for fold in range(len(table.fold_names))]
    if all((cells[mine].sum(axis=(0, 2)) > 0).all() for mine in in_each):
        per_fold = [
            macro_f1(np.tensordot(weights[:, group_of[mine]], cells[mine], axes=1))
            for mine in in_each
        ]
        mean: NDArray[np.float64] = np.mean(per_fold, axis=0)
        return mean
    return macro_f1(np.tensordot(weights[:, group_of], cells, axes=1))


def _cells(
    table: HeldOut, groups: NDArray[np.str_]
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Return a confusion matrix for every group in every fold, and which group and fold it is."""
    n_classes = len(table.class_names)
    place = np.searchsorted(groups, table.groups)
    pairs, of_row = np.unique(place * len(table.fold_names) + table.folds, return_inverse=True)
    flat = (of_row.ravel() * n_classes + table.labels) * n_classes + table.told
    counts = np.bincount(flat, minlength=len(pairs) * n_classes**2)
    group_of, fold_of = np.divmod(pairs.astype(np.intp), len(table.fold_names))
    return counts.reshape(-1, n_classes, n_classes).astype(float), group_of, fold_of
