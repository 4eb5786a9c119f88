"""Alarms, health indicators and remaining life: closed forms and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.condition.alarms import (
    AlarmBand,
    AlarmState,
    BandKind,
    states,
    statistical_band,
)
from sonde.bearings.core.condition.histories import LIMIT, simulate_history
from sonde.bearings.core.condition.indicators import health_indicator, learn_baseline, merit
from sonde.bearings.core.condition.remaining_life import (
    VAGUE,
    find_onset,
    learn_prior,
    remaining_life,
)
from sonde.platform.core.errors import Invalid

N_BASELINE = 20


def test_acceptance_condition_interval_covers_200_histories():
    fleet = [simulate_history(rng) for rng in [np.random.default_rng(1)] for _ in range(50)]
    prior = learn_prior([(one.times_h, one.values) for one in fleet], N_BASELINE)
    rng = np.random.default_rng(2)
    covered, errors, controls = [], [], []
    for _ in range(200):
        history = simulate_history(rng)
        seen = slice(0, int(0.8 * len(history.times_h)))
        times, values = history.times_h[seen], history.values[seen]
        found = remaining_life(times, values, LIMIT, prior=prior, n_baseline=N_BASELINE)
        if found is None:
            continue
        truth = history.failed_at_h - times[-1]
        covered.append(found.low <= truth <= found.high)
        errors.append(abs(found.median - truth))
        controls.append(abs(found.straight_line - truth))
    assert len(covered) >= 190
    assert 0.85 <= np.mean(covered) <= 0.95
    assert np.median(errors) < 0.1 * np.median(controls)


def test_no_growth_gives_no_estimate_and_bad_questions_a_reason():
    times = np.arange(50.0)
    flat = 1 + 0.01 * np.random.default_rng(0).standard_normal(50)
    assert find_onset(flat) is None
    assert remaining_life(times, flat, 5.0) is None
    grown = np.where(times < 20, 1.0, np.exp((times - 20) / 8))
    with pytest.raises(Invalid, match="above the healthy level"):
        remaining_life(times, grown, 0.5)
    with pytest.raises(Invalid, match="increase"):
        remaining_life(times[::-1], grown, 50.0)
    with pytest.raises(Invalid, match="baseline needs"):
        remaining_life(times[:5], grown[:5], 50.0)
    with pytest.raises(Invalid, match="five machines"):
        learn_prior([(times, grown)])
    past = remaining_life(times, grown, 20.0)
    assert past is not None
    assert (past.median, past.low, past.high) == (0.0, 0.0, 0.0)


@given(scale=st.floats(0.01, 1000), per=st.floats(0.1, 50))
@settings(max_examples=20, deadline=None)
def test_remaining_life_does_not_depend_on_units(scale, per):
    history = simulate_history(np.random.default_rng(5))
    times, values = history.times_h[:160], history.values[:160]
    plain = remaining_life(times, values, LIMIT, prior=VAGUE)
    scaled = remaining_life(times * per, values * scale, LIMIT * scale, prior=VAGUE)
    assert plain is not None
    assert scaled is not None
    assert scaled.median == pytest.approx(plain.median * per, rel=0.02)


def test_merit_by_closed_form():
    rising = np.linspace(0, 1, 11)
    found = merit([rising, rising[:6]])
    assert found.monotonicity == 1
    assert found.trendability == 1
    spread, travel = np.std([1.0, 0.5]), 0.75
    assert found.prognosability == pytest.approx(np.exp(-spread / travel))
    saw = np.array([0.0, 1.0, 0.0, 1.0, 0.0])
    assert merit([saw]).monotonicity == 0
    assert np.isnan(merit([saw]).trendability)
    assert merit([rising, np.zeros(5)]).trendability == 0
    with pytest.raises(Invalid):
        merit([])


@given(shift=st.floats(-100, 100), scale=st.floats(0.01, 100))
@settings(max_examples=30, deadline=None)
def test_an_indicator_does_not_depend_on_units(shift, scale):
    rng = np.random.default_rng(3)
    healthy, later = rng.normal(size=(40, 3)), rng.normal(size=(5, 3)) + 2
    names = ("a", "b", "c")
    plain = health_indicator(learn_baseline(names, healthy), later)
    other = health_indicator(learn_baseline(names, healthy * scale + shift), later * scale + shift)
    np.testing.assert_allclose(plain, other, rtol=1e-3)


def test_a_healthy_machine_reads_about_one():
    rng = np.random.default_rng(4)
    known = learn_baseline(("a", "b"), rng.normal(size=(500, 2)) @ np.array([[1, 0.8], [0, 0.6]]))
    fresh = rng.normal(size=(500, 2)) @ np.array([[1, 0.8], [0, 0.6]])
    assert np.mean(health_indicator(known, fresh) ** 2) == pytest.approx(1, abs=0.15)
    with pytest.raises(Invalid, match="five"):
        learn_baseline(("a",), np.ones((3, 1)))


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ({"warning": 4.0, "alarm": 2.0}, "below the alarm"),
        ({"warning": float("nan"), "alarm": 2.0}, "must be numbers"),
        ({"warning": 1.0, "alarm": 2.0, "in_a_row": 0}, "At least one"),
        ({"warning": 1.0, "alarm": 2.0, "hysteresis": 1.0}, "hysteresis"),
    ],
)
def test_bands_that_mean_nothing_are_refused(band, words):
    with pytest.raises(Invalid, match=words):
        AlarmBand(BandKind.FIXED, **band)


def test_one_outlier_is_no_alarm_and_a_gap_changes_nothing():
    band = statistical_band(np.array([1.0, 1.02, 0.98, 1.0, 1.01, 0.99, 1.0, 1.0, 1.02]))
    told = states([1.0, 9.0, 1.0, 9.0, float("nan"), 9.0, 1.0], band)
    assert told[1] is AlarmState.NORMAL
    assert told[5] is AlarmState.ALARM
    assert told[6] is AlarmState.NORMAL
    with pytest.raises(Invalid, match="eight"):
        statistical_band(np.ones(5))


@given(st.lists(st.floats(0, 10), min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_states_never_rise_below_the_warning(values):
    band = AlarmBand(BandKind.FIXED, 3.0, 6.0)
    told = states(values, band)
    assert len(told) == len(values)
    for value, state in zip(values, told, strict=True):
        if value < 2.7:
            assert state is AlarmState.NORMAL
