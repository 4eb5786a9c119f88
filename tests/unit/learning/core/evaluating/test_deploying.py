"""What a deployed model carries is learned from held-out samples, and holds for other groups."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sonde.learning.core.calibrated import NEVER, Calibration
from sonde.learning.core.certificate import Leak, LeakKind
from sonde.learning.core.evaluating.calibrating import reliability
from sonde.learning.core.evaluating.deploying import calibrate
from sonde.learning.core.fitting.calibration import tempered
from sonde.learning.core.held_out import HeldOut
from tests.unit.learning.core.comparison_tables import CLASSES, certificate, table_of


def overconfident(
    n_groups: int = 40, seed: int = 0, sharpness: float = 3.0, skill: float = 1.2
) -> HeldOut:
    """Return a table whose told probabilities are honest ones, sharpened."""
    random = np.random.default_rng(seed)
    table = table_of(np.ones(n_groups), 10)
    decisions = random.normal(size=(len(table), 4)) + skill * np.eye(4)[table.labels]
    own = random.normal(size=(n_groups, 4))[np.arange(len(table)) // 10]
    told = tempered(np.exp(decisions + 0.5 * own), 1.0)
    return replace(table, probabilities=tempered(told, 1.0 / sharpness))


def learned(table: HeldOut) -> Calibration:
    """Return the calibration of a table under an honest certificate."""
    found, reason = calibrate(table, certificate())
    assert reason == ""
    assert found is not None
    return found


def test_a_model_that_was_too_sure_gets_a_temperature_that_holds_for_others() -> None:
    unit = learned(overconfident()).windows
    assert unit.temperature > 2.0
    assert unit.error_mended < 0.5 * unit.error_told
    others = overconfident(seed=7)
    mended = unit.mend(others.probabilities)
    assert reliability(mended, others.labels).error < 0.06
    sets = unit.sets(mended)
    covered = sets[np.arange(len(others)), others.labels].mean()
    assert 0.84 < covered < 0.96
    assert 1.0 < sets.sum(axis=1).mean() < 4.0


def test_a_model_whose_probabilities_come_true_keeps_them() -> None:
    random = np.random.default_rng(0)
    table = table_of(np.ones(80), 10)
    told = random.dirichlet(np.ones(4), size=len(table))
    labels = np.array([random.choice(4, p=row) for row in told])
    unit = learned(replace(table, probabilities=told, labels=labels)).windows
    assert unit.temperature == pytest.approx(1.0, abs=0.15)


@given(arrays(np.float64, (3, 4), elements=st.floats(0.0, 1.0)), st.floats(0.01, 100.0))
def test_no_temperature_changes_a_verdict(raw: np.ndarray, temperature: float) -> None:
    raw = raw + np.array([0.011, 0.0, 0.007, 0.003])
    told = raw / raw.sum(axis=1, keepdims=True)
    best = told.argmax(axis=1)
    mended = tempered(told, temperature)
    assert mended.sum(axis=1) == pytest.approx(1.0)
    assert (mended[np.arange(3), best] == mended.max(axis=1)).all()


def test_a_temperature_that_does_not_help_other_groups_is_left_at_one() -> None:
    table = table_of(np.array([1.0] * 8 + [0.0] * 2 + [1.0] * 6), 10)
    told = tempered(table.probabilities, 0.5)
    found = learned(replace(table, probabilities=told))
    assert found.recordings.temperature == 1.0
    assert found.recordings.error_mended == found.recordings.error_told
    assert found.recordings.mend(told) is told
    assert "no temperature made it smaller for other bearings" in found.sentence


def test_a_limit_that_leaves_more_wrong_on_other_groups_is_not_carried() -> None:
    random = np.random.default_rng(6)
    table = table_of(np.tile([1.0, 0.0], 12), 10)  # half of the bearings are wrong, however sure
    sure = random.uniform(0.4, 0.95, 24)[np.arange(len(table)) // 10]
    told = np.zeros((len(table), 4))
    told[np.arange(len(table)), table.told] = sure
    told += (1.0 - told.max(axis=1, keepdims=True)) / 4.0
    unit = learned(replace(table, probabilities=told)).windows
    assert unit.risk > 0.5
    assert unit.answer_from is None
    assert unit.rejects(told) is None


def test_a_recording_is_judged_by_the_mean_over_its_windows() -> None:
    found = learned(overconfident(n_groups=40))
    assert (found.windows.n, found.recordings.n, found.n_groups) == (400, 40, 40)
    assert found.group_noun == "bearing"
    assert "Calibrated on 40 held-out recordings of 40 bearings" in found.sentence


def test_sure_answers_are_right_and_doubtful_ones_are_handed_back() -> None:
    table = overconfident(n_groups=80, skill=2.5)
    unit = learned(table).windows
    assert unit.answer_from is not None
    others = overconfident(n_groups=80, seed=3, skill=2.5)
    mended = unit.mend(others.probabilities)
    rejected = unit.rejects(mended)
    assert rejected is not None
    answered = ~rejected
    wrong = mended.argmax(axis=1) != others.labels
    assert 0.05 < answered.mean() < 0.95
    assert wrong[answered].mean() < 0.09 < wrong[rejected].mean()


def test_with_few_recordings_nothing_is_promised_of_them() -> None:
    found = learned(overconfident(n_groups=8))
    assert found.recordings.set_limit is None
    assert found.recordings.answer_from is None
    mended = found.recordings.mend(np.array([[0.97, 0.01, 0.01, 0.01]]))
    assert found.recordings.sets(mended).all()
    assert found.recordings.rejects(mended) is None
    assert found.windows.set_limit is not None


def test_few_samples_all_of_them_right_do_not_make_a_model_sure_for_ever() -> None:
    found = learned(table_of(np.ones(12), 10)).recordings
    surest = found.mend(np.array([[0.7, 0.1, 0.1, 0.1]])).max()
    assert 0.9 < surest < 0.97


def test_a_model_that_guesses_never_answers() -> None:
    random = np.random.default_rng(0)
    table = table_of(np.ones(30), 10)
    guessed = replace(table, probabilities=random.dirichlet(np.full(4, 0.2), size=len(table)))
    unit = learned(guessed).windows
    assert unit.temperature > 3.0
    if unit.answer_from == NEVER:
        assert unit.rejects(np.array([[1.0, 0.0, 0.0, 0.0]])) == [True]
    assert unit.answered < 0.1


def test_a_leaking_split_and_a_single_group_teach_nothing() -> None:
    table = overconfident()
    leak = Leak(LeakKind.GROUP, "0", CLASSES[0], 3, "bearing 1")
    found, reason = calibrate(table, replace(certificate(), leaks=(leak,)))
    assert found is None
    assert "leaks" in reason
    lonely = replace(table, groups=np.full(len(table), "bearing 1"))
    found, reason = calibrate(lonely, certificate())
    assert found is None
    assert reason.startswith("Only one bearing was held out")


def test_what_is_learned_is_the_same_every_time() -> None:
    assert learned(overconfident()) == learned(overconfident())
