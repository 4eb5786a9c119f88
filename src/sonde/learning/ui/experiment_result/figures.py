"""Charts and tables of a result."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import html

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.evaluating.class_intervals import ClassIntervals, ScoreIntervals
from sonde.learning.core.evaluation import ClassScore, Evaluation, FoldScore
from sonde.learning.ui.experiment_result.ids import ResultId
from sonde.learning.ui.experiment_result.state import cell_address
from sonde.platform.ui.figures import Axis, Twin, bars, graph, new_figure
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import SERIES

_DARKEST = 72.0  # percent: the ink stays readable on every shade


def fold_figure(evaluation: Evaluation) -> go.Figure:
    """Return the macro-F1 of every fold as bars, with the mean as a line."""
    names = [fold.name for fold in evaluation.folds]
    figure = new_figure(
        [bars(names, [fold.macro_f1 for fold in evaluation.folds], name="Macro-F1")],
        x=Axis(grid=False, categories=names),
        y=Axis("Macro-F1", range=(0.0, 1.0)),
    )
    figure.add_hline(y=evaluation.macro_f1, line={"color": SERIES[1], "width": 1.5, "dash": "dash"})
    figure.update_layout(bargap=0.45)
    return figure


def fold_chart(evaluation: Evaluation, group_noun: str) -> Any:
    """Return the folds as a chart with its table."""
    scores = [fold.macro_f1 for fold in evaluation.folds]
    spread = f"{len(scores)} folds from {min(scores):.3f} to {max(scores):.3f}"
    summary = (
        f"{spread if len(scores) > 1 else 'One fold'}; the dashed line is the reported score, "
        f"{evaluation.macro_f1:.3f} ({evaluation.aggregation})."
    )
    return graph(
        fold_figure(evaluation),
        id=ResultId.FOLDS.value,
        name="Macro-F1 of each fold",
        summary=summary,
        twin=Twin(_fold_columns(group_noun), [_fold_row(fold) for fold in evaluation.folds]),
        height=240,
    )


def confusion_table(evaluation: Evaluation) -> Any:
    """Return the confusion matrix: rows are the truth, shades the share of each row."""
    names = evaluation.class_names
    head = html.Thead(
        [
            html.Tr([html.Th(), html.Th("Told as", colSpan=len(names), scope="colgroup")]),
            html.Tr(
                [html.Th("Truth", scope="col"), *[html.Th(name, scope="col") for name in names]]
            ),
        ]
    )
    body = html.Tbody(
        [
            html.Tr([html.Th(name, scope="row"), *_confusion_cells(names, row, truth)])
            for truth, (name, row) in enumerate(zip(names, evaluation.confusion, strict=True))
        ]
    )
    return html.Div(
        html.Table(
            [html.Caption("Confusion matrix", className="sonde-hidden"), head, body],
            className="sonde-confusion",
        ),
        className="sonde-scroll-x",
        tabIndex=0,
    )


def class_table(
    classes: Sequence[ClassScore],
    certificate: SplitCertificate,
    intervals: ScoreIntervals | None = None,
) -> Any:
    """Return precision, recall and F1 of every class, with how sure they are."""
    group_noun = certificate.group_noun
    known = {one.name: one for one in intervals.classes} if intervals else {}
    columns = (
        Column("Class"),
        Column("Precision", numeric=True),
        Column("Recall", numeric=True),
        Column("F1", numeric=True),
        Column("Windows", numeric=True),
        Column(f"{group_noun.capitalize()}s", numeric=True),
    )
    rows = [
        [
            html.Span(certificate.title_of(one.name), className="sonde-strong"),
            *_sure(one, known.get(one.name)),
            f"{one.n_samples:,}",
            one.n_groups,
        ]
        for one in classes
    ]
    return plain_table(columns, rows)


def _sure(one: ClassScore, known: ClassIntervals | None) -> list[Any]:
    """Return precision, recall and F1, the interval of each below it."""
    values = (one.precision, one.recall, one.f1)
    ends = (known.precision, known.recall, known.f1) if known else (None, None, None)
    return [
        f"{value:.3f}"
        if end is None
        else html.Span(
            [
                f"{value:.3f}",
                html.Br(),
                html.Small(f"{end[0]:.2f} to {end[1]:.2f}", className="sonde-nowrap"),
            ]
        )
        for value, end in zip(values, ends, strict=True)
    ]


def _fold_columns(group_noun: str) -> tuple[Column, ...]:
    return (
        Column("Fold"),
        Column("Macro-F1", numeric=True),
        Column("Accuracy", numeric=True),
        Column("Windows", numeric=True),
        Column(f"{group_noun.capitalize()}s", numeric=True),
    )


def _fold_row(fold: FoldScore) -> list[Any]:
    return [
        fold.name,
        f"{fold.macro_f1:.3f}",
        f"{fold.accuracy:.3f}",
        f"{fold.n_samples:,}",
        fold.n_groups,
    ]


def _confusion_cells(names: Sequence[str], row: Sequence[int], truth: int) -> list[Any]:
    total = sum(row)
    cells = []
    for told, number in enumerate(row):
        share = number / total if total else 0.0
        colour = "#2f6ad9" if told == truth else "#cf4a3f"
        cells.append(
            html.Td(
                [_samples_link(names[truth], names[told], number), html.Small(f"{share:.0%}")],
                style={"--sonde-cell": colour, "--sonde-share": f"{share * _DARKEST:.0f}%"},
            )
        )
    return cells


def _samples_link(label: str, told: str, number: int) -> Any:
    if not number:
        return "0"
    words = f"{number:,} windows of {label} told as {told}: show them"
    return html.A(f"{number:,}", href=cell_address(label, told), **{"aria-label": words})
