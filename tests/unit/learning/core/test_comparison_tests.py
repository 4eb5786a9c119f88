"""The tests behind a comparison against published values, scipy, closed forms and laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sonde.learning.core.comparison.bayesian import bayesian_signed_rank
from sonde.learning.core.comparison.effect_sizes import a12
from sonde.learning.core.comparison.friedman import critical_difference, friedman
from sonde.learning.core.comparison.holm import holm
from sonde.learning.core.comparison.mcnemar import binomial_p, mcnemar
from sonde.learning.core.comparison.signed_rank import signed_rank

# AUC of C4.5 without and with two ways of pruning, 14 sets: Demsar (2006), table 6
DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],
        [0.957, 0.978, 0.946, 0.970],
    ]
).T
differences = st.lists(st.integers(-6, 6), min_size=6, max_size=40).map(
    lambda values: np.array(values) / 8.0
)


def test_friedman_and_nemenyi_give_the_values_of_demsar() -> None:
    found = friedman(DEMSAR)
    assert np.round(found.mean_ranks, 3) == pytest.approx([3.143, 2.0, 2.893, 1.964])
    assert 12 * 14 / 20 * sum((rank - 2.5) ** 2 for rank in found.mean_ranks) == pytest.approx(
        9.28, abs=0.02
    )
    assert found.critical_difference == pytest.approx(1.25, abs=0.005)
    assert found.p_value < 0.05


def test_friedman_equals_scipy_also_with_ties() -> None:
    from scipy.stats import friedmanchisquare

    random = np.random.default_rng(1)
    for scores in (random.normal(size=(3, 12)), random.integers(0, 4, (5, 20)) / 4.0, DEMSAR):
        found = friedman(scores)
        expected = friedmanchisquare(*scores)
        assert found.chi_square == pytest.approx(expected.statistic)
        assert found.p_chi_square == pytest.approx(expected.pvalue)


def test_the_table_of_nemenyi_is_the_studentised_range() -> None:
    from scipy.stats import studentized_range

    for k in (2, 3, 5, 10, 20):
        for level in (0.05, 0.10):
            q = critical_difference(k, 1, level) / math.sqrt(k * (k + 1) / 6.0)
            exact = studentized_range.ppf(1 - level, k, np.inf) / math.sqrt(2.0)
            assert q == pytest.approx(exact, abs=0.0012)
    # Demsar (2006), table 5
    assert critical_difference(10, 1) / math.sqrt(110 / 6.0) == pytest.approx(3.164)


def test_mcnemar_gives_published_and_scipy_values() -> None:
    from scipy.stats import binomtest

    # Fagerland and others (2013), airway hyper-responsiveness: 1 and 7 discordant of 21
    before = np.array([True] * 1 + [True] * 1 + [False] * 7 + [False] * 12)
    after = np.array([True] * 1 + [False] * 1 + [True] * 7 + [False] * 12)
    found = mcnemar(before, after)
    assert (found.both, found.only_first, found.only_second, found.neither) == (1, 1, 7, 12)
    assert found.p_value == pytest.approx(0.0703, abs=5e-5)
    assert found.mid_p == pytest.approx(0.0391, abs=5e-5)
    assert found.cohen_g == pytest.approx(1 / 8 - 0.5)
    assert found.odds_ratio == pytest.approx(1 / 7)
    for smaller, total in ((0, 6), (3, 10), (40, 100), (500, 1100)):
        assert binomial_p(smaller, total)[0] == pytest.approx(binomtest(smaller, total).pvalue)


def test_signed_rank_equals_scipy_exact_and_normal() -> None:
    from scipy.stats import wilcoxon

    random = np.random.default_rng(2)
    for n in (6, 15, 40):
        values = random.normal(0.2, 1.0, n)
        expected = wilcoxon(values, method="exact")
        assert signed_rank(values).p_value == pytest.approx(expected.pvalue)
    many = random.normal(0.05, 1.0, 400)
    normal = wilcoxon(many, method="approx", correction=True)
    assert signed_rank(many).p_value == pytest.approx(normal.pvalue, rel=1e-6)
    assert not signed_rank(many).is_exact


def test_signed_rank_with_ties_counts_every_sign_pattern() -> None:
    values = np.array([0.5, 0.5, -0.25, 0.25, 0.75, 0.0])
    kept = values[values != 0]
    ranks = np.array([3.5, 3.5, 1.5, 1.5, 5.0])
    signs = np.array(np.meshgrid(*[[0, 1]] * len(kept))).reshape(len(kept), -1).T
    sums = signs @ ranks
    found = signed_rank(values)
    assert found.n_zero == 1
    assert found.rank_sum_second == 1.5
    assert found.p_value == pytest.approx(2 * (sums <= 1.5).mean())


@given(differences)
def test_signed_rank_is_symmetric_and_knows_no_scale(values: NDArray[np.float64]) -> None:
    found, turned = signed_rank(values), signed_rank(-values)
    assert found.p_value == turned.p_value
    assert found.rank_biserial == -turned.rank_biserial
    assert signed_rank(4.0 * values) == found
    assert signed_rank(values[::-1]) == found
    assert 0.0 < found.p_value <= 1.0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_mcnemar_is_symmetric_and_blind_to_agreement(pairs: list[tuple[bool, bool]]) -> None:
    first, second = np.array(pairs).T
    found, turned = mcnemar(first, second), mcnemar(second, first)
    assert found.p_value == turned.p_value
    assert found.cohen_g == -turned.cohen_g
    more = mcnemar(np.append(first, [True, False]), np.append(second, [True, False]))
    assert more.p_value == found.p_value
    assert found.mid_p <= found.p_value


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_keeps_order_and_lies_between_raw_and_bonferroni(p_values: list[float]) -> None:
    raw, adjusted = np.array(p_values), holm(p_values)
    assert (adjusted >= raw - 1e-15).all()
    assert (adjusted <= np.minimum(raw * len(raw), 1.0) + 1e-15).all()
    assert (np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0).all()


def test_bayesian_signed_rank_in_closed_form() -> None:
    # One difference d beyond the region: the first wins where the prior unit weighs less than
    # the root of a half, and that weight is Beta(1/2, 1).
    found = bayesian_signed_rank(np.array([1.0]), 0.1, n_draws=200_000)
    assert found.p_first == pytest.approx(0.5**0.25, abs=0.003)
    assert found.p_second == 0.0
    # All differences within the region: equal for certain.
    assert bayesian_signed_rank(np.array([0.004, -0.005, 0.001]), 0.01).p_equal == 1.0


@given(differences)
def test_bayesian_probabilities_sum_to_one_and_turn_with_the_pair(
    values: NDArray[np.float64],
) -> None:
    found = bayesian_signed_rank(values, 0.05, n_draws=300)
    turned = bayesian_signed_rank(-values, 0.05, n_draws=300)
    assert found.p_first + found.p_equal + found.p_second == pytest.approx(1.0)
    assert found.p_first == pytest.approx(turned.p_second, abs=0.15)
    assert bayesian_signed_rank(values, 0.05, n_draws=300) == found


@given(differences, differences)
def test_a12_counts_pairs(one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    wins = (one[:, None] > other).mean() + 0.5 * (one[:, None] == other).mean()
    assert a12(one, other) == pytest.approx(wins)
    assert a12(one, other) + a12(other, one) == pytest.approx(1.0)
