"""What a model gains by not answering: risk over coverage (Geifman and El-Yaniv 2017)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RiskCoverage:
    """The share of wrong answers among those that are given, the surest first.

    Parameters
    ----------
    coverage, risk : ndarray of float64, shape (answered,)
    area : float
        Mean risk over all coverages; small is good.
    best_area : float
        Of a score that puts every wrong answer last.
    """

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]
    area: float
    best_area: float


def risk_coverage(is_wrong: NDArray[np.bool_], doubt: NDArray[np.float64]) -> RiskCoverage:
    """Answer the least doubtful samples first and count what is wrong.

    Parameters
    ----------
    is_wrong : ndarray of bool, shape (sample,)
        At least one sample.
    doubt : ndarray of float64, shape (sample,)
        Ties are answered together: each has the mean risk of its tie.

    Examples
    --------
    >>> curve = risk_coverage(np.array([False, True]), np.array([0.1, 0.9]))
    >>> curve.risk.tolist(), curve.area
    ([0.0, 0.5], 0.25)
    """
    order = np.argsort(doubt, kind="stable")
    ranked, wrong = doubt[order], is_wrong[order].astype(float)
    _, first, sizes = np.unique(ranked, return_index=True, return_counts=True)
    shared = np.repeat(np.add.reduceat(wrong, first) / sizes, sizes)
    answered = np.arange(1, len(wrong) + 1)
    risk = np.cumsum(shared) / answered
    best = np.cumsum(np.sort(wrong)) / answered
    return RiskCoverage(answered / len(wrong), risk, float(risk.mean()), float(best.mean()))


def doubt_at_risk(
    is_wrong: NDArray[np.bool_], doubt: NDArray[np.float64], most: float
) -> float | None:
    """Return the largest doubt up to which at most this share of the answers is wrong.

    Parameters
    ----------
    is_wrong : ndarray of bool, shape (sample,)
        At least one sample.
    doubt : ndarray of float64, shape (sample,)
    most : float

    Returns
    -------
    float, optional
        None where not even the surest answers are right often enough.

    Examples
    --------
    >>> doubt_at_risk(np.array([False, False, True, True]), np.arange(4.0), 0.05)
    1.0
    >>> doubt_at_risk(np.array([True, False]), np.zeros(2), 0.05) is None
    True
    """
    levels, first, sizes = np.unique(np.sort(doubt), return_index=True, return_counts=True)
    wrong = np.add.reduceat(is_wrong[np.argsort(doubt, kind="stable")].astype(float), first)
    fits = np.flatnonzero(np.cumsum(wrong) / np.cumsum(sizes) <= most + 1e-12)
    return float(levels[fits[-1]]) if len(fits) else None


def answered_by_others(
    is_wrong: NDArray[np.bool_],
    doubt: NDArray[np.float64],
    hands: NDArray[np.intp],
    most: float,
) -> NDArray[np.bool_]:
    """Return which samples are answered, the limit of doubt for each hand learned from the others.

    A limit that is judged on the samples that taught it promises too much.

    Parameters
    ----------
    is_wrong : ndarray of bool, shape (sample,)
    doubt : ndarray of float64, shape (sample,)
    hands : ndarray of intp, shape (sample,)
        See `sonde.learning.core.evaluating.grouped.group_hands`.
    most : float
        Share of wrong answers that the limit is to keep.

    Examples
    --------
    >>> wrong, doubt = np.array([False, True, False, True]), np.array([0.1, 0.9, 0.2, 0.8])
    >>> answered_by_others(wrong, doubt, np.array([0, 0, 1, 1]), 0.0).tolist()
    [True, False, False, False]
    """
    answered = np.zeros(len(doubt), dtype=np.bool_)
    for hand in np.unique(hands):
        mine = hands == hand
        limit = doubt_at_risk(is_wrong[~mine], doubt[~mine], most) if (~mine).any() else None
        if limit is not None:
            answered[mine] = doubt[mine] <= limit
    return answered


def risk_over_coverage(
    is_wrong: NDArray[np.bool_],
    doubt: NDArray[np.float64],
    coverage: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the risk at given coverages, of weighted samples.

    Parameters
    ----------
    is_wrong : ndarray of bool, shape (sample,)
    doubt : ndarray of float64, shape (sample,)
    coverage : ndarray of float64, shape (point,)
        Above 0, at most 1.
    weights : ndarray of float64, shape (sample,)
        How often each sample counts.

    Examples
    --------
    >>> risk_over_coverage(
    ...     np.array([False, True]), np.array([0.1, 0.9]), np.array([0.5, 1.0]), np.ones(2)
    ... ).tolist()
    [0.0, 0.5]
    """
    order = np.argsort(doubt, kind="stable")
    ranked, heavy = doubt[order], weights[order]
    first = np.unique(ranked, return_index=True)[1]
    weight = np.add.reduceat(heavy, first)
    wrong = np.add.reduceat(heavy * is_wrong[order], first)
    answered = np.append(0.0, np.cumsum(weight))
    mistakes = np.append(0.0, np.cumsum(wrong))
    wanted = coverage * answered[-1]
    return np.asarray(np.interp(wanted, answered, mistakes) / np.maximum(wanted, 1e-12))
