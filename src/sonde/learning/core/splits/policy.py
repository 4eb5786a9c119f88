"""What a split policy is, and what a person may choose about a split."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.problem import Fold, Problem
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class SplitConfig:
    """Everything that decides a split; saved with every run.

    Parameters
    ----------
    policy : str
        Name of a policy in ``splits.catalogue.POLICIES``.
    seed : int
    n_folds : int
        For the policies that make a chosen number of folds.
    test_fraction : float
        Share of the groups that a hold-out tests on, in (0, 1).
    attribute : str
        What ``leave-one-attribute-out`` leaves out, such as ``"load"``.
    protocol : str
        Which of the problem's published splits ``protocol`` uses.
    allow_leaks : bool
        The person asks for this split although it leaks; its score is marked so.
    """

    policy: str
    seed: int = 0
    n_folds: int = 5
    test_fraction: float = 0.25
    attribute: str = ""
    protocol: str = ""
    allow_leaks: bool = False


@dataclass(frozen=True)
class SplitPolicy:
    """One way to divide samples into training and test.

    Parameters
    ----------
    name, title, help : str
        Words for the machine, the menu and the person who chooses.
    plan : callable
        From problem and config to folds; raises Invalid where it cannot.
    is_leaky : bool
        It leaks by construction, so choosing it by name is asking for the leak.
    """

    name: str
    title: str
    help: str
    plan: Callable[[Problem, SplitConfig], tuple[Fold, ...]]
    is_leaky: bool = False


def single_group_classes(problem: Problem) -> tuple[int, ...]:
    """Return the classes whose samples all come from one group that holds no other class.

    Such a class cannot be kept apart by group and be trained and tested at once: policies divide
    it by recording, and the certificate says so.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    tuple of int
    """
    alone = []
    for label in np.unique(problem.labels):
        groups = np.unique(problem.groups[problem.labels == label])
        if len(groups) == 1 and (problem.labels[problem.groups == groups[0]] == label).all():
            alone.append(int(label))
    return tuple(alone)


def indivisible_units(problem: Problem) -> NDArray[np.str_]:
    """Return what a split may not tear: the group, or the recording in a one-group class.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    ndarray of str, shape (sample,)
        Two samples with the same unit always stay on the same side.
    """
    by_recording = np.isin(problem.labels, single_group_classes(problem))
    group_units = np.char.add("group ", problem.groups.astype(str))
    recording_units = np.char.add("recording ", problem.recordings.astype(str))
    return np.where(by_recording, recording_units, group_units)


def labels_of_units(
    problem: Problem, units: NDArray[np.str_]
) -> tuple[NDArray[np.str_], NDArray[np.intp], NDArray[np.intp]]:
    """Return the distinct units, each one's most frequent class, and its number of samples.

    Parameters
    ----------
    problem : Problem
    units : ndarray of str, shape (sample,)

    Returns
    -------
    names : ndarray of str, shape (unit,)
    labels, sizes : ndarray of intp, shape (unit,)
    """
    names, position = np.unique(units, return_inverse=True)
    counts = np.zeros((len(names), len(problem.class_names)), dtype=np.intp)
    np.add.at(counts, (position, problem.labels), 1)
    return names, counts.argmax(axis=1), counts.sum(axis=1)


def deal(labels: NDArray[np.intp], n_hands: int, random: np.random.Generator) -> NDArray[np.intp]:
    """Deal units to hands so that every class is spread as evenly as it can be.

    Parameters
    ----------
    labels : ndarray of intp, shape (unit,)
    n_hands : int
    random : Generator

    Returns
    -------
    ndarray of intp, shape (unit,)
        The hand of each unit.

    Examples
    --------
    >>> hands = deal(np.array([0, 0, 0, 1, 1, 1]), 3, np.random.default_rng(0))
    >>> sorted(hands[:3].tolist()), sorted(hands[3:].tolist())
    ([0, 1, 2], [0, 1, 2])
    """
    hands = np.zeros(len(labels), dtype=np.intp)
    load = np.zeros(n_hands)
    for label in np.unique(labels):
        units = random.permutation(np.flatnonzero(labels == label))
        for start in range(0, len(units), n_hands):
            block = units[start : start + n_hands]
            lightest = np.argsort(load + random.uniform(0, 1e-6, n_hands))[: len(block)]
            hands[block] = lightest
            load[lightest] += 1
    return hands


def fold_of(name: str, is_test: NDArray[np.bool_]) -> Fold:
    """Return the fold that tests where `is_test` holds and trains elsewhere.

    Parameters
    ----------
    name : str
    is_test : ndarray of bool, shape (sample,)
    """
    return Fold(name, np.flatnonzero(~is_test), np.flatnonzero(is_test))


def require_units(n_units: int, least: int, problem: Problem) -> None:
    """Check that there are enough groups to divide.

    Raises
    ------
    Invalid
        With the number found, in the words of the field.
    """
    if n_units < least:
        raise Invalid(
            f"This split needs at least {least} {problem.group_noun}s; "
            f"{problem.title} has {n_units}.",
            needs=least,
            has=n_units,
        )
