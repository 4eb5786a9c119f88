"""Random windows: what most published scores use, and why they are too good. It leaks."""

import numpy as np

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.policy import SplitConfig, SplitPolicy, fold_of
from sonde.platform.core.errors import Invalid


def plan(problem: Problem, config: SplitConfig) -> tuple[Fold, ...]:
    """Hold out a random share of the windows of every class, whatever they belong to.

    Raises
    ------
    Invalid
        If the fraction is not inside (0, 1) or there are fewer than two samples.
    """
    if not 0.0 < config.test_fraction < 1.0 or len(problem) < 2:
        raise Invalid("The test fraction lies between 0 and 1.", test_fraction=config.test_fraction)
    random = np.random.default_rng(config.seed)
    is_test = np.zeros(len(problem), dtype=np.bool_)
    for label in np.unique(problem.labels):
        samples = random.permutation(np.flatnonzero(problem.labels == label))
        count = min(max(1, round(config.test_fraction * len(samples))), len(samples) - 1)
        is_test[samples[:count]] = True
    return (fold_of("random windows", is_test),)


POLICY = SplitPolicy(
    name="random-windows",
    title="Random windows (leaky)",
    help="Windows of one recording on both sides: recognises the recording, not the fault.",
    plan=plan,
    is_leaky=True,
)
