"""The split certificate: what stood on which side, and whether anything was on both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fingerprints import has_near_duplicate
from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.catalogue import policy, resolve
from sonde.learning.core.splits.policy import SplitConfig, single_group_classes
from sonde.platform.core.errors import Invalid

_NAMES_KEPT = 24


class Leaking(Invalid):
    """This split puts parts of the same thing on both sides, so its score would be false."""

    code = "leaking"


class LeakKind(StrEnum):
    """What can be on both sides of a split."""

    GROUP = "same group"
    RECORDING = "same recording"
    WINDOW = "overlapping windows"
    DUPLICATE = "near-duplicate"

    def told(self, group_noun: str) -> str:
        """Return the kind in the words of the field.

        Examples
        --------
        >>> LeakKind.GROUP.told("bearing")
        'same bearing'
        """
        return self.value.replace("group", group_noun)


@dataclass(frozen=True)
class Leak:
    """One kind of overlap, found in one fold and one class.

    Parameters
    ----------
    kind : LeakKind
    fold, class_name : str
    n_test_samples : int
        Test samples that the model has in effect already seen.
    example : str
        One group, recording or pair that is on both sides.
    """

    kind: LeakKind
    fold: str
    class_name: str
    n_test_samples: int
    example: str


@dataclass(frozen=True)
class ClassSides:
    """What one class has on the two sides of one fold.

    Parameters
    ----------
    class_name : str
    n_train_samples, n_test_samples : int
    n_train_groups, n_test_groups : int
    train_groups, test_groups : tuple of str
        Their names, the first 24.
    """

    class_name: str
    n_train_samples: int
    n_test_samples: int
    n_train_groups: int
    n_test_groups: int
    train_groups: tuple[str, ...]
    test_groups: tuple[str, ...]


@dataclass(frozen=True)
class FoldSides:
    """What one fold has on its two sides."""

    name: str
    classes: tuple[ClassSides, ...]


@dataclass(frozen=True)
class SplitCertificate:
    """Proof of how a score came about; travels with the score wherever it is shown.

    Parameters
    ----------
    policy, policy_title : str
    detail : str
        The protocol or attribute, where there is one.
    seed : int
    group_noun : str
    n_groups, n_recordings, n_samples : int
        In the whole problem.
    folds : tuple of FoldSides
    leaks : tuple of Leak
    divided_by_record : tuple of str
        Classes with one group, for which the split says nothing about a new group.
    honest_classes : tuple of str
        The other classes.
    notes : tuple of str
    asked_for_by_name : bool
        The person asked for this split although it leaks.
    data_hash : str
    class_titles : mapping of str to str
        What people call classes; empty in older certificates.
    """

    policy: str
    policy_title: str
    detail: str
    seed: int
    group_noun: str
    n_groups: int
    n_recordings: int
    n_samples: int
    folds: tuple[FoldSides, ...]
    leaks: tuple[Leak, ...]
    divided_by_record: tuple[str, ...]
    honest_classes: tuple[str, ...]
    notes: tuple[str, ...]
    asked_for_by_name: bool
    data_hash: str
    class_titles: Mapping[str, str] = field(default_factory=dict)

    def title_of(self, class_name: str) -> str:
        """Return what people call a class."""
        return self.class_titles.get(class_name, class_name)

    @property
    def is_honest(self) -> bool:
        """Whether nothing that belongs together is on both sides."""
        return not self.leaks

    @property
    def leak_kinds(self) -> tuple[LeakKind, ...]:
        """The kinds of overlap that were found, each once."""
        return tuple(kind for kind in LeakKind if any(leak.kind is kind for leak in self.leaks))

    @property
    def summary(self) -> str:
        """One sentence for people."""
        if self.is_honest and self.divided_by_record:
            whole = ", ".join(map(self.title_of, self.honest_classes))
            told = (
                f"Honest for {whole}: no {self.group_noun} of theirs, and no recording or window "
                "of any class, is on both sides."
            )
        elif self.is_honest:
            told = f"Honest: no {self.group_noun}, recording or window is on both sides."
        else:
            kinds = ", ".join(kind.told(self.group_noun) for kind in self.leak_kinds)
            told = f"Leaky: {kinds} on both sides; the score is too good."
        alone = (_alone(self.title_of(one), self.group_noun) for one in self.divided_by_record)
        return " ".join((told, *(f"{note}." for note in alone)))


def _alone(class_name: str, group_noun: str) -> str:
    return f"{class_name}: 1 {group_noun}, divided by record"


def _detail(chosen: SplitConfig) -> str:
    """Return the protocol or attribute that the policy uses; the others use neither."""
    told = {"protocol": chosen.protocol, "leave-one-attribute-out": chosen.attribute}
    return told.get(chosen.policy, "")


def certify(problem: Problem, folds: tuple[Fold, ...], config: SplitConfig) -> SplitCertificate:
    """Look for everything that is on both sides of any fold.

    Parameters
    ----------
    problem : Problem
    folds : tuple of Fold
    config : SplitConfig
        What the person asked for; a policy that leaks by construction is asked for by its name.

    Returns
    -------
    SplitCertificate
    """
    chosen = resolve(config, problem)
    kind = policy(chosen.policy)
    alone = single_group_classes(problem)
    leaks = tuple(leak for fold in folds for leak in _leaks(problem, fold, alone))
    divided = tuple(label for label in alone if _is_on_both_sides(problem, folds, label))
    return SplitCertificate(
        policy=kind.name,
        policy_title=kind.title,
        detail=_detail(chosen),
        seed=chosen.seed,
        group_noun=problem.group_noun,
        n_groups=len(np.unique(problem.groups)),
        n_recordings=len(np.unique(problem.recordings)),
        n_samples=len(problem),
        folds=tuple(_sides(problem, fold) for fold in folds),
        leaks=leaks,
        divided_by_record=tuple(problem.class_names[label] for label in divided),
        honest_classes=tuple(
            name for label, name in enumerate(problem.class_names) if label not in divided
        ),
        notes=tuple(_alone(problem.class_names[label], problem.group_noun) for label in divided),
        asked_for_by_name=kind.is_leaky or chosen.allow_leaks,
        data_hash=problem.data_hash,
        class_titles={
            name: title
            for name, title in problem.class_titles.items()
            if name in problem.class_names
        },
    )


def require_honest(certificate: SplitCertificate) -> None:
    """Refuse a split that leaks, unless it was asked for by name.

    Parameters
    ----------
    certificate : SplitCertificate

    Raises
    ------
    Leaking
        With what leaks and where.
    """
    if certificate.is_honest or certificate.asked_for_by_name:
        return
    first = certificate.leaks[0]
    raise Leaking(
        f"The split {certificate.policy} {certificate.detail}".rstrip()
        + f" leaks: {first.kind.told(certificate.group_noun)} on both sides of {first.fold} "
        f"({first.example}), and {len(certificate.leaks) - 1} more. Its score would be false. "
        f"Choose a split that keeps each {certificate.group_noun} on one side, "
        "or ask for the leaking one by name.",
        policy=certificate.policy,
        leaks=[
            {"kind": leak.kind.value, "fold": leak.fold, "class": leak.class_name}
            for leak in certificate.leaks[:20]
        ],
    )


def _is_on_both_sides(problem: Problem, folds: tuple[Fold, ...], label: int) -> bool:
    return any(
        (problem.labels[fold.train] == label).any() and (problem.labels[fold.test] == label).any()
        for fold in folds
    )


def _sides(problem: Problem, fold: Fold) -> FoldSides:
    return FoldSides(
        fold.name,
        tuple(_class_sides(problem, fold, label) for label in range(len(problem.class_names))),
    )


def _class_sides(problem: Problem, fold: Fold, label: int) -> ClassSides:
    train = problem.groups[fold.train[problem.labels[fold.train] == label]]
    test = problem.groups[fold.test[problem.labels[fold.test] == label]]
    train_groups, test_groups = np.unique(train), np.unique(test)
    return ClassSides(
        class_name=problem.class_names[label],
        n_train_samples=len(train),
        n_test_samples=len(test),
        n_train_groups=len(train_groups),
        n_test_groups=len(test_groups),
        train_groups=tuple(str(name) for name in train_groups[:_NAMES_KEPT]),
        test_groups=tuple(str(name) for name in test_groups[:_NAMES_KEPT]),
    )


def _leaks(problem: Problem, fold: Fold, alone: tuple[int, ...]) -> list[Leak]:
    by_group = np.isin(problem.groups[fold.test], problem.groups[fold.train])
    by_group &= ~np.isin(problem.labels[fold.test], alone)
    by_recording = np.isin(problem.recordings[fold.test], problem.recordings[fold.train])
    found = {
        LeakKind.GROUP: (by_group, problem.groups),
        LeakKind.RECORDING: (by_recording, problem.recordings),
        LeakKind.WINDOW: (_overlapping(problem, fold), problem.recordings),
        LeakKind.DUPLICATE: (
            has_near_duplicate(problem.fingerprints[fold.test], problem.fingerprints[fold.train]),
            problem.recordings,
        ),
    }
    return [
        _leak(problem, fold, kind, label, seen, names)
        for kind, (seen, names) in found.items()
        for label in np.unique(problem.labels[fold.test[seen]])
    ]


def _leak(
    problem: Problem,
    fold: Fold,
    kind: LeakKind,
    label: np.intp,
    seen: NDArray[np.bool_],
    names: NDArray[np.str_],
) -> Leak:
    samples = fold.test[seen & (problem.labels[fold.test] == label)]
    return Leak(kind, fold.name, problem.class_names[label], len(samples), str(names[samples[0]]))


def _overlapping(problem: Problem, fold: Fold) -> NDArray[np.bool_]:
    """Return which test windows share a stretch of a recording with a training window."""
    overlaps = np.zeros(len(fold.test), dtype=np.bool_)
    shared = np.intersect1d(problem.recordings[fold.test], problem.recordings[fold.train])
    for recording in shared:
        test = np.flatnonzero(problem.recordings[fold.test] == recording)
        train = fold.train[problem.recordings[fold.train] == recording]
        first, last = problem.spans[fold.test[test]].T
        train_first, train_last = problem.spans[train].T
        # A window overlaps if more training windows have begun before its end
        # than have ended by its beginning.
        begun = np.searchsorted(np.sort(train_first), last, side="left")
        ended = np.searchsorted(np.sort(train_last), first, side="right")
        overlaps[test] = begun > ended
    return overlaps
