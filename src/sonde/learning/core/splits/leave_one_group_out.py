"""Leave one group out: each group is tested once by a model that never saw it."""

import numpy as np

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.policy import (
    SplitConfig,
    SplitPolicy,
    fold_of,
    indivisible_units,
    require_units,
)
from sonde.platform.core.errors import Invalid

MOST_FOLDS = 60


def plan(problem: Problem, _config: SplitConfig) -> tuple[Fold, ...]:
    """Make one fold for each group (for each recording in a class with one group).

    Raises
    ------
    Invalid
        With fewer than two groups, or so many that the training would never end.
    """
    units = indivisible_units(problem)
    names = np.unique(units)
    require_units(len(names), 2, problem)
    if len(names) > MOST_FOLDS:
        raise Invalid(
            f"Leaving out each of {len(names)} {problem.group_noun}s would train as many models; "
            f"the limit is {MOST_FOLDS}. Choose group-k-fold.",
            groups=len(names),
            limit=MOST_FOLDS,
        )
    return tuple(fold_of(str(name).split(" ", 1)[1], units == name) for name in names)


POLICY = SplitPolicy(
    name="leave-one-group-out",
    title="Leave one group out",
    help="Every group is tested once by a model that never saw it. Best with few groups.",
    plan=plan,
)
