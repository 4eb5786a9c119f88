"""The monitor's charts and state, without a server."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from sonde.learning.core.experiments import ExperimentSummary
from sonde.learning.core.runs import Curve, LogLine, PartProgress, RunView, Wish
from sonde.learning.ui.experiment_monitor.charts import CHARTS, chosen, parts_of
from sonde.learning.ui.experiment_monitor.figures import figure_of, summary_of
from sonde.learning.ui.experiment_monitor.layout import curve_charts, log_rows, monitor_view
from sonde.learning.ui.experiment_monitor.state import State, buttons
from sonde.platform.core.jobs import JobState

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def curve(key: str, part: str, values: list[float]) -> Curve:
    steps = np.arange(1, len(values) + 1)
    return Curve("x", key, part, steps, np.array(values), steps * 60.0, len(values))


CURVES = (
    curve("train/loss", "fold 10", [3.0, 2.0]),
    curve("train/loss", "fold 2", [3.0, 1.0]),
    curve("validation/loss", "fold 2", [3.5, 1.5]),
    curve("train/loss", "leaky fold 1", [9.0, 8.0]),
    curve("gradient_norm", "fold 2", [1.0, float("nan")]),
    curve("gradient/head", "fold 2", [0.5, 0.4]),
    curve("system/cpu_percent", "", [50.0, 60.0]),
)


def view(state: JobState = JobState.RUNNING, wish: Wish = Wish.NOTHING, **more: Any) -> RunView:
    summary = ExperimentSummary(
        id="x", title="Net on tones", source="tones", ref="tones", ref_title="Tones",
        model="cnn-1d", model_title="CNN", policy="group-k-fold", policy_title="Group k-fold",
        split_detail="", seed=0, owner_id="a", created_at=NOW, finished_at=None, job_id="j",
        state=state, phase="Training fold 1 of 2", fraction=0.25, error="", macro_f1=None,
        interval_low=None, interval_high=None, is_honest=None, leaky_macro_f1=None, n_groups=None,
    )  # fmt: skip
    parts = (PartProgress("fold 1", "B1", 1.0, 0.9), PartProgress("fold 2", "B2", 0.5))
    return replace(RunView(summary, None, wish, parts, may_control=True), **more)


def test_all_folds_are_drawn_and_the_leaky_comparison_only_if_asked_for() -> None:
    assert parts_of(CURVES) == ["fold 2", "fold 10", "leaky fold 1"]
    assert {one.part for one in chosen(CURVES, "")} == {"fold 2", "fold 10", ""}
    assert {one.part for one in chosen(CURVES, "leaky fold 1")} == {"leaky fold 1", ""}


def test_colours_are_folds_and_dashes_are_metrics() -> None:
    loss = CHARTS[0]
    figure = figure_of(loss, loss.curves(chosen(CURVES, "")))
    lines = [trace.line for trace in figure.data]
    assert [trace.name for trace in figure.data] == [
        "fold 10, training",
        "fold 2, training",
        "fold 2, validation",
    ]
    assert lines[1].color == lines[2].color != lines[0].color
    assert [line.dash for line in lines] == ["solid", "solid", "dot"]
    assert summary_of(loss, loss.curves(CURVES[1:3])).startswith("Latest: training 1 at epoch 2")


def test_gradients_of_layers_stand_beside_the_whole_and_no_number_is_named() -> None:
    gradient = next(chart for chart in CHARTS if chart.name == "gradient")
    found = gradient.curves(CURVES)
    assert [one.key for one in found] == ["gradient_norm", "gradient/head"]
    assert "no number" in summary_of(gradient, found[:1])


def test_members_of_an_ensemble_and_pretraining_have_curves_of_their_own() -> None:
    found = (
        curve("cycle 1/train/loss", "fold 1", [3.0, 2.0]),
        curve("cycle 2/train/loss", "fold 1", [1.0, 0.5]),
        curve("cycle 1/learning_rate", "fold 1", [0.1, 0.0]),
        curve("cycle 1/pretraining/learning_rate", "fold 1", [0.1, 0.1]),
        curve("cycle 1/pretraining/loss", "fold 1", [9.0, 8.0]),
        curve("pretraining/learning_rate", "fold 2", [0.1, 0.1]),
    )
    by_name = {chart.name: chart for chart in CHARTS}
    assert by_name["throughput"].curves([curve("fold/throughput", "", [5.0])]) == ()
    loss, rate, before = (by_name[name] for name in ("loss", "rate", "pretraining"))
    assert [loss.word(one.key) for one in loss.curves(found)] == [
        "cycle 1, training",
        "cycle 2, training",
    ]
    assert [one.key for one in rate.curves(found)] == ["cycle 1/learning_rate"]
    assert [one.key for one in before.curves(found)] == ["cycle 1/pretraining/loss"]
    names = [
        trace.name
        for trace in figure_of(rate, rate.curves((*found, replace(found[2], part="fold 2")))).data
    ]
    assert names == ["fold 1, cycle 1, learning rate", "fold 2, cycle 1, learning rate"]


def test_only_charts_with_curves_are_shown() -> None:
    words = str(curve_charts(CURVES, ""))
    assert "System load" in words
    assert "Learning rate" not in words
    assert "Nothing is measured yet" in str(curve_charts((), ""))


def test_buttons_follow_state_wish_and_rights() -> None:
    def texts(one: RunView) -> list[str]:
        return [button.children for button in buttons(one)]

    assert texts(view()) == ["Pause", "Stop now, keep the best", "Cancel"]
    assert texts(view(wish=Wish.PAUSE))[0] == "Resume"
    assert texts(view(wish=Wish.STOP)) == ["Cancel"]
    assert texts(view(JobState.SUCCEEDED)) == []
    assert texts(view(may_control=False)) == []


def test_the_page_holds_everything_at_once() -> None:
    lines = (LogLine(1, NOW, "warning", "fold 1", "Loss is no number."),)
    words = str(monitor_view(view(wish=Wish.PAUSE), CURVES, lines, State()).body)
    for expected in ("Paused at 25 %", "1 of 2", "0.900", "Loss is no number.", "is-warning"):
        assert expected in words
    assert "No line of this kind" in str(log_rows(()))


def test_the_address_names_the_view_and_nonsense_is_the_default() -> None:
    assert State.of_query({"part": "fold 2", "level": "error", "text": "x"}) == State(
        "fold 2", "error", "x"
    )
    assert State.of_query({"level": "loud"}) == State()
