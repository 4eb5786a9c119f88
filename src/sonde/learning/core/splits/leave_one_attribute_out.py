"""Leave one attribute value out: a fault size, a load or a machine that was never trained on."""

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.policy import (
    SplitConfig,
    SplitPolicy,
    deal,
    fold_of,
    indivisible_units,
    labels_of_units,
)
from sonde.platform.core.errors import Invalid

MOST_VALUES = 40


def plan(problem: Problem, config: SplitConfig) -> tuple[Fold, ...]:
    """Make one fold for each value of ``config.attribute``.

    A class with one value only (a healthy machine has no fault size) is dealt to the folds by
    group, so that every fold can train on it and test it.

    Raises
    ------
    Invalid
        If there is no such attribute, or it has fewer than two values to leave out.
    """
    if not problem.attributes:
        raise Invalid(
            f"Nothing differs between the recordings of {problem.title} that could be left out; "
            "choose another split."
        )
    if config.attribute not in problem.attributes:
        raise Invalid(
            f"There is no attribute {config.attribute!r}; choose one of "
            f"{', '.join(sorted(problem.attributes))}.",
            attribute=config.attribute,
            choices=sorted(problem.attributes),
        )
    values = problem.attributes[config.attribute].astype(str)
    varied = samples_with_a_choice(problem, values)
    distinct = np.unique(values[varied])
    if not 2 <= len(distinct) <= MOST_VALUES:
        raise Invalid(
            f"{config.attribute} has {len(distinct)} values that could be left out; "
            f"between 2 and {MOST_VALUES} are needed.",
            attribute=config.attribute,
            values=len(distinct),
        )
    hand = np.searchsorted(distinct, np.where(varied, values, distinct[0]))
    if not varied.all():
        hand[~varied] = _deal_the_rest(problem, ~varied, len(distinct), config.seed)
    return tuple(
        fold_of(f"{config.attribute} {value}", hand == number)
        for number, value in enumerate(distinct)
    )


def samples_with_a_choice(problem: Problem, values: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Return which samples belong to a class in which the attribute takes several values.

    Parameters
    ----------
    problem : Problem
    values : ndarray of str, shape (sample,)

    Returns
    -------
    ndarray of bool, shape (sample,)
    """
    varied = [
        label
        for label in np.unique(problem.labels)
        if len(np.unique(values[problem.labels == label])) > 1
    ]
    return np.isin(problem.labels, varied)


def _deal_the_rest(
    problem: Problem, rest: NDArray[np.bool_], n_folds: int, seed: int
) -> NDArray[np.intp]:
    units = indivisible_units(problem)
    names, labels, _ = labels_of_units(problem, units)
    mine = np.isin(names, units[rest])
    hands = np.zeros(len(names), dtype=np.intp)
    hands[mine] = deal(labels[mine], n_folds, np.random.default_rng(seed))
    return hands[np.searchsorted(names, units[rest])]


POLICY = SplitPolicy(
    name="leave-one-attribute-out",
    title="Leave one condition out",
    help="Tests on a load, size or machine that was never trained on. Refused where groups leak.",
    plan=plan,
)
