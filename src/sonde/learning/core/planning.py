"""A problem made ready to be trained on: only what the split uses, its folds, its certificate."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.certificate import SplitCertificate, certify
from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.catalogue import plan_folds, resolve
from sonde.learning.core.splits.policy import SplitConfig


@dataclass(frozen=True)
class SplitPlan:
    """What is trained and tested on what.

    Parameters
    ----------
    problem : Problem
        Only the samples that some fold uses.
    split : SplitConfig
        With its shorthands written out.
    folds : tuple of Fold
        Indices into `problem`.
    certificate : SplitCertificate
    """

    problem: Problem
    split: SplitConfig
    folds: tuple[Fold, ...]
    certificate: SplitCertificate


def plan_split(problem: Problem, config: SplitConfig) -> SplitPlan:
    """Plan the folds of `config` and look for leaks.

    Samples that no fold uses (a published protocol leaves some out) are put aside, so that every
    number of an experiment is about the same data.

    Parameters
    ----------
    problem : Problem
    config : SplitConfig

    Returns
    -------
    SplitPlan

    Raises
    ------
    Invalid
        If the policy is unknown or cannot divide this problem.
    """
    split = resolve(config, problem)
    folds = plan_folds(problem, split)
    used = np.unique(np.concatenate([side for fold in folds for side in (fold.train, fold.test)]))
    if len(used) < len(problem):
        problem = subset(problem, used)
        folds = tuple(
            Fold(fold.name, np.searchsorted(used, fold.train), np.searchsorted(used, fold.test))
            for fold in folds
        )
    return SplitPlan(problem, split, folds, certify(problem, folds, split))


def subset(problem: Problem, used: NDArray[np.intp]) -> Problem:
    """Return the problem with only the samples `used`, in that order, and without protocols.

    Parameters
    ----------
    problem : Problem
    used : ndarray of intp, shape (sample,)
    """
    measure = problem.features_of_windows
    return replace(
        problem,
        labels=problem.labels[used],
        recordings=problem.recordings[used],
        groups=problem.groups[used],
        spans=problem.spans[used],
        fingerprints=problem.fingerprints[used],
        attributes={name: values[used] for name, values in problem.attributes.items()},
        read_windows=lambda indices: problem.read_windows(used[indices]),
        read_features=lambda indices: problem.read_features(used[indices]),
        protocols={},
        features_of_windows=measure and (lambda windows, indices: measure(windows, used[indices])),
    )
