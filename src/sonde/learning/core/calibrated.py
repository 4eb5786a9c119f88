"""What a model carries so that programs can believe its probabilities, and how that is used.

A temperature that mends told probabilities, a limit up to which a class belongs into the prediction
set, and the probability below which the model should not answer; each twice, because a window and
the mean over a recording are not equally sure. All of it was learned from held-out samples: see
`sonde.learning.core.evaluating.deploying`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import tempered

COVERAGE: Final = 0.9
MOST_RISK: Final = 0.05
NEVER: Final = 2.0
FEWEST_TO_REJECT: Final = 20  # with fewer, one wrong answer is more than the risk
OLDER: Final = "It was trained before models carried their calibration; train it again to have it."


@dataclass(frozen=True)
class UnitCalibration:
    """How one kind of answer, about a window or about a recording, is mended and doubted.

    Parameters
    ----------
    n : int
        Held-out windows or recordings that it was learned from.
    temperature : float
        Above 1 where the model was too sure; 1 where other groups' temperature did not help.
    error_told, error_mended : float
        Expected calibration error as told, and mended by what other groups taught.
    set_limit : float, optional
        A class belongs into the set where 1 - p is at most this; None with too few to promise.
    coverage : float
        Share of held-out samples in their set, its limit learned from other groups.
    answer_from : float, optional
        Probability below which the model should not answer, `NEVER` where not even its surest
        answers were right often enough; None with too few to tell, and where limits learned
        from other groups left far more wrong than they should.
    answered, risk : float
        Share of held-out samples that would be answered, and of wrong ones among them, the limit
        learned from other groups.

    Examples
    --------
    >>> unit = UnitCalibration(40, 2.0, 0.1, 0.02, 0.8, 0.92, 0.6, 0.9, 0.03)
    >>> mended = unit.mend(np.array([[0.9, 0.1], [0.8, 0.2]]))
    >>> mended.round(2).tolist()
    [[0.75, 0.25], [0.67, 0.33]]
    >>> unit.sets(mended).tolist(), unit.rejects(mended).tolist()
    ([[True, True], [True, True]], [False, False])
    """

    n: int
    temperature: float
    error_told: float
    error_mended: float
    set_limit: float | None
    coverage: float
    answer_from: float | None
    answered: float
    risk: float

    def mend(self, told: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return calibrated probabilities, shape (sample, class); the order of classes stays."""
        return told if self.temperature == 1.0 else tempered(told, self.temperature)

    def sets(self, mended: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which classes are in the set, shape (sample, class); all with too few to promise.

        The most probable class is always in.
        """
        if self.set_limit is None:
            return np.ones(mended.shape, dtype=np.bool_)
        found = 1.0 - mended <= self.set_limit
        found[np.arange(len(mended)), mended.argmax(axis=1)] = True
        return found

    def rejects(self, mended: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Return whether each sample is too doubtful to be answered; None where nobody knows."""
        if self.answer_from is None:
            return None
        return np.asarray(mended.max(axis=1) < self.answer_from)


@dataclass(frozen=True)
class Calibration:
    """What was learned from held-out samples for windows and for recordings.

    Parameters
    ----------
    windows, recordings : UnitCalibration
    n_groups : int
    group_noun : str
        What was held out whole.
    """

    windows: UnitCalibration
    recordings: UnitCalibration
    n_groups: int
    group_noun: str

    @property
    def sentence(self) -> str:
        """What it rests on, in words."""
        one = self.recordings
        whom = f"on {one.n} held-out recordings of {self.n_groups} {self.group_noun}s"
        if one.temperature == 1.0:
            return (
                f"Checked {whom}: calibration error {one.error_told:.1%} as told, and no "
                f"temperature made it smaller for other {self.group_noun}s."
            )
        return (
            f"Calibrated {whom}: calibration error {one.error_told:.1%} as told, "
            f"{one.error_mended:.1%} calibrated."
        )


def calibration_of(document: Mapping[str, Any] | None) -> Calibration | None:
    """Return the calibration that `dataclasses.asdict` wrote, which may come from anybody.

    Parameters
    ----------
    document : mapping, optional

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is not one.
    """
    if document is None:
        return None
    return Calibration(
        windows=_unit(document["windows"]),
        recordings=_unit(document["recordings"]),
        n_groups=int(document["n_groups"]),
        group_noun=str(document["group_noun"]),
    )


def _unit(document: Mapping[str, Any]) -> UnitCalibration:
    unit = UnitCalibration(**document)
    numbers = [value for value in document.values() if value is not None]
    if not all(type(value) in {int, float} and isfinite(value) for value in numbers):
        raise ValueError("a calibration is made of numbers")
    if unit.temperature <= 0.0:
        raise ValueError("a temperature lies above zero")
    return unit


def set_words(names: Sequence[str], n_classes: int) -> str:
    """Return a prediction set in plain words.

    Parameters
    ----------
    names : sequence of str
        The classes in the set, most probable first.
    n_classes : int
        That the model knows.

    Examples
    --------
    >>> set_words(["inner", "ball"], 4), set_words(["inner"], 4)
    ('one of: inner, ball', 'inner alone')
    >>> set_words(["inner", "ball"], 2)
    'any of its 2 classes'
    """
    if len(names) == 1:
        return f"{names[0]} alone"
    if len(names) == n_classes:
        return f"any of its {n_classes} classes"
    return f"one of: {', '.join(names)}"
