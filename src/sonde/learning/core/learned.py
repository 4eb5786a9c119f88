"""What a model has learned from: whoever asks it about the same again learns nothing new."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.problem import Problem


class LearnedFrom(StrEnum):
    """What of a recording a model has seen while it was trained."""

    NOTHING = ""
    RECORDING = "recording"
    GROUP = "group"

    def told(self, group_noun: str) -> str:
        """Return it in the words of the field.

        Examples
        --------
        >>> LearnedFrom.GROUP.told("bearing"), LearnedFrom.NOTHING.told("bearing")
        ('this bearing', '')
        """
        return f"this {self.value}".replace("group", group_noun) if self else ""


@dataclass(frozen=True)
class Learned:
    """The training data of a model, as far as it is kept.

    Parameters
    ----------
    data_hash : str
    recordings, groups : frozenset of str
        By the names that they have among the samples of problems.
    """

    data_hash: str
    recordings: frozenset[str]
    groups: frozenset[str]

    def part_of(self, problem: Problem, recording: str, group: str) -> LearnedFrom:
        """Return what of a recording of a problem the model has seen.

        Parameters
        ----------
        problem : Problem
        recording, group : str
        """
        if problem.data_hash == self.data_hash or recording in self.recordings:
            return LearnedFrom.RECORDING
        return LearnedFrom.GROUP if group in self.groups else LearnedFrom.NOTHING


def learned_from(certificate: SplitCertificate, recordings: Iterable[str]) -> Learned:
    """Return what a model has learned from.

    Parameters
    ----------
    certificate : SplitCertificate
        Names the groups of its training sides.
    recordings : iterable of str
        Those whose names were kept.
    """
    sides = [side for fold in certificate.folds for side in fold.classes]
    groups = frozenset(name for side in sides for name in side.train_groups)
    return Learned(certificate.data_hash, frozenset(recordings), groups)
