"""Importance and selection on data whose truth is known."""

import numpy as np
import pytest

from sonde.bearings.core.features.importance import anova_f, importance, mutual_information
from sonde.bearings.core.features.selection import SELECTORS, select, stability
from sonde.bearings.core.features.study import METHODS, StudyConfig, study_data
from sonde.bearings.core.features.table import FeatureTable
from sonde.platform.core.errors import Invalid
from tests.unit.bearings.core.features.make_study import make_recordings, make_table

N = 48


@pytest.fixture(scope="module")
def data():
    """Two features that tell, a copy of the first, a bearing's fingerprint, noise."""
    return study_data(make_table(N), make_recordings(N), 3, 0)


def _quiet(_done, _fold):
    pass


def _still(_share):
    pass


def test_folds_never_share_a_bearing(data):
    groups = np.array([one.bearing for one in make_recordings(N)])
    assert len(data.folds) == 3
    for fold in data.folds:
        assert not set(groups[fold.train]) & set(groups[fold.test])
    assert data.is_honest
    assert data.certificate.startswith("Honest")


@pytest.mark.parametrize("method", list(METHODS["importance"]))
def test_what_tells_stands_above_noise_in_every_fold(data, method):
    found = importance(data, method, 0, _quiet)
    values = dict(zip(found.names, np.array(found.values).T, strict=True))
    assert (values["tells"] > values["noise"]).all()
    assert (values["tells"] > np.array(found.control)).all()
    assert np.abs(np.median(values["noise"]) - np.median(found.control)) < 0.3 * np.median(
        values["tells"]
    )
    if method == "permutation":
        # A bearing's fingerprint tells bearings apart, and so classes, but only those once seen.
        lost = {name: own.mean() for name, own in values.items()}
        assert lost["fingerprint"] < 0.1 * lost["tells"] + 0.02


@pytest.mark.parametrize("method", list(METHODS["selection"]))
def test_every_selector_chooses_as_many_as_asked_and_scores_beside_two_controls(data, method):
    found = select(data, method, 2, 0, _quiet)
    assert len(found.chosen) == 2
    assert len(found.scores) == len(found.scores_of_all) == len(found.scores_of_random) == 3
    assert -1 <= found.stability <= 1
    if method != "variance":
        assert "tells" in found.chosen or "copy" in found.chosen
        assert np.mean(found.scores) > 0.8


def test_mrmr_and_pruning_do_not_take_a_copy(data):
    for method in ("correlation", "mrmr"):
        chosen = SELECTORS[method](data.values, data.labels, 2, 0, _still)
        assert len({data.names[one] for one in chosen} & {"tells", "copy"}) == 1


def test_anova_f_is_that_of_a_worked_example():
    # Groups 6 8 4 5 3 4, 8 12 9 11 6 8, 13 9 11 8 7 12: F = 9.3 (the textbook example).
    values = np.array([6, 8, 4, 5, 3, 4, 8, 12, 9, 11, 6, 8, 13, 9, 11, 8, 7, 12], float)[:, None]
    assert anova_f(values, np.repeat([0, 1, 2], 6))[0] == pytest.approx(9.3, abs=0.05)


def test_mutual_information_of_a_perfect_feature_is_the_entropy_of_the_classes():
    labels = np.repeat([0, 1, 2], 200)
    values = (labels + 0.01 * np.random.default_rng(0).standard_normal(600))[:, None]
    assert mutual_information(values, labels, 0)[0] == pytest.approx(np.log(3), abs=0.02)


def test_stability_of_chance_is_about_zero():
    rng = np.random.default_rng(0)
    picks = [rng.permutation(40)[:10].tolist() for _ in range(50)]
    assert stability(picks, 40) == pytest.approx(0.0, abs=0.03)


def test_columns_with_gaps_are_left_out_and_named():
    table = make_table(N)
    values = table.values.copy()
    values[3, table.names.index("tells too")] = np.nan
    values[5] = np.nan
    found = study_data(
        FeatureTable(table.names, table.recording_ids, values), make_recordings(N), 3, 0
    )
    assert found.left_out == ("tells too",)
    assert len(found.labels) == N - 1


def test_what_cannot_be_studied_is_refused():
    with pytest.raises(Invalid, match="one class"):
        study_data(make_table(N), make_recordings(N, classes=("healthy",)), 3, 0)
    for wrong in (
        {"question": "fortune"},
        {"method": "guess"},
        {"names": ("RMS",)},
        {"names": ("RMS", "RMS")},
        {"n_features": 0},
        {"n_folds": 1},
        {"seed": -1},
    ):
        good = {"question": "selection", "method": "mrmr", "names": ("RMS", "Kurtosis")}
        with pytest.raises(Invalid):
            StudyConfig(**{"n_features": 1, **good, **wrong})
    assert set(SELECTORS) == set(METHODS["selection"])
