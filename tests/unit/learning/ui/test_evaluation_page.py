"""The evaluation page without a server: addresses, and answers at their edges."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.core.evaluating.subject import Subject
from sonde.learning.ui.evaluation.controls import controls
from sonde.learning.ui.evaluation.figures import band, front_figure, level_figure
from sonde.learning.ui.evaluation.panels import curves, errors, robustness, sets, unseen
from sonde.learning.ui.evaluation.panels.panel import worth
from sonde.learning.ui.evaluation.state import ViewState, of_query, of_store
from sonde.learning.ui.marks import honesty_badge
from sonde.platform.core.identifiers import new_id

ABOUT = {
    "classes": ["healthy", "inner"],
    "n_samples": 90,
    "n_groups": 6,
    "n_folds": 3,
    "group_noun": "bearing",
    "few_groups": True,
}


def nowhere(samples: list[Mapping[str, Any]]) -> tuple[str, ...]:
    return ("",) * len(samples)


def test_an_address_leads_back_to_what_was_looked_at() -> None:
    ids = (new_id(), new_id())
    state = ViewState(ids, "robustness", {"change": "gain", "most": "50", "method": "aps"})
    query = dict(pair.split("=") for pair in state.address.partition("?")[2].split("&"))
    assert of_query(query) == state
    assert of_store(state.as_store()) == state
    assert state.asked == ids[:1]
    assert state.params == {"change": "gain", "most": "50"}
    assert ViewState(ids, "architectures").asked == ids
    assert ViewState(ids, "sets").kind == "prediction-sets"
    assert of_query({"experiment": "<script>", "tab": "nonsense"}) == ViewState()


def test_controls_are_drawn_from_the_knobs() -> None:
    rival = Subject(new_id(), "Other", "Forest", "Toys", 0.5, True)
    state = ViewState((new_id(), rival.id), "architectures", {"n_runs": "many"})
    drawn = str(controls(state, "Words.", [rival], may_start=True, is_quick=False))
    assert "Other · 0.500" in drawn
    assert "Find out" in drawn
    quick = str(controls(ViewState((), "sets"), "Words.", (), may_start=True, is_quick=True))
    assert "May be missed" in quick
    assert "Find out" not in quick
    assert controls(ViewState((), "curves"), "", (), may_start=True, is_quick=True) is None


def test_a_single_class_has_no_curves() -> None:
    shown = str(curves.panel({**ABOUT, "rows": [], "skipped": ["inner"]}, nowhere))
    assert "nothing to tell apart" in shown


def test_a_model_without_errors_is_not_analysed() -> None:
    assert "no error to analyse" in str(errors.panel({**ABOUT, "n_errors": 0}, nowhere))


def level(name: str, value: float | None, score: float) -> dict[str, Any]:
    return {
        "name": name,
        "level": value,
        "macro_f1": score,
        "macro_f1_interval": [None, None],
        "accuracy": score,
        "accuracy_interval": [score, score],
        "recalls": [score, None],
        "mean_told": 0.9,
    }


def test_levels_stand_in_order_and_models_that_do_not_repeat_are_told() -> None:
    rows = [level("untouched", 0.0, 0.9), level("5 %", 5.0, 0.5), level("-5 %", -5.0, 0.7)]
    assert [row["name"] for row in robustness.in_order(rows)] == ["-5 %", "untouched", "5 %"]
    noise = [level("untouched", None, 0.9), level("30 dB", 30.0, 0.5), level("0 dB", 0.0, 0.1)]
    assert robustness.in_order(noise) == noise
    found = ABOUT | {"rows": rows, "title": "Speed", "help": "", "n_tested": 9, "repeats": False}
    shown = str(robustness.panel(found, nowhere))
    assert "do not repeat" in shown
    assert "at 5 %, 0.500" in shown
    assert "healthy loses most: 0.400" in shown
    assert len(level_figure(rows, [("Macro-F1", [0.9, 0.5, 0.7])]).data) == 2


def row(name: str, coverage: float) -> dict[str, Any]:
    return {
        "name": name,
        "coverage": coverage,
        "coverage_interval": [None, None],
        "mean_size": 1.5,
        "single": 0.5,
        "n_samples": 45,
        "n_groups": 3,
    }


def test_sets_that_miss_their_promise_say_so() -> None:
    found = ABOUT | {
        "promised": 0.9,
        "overall": row("all", 0.7),
        "by_class": [row("healthy", 0.9), row("inner", 0.5)],
        "by_condition": [],
        "sizes": [45, 45],
        "by_sample_coverage": 0.91,
        "hands": 3,
        "full_sets": 45,
    }
    shown = str(sets.panel(found, nowhere))
    assert "50.0 % for inner, the worst class" in shown
    assert "21.0 points more than they do" in shown
    assert "45 sets hold every class" in shown
    assert "'orange'" in shown


def test_too_few_groups_leave_nothing_out() -> None:
    curve = {
        "title": "Doubt",
        "risk": [0.0, 0.2],
        "low": [0.0, 0.1],
        "high": [0.1, 0.3],
        "auroc": None,
        "coverage_at_risk": 0.5,
        "risk_of_answered": 0.04,
        "area": 0.1,
        "best_area": 0.05,
    }
    found = ABOUT | {
        "coverage": [0.5, 1.0],
        "curves": [curve],
        "error_rate": 0.2,
        "most_risk": 0.05,
        "left_out": [],
    }
    shown = str(unseen.panel(found, nowhere))
    assert "Too few bearings" in shown
    assert "50.0 % are answered up to the limit that other groups taught" in shown


def test_a_leak_and_few_groups_are_told_at_the_foot() -> None:
    shown = str(worth(ABOUT, honesty_badge(is_honest=False), is_honest=False))
    assert "everything here is too good" in shown
    assert "few bearings" in shown
    single = {**ABOUT, "n_folds": 1}
    assert "in 1 fold;" in str(worth(single, honesty_badge(is_honest=True), is_honest=True))


def test_a_band_leaves_out_what_has_no_interval() -> None:
    drawn = band(["a", "b", "c"], [0.1, None, 0.3], [0.4, None, 0.6], "#102030")
    assert list(drawn.x) == ["a", "c", "c", "a"]
    assert list(drawn.y) == [0.4, 0.6, 0.3, 0.1]
    best = {
        "id": "a",
        "p50_ms": 1.0,
        "macro_f1": 0.9,
        "model": "Forest",
        "bytes": 0,
        "is_best": True,
    }
    known = best | {"macro_f1_interval": [0.8, 1.0]}
    assert len(front_figure([known]).data) == 1
    beside = [known, known | {"id": "b", "macro_f1": 0.8}, known | {"id": "c", "p50_ms": 9.0}]
    places = front_figure(beside).data[0].textposition
    assert list(places) == ["top right", "bottom right", "top left"]
