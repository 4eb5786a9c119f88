"""What a study accepts before anything is queued, and what it says about the rest."""

import math

import pytest

from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.markets.services.backtests.asking import job_kind
from sonde.markets.services.backtests.catalogue import STUDIES, study_named
from sonde.platform.core.errors import Invalid

SMA = strategy_named("sma-cross")


def settled(kind, settings, given):
    study = study_named(kind)
    params = study.accept(given)
    return study.settle(SMA, settings, params), params


def test_every_study_has_a_job_kind():
    from sonde.app.domains import PARTS

    assert all(PARTS.job_kind(job_kind(name)).queue == "default" for name in STUDIES)
    assert all(study.name == name for name, study in STUDIES.items())


def test_one_set_of_settings_is_written_out():
    chosen, params = settled("backtest", {"fast": "5"}, {})
    assert chosen["fast"] == 5
    assert set(chosen) == {each.name for each in SMA.parameters}
    assert params == {}


def test_a_search_fixes_only_what_does_not_vary():
    chosen, params = settled("sweep", {"slow": 20, "fast": 9}, {"axes": {"fast": [5, 6]}})
    assert chosen == {"slow": 20}
    assert params == {
        "measure": "sharpe",
        "axes": {"fast": [5, 6]},
        "bounds": {},
        "draws": 100,
        "seed": 0,
    }


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("sweep", {}),
        ("sweep", {"axes": {"fast": [5]}, "bounds": {"slow": [20, 30]}}),
        ("sweep", {"axes": {"nothing": [5]}}),
        ("sweep", {"axes": {"fast": [5, "x"]}}),
        ("sweep", {"axes": {"fast": [5]}, "measure": "luck"}),
        ("sweep", {"axes": {"fast": range(2, 200), "slow": range(2, 200)}}),
        ("sweep", {"bounds": {"fast": [9, 5]}}),
        ("sweep", {"bounds": {"fast": [-1e308, 1e308]}}),
        ("sweep", {"bounds": {"fast": [2.5, 9]}}),
        ("sweep", {"bounds": {"fast": [math.nan, math.nan]}}),
        ("sweep", {"bounds": {"fast": [5]}}),
        ("sweep", {"bounds": {"sides": [1, 2]}}),
        ("sweep", {"bounds": {"nothing": [1, 2]}}),
        ("sweep", {"bounds": {"fast": None}, "draws": 10**6}),
        ("walk-forward", {"axes": {"fast": [5]}}),
        ("walk-forward", {"axes": {"fast": [5]}, "train": 1, "test": 5}),
        ("look-ahead", {"cuts": 2}),
        ("look-ahead", {"cuts": 10**9}),
        ("recursive", {"starts": [0]}),
        ("recursive", {"starts": list(range(1, 60))}),
        ("monte-carlo", {"draws": 9}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(kind, given):
    with pytest.raises(Invalid) as error:
        settled(kind, {}, given)
    assert error.value.message.endswith(".")


def test_fixed_settings_that_fit_no_point_are_refused():
    with pytest.raises(Invalid, match="None of the 1 combinations"):
        settled("sweep", {"slow": 4}, {"axes": {"fast": [5]}})
    with pytest.raises(Invalid, match="backtest"):
        study_named("palm-reading")
