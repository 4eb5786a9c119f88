"""Filters against a plain loop, overviews and comparisons in closed form."""

import json

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from sonde.bearings.core.exploring.comparison import (
    comparison_of,
    histogram_of,
    telling,
)
from sonde.bearings.core.exploring.facts import facts_of, packed, unpacked
from sonde.bearings.core.exploring.filters import (
    Between,
    ExplorerFilter,
    drawn,
    filter_from_json,
    kept_places,
)
from sonde.bearings.core.exploring.overview import class_order, overview_of
from sonde.bearings.core.features.table import FeatureTable
from sonde.platform.core.errors import Invalid

_NAMES = st.sampled_from(["", "a", "b", "c"])
_FIGURES = st.floats(-5, 5) | st.just(float("nan"))
_ROWS = st.lists(st.tuples(_NAMES, _NAMES, _FIGURES, _FIGURES), min_size=1, max_size=30)
_ENDS = st.none() | st.floats(-5, 5)


def _inside(value: float, one: Between) -> bool:
    if one.low is None and one.high is None:
        return True
    low = -np.inf if one.low is None else one.low
    high = np.inf if one.high is None else one.high
    return bool(low <= value <= high)


@given(_ROWS, st.lists(_NAMES, max_size=2), st.lists(_NAMES, max_size=2), _ENDS, _ENDS)
def test_a_filter_keeps_what_a_plain_loop_keeps(rows, labels, loads, low, high):
    if low is not None and high is not None and low > high:
        low, high = high, low
    own = [list(column) for column in zip(*rows, strict=True)]
    facts = facts_of({"labels": own[0], "loads": own[1], "speed_rpm": own[2]})
    table = FeatureTable(("RMS",), facts.id_texts(), np.array(own[3])[:, np.newaxis])
    wanted = ExplorerFilter(
        labels=tuple(labels),
        loads=tuple(loads),
        speed=Between("", low, None),
        features=(Between("RMS", None, high),),
    )
    expected = [
        place
        for place, (label, load, speed, rms) in enumerate(rows)
        if (not labels or label in labels)
        and (not loads or load in loads)
        and _inside(speed, wanted.speed)
        and _inside(rms, wanted.features[0])
    ]
    assert kept_places(facts, wanted, table).tolist() == expected
    assert unpacked(packed(facts)).loads.tolist() == own[1]


def test_a_sample_is_the_same_again_and_does_not_depend_on_other_classes():
    labels = np.array(["a"] * 40 + ["b"] * 30 + ["c"] * 2)
    found = drawn(labels, 5, seed=3)
    assert found.tolist() == drawn(labels, 5, seed=3).tolist()
    assert found.tolist() != drawn(labels, 5, seed=4).tolist()
    assert [int((labels[found] == name).sum()) for name in "abc"] == [5, 5, 2]
    alone = drawn(labels[labels == "a"], 5, seed=3)
    assert alone.tolist() == [place for place in found.tolist() if place < 40]


def test_a_filter_survives_json():
    wanted = ExplorerFilter(
        labels=("x", ""), speed=Between(high=9.0), features=(Between("RMS", 1.0),), per_class=5
    )
    assert filter_from_json(json.loads(wanted.text)) == wanted
    assert wanted.is_narrow
    assert not ExplorerFilter(seed=4).is_narrow


@pytest.mark.parametrize(
    "data",
    [
        {"label": ["x"]},
        {"speed": {"low": 9, "high": 1}},
        {"speed": {"low": "fast"}},
        {"speed": {"low": float("nan")}},
        {"per_class": -1},
        {"seed": -1},
        {"features": [{"name": "RMS"}] * 13},
        {"features": 5},
    ],
)
def test_nonsense_is_refused_in_a_sentence(data):
    with pytest.raises(Invalid, match=r"\w+ .*"):
        filter_from_json(data)


def test_ranges_of_features_need_their_values():
    wanted = ExplorerFilter(features=(Between("RMS", 1.0),))
    with pytest.raises(Invalid, match="values"):
        kept_places(facts_of({"labels": ["a"]}), wanted)


def test_an_overview_counts_measures_and_orders():
    facts = facts_of(
        {
            "labels": ["wear", "healthy", "wear", "outer"],
            "severities": ["mild", "", "severe", "mild"],
            "bearings": ["1", "2", "1", "3"],
            "mean_amplitude": [1.0, 2.0, 3.0, None],
            "dominant_hz": [10.0, 20.0, 90.0, 5.0],
            "speed_rpm": [900.0, 1000.0, 1200.0, 800.0],
        }
    )
    found = overview_of(facts, np.arange(4))
    assert [row.label for row in found.classes] == ["healthy", "wear", "outer"]
    wear, outer = found.classes[1:]
    assert (wear.n, wear.n_bearings, wear.mean_amplitude, wear.dominant_hz) == (2, 1, 2.0, 50.0)
    assert (wear.speed_low_rpm, wear.speed_high_rpm) == (900.0, 1200.0)
    assert np.isnan(outer.mean_amplitude)
    assert ("wear", "severe", 1) in found.severities
    assert overview_of(facts, np.array([], dtype=int)).classes == ()
    assert class_order({"outer", "inner"}) == ("inner", "outer")


def test_a_comparison_in_closed_form():
    values = np.array([[0.0, 5.0, 1.0], [2.0, 5.0, np.nan], [4.0, 5.0, 3.0], [6.0, 5.0, np.nan]])
    table = FeatureTable(("a", "flat", "gaps"), tuple("wxyz"), values)
    found = comparison_of(table, ["p", "p", "q", "q"])
    deviation = np.std(values[:, 0])
    assert found.z[:, 0] == pytest.approx([-2 / deviation, 2 / deviation])
    assert found.z[:, 1].tolist() == [0.0, 0.0]
    assert found.scaled[:, 1].tolist() == [0.5, 0.5]
    assert found.z[:, 2] == pytest.approx([-1.0, 1.0])
    assert telling(found, 2) == ("gaps", "a")
    with pytest.raises(Invalid):
        comparison_of(FeatureTable(("a",), (), np.empty((0, 1))), [])


def test_a_histogram_holds_every_measured_value():
    values = np.append(np.random.default_rng(0).standard_normal(500), np.nan)
    found = histogram_of(values)
    assert found.counts.sum() == 500
    assert 5 <= len(found.counts) <= 60
    assert histogram_of(np.ones(7)).counts.sum() == 7
    with pytest.raises(Invalid):
        histogram_of(np.array([np.nan]))
