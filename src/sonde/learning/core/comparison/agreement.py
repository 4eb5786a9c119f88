"""Whether experiments may be compared at all: the same test set, under the same certificate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sonde.learning.core.certificate import FoldSides, SplitCertificate
from sonde.learning.core.held_out import HeldOut

FEWEST, MOST = 2, 20


@dataclass(frozen=True)
class Tested:
    """One experiment as a comparison sees it.

    Parameters
    ----------
    id, title : str
    table : HeldOut
        What its models said of every held-out sample.
    certificate : SplitCertificate
        How the score came about.
    """

    id: str
    title: str
    table: HeldOut
    certificate: SplitCertificate


def disagreements(tested: Sequence[Tested]) -> tuple[str, ...]:
    """Say what keeps experiments from being compared; nothing where they may be.

    Parameters
    ----------
    tested : sequence of Tested

    Returns
    -------
    tuple of str
        Sentences; each experiment is held against the first.
    """
    first, *others = tested
    found = [
        sentence
        for other in others
        for sentence in (*_of_tests(first, other), *_of_certificates(first, other))
    ]
    return tuple(dict.fromkeys(found))


def _of_tests(one: Tested, other: Tested) -> list[str]:
    a, b = one.table, other.table
    if a.test_key == b.test_key:
        return []
    pair = f"{one.title} and {other.title}"
    if a.class_names != b.class_names:
        said = f"{', '.join(a.class_names)} against {', '.join(b.class_names)}"
        return [f"{pair} tell different classes apart: {said}."]
    mine, theirs = set(a.recordings.tolist()), set(b.recordings.tolist())
    if mine != theirs:
        both = len(mine & theirs)
        return [
            f"{pair} were tested on different recordings: {len(mine)} and {len(theirs)}, "
            f"of which {both} are the same."
        ]
    if _windows(a) != _windows(b):
        return [
            f"{pair} were tested on different windows of the same recordings: "
            f"{_cut(a)} against {_cut(b)}."
        ]
    if _windows(a, labelled=True) != _windows(b, labelled=True):
        return [f"{pair} were tested on the same windows under different classes."]
    return [
        f"{pair} were tested on the same windows in different folds "
        f"({len(a.fold_names)} and {len(b.fold_names)}), so each of their models had learned "
        "from other data."
    ]


def _windows(table: HeldOut, *, labelled: bool = False) -> list[tuple[str | int, ...]]:
    labels = table.labels if labelled else np.zeros_like(table.labels)
    columns = (table.recordings, table.spans[:, 0], table.spans[:, 1], labels)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def _cut(table: HeldOut) -> str:
    lengths = np.unique(table.spans[:, 1] - table.spans[:, 0])
    said = f"{lengths[0]:,}" if len(lengths) == 1 else f"{lengths[0]:,} to {lengths[-1]:,}"
    return f"{len(table):,} windows of {said} samples"


def _of_certificates(one: Tested, other: Tested) -> list[str]:
    a, b = one.certificate, other.certificate
    pair = f"{one.title} and {other.title}"
    found = []
    if a.is_honest != b.is_honest:
        honest, leaky = (one, other) if a.is_honest else (other, one)
        found.append(
            f"The split of {honest.title} is honest, that of {leaky.title} is leaky: the score of "
            f"{leaky.title} is too good."
        )
    if a.data_hash != b.data_hash:
        found.append(f"{pair} come from different data, or from different versions of it.")
    if (a.policy, a.detail) != (b.policy, b.detail):
        found.append(f"{pair} were split in different ways: {_way(a)} against {_way(b)}.")
    elif [_size(fold) for fold in a.folds] != [_size(fold) for fold in b.folds]:
        found.append(f"The models of {pair} had different data to learn from in the same folds.")
    return found


def _way(certificate: SplitCertificate) -> str:
    detail = certificate.detail.replace("_", " ")
    return f"{certificate.policy_title} ({detail})" if detail else certificate.policy_title


def _size(fold: FoldSides) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return tuple((one.n_train_samples, one.train_groups) for one in fold.classes)
