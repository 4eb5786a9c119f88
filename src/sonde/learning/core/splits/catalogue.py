"""Every split policy by name."""

from collections.abc import Mapping
from dataclasses import replace

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits import (
    group_k_fold,
    leave_one_attribute_out,
    leave_one_group_out,
    protocol,
    random_windows,
    stratified_group_hold_out,
)
from sonde.learning.core.splits.policy import SplitConfig, SplitPolicy
from sonde.platform.core.errors import Invalid

POLICIES: Mapping[str, SplitPolicy] = {
    module.POLICY.name: module.POLICY
    for module in (
        group_k_fold,
        leave_one_group_out,
        stratified_group_hold_out,
        leave_one_attribute_out,
        protocol,
        random_windows,
    )
}


def policy(name: str) -> SplitPolicy:
    """Return the policy called `name`.

    Raises
    ------
    Invalid
        If there is none; the message lists the names.

    Examples
    --------
    >>> policy("group-k-fold").title
    'Group k-fold'
    """
    try:
        return POLICIES[name]
    except KeyError:
        raise Invalid(
            f"There is no split policy {name!r}; choose one of {', '.join(POLICIES)}.",
            policy=name,
            choices=list(POLICIES),
        ) from None


def resolve(config: SplitConfig, problem: Problem) -> SplitConfig:
    """Return `config` with its shorthands written out.

    An empty policy means the problem's honest one; the name of one of the problem's protocols
    may stand for the policy, and so may ``leave-one-load-out`` for leaving out ``"load"``.

    Parameters
    ----------
    config : SplitConfig
    problem : Problem

    Returns
    -------
    SplitConfig
    """
    name = config.policy or problem.honest_policy
    if name in problem.protocols:
        return replace(config, policy="protocol", protocol=name)
    attribute = name.removeprefix("leave-one-").removesuffix("-out").replace("-", "_")
    if name not in POLICIES and attribute in problem.attributes:
        return replace(config, policy="leave-one-attribute-out", attribute=attribute)
    return replace(config, policy=name)


def plan_folds(problem: Problem, config: SplitConfig) -> tuple[Fold, ...]:
    """Return the folds of `config`; the same every time for the same seed.

    Parameters
    ----------
    problem : Problem
    config : SplitConfig

    Returns
    -------
    tuple of Fold

    Raises
    ------
    Invalid
        If the policy is unknown or cannot divide this problem, or a side would be empty.
    """
    if config.seed < 0:
        raise Invalid("A seed is 0 or more.", field="seed")
    chosen = resolve(config, problem)
    folds = policy(chosen.policy).plan(problem, chosen)
    if not folds or any(not len(fold.train) or not len(fold.test) for fold in folds):
        raise Invalid("This split leaves nothing to train on or nothing to test.")
    return folds
