"""What studies found: importance with its spread, selection with its stability."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
import numpy as np
from dash import html

from sonde.bearings.core.features.study import IMPORTANCE, METHODS, SELECTION
from sonde.bearings.ui.features.figures import (
    frequency_figure,
    importance_figure,
    score_figure,
)
from sonde.bearings.ui.features.ids import FeaturesId, act, setting, text
from sonde.bearings.ui.features.panels import figure_text
from sonde.bearings.ui.features.state import ViewState
from sonde.platform.ui.components import card, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import Tone

HELP: Final = {
    "permutation": "What a forest loses on unseen bearings when a feature is shuffled. Of two "
    "alike features neither may be missed.",
    "mutual-information": "What a feature alone says about the class, in nats, whatever the shape.",
    "anova": "Spread between the classes over spread within them.",
    "forest": "How much a forest's splits gain from a feature, on its training side.",
    "variance": "What varies most once every range is 0 to 1; does not look at the classes.",
    "correlation": "The best by ANOVA, without those that are like a better one (|r| above 0.9).",
    "recursive": "What is left when a forest's least important features go, step by step.",
    "mrmr": "Much information about the class, little about each other.",
}
_MOST_BARS: Final = 40


def study_controls(state: ViewState, question: str, *, may_start: bool) -> Any:
    """Return how a study is asked."""
    chosen = state.importance if question == IMPORTANCE else state.selection
    fields: list[Any] = [
        dmc.Select(
            id=setting(question),
            label="Method",
            data=[{"value": key, "label": name} for key, name in METHODS[question].items()],
            value=chosen,
            allowDeselect=False,
        ),
        _number("folds", "Folds", state.folds, 2, 10),
        _number("seed", "Seed", state.seed, 0, 10**6),
    ]
    if question == SELECTION:
        fields.insert(1, _number("n", "Features to keep", state.n, 1, max(len(state.names), 1)))
    start = dmc.Button(
        "Find out",
        id=act("study", question),
        leftSection=icon("tabler:player-play", 15),
        disabled=not may_start,
    )
    return card(
        html.Div(
            [
                html.Div(fields, className="sonde-form is-dense"),
                html.Div(
                    [html.P(HELP[chosen], className="sonde-dim sonde-grow"), start],
                    className="sonde-feature-head",
                ),
            ],
            className="sonde-stack is-tight",
        )
    )


def _number(name: str, label: str, value: int, low: int, high: int) -> Any:
    return dmc.NumberInput(
        id=setting(name), label=label, value=value, min=low, max=high, debounce=500
    )


def _worth(found: Mapping[str, Any]) -> Any:
    tone = Tone.GOOD if found["is_honest"] else Tone.WARN
    text = (
        f"{found['certificate']} {found['n_recordings']:,} recordings, {len(found['folds'])} folds."
    )
    if found["left_out"]:
        text += f" Left out because of gaps: {', '.join(found['left_out'])}."
    return note(text, tone, icon_name="tabler:shield-check")


def importance_panel(found: Mapping[str, Any], titles: Mapping[str, str]) -> list[Any]:
    """Return the importance of every feature, the largest on top."""
    values = np.array(found["values"])
    control = float(np.mean(found["control"]))
    rows = sorted(
        (
            (titles.get(name, name), float(own.mean()), float(own.min()), float(own.max()))
            for name, own in zip(found["names"], values.T, strict=True)
        ),
        key=lambda row: -row[1],
    )
    above = sum(row[2] > max(found["control"]) for row in rows)
    columns = (
        Column("Feature"),
        Column("Mean", numeric=True),
        Column("Least", numeric=True),
        Column("Most", numeric=True),
    )
    twin = [(row[0], *map(figure_text, row[1:])) for row in rows]
    shown = rows[:_MOST_BARS]
    chart = graph(
        importance_figure(shown, control, found["unit"]),
        id=FeaturesId.CHART,
        name="Importance of the features",
        summary=f"{rows[0][0]} says most. {above} of {len(rows)} features stand above a column of "
        "pure noise in every fold; whiskers go from the least to the most of the folds.",
        twin=Twin(columns, twin),
        height=110 + 22 * len(shown),
    )
    more = len(rows) - len(shown)
    description = f"The first {len(shown)}; the table holds {more} more." if more > 0 else ""
    return [card(chart, title="Importance", description=description), _worth(found)]


def selection_panel(
    found: Mapping[str, Any], titles: Mapping[str, str], *, may_save: bool
) -> list[Any]:
    """Return what was chosen, how surely, and what it is worth beside two controls."""
    return [
        _chosen(found, titles, may_save=may_save),
        html.Div([_frequency(found, titles), _scores(found)], className="sonde-columns"),
        _worth(found),
    ]


def _chosen(found: Mapping[str, Any], titles: Mapping[str, str], *, may_save: bool) -> Any:
    chips = [
        html.Span(f"{place}. {titles.get(name, name)}", className="sonde-chip", title=name)
        for place, name in enumerate(found["chosen"], start=1)
    ]
    save = html.Div(
        [
            dmc.TextInput(
                id=text("pick"),
                label="Save as a set",
                placeholder="Name of the set",
                className="sonde-grow",
                inputProps={"maxLength": 80},
            ),
            dmc.Button("Save", id=act("pick"), disabled=not may_save),
        ],
        className="sonde-beside",
    )
    return card(
        html.Div([html.Div(chips, className="sonde-chips"), save], className="sonde-stack"),
        title=f"Chosen: {len(found['chosen'])} of {len(found['names'])}",
        description="By the same method on all the data, best first.",
    )


def _frequency(found: Mapping[str, Any], titles: Mapping[str, str]) -> Any:
    pairs = sorted(
        (
            (titles.get(name, name), share, name in found["chosen"])
            for name, share in zip(found["names"], found["frequency"], strict=True)
            if share > 0
        ),
        key=lambda row: (-row[1], not row[2]),
    )[:_MOST_BARS]
    chart = graph(
        frequency_figure(pairs),
        id=f"{FeaturesId.CHART}-frequency",
        name="How often each feature was chosen",
        summary=f"Stability {found['stability']:.2f}: 1 where every fold chooses the same, about 0 "
        "where they choose by chance. Grey: not in the final choice.",
        twin=Twin(
            (Column("Feature"), Column("Folds", numeric=True)),
            [(name, f"{share:.0%}") for name, share, _ in pairs],
        ),
        height=110 + 22 * len(pairs),
    )
    return card(chart, title="Chosen in how many folds")


def _scores(found: Mapping[str, Any]) -> Any:
    arms: Sequence[tuple[str, Sequence[float]]] = (
        ("chosen", found["scores"]),
        ("all", found["scores_of_all"]),
        ("random", found["scores_of_random"]),
    )
    mean = {name: float(np.mean(values)) for name, values in arms}
    chart = graph(
        score_figure(arms),
        id=f"{FeaturesId.CHART}-scores",
        name="What the choice is worth",
        summary=f"A forest on the features chosen inside each fold reaches {mean['chosen']:.3f} on "
        f"unseen bearings, on all features {mean['all']:.3f}, on as many random ones "
        f"{mean['random']:.3f}.",
        twin=Twin(
            (Column("Features"), Column("Macro-F1", numeric=True), Column("Folds")),
            [
                (name, f"{mean[name]:.3f}", ", ".join(f"{one:.3f}" for one in values))
                for name, values in arms
            ],
        ),
        height=320,
    )
    return card(chart, title="Worth", description="Macro-F1 on bearings that were not seen.")
