"""Samples whose label may be wrong, found by confident learning.

Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty in dataset labels":
a sample labelled i is counted as j where a model that never saw it gives j a probability above
what samples labelled j get on average.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LabelErrors:
    """Candidates for a wrong label.

    Parameters
    ----------
    suggested : ndarray of intp, shape (sample,)
        The class that each sample is confidently of; -1 where none is.
    is_candidate : ndarray of bool, shape (sample,)
        Confidently of another class than its label.
    margin : ndarray of float64, shape (sample,)
        Probability of the most probable other class less that of the label: large is suspicious.
    joint : ndarray of float64, shape (class, class)
        Estimated share of samples labelled i (row) that are truly j (column).
    """

    suggested: NDArray[np.intp]
    is_candidate: NDArray[np.bool_]
    margin: NDArray[np.float64]
    joint: NDArray[np.float64]


def label_errors(probabilities: NDArray[np.float64], labels: NDArray[np.integer]) -> LabelErrors:
    """Look for labels that held-out probabilities contradict.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
        Of models that never saw the sample.
    labels : ndarray of int, shape (sample,)

    Examples
    --------
    >>> told = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.05, 0.95]])
    >>> label_errors(told, np.array([0, 0, 1, 1, 0])).is_candidate.tolist()
    [False, False, False, False, True]
    """
    n_classes = probabilities.shape[1]
    rows = np.arange(len(labels))
    own = probabilities[rows, labels]
    counts = np.bincount(labels, minlength=n_classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        usual = np.bincount(labels, weights=own, minlength=n_classes) / counts
    usual = np.where(counts > 0, usual, np.inf)
    confident = np.where(probabilities >= usual - 1e-12, probabilities, -1.0)
    suggested = np.where(confident.max(axis=1) > 0, confident.argmax(axis=1), -1)
    others = probabilities.copy()
    others[rows, labels] = -1.0
    return LabelErrors(
        suggested=suggested.astype(np.intp),
        is_candidate=(suggested >= 0) & (suggested != labels),
        margin=others.max(axis=1) - own,
        joint=_joint(suggested, labels, counts),
    )


def _joint(
    suggested: NDArray[np.intp], labels: NDArray[np.integer], counts: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the confident counts, each row brought to the share of its label."""
    n_classes = len(counts)
    known = suggested >= 0
    joint = np.zeros((n_classes, n_classes))
    np.add.at(joint, (labels[known], suggested[known]), 1.0)
    empty = joint.sum(axis=1) == 0
    joint[empty, empty] = 1.0
    scaled: NDArray[np.float64] = joint / joint.sum(axis=1, keepdims=True) * counts[:, None]
    return scaled / max(float(counts.sum()), 1.0)
