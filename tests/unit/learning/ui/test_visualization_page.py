"""The visualization page without a server: addresses, settings that matter, charts."""

from typing import Any

import numpy as np

from sonde.learning.core.embedding.examples import Example
from sonde.learning.ui.visualization.controls import Offers, controls
from sonde.learning.ui.visualization.feature_panels import features_panel
from sonde.learning.ui.visualization.figures import map_figure, window_figure
from sonde.learning.ui.visualization.state import ViewState, of_query, of_store
from sonde.platform.core.identifiers import new_id

FEATURES: dict[str, Any] = {
    "look": "importance",
    "names": ["rms", "kurtosis"],
    "class_names": ["healthy", "inner"],
    "group_noun": "bearing",
    "n_samples": 40,
    "n_groups": 6,
    "n_tested": 40,
    "model": "Random forest",
    "eats_features": True,
    "between_classes": [0.2, 0.6],
    "between_groups": [0.5, 0.1],
    "lost": [
        {"lost": 0.01, "interval": [-0.01, 0.02]},
        {"lost": 0.2, "interval": [0.1, 0.3]},
    ],
}


def drawn(state: ViewState, offers: Offers | None = None, start: str = "shown") -> str:
    return str(controls(state, "Words.", offers or Offers(), start=start))


def test_an_address_leads_back_to_what_was_looked_at() -> None:
    state = ViewState(new_id(), "embedding", {"of": "layer", "layer": "body.0", "colour": "group"})
    query = dict(
        pair.split("=")
        for pair in state.address("embedding", **state.said).split("?")[1].split("&")
    )
    assert of_query(query) == state
    assert of_store(state.as_store()) == state
    assert state.params == {"of": "layer", "layer": "body.0"}
    assert of_query({"experiment": "<script>", "tab": "nonsense"}) == ViewState()


def test_only_settings_that_change_something_are_shown() -> None:
    plain = drawn(ViewState())
    assert "Neighbours" not in plain
    assert "Layer" not in plain
    said = drawn(ViewState(said={"of": "layer", "method": "umap", "layer": "gone"}))
    assert "Neighbours" in said
    assert "layers are being listed" in said
    assert "'gone'" in said
    assert "Shuffles" in drawn(ViewState(tab="features"))
    assert "Shuffles" not in drawn(ViewState(tab="features", said={"look": "correlation"}))
    assert "Look" not in drawn(ViewState(tab="filters"), start="hidden")


def test_examples_stand_by_class_and_any_other_sample_has_its_number() -> None:
    offers = Offers(
        views=[("stft", "Spectrogram")],
        examples=[Example(4, "inner", "surest right, 99% · a"), Example(9, "outer", "told inner")],
    )
    said = drawn(ViewState(tab="picture", said={"sample": "9"}), offers)
    assert "'group': 'outer'" in said
    assert "Spectrogram" in said
    assert "Counted from 0." in said
    assert "Channel" not in said
    assert "Channel" in drawn(ViewState(tab="picture"), Offers(has_channels=True))


def test_importance_says_what_is_surely_missed_and_what_knows_its_group() -> None:
    said = str(features_panel(FEATURES, ViewState(tab="features")))
    assert (
        "Without kurtosis it is right 20.0% less often; 1 of 2 features are surely missed" in said
    )
    assert "1 of 2 features tell more of the bearing than of the class" in said
    windows = {**FEATURES, "eats_features": False, "lost": []}
    assert "eats windows and no features" in str(features_panel(windows, ViewState()))


def test_charts_keep_every_peak_and_every_sample() -> None:
    values = np.zeros(50_000)
    values[31_234] = 9.0
    assert max(window_figure(values, 1.0).data[0].y) == 9.0
    names = [f"g{number}" for number in range(20)]
    found = {
        "class_names": ["healthy"],
        "x": list(range(20)),
        "y": list(range(20)),
        "recordings": names,
        "groups": names,
        "samples": list(range(100, 120)),
        "explained": [0.5, 0.25],
    }
    traces = map_figure(found, names).data
    assert traces[-1].name == "others"
    assert sorted(number for trace in traces for number in trace.customdata) == found["samples"]
