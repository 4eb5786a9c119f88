"""A comparison as a whole: calibrated, on the honest unit, refused where it would mislead."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.learning.core.comparison.agreement import disagreements
from sonde.learning.core.comparison.aligned import align, unit_shares, unit_verdicts, units_of
from sonde.learning.core.comparison.comparison import (
    NotComparable,
    compare,
    from_bytes,
    to_bytes,
)
from sonde.learning.core.comparison.friedman import friedman
from sonde.learning.core.comparison.mcnemar import mcnemar
from sonde.learning.core.comparison.metrics import (
    METRICS,
    MetricDraws,
    paired_weights,
    widened_interval,
)
from sonde.learning.core.comparison.needed import units_needed
from sonde.learning.core.comparison.pairs import Chosen, Outcome, apply_test
from sonde.learning.core.comparison.signed_rank import signed_rank
from sonde.learning.core.evaluation import FoldPrediction, evaluate
from sonde.learning.core.held_out import held_out
from tests.unit.learning.core.comparison_tables import (
    certificate,
    experiments,
    shares_under,
    table_of,
    with_table,
)
from tests.unit.learning.toy_problem import toy_problem

_NULLS = 1000


def test_acceptance_compare_null_draws_are_rejected_three_to_seven_percent() -> None:
    rejected = {"chosen test": 0, "mid-p McNemar": 0, "Friedman": 0}
    for seed in range(_NULLS):
        shares = shares_under(np.ones(4), 24, 20, np.random.default_rng(seed))
        rejected["chosen test"] += apply_test(shares[:2], shares[:2] > 0.5, "bearing")[1] < 0.05
        rejected["Friedman"] += friedman(shares).p_value < 0.05
        many = shares_under(np.ones(2), 120, 1, np.random.default_rng(seed)) > 0.5
        rejected["mid-p McNemar"] += mcnemar(many[0], many[1]).mid_p < 0.05
    for name, number in rejected.items():
        assert 0.03 <= number / _NULLS <= 0.07, (name, number)


def test_acceptance_compare_null_draws_leave_zero_in_the_bootstrap_interval() -> None:
    excluded, weights, ones = 0, np.ones((1, 1)), np.ones((1, 24))
    for seed in range(_NULLS):
        aligned = align(experiments(1.0, 1.0, n_windows=6, seed=seed))
        draws = MetricDraws(aligned)
        if not seed:
            weights = paired_weights(aligned.units.strata, 400, seed=0)
        value = float(draws.of(ones, 0)[0, 0] - draws.of(ones, 1)[0, 0])
        drawn = draws.of(weights, 0)[0] - draws.of(weights, 1)[0]
        interval = widened_interval(value, drawn, 20, 0.05)
        excluded += interval.low * interval.high > 0
    assert 0.03 <= excluded / _NULLS <= 0.07


def test_windows_as_witnesses_would_reject_far_too_often_and_exact_mcnemar_never_does() -> None:
    by_window = by_unit = 0
    for seed in range(300):
        shares = shares_under(np.ones(2), 40, 20, np.random.default_rng(seed))
        windows = np.arange(20) < np.rint(shares * 20)[:, :, None]
        by_window += mcnemar(windows[0].ravel(), windows[1].ravel()).p_value < 0.05
        by_unit += mcnemar(shares[0] > 0.5, shares[1] > 0.5).p_value < 0.05
    assert by_window / 300 > 0.25
    assert by_unit / 300 <= 0.05


def test_acceptance_compare_the_number_said_to_be_needed_gives_the_power() -> None:
    random = np.random.default_rng(3)
    shares = shares_under(np.array([1.6, 1.0]), 20, 20, random)
    differences = shares[0] - shares[1]
    needed = units_needed(differences)
    assert needed is not None
    draws = random.choice(differences, size=(400, needed))
    power = np.mean([signed_rank(one).p_value < 0.05 for one in draws])
    assert 0.75 <= power <= 0.93
    fewer = random.choice(differences, size=(400, needed // 2))
    assert np.mean([signed_rank(one).p_value < 0.05 for one in fewer]) < 0.75


def test_a_clear_difference_is_told_in_a_sentence() -> None:
    found = compare(experiments(0.0, 2.5, n_units=40))
    (pair,) = found.pairs
    assert pair.outcome is Outcome.SECOND
    assert pair.choice.test is Chosen.SIGNED_RANK
    assert found.sentence.endswith("and is better than Model 0.")
    assert "on these 40 bearings" in found.sentences[0]
    assert pair.difference.high < 0.0
    assert from_bytes(to_bytes(found)) == found


def test_what_cannot_be_told_says_how_many_would_be_needed() -> None:
    found = compare(experiments(1.0, 1.3, n_units=12))
    (pair,) = found.pairs
    assert pair.outcome is Outcome.UNKNOWN
    assert pair.n_needed is not None
    assert pair.n_needed > 12
    assert (
        f"Cannot tell Model 0 and Model 1 apart with these 12 bearings; about {pair.n_needed}"[:70]
        in (found.sentences[0])
    )


def test_five_units_are_too_few_for_any_test() -> None:
    found = compare(experiments(-3.0, 4.0, n_units=5))
    assert found.pairs[0].choice.test is Chosen.NONE
    assert "6.2%" in found.pairs[0].choice.reason
    assert "at least 6 are needed" in found.sentences[0]


def test_an_experiment_is_practically_equal_to_itself() -> None:
    (one,) = experiments(1.0)
    found = compare([one, replace(one, id="other")])
    assert found.titles == ("Model 0 (1)", "Model 0 (2)")
    assert found.pairs[0].outcome is Outcome.EQUAL
    assert found.pairs[0].difference.low == found.pairs[0].difference.high == 0.0


def test_three_and_more_are_ranked_and_corrected() -> None:
    found = compare(experiments(0.0, 1.0, 3.0, n_units=32))
    assert found.overall is not None
    assert np.argmin(found.overall.mean_ranks) == 2
    assert len(found.pairs) == 3
    assert all(pair.p_holm >= pair.p_value for pair in found.pairs)
    assert "not all alike" in found.overall_sentence


def test_turning_the_order_turns_the_verdict() -> None:
    one, other = experiments(0.5, 1.5, n_units=30, seed=4)
    found, turned = compare([one, other]), compare([other, one])
    assert found.pairs[0].p_value == turned.pairs[0].p_value
    assert found.pairs[0].difference.value == pytest.approx(-turned.pairs[0].difference.value)
    assert found.pairs[0].signed_rank.rank_biserial == -turned.pairs[0].signed_rank.rank_biserial
    assert found.metrics == turned.metrics[::-1]


def test_the_order_of_rows_does_not_matter() -> None:
    one, other = experiments(0.5, 1.5)
    order = np.random.default_rng(0).permutation(len(other.table))
    rows = {
        name: getattr(other.table, name)[order]
        for name in (
            "samples",
            "folds",
            "labels",
            "probabilities",
            "recordings",
            "groups",
            "spans",
        )
    }
    attributes = {name: values[order] for name, values in other.table.attributes.items()}
    shuffled = with_table(other, attributes=attributes, **rows)
    assert compare([one, shuffled]) == compare([one, other])


def test_macro_f1_and_its_interval_are_those_of_the_result() -> None:
    for lonely in (False, True):
        problem = toy_problem(groups_per_class=4, lonely_class=lonely)
        random = np.random.default_rng(5)
        halves = [np.arange(0, len(problem), 2), np.arange(1, len(problem), 2)]
        told = [
            FoldPrediction(str(n), half, random.dirichlet(np.ones(4), len(half)))
            for n, half in enumerate(halves)
        ]
        stated = evaluate(problem, told, ["inner"])
        (one, other) = (replace(e, table=held_out(problem, told)) for e in experiments(1.0, 1.0))
        found = compare([one, other]).metrics[0][0]
        assert found.value == pytest.approx(stated.macro_f1)
        assert (found.low, found.high) == pytest.approx((stated.interval.low, stated.interval.high))


def test_metrics_in_closed_form() -> None:
    shares = np.tile([1.0, 0.5], 12)
    (one,) = experiments(1.0)
    found = compare(
        [replace(one, table=table_of(shares, 20)), replace(one, table=table_of(shares**0, 20))]
    )
    by_name = {kind.name: at for at, kind in enumerate(METRICS)}
    half, perfect = found.metrics
    assert half[by_name["accuracy"]].value == pytest.approx(0.75)
    assert perfect[by_name["macro_f1"]].value == pytest.approx(1.0)
    assert perfect[by_name["log_loss"]].value == pytest.approx(-np.log(0.7))
    assert perfect[by_name["brier"]].value == pytest.approx(0.3**2 + 3 * 0.1**2)
    assert found.confusions[1] == tuple(tuple(120 * (i == j) for j in range(4)) for i in range(4))
    assert found.classes[0].recall == (1.0, 1.0)
    assert [row.value for row in found.slices] == ["high", "low"]


def test_the_unit_is_the_group_else_the_record() -> None:
    labels = np.array([0, 0, 1, 1])
    names = ["healthy", "inner"]
    groups, records = np.array(["a", "a", "b", "b"]), np.array(["r", "s", "t", "t"])
    units = units_of(labels, groups, records, (names, names), "bearing")
    assert units.noun == "recording"
    assert units.names.tolist() == ["r", "s", "t"]
    mixed = units_of(labels, np.array(["a", "b", "a", "c"]), records, (names, ()), "bearing")
    assert mixed.noun == "bearing"
    assert mixed.names.tolist() == ["a", "b", "c"]


def test_recordings_of_the_only_group_that_was_held_out_are_one_witness() -> None:
    labels, groups = np.repeat([0, 1], 20), np.repeat(["a", "b"], 20)
    records = np.array([f"r{number}" for number in range(40)])
    units = units_of(labels, groups, records, (["healthy", "inner"], ()), "bearing")
    assert (units.names.tolist(), units.noun, units.notes) == (["a", "b"], "bearing", ())


def test_one_witness_of_every_class_leaves_every_difference_possible() -> None:
    found = compare(experiments(-1.0, 1.0, n_units=4, n_windows=40))
    (pair,) = found.pairs
    assert found.n_units == 4
    assert (pair.difference.low, pair.difference.high) == (-1.0, 1.0)
    assert pair.outcome is Outcome.UNKNOWN
    assert {(row.f1[0].low, row.f1[0].high) for row in found.classes} == {(0.0, 1.0)}


def test_a_unit_votes_softly() -> None:
    (one,) = experiments(1.0, n_units=8, n_windows=3)
    probabilities = np.full((24, 4), 0.0)
    right, wrong = one.table.labels, (one.table.labels + 1) % 4
    for window in range(24):  # one sure window outvotes two unsure ones
        sure = window % 3 == 0
        probabilities[window, right[window]] = 0.95 if sure else 0.4
        probabilities[window, wrong[window]] = 0.05 if sure else 0.6
    aligned = align([with_table(one, probabilities=probabilities)])
    assert unit_verdicts(aligned).all()
    assert unit_shares(aligned) == pytest.approx(1 / 3)


def test_acceptance_compare_refuses_other_tests_and_certificates_with_the_reason() -> None:
    one, other = experiments(1.0, 1.2)
    table = other.table
    cases = {
        "tell different classes apart": with_table(
            other, class_names=("healthy", "inner", "outer", "cage")
        ),
        "tested on different recordings: 24 and 24, of which 0": with_table(
            other, recordings=np.char.add("x", table.recordings)
        ),
        "480 windows of 100 samples against 480 windows of 200 samples": with_table(
            other, spans=table.spans * 2
        ),
        "under different classes": with_table(other, labels=(table.labels + 1) % 4),
        "in different folds": with_table(other, folds=(table.folds + 1) % 3),
        "is leaky": replace(other, certificate=replace(certificate(), leaks=(object(),))),
        "different data, or from": replace(
            other, certificate=replace(certificate(), data_hash="new")
        ),
        "split in different ways: Groups in folds against Protocol (size out)": replace(
            other,
            certificate=replace(
                certificate(), policy="protocol", policy_title="Protocol", detail="size_out"
            ),
        ),
        "different data to learn from": replace(other, certificate=certificate(2)),
    }
    for words, changed in cases.items():
        (sentence,) = disagreements([one, changed])
        assert words in sentence, sentence
        with pytest.raises(NotComparable, match="Model 0"):
            compare([one, changed])
    for wrong in ([one], [one] * 21):
        with pytest.raises(NotComparable, match="2 to 20"):
            compare(wrong)
    assert disagreements([one, other]) == ()
