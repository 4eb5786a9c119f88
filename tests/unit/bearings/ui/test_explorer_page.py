"""The Data explorer without a server: addresses, choices, figures."""

import numpy as np
import pytest

from sonde.bearings.core.class_spectra import ClassCurve, ClassSpectra, SpectrumKind
from sonde.bearings.core.exploring.comparison import comparison_of, histogram_of
from sonde.bearings.core.exploring.facts import facts_of
from sonde.bearings.core.exploring.filters import Between, ExplorerFilter
from sonde.bearings.core.features.distribution import distribution
from sonde.bearings.core.features.registry import REGISTRY
from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.ui.class_figures import class_figure, severity_figure
from sonde.bearings.ui.explorer.controls import controls
from sonde.bearings.ui.explorer.figures.compare import heat_figure, radar_figure
from sonde.bearings.ui.explorer.figures.points import matrix_figure, projection_figure
from sonde.bearings.ui.explorer.figures.spectra import spectra_figure
from sonde.bearings.ui.explorer.figures.spread import box_figure, histogram_figure, violin_figure
from sonde.bearings.ui.explorer.layout import Foot, choice_view, foot_words, nothing_kept
from sonde.bearings.ui.explorer.settings import Kind, Said, Setting
from sonde.bearings.ui.explorer.state import as_store, of_query, of_store
from sonde.bearings.ui.explorer.tabs.catalogue import TABS, defaults
from sonde.bearings.ui.explorer.tabs.tab import Offer
from sonde.platform.core.errors import Invalid

FACTS = facts_of(
    {"labels": ["healthy", "wear", "wear"] * 4, "severities": ["", "mild", "severe"] * 4}
)
TABLE = FeatureTable(
    ("RMS", "Kurtosis"), FACTS.id_texts(), np.random.default_rng(0).normal(size=(12, 2))
)
LABELS = FACTS.labels.tolist()
OFFER = Offer(("healthy", "wear"), REGISTRY[:36], "g")


def test_an_address_says_everything_and_nonsense_is_told():
    state = of_query(
        {
            "dataset": "D",
            "tab": "spectral",
            "class": "wear|(not stated)",
            "speed": "_900",
            "range": "RMS:0.1_|Kurtosis:_4",
            "n": "7",
            "seed": "2",
            "kind": "envelope",
        }
    )
    assert state.wanted == ExplorerFilter(
        labels=("wear", ""),
        speed=Between("", None, 900.0),
        features=(Between("RMS", 0.1, None), Between("Kurtosis", None, 4.0)),
        per_class=7,
        seed=2,
    )
    assert state.said == {"kind": "envelope"}
    assert of_store(as_store(state)) == state
    assert of_query({"n": "many", "speed": "fast_"}).wanted == ExplorerFilter()
    with pytest.raises(Invalid):
        assert of_query({"speed": "9_1"}).wanted


def test_choices_that_cannot_be_fall_back():
    settings = (
        Setting("a", "A", Kind.NUMBER, "5", low=1, high=9),
        Setting("b", "B", Kind.MANY, choices=(("x", "X"), ("y", "Y")), most=1),
    )
    said = Said(settings, {"a": "1e9", "b": "z|y|x"})
    assert said.number("a") == 9
    assert said.many("b") == ("y",)
    assert Said(settings, {"a": "nan"}).number("a") == 5
    assert Said(settings, {"a": ""}).whole("a") == 5


def test_every_control_of_every_tab_has_a_default_that_it_shows():
    usual = defaults(OFFER)
    assert set(usual) == {tab.key for tab in TABS}
    for tab in TABS:
        settings = tab.settings(OFFER)
        assert len(controls(tab.key, Said(settings, {}))) == len(settings)
        assert set(usual[tab.key]) == {one.name for one in settings}


def test_figures_are_drawn():
    places = np.random.default_rng(1).normal(size=(12, 3)).astype(np.float32)
    spreads = distribution(TABLE, "RMS", LABELS)
    compared = comparison_of(TABLE, LABELS)
    whole = histogram_of(TABLE.column("RMS"))
    curve = ClassCurve("wear", 3, *(np.ones(9, dtype=np.float32),) * 3)
    for kind in SpectrumKind:
        found = ClassSpectra(kind, np.arange(1.0, 10.0), (curve,))
        assert len(spectra_figure(found, logarithmic=True, unit="g").data) == 3
    assert list(class_figure([("wear", 3)]).data[0].customdata) == ["wear"]
    assert len(severity_figure(["wear"], [("wear", "mild", 2), ("wear", "odd", 1)]).data) == 2
    assert len(projection_figure(places[:, :2], FACTS, "ab").data) == 2
    assert projection_figure(places, FACTS, "abc").data[0].type == "scatter3d"
    assert len(matrix_figure(FACTS, TABLE).data) == 2 + 2 + 2
    assert len(radar_figure(compared, ("RMS", "Kurtosis")).data) == 2
    assert heat_figure(compared).data[0].z.shape == (2, 2)
    assert len(violin_figure(spreads, "RMS").data) == 2
    assert len(box_figure(spreads, "RMS").data) >= 2
    assert len(histogram_figure(whole, whole, "wear", "RMS").data) == 2


def test_words_say_what_happened():
    assert "95 %" in str(foot_words(Foot("D", "ab" * 32, 95, 5)))
    assert "Nothing was read" in str(foot_words(Foot("D", "ab" * 32, 0, 0)))
    drawn = nothing_kept(ExplorerFilter(loads=("9",), speed=Between(low=1.0)))
    assert "load, speed" in str(drawn.children)
    assert "nothing to explore" in str(choice_view([]).body)
