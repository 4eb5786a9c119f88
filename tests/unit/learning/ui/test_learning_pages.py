"""The pages of learning, without a server: every state of an experiment can be shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from dash.development.base_component import Component

from sonde.learning.core.certificate import (
    ClassSides,
    FoldSides,
    Leak,
    LeakKind,
    SplitCertificate,
)
from sonde.learning.core.evaluating.class_intervals import ClassIntervals, ScoreIntervals
from sonde.learning.core.evaluation import ClassScore, Evaluation, FoldScore, Interval
from sonde.learning.core.experiments import (
    BestScore,
    Experiment,
    ExperimentCounts,
    ExperimentSummary,
)
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.novelty import UnseenAttribute, UnseenValue
from sonde.learning.core.prediction import ClassProbability, Prediction
from sonde.learning.core.provenance import Code, Environment, Provenance
from sonde.learning.core.reporting.model_card import model_card
from sonde.learning.core.result import ExperimentResult, LeakyScore, NoveltyReport
from sonde.learning.core.slices import LinkedSample, Slice, ToldSample
from sonde.learning.core.sources import UploadQuestion
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.ui.certificate import certificate_panel
from sonde.learning.ui.experiment_result.conditions import conditions_panel
from sonde.learning.ui.experiment_result.figures import confusion_table, fold_figure
from sonde.learning.ui.experiment_result.layout import result_view
from sonde.learning.ui.experiment_result.made import About
from sonde.learning.ui.experiment_result.origin import again_words, origin_panel
from sonde.learning.ui.experiment_result.overview import overview_panel
from sonde.learning.ui.experiment_result.prediction import predict_panel
from sonde.learning.ui.experiment_result.samples import samples_panel
from sonde.learning.ui.experiment_result.state import ResultState
from sonde.learning.ui.home import best_card, counts_card, recent_card
from sonde.learning.ui.prediction import prediction_panel
from sonde.platform.core.jobs import JobState
from sonde.platform.ui.components import PageView

ASKS = (UploadQuestion("speed_rpm", "Shaft speed", "rpm"), UploadQuestion("channel", "Channel"))
NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
SIDES = ClassSides("inner", 40, 20, 2, 1, ("b1", "b2"), ("b3",))
CERTIFICATE = SplitCertificate(
    policy="group-k-fold",
    policy_title="Group k-fold",
    detail="",
    seed=0,
    group_noun="bearing",
    n_groups=4,
    n_recordings=8,
    n_samples=60,
    folds=(FoldSides("fold 1", (SIDES,)),),
    leaks=(),
    divided_by_record=("healthy",),
    honest_classes=("inner",),
    notes=("healthy: 1 bearing, divided by record",),
    asked_for_by_name=False,
    data_hash="abcdef0123456789",
)
LEAKING = replace(
    CERTIFICATE,
    leaks=tuple(Leak(LeakKind.RECORDING, "fold 1", "inner", 20, f"r{n}") for n in range(9)),
)
EVALUATION = Evaluation(
    class_names=("healthy", "inner"),
    confusion=((9, 1), (4, 6)),
    classes=(
        ClassScore("healthy", 0.69, 0.9, 0.78, 10, 1),
        ClassScore("inner", 0.86, 0.6, 0.71, 10, 3),
    ),
    macro_f1=0.745,
    accuracy=0.75,
    aggregation="mean of folds",
    interval=Interval(0.61, 0.88, 0.95, 4, True),
    folds=(FoldScore("fold 1", 0.7, 0.7, 10, 2), FoldScore("fold 2", 0.79, 0.8, 10, 2)),
    named_classes=("inner",),
    named_macro_f1=0.71,
)
RESULT = ExperimentResult(
    evaluation=EVALUATION,
    certificate=CERTIFICATE,
    leaky=LeakyScore(0.998, 0.998, "Random windows (leaky)", "Not to be believed."),
    novelty=NoveltyReport(
        1.5, (UnseenAttribute("fault_size", 0.91, (UnseenValue("7 mil", 0.91, 4, 9),)),)
    ),
    class_counts=(("healthy", 10, 1), ("inner", 10, 3)),
    feature_recipe="toy 1",
    n_features=8,
    window_shape=(1, 12000),
    sampling_rate_hz=12000.0,
    unit="g",
    data_hash="abcdef0123456789",
    model_hash="0123456789abcdef0123",
    model_bytes=4096,
    train_seconds=12.0,
    versions=(("numpy", "2.3"),),
)
SUMMARY = ExperimentSummary(
    id=ID,
    title="Forest on toys",
    source="toys",
    ref="r1",
    ref_title="Toys",
    model="random-forest",
    model_title="Random forest",
    policy="leave-one-attribute-out",
    policy_title="Leave one condition out",
    split_detail="fault_size",
    seed=3,
    owner_id="u1",
    created_at=NOW,
    finished_at=NOW,
    job_id=ID,
    state=JobState.SUCCEEDED,
    phase="",
    fraction=1.0,
    error="",
    macro_f1=0.745,
    interval_low=0.61,
    interval_high=0.88,
    is_honest=True,
    leaky_macro_f1=0.998,
    n_groups=4,
)
EXPERIMENT = Experiment(
    SUMMARY,
    ModelConfig("random-forest", 3, {"n_trees": 100, "balance": True}),
    SplitConfig("leave-one-attribute-out"),
    {},
    RESULT,
)
UNFINISHED = replace(
    SUMMARY,
    state=JobState.RUNNING,
    fraction=0.4,
    macro_f1=None,
    is_honest=None,
    interval_low=None,
    leaky_macro_f1=None,
)


def texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, PageView):
        yield from texts([thing.title, thing.body, list(thing.marks), list(thing.actions)])
    elif isinstance(thing, str):
        yield thing
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from texts(one)
    elif isinstance(thing, Component):
        for name in ("children", "label", "title", "description"):
            yield from texts(getattr(thing, name, None))


def said(thing: Any) -> str:
    return " | ".join(texts(thing))


def shown(experiment: Experiment) -> PageView:
    """Return the page with its overview."""
    panel = overview_panel(experiment, experiment.result) if experiment.result else []
    return result_view(experiment, None, ResultState(), panel)


def test_result_shows_the_score_with_everything_that_belongs_to_it() -> None:
    words = said(shown(EXPERIMENT)) + said(predict_panel(ASKS))
    for promised in (
        "0.745",
        "95% interval 0.610 to 0.880, over 4 bearings",
        "Few groups",
        "Honest",
        "Macro-F1 of inner",
        "0.710",
        "0.998",
        "Leaky",
        "Unseen fault size told as novel, AUROC",
        "0.910",
        "Confusion matrix",
        "healthy: 1 bearing, divided by record",
        "2 folds from 0.700 to 0.790",
        "Trees",
        "Shaft speed (rpm)",
    ):
        assert promised in words, promised


def test_leaky_result_is_marked_and_has_no_second_leaky_score() -> None:
    result = replace(RESULT, certificate=LEAKING, leaky=None, novelty=NoveltyReport(1.0, ()))
    summary = replace(SUMMARY, is_honest=False)
    words = said(shown(replace(EXPERIMENT, result=result, summary=summary)))
    assert "Leaky" in words
    assert "and 3 more" in words
    assert "Leaky score" not in words
    assert "Unlike training" in words


def test_unfinished_experiment_waits_for_its_job() -> None:
    view = shown(replace(EXPERIMENT, summary=UNFINISHED, result=None))
    assert "is not there any more" in said(view)
    assert view.marks == []


def test_acceptance_result_every_condition_has_a_table_and_a_sentence() -> None:
    rows = [
        Slice("load", "3", 40, 2, 0.5, 0.4, 0.6, "ball", 0.25),
        Slice("load", "0", 40, 1, 1.0, None, None, "", None),
    ]
    words = said(conditions_panel(rows, "bearing"))
    for promised in ("By load", "0.500 at 3 to 1.000 at 0", "0.400 to 0.600", "ball (25% found)"):
        assert promised in words
    assert "Nothing differs" in said(conditions_panel([], "bearing"))


def test_acceptance_result_errors_lead_to_their_signals() -> None:
    sample = ToldSample("r 7", "b1", "fold 2", 0, 12000, "inner", "ball", 0.91, (("load", "3"),))
    state = ResultState("samples", "inner", "ball")
    words = said(samples_panel(3, [LinkedSample(sample, "/signal-viewer/x")], state))
    for promised in ("inner told as ball", "3 held-out windows", "load 3", "0 to 12,000", "Look"):
        assert promised in words
    assert "No held-out window is here" in said(samples_panel(0, [], ResultState("samples")))


def test_acceptance_result_shows_where_it_comes_from() -> None:
    words = said(origin_panel(EXPERIMENT, RESULT))
    for promised in ("Everything as one archive", "before provenance was kept", '"n_trees": 100'):
        assert promised in words


PROVENANCE = Provenance(
    data_hash="abcdef0123456789",
    split_hash="fedcba9876543210",
    configuration={},
    seeds={"model": 3, "split": 3},
    code=Code("1.0", "0123456789abcdef", is_dirty=True),
    environment=Environment("3.11", "Linux", (("numpy", "2.4"),), "cpu", 2),
)


def test_acceptance_result_files_and_a_repetition_are_offered() -> None:
    result = replace(RESULT, provenance=PROVENANCE)
    files = ("fold 1/best.safetensors", "fold 1/events.out.tfevents.sonde")
    panel = origin_panel(EXPERIMENT, result, files)
    words = said(panel)
    for promised in ("fold 1/best.safetensors", "Train exactly this again", "with changes"):
        assert promised in words
    assert "Train exactly this again" not in said(origin_panel(EXPERIMENT, result, may_ask=False))
    assert "Train exactly this again" not in said(origin_panel(EXPERIMENT, RESULT))
    assert "All 9 files" in said(origin_panel(EXPERIMENT, result, ["a file"] * 9))
    assert "It may come out otherwise" in said(again_words(ID, ["The code is another."]))


def test_acceptance_result_says_how_sure_classes_are_and_who_stopped_it() -> None:
    intervals = ScoreIntervals(
        (0.6, 0.9),
        (
            ClassIntervals("healthy", None, None, None),
            ClassIntervals("inner", (0.7, 1.0), (0.4, 0.8), (0.5, 0.85)),
        ),
    )
    result = replace(RESULT, stopped="Stopped by its owner after 1 of 2 folds.")
    training = TrainingConfig(epochs=12, loss="focal", augmentations=("noise",), teacher=ID)
    experiment = replace(
        EXPERIMENT,
        summary=replace(SUMMARY, notes="a first try", family_id="F1"),
        model=ModelConfig("cnn-1d", 3, {"width": 8}, training),
        result=result,
    )
    words = said(overview_panel(experiment, result, About(("baseline",), intervals)))
    for promised in (
        "95% interval 0.600 to 0.900",
        "0.40 to 0.80",
        "Stopped by its owner after 1 of 2 folds.",
        "baseline",
        "a first try",
        "the same with other seeds",
        "Epochs | 12",
        "Loss | focal",
        "Augmentations | noise",
        "Teacher",
    ):
        assert promised in words, promised
    assert "Patience" not in words
    assert "Epochs" not in said(overview_panel(EXPERIMENT, RESULT))


def test_acceptance_result_the_model_card_says_where_it_is_weak_and_what_made_it() -> None:
    rows = [
        Slice("load", "3", 40, 2, 0.5, 0.4, 0.6, "ball", 0.25),
        Slice("load", "0", 40, 1, 1.0, None, None, "", None),
    ]
    result = replace(RESULT, provenance=PROVENANCE, stopped="Stopped by its owner.")
    card = model_card(replace(EXPERIMENT, result=result), rows)
    for promised in (
        "| load | 3: 0.500 | 0: 1.000 |",
        "Stopped by its owner.",
        "- seeds: model 3, split 3",
        "commit 0123456789ab with changes",
    ):
        assert promised in card, promised
    assert "By condition" not in model_card(EXPERIMENT)


def test_confusion_shades_the_share_of_each_row() -> None:
    words = said(confusion_table(EVALUATION))
    assert "90%" in words
    assert "40%" in words


def test_folds_are_bars_beside_the_reported_score() -> None:
    figure = fold_figure(EVALUATION)
    assert list(figure.data[0].y) == [0.7, 0.79]
    assert figure.layout.shapes[0].y0 == 0.745


PREDICTION = Prediction(
    experiment_id=ID,
    experiment_title="Forest on toys",
    file_name="pump.mat",
    verdict="inner",
    classes=(ClassProbability("inner", 0.83, 0.9), ClassProbability("healthy", 0.17, 0.1)),
    n_windows=10,
    is_unlike_training=True,
    novelty=2.4,
    novelty_threshold=1.5,
    assumptions={"sampling_rate_hz": "12000"},
    evidence={
        "verdict": "cannot_tell",
        "strength": 0.4,
        "band_hz": [2000.0, 4000.0],
        "evidence": [{"line": "BPFI", "order": 1, "expected_hz": 162.2, "found_hz": None}],
        "found": True,
        "remarks": [],
    },
    macro_f1=0.745,
    is_honest=True,
    model_hash="0123",
)


def test_people_read_titles_of_classes_where_programs_read_keys() -> None:
    titles = {"healthy": "Healthy", "inner": "Inner race"}
    certificate = replace(LEAKING, class_titles=titles, honest_classes=("inner",))
    words = said(certificate_panel(certificate))
    assert "Same recording in fold 1, Inner race: 20 windows" in words
    assert "inner" not in words
    classes = tuple(replace(one, title=titles[one.name]) for one in PREDICTION.classes)
    told = replace(PREDICTION, classes=classes, verdict_title="Inner race")
    assert "Inner race" in said(prediction_panel(told))
    assert "Healthy" in said(prediction_panel(told))
    result = replace(RESULT, certificate=replace(CERTIFICATE, class_titles=titles))
    card = model_card(replace(EXPERIMENT, result=result))
    assert "It tells Healthy, Inner race from windows" in card
    assert "| Inner race (`inner`) | 0.860 |" in card
    assert "For Healthy there was a single bearing" in card


def test_prediction_stands_beside_its_doubts_and_the_physics() -> None:
    words = said(prediction_panel(PREDICTION))
    for promised in (
        "Unlike anything in training",
        "novelty 2.40, limit 1.50",
        "83.0%",
        "Cannot tell",
        "2,000 to 4,000",
        "BPFI",
        "Expected (Hz)",
        "Mean over 10 windows of pump.mat",
        "A model of macro-F1 0.745",
    ):
        assert promised in words, promised


def test_prediction_of_a_known_kind_says_so() -> None:
    known = replace(PREDICTION, is_unlike_training=False)
    assert "looks like those of the training" in said(prediction_panel(known))
    silent = replace(PREDICTION, is_unlike_training=None, evidence={})
    assert "No verdict" in said(prediction_panel(silent))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (JobState.RUNNING, "Training 40 %"),
        (JobState.FAILED, "Failed"),
        (JobState.CANCELLED, "Cancelled"),
        (JobState.QUEUED, "Queued"),
    ],
)
def test_recent_experiments_show_their_state(state: JobState, words: str) -> None:
    assert words in said(recent_card([replace(UNFINISHED, state=state, error="Too small.")]))


def test_recent_experiments_open_a_summary() -> None:
    words = said(recent_card([SUMMARY]))
    assert "0.745" in words
    assert "0.998, of random windows: too good" in words
    assert "No experiment yet" in said(recent_card([]))


def test_home_figures_say_where_they_are_going() -> None:
    assert "first this week" in said(best_card(BestScore(ID, "t", 0.8, None)))
    assert "+0.050 this week" in said(best_card(BestScore(ID, "t", 0.8, 0.75)))
    assert "as a week ago" in said(best_card(BestScore(ID, "t", 0.8, 0.8)))
    assert "No finished experiment yet" in said(best_card(None))
    assert "2 this week" in said(counts_card(ExperimentCounts(7, 5, 2)))
    assert "none this week" in said(counts_card(ExperimentCounts(7, 5, 0)))
