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


def coverage_at_risk(curve: RiskCoverage, most: float) -> float:
    """Return the largest share of samples that can be answered with at most this risk.

    Parameters
    ----------
    curve : RiskCoverage
    most : float

    Examples
    --------
    >>> curve = risk_coverage(np.array([False, False, True, True]), np.arange(4.0))
    >>> coverage_at_risk(curve, 0.05)
    0.5
    """
    fits = np.flatnonzero(curve.risk <= most + 1e-12)
    return float(curve.coverage[fits[-1]]) if len(fits) else 0.0


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
