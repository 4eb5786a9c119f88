"""Metrics, folds and curves, confusion, classes and slices: one function for each tab."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
import numpy as np
from dash import html

from sonde.learning.core.comparison.comparison import Comparison
from sonde.learning.core.comparison.metrics import METRICS, Estimate, MetricKind
from sonde.learning.core.comparison.tables import ClassRow
from sonde.learning.core.runs import Curve
from sonde.learning.ui.compare.figures import (
    confusion_figure,
    curve_figure,
    fold_figure,
    interval_figure,
    short,
    shorts,
    slice_figure,
)
from sonde.learning.ui.compare.ids import CompareId
from sonde.learning.ui.compare.state import CompareState
from sonde.learning.ui.compare.verdict import setting
from sonde.platform.ui.components import card, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table

UNITS_SHOWN: Final = 25


def metrics_tab(found: Comparison) -> list[Any]:
    """Return all metrics with their intervals."""
    scores = [values[0] for values in found.metrics]
    best = max(range(len(scores)), key=lambda at: scores[at].value)
    chart = graph(
        interval_figure(found.titles, scores, "macro-F1"),
        id=CompareId.SCORES.value,
        name="Macro-F1 of each experiment",
        summary=f"Macro-F1 ({found.aggregation}) with 95 % intervals over {found.unit_noun}s; "
        f"{found.titles[best]} has the highest. Intervals that overlap do not say that two are "
        "equal: see the verdict.",
        height=90 + 34 * len(scores),
    )
    heads = [Column(_metric_title(kind), numeric=True) for kind in METRICS]
    rows = [_metric_row(found, place) for place in range(len(found.titles))]
    return [
        card(chart, title="Macro-F1"),
        card(
            plain_table((Column("Experiment"), *heads), rows),
            title="Every metric",
            description="The best of each column is bold. Right verdicts: the share of "
            f"{found.unit_noun}s that the sum of their windows' probabilities tells right.",
        ),
    ]


def curves_tab(
    found: Comparison, curves: Sequence[Curve], keys: Sequence[str], key: str
) -> list[Any]:
    """Return the folds, and the learning curves where there are some."""
    columns = (Column("Fold"), *_title_columns(found))
    rows = [[fold.name, *(f"{score:.3f}" for score in fold.macro_f1)] for fold in found.folds]
    wins = [int(np.argmax(fold.macro_f1)) for fold in found.folds]
    most = max(set(wins), key=wins.count)
    folds = graph(
        fold_figure(found.folds, found.titles),
        id=CompareId.FOLDS.value,
        name="Macro-F1 of each fold",
        summary=f"{found.titles[most]} is best in {wins.count(most)} of {len(wins)} folds.",
        twin=Twin(columns, rows),
    )
    return [card(folds, title="Folds"), _curves_card(found, curves, keys, key)]


def _curves_card(found: Comparison, curves: Sequence[Curve], keys: Sequence[str], key: str) -> Any:
    if not curves:
        text = "None of these experiments noted curves while it learned."
        return card(note(text), title="Learning curves")
    chooser = dmc.Select(
        id=setting("curve"),
        label="Metric",
        data=list(keys),
        value=key,
        allowDeselect=False,
        searchable=True,
        maw=320,
    )
    known = {curve.experiment_id for curve in curves}
    missing = [t for one, t in zip(found.ids, found.titles, strict=True) if one not in known]
    without = f" {', '.join(missing)} did not note it." if missing else ""
    chart = graph(
        curve_figure(curves, found.ids, found.titles, key),
        id=CompareId.CURVES.value,
        name=f"{key} while learning",
        summary=f"{len(curves)} curves of {key}; the folds of one experiment share its colour."
        + without,
        height=340,
    )
    return card([chooser, chart], title="Learning curves")


def confusion_tab(found: Comparison, state: CompareState) -> list[Any]:
    """Return how the mistakes of two experiments differ."""
    first, second = state.place("base", 0), state.place("other", 1)
    shares = [_row_shares(found, place) for place in (first, second)]
    gap = 100.0 * (shares[1] - shares[0])
    names = [found.titles[place] for place in (first, second)]
    classes = [found.title_of(name) for name in found.class_names]
    rows = [
        [truth, told, *(f"{100 * one[i, j]:.1f} %" for one in shares), f"{gap[i, j]:+.1f}"]
        for i, truth in enumerate(classes)
        for j, told in enumerate(classes)
        if max(one[i, j] for one in shares) > 0
    ]
    columns = (
        Column("Truth"),
        Column("Told as"),
        *(Column(name, numeric=True) for name in names),
        Column("Points", numeric=True),
    )
    chart = graph(
        confusion_figure(gap, classes),
        id=CompareId.CONFUSION.value,
        name="Difference of the confusion matrices",
        summary=_confusion_words(gap, classes, names),
        twin=Twin(columns, rows),
        height=140 + 56 * len(found.class_names),
    )
    chooser = html.Div(
        [
            _experiment_choice(found, "base", "From", first),
            _experiment_choice(found, "other", "To", second),
        ],
        className="sonde-row",
    )
    return [
        card(
            [chooser, chart],
            title="Confusion, difference",
            description="Points of percent of each true class. Blue is better: more told right, "
            "or less of a mistake.",
        )
    ]


def slices_tab(found: Comparison, state: CompareState, links: Sequence[str] = ()) -> list[Any]:
    """Return the classes, one attribute's slices, and the units on which they differ most.

    A unit of which there is a link leads to the window on which the experiments differ most.
    """
    return [_class_card(found), *_slice_card(found, state), _unit_card(found, links)]


def _class_card(found: Comparison) -> Any:
    columns = (
        Column("Class"),
        Column("Windows", numeric=True),
        Column(f"{found.unit_noun.capitalize()}s", numeric=True),
        *_title_columns(found, "F1, "),
    )
    rows = [
        [
            html.Span(found.title_of(one.name), className="sonde-strong"),
            f"{one.n_rows:,}",
            one.n_units,
            *_best_bold(
                [value.value for value in one.f1],
                [f"{v.value:.3f} ({v.low:.2f}–{v.high:.2f})" for v in one.f1],
            ),
        ]
        for one in found.classes
    ]
    recall = [
        [found.title_of(one.name), *(f"{p:.3f} / {r:.3f}" for p, r in _precision_recall(one))]
        for one in found.classes
    ]
    heads = (Column("Class"), *_title_columns(found))
    more = html.Details(
        [html.Summary("Precision / recall"), plain_table(heads, recall)], className="sonde-twin"
    )
    return card([plain_table(columns, rows), more], title="Classes")


def _precision_recall(one: ClassRow) -> Iterator[tuple[float, float]]:
    return zip(one.precision, one.recall, strict=True)


def _slice_card(found: Comparison, state: CompareState) -> list[Any]:
    names = list(dict.fromkeys(row.attribute for row in found.slices))
    if not names:
        text = "The samples carry no attribute (speed, load, ...) with more than one value."
        return [card(note(text), title="Slices")]
    by = state.said.get("by", "")
    by = by if by in names else names[0]
    rows = [row for row in found.slices if row.attribute == by]
    chooser = dmc.Select(
        id=setting("by"),
        label="By",
        data=[{"value": name, "label": name.replace("_", " ")} for name in names],
        value=by,
        allowDeselect=False,
        maw=260,
    )
    spread = [np.ptp([one.value for one in row.accuracy]) for row in rows]
    widest = rows[int(np.argmax(spread))]
    columns = (
        Column(by.replace("_", " ").capitalize()),
        Column("Windows", numeric=True),
        Column("Units", numeric=True),
        *_title_columns(found),
    )
    table = [
        [row.value or "not stated", f"{row.n_rows:,}", row.n_units, *map(_with_ends, row.accuracy)]
        for row in rows
    ]
    chart = graph(
        slice_figure(rows, found.titles),
        id=CompareId.SLICES.value,
        name=f"Accuracy by {by.replace('_', ' ')}",
        summary=f"The experiments differ most for {by.replace('_', ' ')} "
        f"{widest.value or 'not stated'} "
        f"({max(spread):.3f}); intervals are over {found.unit_noun}s.",
        twin=Twin(columns, table),
        height=110 + 34 * len(rows) + 6 * len(rows) * len(found.titles),
    )
    return [card([chooser, chart], title="Slices")]


def _unit_card(found: Comparison, links: Sequence[str]) -> Any:
    columns = (
        Column(found.unit_noun.capitalize()),
        Column("Class"),
        Column("Windows", numeric=True),
        *_title_columns(found),
    )
    shown = found.units[:UNITS_SHOWN]
    rows = [
        [
            _unit_name(short(one.name, 40), link),
            found.title_of(one.class_name),
            f"{one.n_rows:,}",
            *_best_bold(
                one.shares,
                [
                    f"{share:.0%} {'✓' if right else '✗'}"
                    for share, right in zip(one.shares, one.verdicts, strict=True)
                ],
            ),
        ]
        for one, link in zip(shown, [*links, *[""] * len(shown)], strict=False)
    ]
    return card(
        plain_table(columns, rows),
        title=f"{found.unit_noun.capitalize()}s on which they differ most",
        description="Share of right windows; a tick says that the vote of all windows is right. "
        "The CSV holds more of them.",
    )


def _unit_name(name: str, link: str) -> Any:
    """Return a unit's name, as a link where it leads somewhere."""
    inner = dmc.Anchor(name, href=link, size="sm") if link else name
    return html.Span(inner, className="sonde-nowrap")


