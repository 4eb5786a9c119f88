"""Significance against published examples."""

import numpy as np
import pytest
from scipy import stats

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.significance import (
    Observed,
    bootstrap_p_value,
    deflated_sharpe,
    expected_best_sharpe,
    observed,
    probabilistic_sharpe,
    t_test,
)
from sonde.platform.core.errors import Invalid

_VARIANCE = 1 / 2 / 250
_BEST = Observed(2.5 / 250**0.5, 1250, skew=-3.0, kurtosis=10.0)


def test_deflated_sharpe_of_bailey_and_lopez_de_prado() -> None:
    """Worked example of the paper (2014): 0.9004 for 100 trials, 0.9505 for 46."""
    hundred = deflated_sharpe(_BEST, 100, _VARIANCE)
    assert round(hundred.expected_best, 4) == 0.1132
    assert round(hundred.probability, 4) == 0.9004
    assert round(deflated_sharpe(_BEST, 46, _VARIANCE).probability, 4) == 0.9505
    normal = Observed(_BEST.sharpe, 1250)
    assert round(deflated_sharpe(normal, 88, _VARIANCE).probability, 4) == 0.9505


def test_expected_best_agrees_with_the_best_of_many_normal_draws() -> None:
    best = np.random.default_rng(1).standard_normal((4000, 50)).max(axis=1).mean()
    assert expected_best_sharpe(50, 1.0) == pytest.approx(best, abs=0.05)


def test_more_trials_deflate_more() -> None:
    told = [deflated_sharpe(_BEST, n, _VARIANCE).probability for n in (1, 10, 100, 1000)]
    assert told == sorted(told, reverse=True)
    assert told[0] == probabilistic_sharpe(_BEST, 0.0)


def test_t_test_agrees_with_scipy() -> None:
    values = np.random.default_rng(2).normal(0.1, 1.0, 60)
    expected = stats.ttest_1samp(values, 0.0, alternative="greater").pvalue
    assert t_test(values).value == pytest.approx(expected, rel=1e-9)


def test_bootstrap_agrees_with_t_test_where_both_hold() -> None:
    values = np.random.default_rng(4).normal(0.12, 1.0, 300)
    told = bootstrap_p_value(values, Bootstrap(1, 4000, block=1.0)).value
    assert told == pytest.approx(t_test(values).value, abs=0.02)


def test_no_skill_is_called_significant_in_one_case_of_twenty() -> None:
    generator = np.random.default_rng(5)
    told = [
        bootstrap_p_value(generator.standard_normal(60), Bootstrap(seed, 300, block=1.0)).value
        for seed in range(200)
    ]
    assert 0.02 <= np.mean(np.array(told) <= 0.05) <= 0.09


def test_too_little_is_told_with_its_reason() -> None:
    assert t_test(np.array([1.0, 2.0])).reason == "needs 3 results, there are 2"
    assert bootstrap_p_value(np.ones(5), Bootstrap(1)).reason == "all results are alike"
    assert observed(np.ones(5)).sharpe == 0.0
    with pytest.raises(Invalid, match="at least 3 returns"):
        observed(np.ones(2))
    with pytest.raises(Invalid, match="at least one trial"):
        expected_best_sharpe(0, 1.0)


def test_shape_of_the_returns_agrees_with_scipy() -> None:
    values = np.random.default_rng(6).gamma(2.0, 1.0, 400)
    found = observed(values)
    assert found.skew == pytest.approx(stats.skew(values))
    assert found.kurtosis == pytest.approx(stats.kurtosis(values, fisher=False))
