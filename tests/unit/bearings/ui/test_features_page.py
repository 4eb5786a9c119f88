"""The Features page as components: what it says for what it is given."""

import json

import numpy as np
import pytest
from plotly.utils import PlotlyJSONEncoder

from sonde.bearings.core.features.correlation import correlation_map
from sonde.bearings.core.features.distribution import distribution
from sonde.bearings.core.features.own import OwnFeature, own_band
from sonde.bearings.core.features.registry import DEFAULT_NAMES, REGISTRY
from sonde.bearings.ui.features.layout import missing_note
from sonde.bearings.ui.features.panels import correlation_panel, distribution_panel
from sonde.bearings.ui.features.picker import known, picker
from sonde.bearings.ui.features.state import PRESETS, ViewState, state_of
from sonde.bearings.ui.features.study_panels import importance_panel, selection_panel
from tests.unit.bearings.core.features.make_study import NAMES, make_recordings, make_table

KNOWN = [one.name for one in REGISTRY]


def _text(component) -> str:
    return json.dumps(component, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_an_address_is_read_and_written_the_same():
    state = state_of(
        {"dataset": "01J", "names": "Kurtosis,RMS,Nonsense", "tab": "selection", "n": "3",
         "folds": "99", "seed": "x", "selection": "recursive", "look": "pie"},
        KNOWN,
    )  # fmt: skip
    assert state == ViewState(
        dataset="01J", names=("RMS", "Kurtosis"), tab="selection", n=3, selection="recursive"
    )
    assert state.address == (
        "/feature-engineering?dataset=01J&names=RMS,Kurtosis&tab=selection&selection=recursive&n=3"
    )
    assert state_of({"names": "all"}, KNOWN).names == PRESETS["all"]
    assert state_of({}, KNOWN).names == DEFAULT_NAMES
    assert state_of({"names": "none"}, KNOWN).names == ()


def test_every_feature_stands_in_its_group_with_formula_and_what_it_needs():
    band = own_band({"name": "gear", "low": 10, "high": 20, "scale": "order"})
    own = OwnFeature("01J", "w", "o", "Ada", band)
    definitions = (*REGISTRY, band.definition)
    shown = _text(picker(definitions, DEFAULT_NAMES, [own], frozenset({"01J"}), may_define=True))
    for one in definitions:
        assert json.dumps(one.formula, ensure_ascii=False)[1:-1] in shown
    assert "Needs the shaft speed and the bearing." in shown
    assert "Delete gear" in shown
    assert "Define a band" in shown
    viewer = _text(picker(definitions, (), [own], frozenset(), may_define=False))
    assert "Delete gear" not in viewer
    assert "Define a band" not in viewer
    assert known(definitions, [own])["groups"]["own bands"] == ["own:gear"]


@pytest.mark.parametrize("look", ["box", "violin"])
def test_a_distribution_names_the_classes_with_the_lowest_and_highest_median(look):
    table = make_table(30)
    labels = [one.label for one in make_recordings(30)]
    values = np.column_stack([table.values[:, 1], table.values[:, 0]])
    renamed = type(table)(("RMS", "Kurtosis"), table.recording_ids, values)
    state = ViewState(names=("RMS", "Kurtosis"), look=look)
    spreads = distribution(renamed, "RMS", labels)
    shown = _text(distribution_panel(spreads, REGISTRY[:2], state, "g"))
    assert "lowest for Healthy" in shown
    assert "highest for Outer race" in shown
    assert "RMS (g)" in shown
    empty = _text(distribution_panel((), REGISTRY[:2], state, "g"))
    assert "has no value here" in empty


def test_correlations_put_copies_beside_each_other():
    found = correlation_map(make_table(60))
    assert abs(found.names.index("tells") - found.names.index("copy")) == 1
    assert found.pairs[0][:2] == ("tells", "copy")
    assert "are most alike" in _text(correlation_panel(found, {}))


_FACTS = {
    "certificate": "Honest: no bearing is on both sides.",
    "is_honest": True,
    "left_out": ["VelocityRMS"],
    "n_recordings": 48,
    "folds": ["fold 1", "fold 2"],
}


def test_importance_says_how_many_stand_above_noise():
    found = {
        **_FACTS,
        "names": list(NAMES[:3]),
        "values": [[0.0, 0.4, 0.3], [0.02, 0.5, 0.01]],
        "control": [0.01, 0.02],
        "unit": "nats",
    }
    shown = _text(importance_panel(found, {"tells": "What tells"}))
    assert "What tells says most. 1 of 3 features stand above" in shown
    assert "Left out because of gaps: VelocityRMS." in shown


def test_a_selection_stands_beside_its_controls():
    found = {
        **_FACTS,
        "names": list(NAMES[:3]),
        "chosen": ["tells"],
        "frequency": [0.0, 1.0, 0.5],
        "stability": 0.63,
        "scores": [0.9, 0.8],
        "scores_of_all": [0.9, 0.9],
        "scores_of_random": [0.3, 0.5],
    }
    shown = _text(selection_panel(found, {}, may_save=True))
    for words in ("Chosen: 1 of 3", "Stability 0.63", "0.850", "0.900", "0.400"):
        assert words in shown


def test_what_cannot_be_had_is_told_with_its_reason():
    assert missing_note([]) is None
    shown = _text(missing_note([("Amplitude at 1X", "the shaft speed is unknown")]))
    assert "The shaft speed is unknown: no Amplitude at 1X." in shown