def _title_columns(found: Comparison, before: str = "") -> list[Column]:
    """Return a column of numbers for each experiment."""
    return [Column(f"{before}{title}", numeric=True) for title in shorts(found.titles)]


def _metric_title(kind: MetricKind) -> str:
    return kind.title if kind.higher_is_better else f"{kind.title} (less is better)"


def _metric_row(found: Comparison, place: int) -> list[Any]:
    cells: list[Any] = [html.Span(found.titles[place], className="sonde-table-name")]
    for at, kind in enumerate(METRICS):
        column = [values[at].value for values in found.metrics]
        best = max(column) if kind.higher_is_better else min(column)
        one = found.metrics[place][at]
        is_best = one.value == best and len(set(column)) > 1
        cells.append(
            html.Span(
                [f"{one.value:.3f}", html.Small(_ends(one), className="sonde-dim")],
                className="sonde-two-lines sonde-strong" if is_best else "sonde-two-lines",
            )
        )
    return cells


def _best_bold(values: Sequence[float], words: Sequence[str]) -> list[Any]:
    best = max(values)
    differ = len(set(values)) > 1
    return [
        html.Span(word, className="sonde-strong") if differ and value == best else word
        for value, word in zip(values, words, strict=True)
    ]


def _row_shares(found: Comparison, place: int) -> Any:
    counts = np.array(found.confusions[place], dtype=float)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)


def _confusion_words(gap: Any, class_names: Sequence[str], names: Sequence[str]) -> str:
    i, j = divmod(int(np.abs(gap).argmax()), len(class_names))
    if abs(gap[i, j]) < 0.05:
        return f"{names[0]} and {names[1]} make the same mistakes."
    told = "right" if i == j else f"as {class_names[j]}"
    way = "more" if gap[i, j] > 0 else "less"
    return (
        f"The largest change from {names[0]} to {names[1]}: {class_names[i]} is told {told} "
        f"{abs(gap[i, j]):.1f} points {way} often."
    )


def _experiment_choice(found: Comparison, name: str, label: str, place: int) -> Any:
    return dmc.Select(
        id=setting(name),
        label=label,
        data=[{"value": str(at), "label": title} for at, title in enumerate(found.titles)],
        value=str(place),
        allowDeselect=False,
        className="sonde-grow",
    )


def _ends(one: Estimate) -> str:
    return f"{one.low:.2f}–{one.high:.2f}"


def _with_ends(one: Estimate) -> str:
    return f"{one.value:.3f} ({_ends(one)})"
