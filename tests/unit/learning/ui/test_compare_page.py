"""The page that compares experiments: state, tabs, figures."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.comparison.comparison import Comparison, compare
from sonde.learning.core.comparison.configuration import config_rows
from sonde.learning.core.comparison.metrics import Estimate
from sonde.learning.core.comparison.stored import StoredComparison
from sonde.learning.core.runs import Curve
from sonde.learning.ui.compare.configuration import configuration_tab, coordinates_of
from sonde.learning.ui.compare.figures import confusion_figure, shorts
from sonde.learning.ui.compare.layout import Drawn, Offer, choosing_view, compare_view, gone_view
from sonde.learning.ui.compare.state import CompareState, as_store, ids_in, state_of
from sonde.learning.ui.compare.tabs import confusion_tab, curves_tab, metrics_tab, slices_tab
from sonde.learning.ui.compare.verdict import verdict_tab
from tests.unit.learning.core.comparison_tables import experiments

KEPT = StoredComparison(
    "k", "Forests", "Why?", "o", "Ada", ("a", "b"), datetime(2026, 11, 1, tzinfo=UTC)
)


@pytest.fixture(scope="module")
def three() -> Comparison:
    return compare(experiments(0.0, 1.5, 1.6, n_units=24))


def words(component: Any) -> str:
    return str(component)


def test_the_address_is_the_state_and_nonsense_is_left_out() -> None:
    ids = ids_in("a,b,c,a")
    state = state_of({"tab": "nowhere", "pair": "2-0", "rope": "2", "base": "9"}, ids)
    assert (state.ids, state.tab, state.pair, state.rope) == (
        ("a", "b", "c"),
        "verdict",
        (0, 2),
        0.02,
    )
    assert state.place("base", 1) == 1
    assert state_of(as_store(state), ids) == state
    for rope in ("nan", "-1", "50", "x", ""):
        assert CompareState((), said={"rope": rope}).rope == 0.01
    for pair in ("1-1", "0-7", "x", ""):
        assert CompareState(ids, said={"pair": pair}).pair is None


def test_tables_call_classes_by_their_titles(three: Comparison) -> None:
    titled = replace(three, class_titles={"inner": "Inner race"})
    for tab in (confusion_tab, slices_tab):
        said = words(tab(titled, CompareState(three.ids)))
        assert "Inner race" in said
        assert "'inner'" not in said


def test_every_tab_of_a_comparison_is_drawn(three: Comparison) -> None:
    state = CompareState(three.ids)
    said = words(verdict_tab(three, state))
    assert "Model 1 and Model 2" in said  # the best two, unless others are chosen
    assert "How this was tested" in said
    assert "Model 0 and Model 2" in words(
        verdict_tab(three, CompareState(three.ids, said={"pair": "0-2"}))
    )
    assert "Log loss (less is better)" in words(metrics_tab(three))
    assert "points" in words(confusion_tab(three, state))
    assert "load" in words(slices_tab(three, state))
    linked = words(slices_tab(three, state, ["/signal-viewer/r?from=0"]))
    assert linked.count("/signal-viewer/r?from=0") == 1
    assert all(one.sample[0].startswith("recording ") for one in three.units)
    assert "noted curves" in words(curves_tab(three, (), (), ""))
    curve = Curve("id-0", "train/loss", "fold 1", np.arange(3), np.ones(3), np.zeros(3), 3)
    drawn = words(curves_tab(three, (curve,), ("train/loss",), "train/loss"))
    assert "Model 1, Model 2 did not note it" in drawn


def test_long_titles_are_cut_and_stay_apart(three: Comparison) -> None:
    long = [f"A forest on everything that was ever measured, seed {seed}" for seed in (1, 2)]
    cut = shorts([*long, "Network", "Network"])
    assert len(set(cut)) == 3
    assert all(len(one) <= 28 for one in cut)
    said = words(metrics_tab(replace(three, titles=(*long, "Network"))))
    assert long[0] in said  # whole where there is room
    assert long[0] not in words(slices_tab(replace(three, titles=(*long, "Network")),
                                           CompareState(three.ids)).pop())  # fmt: skip


def test_blue_is_better_on_the_diagonal_and_beside_it() -> None:
    gap = np.array([[5.0, -5.0], [2.0, -2.0]])
    heat = confusion_figure(gap, ("a", "b")).data[0]
    assert heat.z.tolist() == [[5.0, 5.0], [-2.0, -2.0]]
    assert heat.text[0][1] == "-5.0"


def test_parameters_and_scores_stand_between_their_extremes() -> None:
    rows = config_rows([{"Model": {"depth": 1, "kind": "a"}}, {"Model": {"depth": 3, "kind": "b"}}])
    axes = coordinates_of(rows, [Estimate(0.5, 0.4, 0.6), Estimate(0.9, 0.8, 1.0)])
    assert [(one.name, one.places) for one in axes] == [
        ("depth", (0.0, 1.0)),
        ("kind", (0.0, 1.0)),
        ("Macro-F1", (0.0, 1.0)),
    ]
    scores = [Estimate(0.5, 0.4, 0.6)] * 2
    assert "Parameters and score" in words(configuration_tab(rows, "AB", scores, shows_all=True))
    assert "made in the same way" in words(configuration_tab((), "AB", scores, shows_all=False))


def test_the_page_asks_refuses_and_shows(three: Comparison) -> None:
    asking = words(choosing_view(Offer([("a", "A"), ("b", "B")], [KEPT]), ("a",)))
    assert "Choose one more experiment" in asking
    assert "/compare/k" in asking
    assert "Nothing to compare yet" in words(choosing_view(Offer([]), ()))
    state = CompareState(("a", "b"))
    refused = compare_view(
        Offer([("a", "A")], may_keep=True), Drawn(state, ("A", "B"), None, None, ["Too new."], [])
    )
    assert "cannot be compared" in words(refused.body)
    assert "not tested in the same way" in refused.description
    waiting = Drawn(state, ("A", "B"), None, None, ["B failed."], [], is_waiting=True)
    assert "take out above what has no result" in words(compare_view(Offer([]), waiting).body)
    assert not refused.actions
    gone = gone_view(Offer([("a", "A")], stored=KEPT, may_forget=True), ("a",))
    assert "1 of its 2 experiments were deleted" in words(gone.body)
    assert "Delete" in words(gone.actions)
    drawn = Drawn(CompareState(three.ids), three.titles, None, three, (), [])
    shown = compare_view(Offer([], stored=KEPT, may_forget=True), drawn)
    assert shown.title == "Forests"
    assert "Delete" in words(shown.actions)
    assert "report.pdf?ids=id-0,id-1,id-2" in words(shown.actions)
