"""The overview of a result: one number, how sure it is, and where the model errs."""

from typing import Any

from dash import html

from sonde.learning.core.evaluation import Evaluation
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.result import ExperimentResult, LeakyScore, NoveltyReport
from sonde.learning.ui.certificate import certificate_panel
from sonde.learning.ui.experiment_result.figures import class_table, confusion_table, fold_chart
from sonde.learning.ui.experiment_result.made import About, asked_for, made, words_of
from sonde.learning.ui.marks import (
    few_groups_badge,
    honesty_badge,
    interval_text,
    score_line,
    score_text,
)
from sonde.platform.ui.components import card, columns, facts, note, split, stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone


def overview_panel(
    experiment: Experiment, result: ExperimentResult, about: About | None = None
) -> list[Any]:
    """Return companions of the score, confusion, classes, folds, certificate and facts."""
    about = about or About()
    evaluation, noun = result.evaluation, result.certificate.group_noun
    stopped = [note(result.stopped, Tone.WARN, title="Stopped early")] if result.stopped else []
    return [
        *stopped,
        columns(_companions(result, about), minimum=250),
        split(
            stack(
                [
                    card(
                        confusion_table(evaluation),
                        title="Confusion matrix",
                        description="Windows of the held-out folds; shades are shares of each row. "
                        "A cell leads to its signals.",
                    ),
                    card(
                        class_table(evaluation.classes, result.certificate, about.intervals),
                        title="Per class",
                        description=f"Intervals of 95 % draw whole {noun}s; a class with a single "
                        "one has none.",
                    ),
                    card(
                        fold_chart(evaluation, noun),
                        title="Folds",
                        description="The spread says more than the mean where groups are few.",
                    ),
                ]
            ),
            stack(
                [
                    card(
                        certificate_panel(result.certificate),
                        title="Split certificate",
                        description="What stood on which side, and what was found on both.",
                    ),
                    card(
                        facts(words_of(experiment, about) + asked_for(experiment) + made(result)),
                        title="How it was made",
                    ),
                ]
            ),
        ),
    ]


def headline(result: ExperimentResult) -> Any:
    """Return the number that counts, with its interval and the leaky one beside it."""
    evaluation, noun = result.evaluation, result.certificate.group_noun
    interval = evaluation.interval
    leaky = result.leaky.macro_f1 if result.leaky else None
    left = html.Div(
        [
            html.Div("Macro-F1", className="sonde-stat-label sonde-dim"),
            html.Div(score_text(evaluation.macro_f1), className="sonde-hero-value"),
            html.Div(
                [
                    honesty_badge(result.certificate.is_honest),
                    *few_groups_badge(interval, noun),
                ],
                className="sonde-row",
            ),
        ]
    )
    keys = [
        html.Span([html.I(className="sonde-key"), "This score"]),
        html.Span([html.I(className="sonde-key is-band"), interval_text(interval, noun)]),
    ]
    if leaky is not None:
        keys.append(html.Span([html.I(className="sonde-key is-leak"), "Leaky score"]))
    right = html.Div(
        [
            score_line(evaluation.macro_f1, interval, leaky),
            html.Div(keys, className="sonde-legend"),
        ]
    )
    return card(html.Div([left, right], className="sonde-hero"))


def _companions(result: ExperimentResult, about: About) -> list[Any]:
    evaluation = result.evaluation
    cards = []
    if 0 < len(evaluation.named_classes) < len(evaluation.class_names):
        named = ", ".join(map(result.certificate.title_of, evaluation.named_classes))
        cards.append(
            _figure_card(
                f"Macro-F1 of {named}",
                score_text(evaluation.named_macro_f1),
                f"The classes of which every {result.certificate.group_noun} stood on one side.",
            )
        )
    cards.append(_accuracy_card(evaluation, about))
    if result.leaky is not None:
        cards.append(_leaky_card(result.leaky))
    if result.novelty is not None:
        cards.append(_novelty_card(result.novelty))
    return cards


def _accuracy_card(evaluation: Evaluation, about: About) -> Any:
    ends = about.intervals.accuracy if about.intervals else None
    sure = "" if ends is None else f"95% interval {ends[0]:.3f} to {ends[1]:.3f}. "
    words = f"{sure}Share of all held-out windows that are told rightly."
    return _figure_card("Accuracy", score_text(evaluation.accuracy), words)


def _figure_card(label: str, value: str, text: str, mark: Any = None) -> Any:
    return html.Div(
        [
            html.Div(
                [html.Span(label, className="sonde-stat-label"), mark], className="sonde-stat-top"
            ),
            html.Span(value, className="sonde-stat-value"),
            html.Span(text, className="sonde-dim"),
        ],
        className="sonde-card sonde-stat",
    )


def _leaky_card(leaky: LeakyScore) -> Any:
    return _figure_card(
        leaky.policy_title.replace(" (leaky)", ""),
        score_text(leaky.macro_f1),
        leaky.warning,
        honesty_badge(is_honest=False),
    )


def _novelty_card(novelty: NoveltyReport) -> Any:
    if not novelty.unseen:
        return _figure_card(
            "Unlike training", "–", "No attribute could be left out to measure how well it is told."
        )
    best = novelty.unseen[0]
    rows = [
        [
            one.attribute.replace("_", " "),
            value.value,
            f"{value.auroc:.3f}",
            "–" if value.flagged is None else f"{value.flagged:.0%}",
        ]
        for one in novelty.unseen
        for value in one.values
    ]
    heads = (
        Column("Left out"),
        Column("Value"),
        Column("AUROC", numeric=True),
        Column("Flagged", numeric=True),
    )
    table = plain_table(heads, rows)
    more = html.Details([html.Summary("Each value"), table], className="sonde-twin")
    return _figure_card(
        f"Unseen {best.attribute.replace('_', ' ')} told as novel, AUROC",
        score_text(best.mean_auroc),
        html.Span(["0.5 is guessing. Flagged: how often the warning itself was raised. ", more]),
    )
