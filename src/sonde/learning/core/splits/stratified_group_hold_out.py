"""Stratified group hold-out: one test set of whole groups, with a share of every class."""

import numpy as np

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.policy import (
    SplitConfig,
    SplitPolicy,
    fold_of,
    indivisible_units,
    labels_of_units,
    require_units,
)
from sonde.platform.core.errors import Invalid


def plan(problem: Problem, config: SplitConfig) -> tuple[Fold, ...]:
    """Hold out ``config.test_fraction`` of the groups of every class, at least one of each.

    Raises
    ------
    Invalid
        If the fraction is not inside (0, 1) or nothing would be left to train on.
    """
    if not 0.0 < config.test_fraction < 1.0:
        raise Invalid("The test fraction lies between 0 and 1.", test_fraction=config.test_fraction)
    units = indivisible_units(problem)
    names, labels, _ = labels_of_units(problem, units)
    require_units(len(names), 2, problem)
    random = np.random.default_rng(config.seed)
    held_out: list[str] = []
    for label in np.unique(labels):
        mine = random.permutation(names[labels == label])
        if len(mine) > 1:
            count = min(max(1, round(config.test_fraction * len(mine))), len(mine) - 1)
            held_out.extend(mine[:count].tolist())
    if not held_out:
        raise Invalid(f"Every class has one {problem.group_noun} only: nothing can be held out.")
    return (fold_of("hold-out", np.isin(units, held_out)),)


POLICY = SplitPolicy(
    name="stratified-group-hold-out",
    title="Stratified group hold-out",
    help="One test set of whole groups, the same share of every class. Trains one model: fast.",
    plan=plan,
)
