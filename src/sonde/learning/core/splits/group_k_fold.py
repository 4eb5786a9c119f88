"""Group k-fold: groups are dealt to k folds, every class spread as evenly as it can be."""

import numpy as np

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.policy import (
    SplitConfig,
    SplitPolicy,
    deal,
    fold_of,
    indivisible_units,
    labels_of_units,
    require_units,
)
from sonde.platform.core.errors import Invalid


def plan(problem: Problem, config: SplitConfig) -> tuple[Fold, ...]:
    """Deal the groups to ``config.n_folds`` folds, or to fewer if a class has fewer groups.

    Raises
    ------
    Invalid
        If fewer than two folds are possible.
    """
    if config.n_folds < 2:
        raise Invalid("Cross-validation needs at least 2 folds.", n_folds=config.n_folds)
    units = indivisible_units(problem)
    names, labels, _ = labels_of_units(problem, units)
    require_units(len(names), 2, problem)
    fewest = int(np.bincount(labels)[np.unique(labels)].min())
    n_folds = min(config.n_folds, max(2, fewest))
    hands = deal(labels, n_folds, np.random.default_rng(config.seed))
    hand_of_sample = hands[np.searchsorted(names, units)]
    return tuple(
        fold_of(f"fold {number + 1}", hand_of_sample == number)
        for number in range(n_folds)
        if (hand_of_sample == number).any()
    )


POLICY = SplitPolicy(
    name="group-k-fold",
    title="Group k-fold",
    help="Groups are dealt to k folds; no group is ever on both sides. The usual honest choice.",
    plan=plan,
)
