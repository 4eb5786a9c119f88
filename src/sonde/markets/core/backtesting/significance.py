"""How easily luck alone would have made these returns."""

from dataclasses import dataclass
from math import erf, isfinite, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.metrics.figure import Figure, missing
from sonde.markets.core.backtesting.metrics.growth import sharpe_ratio
from sonde.platform.core.errors import Invalid

_EULER = 0.5772156649015329
_FEWEST = 3


@dataclass(frozen=True)
class DeflatedSharpe:
    """A Sharpe ratio set against the best that so many tries would bring by luck.

    Parameters
    ----------
    probability : float
        That the true Sharpe ratio lies above 0 once the search is counted; 0..1.
    expected_best : float
        Sharpe ratio of the best of the tries if none had any skill, per period.
    sharpe : float
        As observed, per period.
    trials : int
        How many were tried.
    """

    probability: float
    expected_best: float
    sharpe: float
    trials: int


@dataclass(frozen=True)
class Observed:
    """A Sharpe ratio and the shape of the returns behind it.

    Parameters
    ----------
    sharpe : float
        Per period, not annualised.
    n : int
        Number of periods, at least 3.
    skew, kurtosis : float
        Of the returns; a normal distribution has 0 and 3.
    """

    sharpe: float
    n: int
    skew: float = 0.0
    kurtosis: float = 3.0

    def __post_init__(self) -> None:
        if self.n < _FEWEST:
            raise Invalid(f"A Sharpe ratio needs at least {_FEWEST} returns, there are {self.n}.")


def observed(returns: NDArray[np.float64]) -> Observed:
    """Return the Sharpe ratio of returns with their skew and kurtosis.

    Parameters
    ----------
    returns : ndarray of float64, shape (period,)

    Returns
    -------
    Observed

    Raises
    ------
    Invalid
        For fewer than 3 returns.

    Examples
    --------
    >>> found = observed(np.array([0.01, -0.01, 0.01, -0.01]))
    >>> found.sharpe, round(found.skew, 6), round(found.kurtosis, 6)
    (0.0, 0.0, 1.0)
    """
    spread = float(returns.std()) if returns.size else 0.0
    if returns.size < _FEWEST or spread <= 1e-15:
        return Observed(0.0, int(returns.size))
    moving = (returns - returns.mean()) / spread
    return Observed(
        float(sharpe_ratio(returns)),
        int(returns.size),
        float(np.mean(moving**3)),
        float(np.mean(moving**4)),
    )


def t_test(values: NDArray[np.float64]) -> Figure:
    """Return the one-sided p-value of a mean above 0 by Student's t.

    Parameters
    ----------
    values : ndarray of float64, shape (observation,)
        Returns of days or results of trades, taken as independent.

    Returns
    -------
    Figure

    Notes
    -----
    Student, "The probable error of a mean", Biometrika 6 (1908).

    Examples
    --------
    >>> round(t_test(np.array([1.0, 2.0, 3.0])).value, 6)
    0.03709
    >>> t_test(np.array([1.0])).reason
    'needs 3 results, there are 1'
    """
    from scipy.special import stdtr

    n = values.size
    if n < _FEWEST:
        return missing(f"needs {_FEWEST} results, there are {n}")
    spread = float(values.std(ddof=1))
    if spread <= 1e-15:
        return missing("all results are alike")
    return Figure(float(stdtr(n - 1, -float(values.mean()) / (spread / sqrt(n)))))


def bootstrap_p_value(values: NDArray[np.float64], bootstrap: Bootstrap) -> Figure:
    """Return the one-sided p-value of a mean above 0 by the stationary bootstrap.

    The series is moved to mean 0 and redrawn in blocks: the p-value is the share of redrawn means
    that reach the observed one, counting the observed one itself.

    Parameters
    ----------
    values : ndarray of float64, shape (time,)
        In order of time.
    bootstrap : Bootstrap

    Returns
    -------
    Figure

    Notes
    -----
    Politis and Romano (1994); the share with the 1 added: A. Davison and D. Hinkley, "Bootstrap
    methods and their application" (1997), chapter 4.
    """
    if values.size < _FEWEST:
        return missing(f"needs {_FEWEST} results, there are {values.size}")
    if float(np.ptp(values)) <= 1e-15:
        return missing("all results are alike")
    mean = float(values.mean())
    drawn = bootstrap.draw(values - mean).mean(axis=1)
    return Figure(float((np.count_nonzero(drawn >= mean) + 1) / (drawn.size + 1)))


def probabilistic_sharpe(found: Observed, benchmark: float) -> float:
    """Return the probability that the true Sharpe ratio lies above `benchmark`.

    Parameters
    ----------
    found : Observed
    benchmark : float
        Per period, as `found`.

    Returns
    -------
    float
        0..1.

    Notes
    -----
    D. Bailey and M. Lopez de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 15
    (2012), equation 8.

    Examples
    --------
    >>> probabilistic_sharpe(Observed(0.0, 100), 0.0)
    0.5
    """
    wide = 1 - found.skew * found.sharpe + (found.kurtosis - 1) / 4 * found.sharpe**2
    if wide <= 0:
        return float(found.sharpe > benchmark)
    return _normal((found.sharpe - benchmark) * sqrt(found.n - 1) / sqrt(wide))


def expected_best_sharpe(trials: int, variance: float) -> float:
    """Return the Sharpe ratio that the best of `trials` without any skill is expected to show.

    Parameters
    ----------
    trials : int
        Independent tries, at least 1; one try expects 0.
    variance : float
        Of the Sharpe ratios across the tries, per period.

    Returns
    -------
    float
        Per period.

    Raises
    ------
    Invalid
        For less than one trial or a variance that is negative or no number.

    Notes
    -----
    D. Bailey and M. Lopez de Prado, "The deflated Sharpe ratio", Journal of Portfolio Management
    40 (2014), equation 1.

    Examples
    --------
    >>> round(expected_best_sharpe(100, 1 / 2 / 250), 4)
    0.1132
    """
    if trials < 1 or not isfinite(variance) or variance < 0:
        raise Invalid(
            f"A search has at least one trial and a variance of at least 0; "
            f"given were {trials} and {variance:g}.",
            field="trials",
        )
    if trials == 1:
        return 0.0
    quantile = NormalDist().inv_cdf
    e = float(np.e)
    return sqrt(variance) * (
        (1 - _EULER) * quantile(1 - 1 / trials) + _EULER * quantile(1 - 1 / (trials * e))
    )


def deflated_sharpe(found: Observed, trials: int, variance: float) -> DeflatedSharpe:
    """Return the probability that a Sharpe ratio found by a search is more than luck.

    Parameters
    ----------
    found : Observed
        The best of the search.
    trials : int
        How many were tried.
    variance : float
        Of the Sharpe ratios across the tries, per period.

    Returns
    -------
    DeflatedSharpe

    Notes
    -----
    Bailey and Lopez de Prado (2014), equation 2. The example is theirs: an annual Sharpe ratio of
    2.5 over five years of daily returns, the best of 100, is not significant at 95 %.

    Examples
    --------
    >>> best = Observed(2.5 / 250**0.5, 1250, skew=-3.0, kurtosis=10.0)
    >>> round(deflated_sharpe(best, 100, 1 / 2 / 250).probability, 4)
    0.9004
    """
    expected = expected_best_sharpe(trials, variance)
    return DeflatedSharpe(probabilistic_sharpe(found, expected), expected, found.sharpe, trials)


def _normal(value: float) -> float:
    return 0.5 * (1.0 + erf(value / sqrt(2.0)))
