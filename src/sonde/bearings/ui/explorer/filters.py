"""The filters of the Data explorer: which data set, and what is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.exploring.facts import Facts
from sonde.bearings.core.exploring.overview import class_order
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.features.registry import FeatureDefinition
from sonde.bearings.ui.explorer.ids import ExplorerId, range_id
from sonde.bearings.ui.explorer.state import NOT_STATED, ExplorerState, shown_values
from sonde.platform.ui.components import card
from sonde.platform.ui.wording import count

N_RANGES: Final = 4
_MOST_OPTIONS: Final = 1000


@dataclass(frozen=True)
class Choice:
    """A data set that can be explored: its id, its name, and what it holds in words."""

    id: str
    name: str
    words: str = ""


@dataclass(frozen=True)
class Filters:
    """What the filters say, and what there is to choose from.

    Parameters
    ----------
    state : ExplorerState
    choices : sequence of Choice
    facts : Facts
        Of all recordings of the data set.
    features : sequence of FeatureDefinition
        What is extracted.
    count : str
        How much is kept.
    """

    state: ExplorerState
    choices: Sequence[Choice]
    facts: Facts
    features: Sequence[FeatureDefinition]
    count: str


def filters_card(asked: Filters) -> Any:
    """Return the card that says which data set is looked at, and what is kept of it."""
    choices = [{"value": one.id, "label": one.name} for one in asked.choices]
    head = dmc.Select(
        id=ExplorerId.DATASET,
        label="Data set",
        data=choices,
        value=asked.state.dataset_id,
        searchable=True,
        allowDeselect=False,
        size="xs",
    )
    number = html.P(asked.count, id=ExplorerId.COUNT, role="status", className="sonde-strong")
    fold = html.Details(
        [
            html.Summary("Filters", className="sonde-card-title"),
            html.Div(
                [*_lists(asked), _speed(asked), _ranges(asked), _sample(asked)],
                className="sonde-explore-fields",
            ),
            html.Div(
                [
                    dmc.Button("Reset", id=ExplorerId.RESET, variant="default", size="xs"),
                    dmc.Button("Apply", id=ExplorerId.APPLY, size="xs"),
                ],
                className="sonde-row sonde-end sonde-gap",
            ),
        ],
        id=ExplorerId.FOLD,
        open=True,
    )
    return card(
        html.Div([head, number, fold], className="sonde-stack is-close"),
        className="sonde-card sonde-explore-side",
    )


def _lists(asked: Filters) -> list[Any]:
    facts, kept = asked.facts, asked.state.kept
    labels = class_order(frozenset(facts.labels.tolist()))
    numbers = dict(facts.counts("labels"))
    classes = [(label, numbers[label]) for label in labels]
    return [
        _many(ExplorerId.LABELS, "Class", classes, shown_values(kept, "labels"), titled=True),
        *(
            _many(identifier, title, facts.counts(name), shown_values(kept, name))
            for identifier, title, name in (
                (ExplorerId.SEVERITIES, "Severity", "severities"),
                (ExplorerId.LOADS, "Load", "loads"),
                (ExplorerId.BEARINGS, "Bearing", "bearings"),
                (ExplorerId.SESSIONS, "Session", "sessions"),
            )
        ),
    ]


def _many(
    identifier: str,
    title: str,
    counts: Sequence[tuple[str, int]],
    chosen: Sequence[str],
    *,
    titled: bool = False,
) -> Any:
    data = [
        {
            "value": value or NOT_STATED,
            "label": f"{(class_title(value) if titled else value) or NOT_STATED} ({count(number)})",
        }
        for value, number in counts[:_MOST_OPTIONS]
    ]
    is_useless = len(data) < 2 and not chosen
    return dmc.MultiSelect(
        id=identifier,
        label=title,
        data=data,
        value=list(chosen),
        placeholder="" if chosen else "all",
        clearable=True,
        searchable=True,
        size="xs",
        style={"display": "none"} if is_useless else {},
    )


def _speed(asked: Filters) -> Any:
    chosen = asked.state.kept.get("speed") or {}
    ends = [
        _number(ExplorerId.SPEED_LOW, "Slowest", "from", chosen.get("low")),
        _number(ExplorerId.SPEED_HIGH, "Fastest", "to", chosen.get("high")),
    ]
    return _group("Speed, rpm", ends)


def _sample(asked: Filters) -> Any:
    kept = asked.state.kept
    fields = [
        _number(ExplorerId.PER_CLASS, "Sample size", "all", kept.get("per_class"), whole=True),
        _number(ExplorerId.SEED, "Seed of the sample", "seed 0", kept.get("seed"), whole=True),
    ]
    return _group("At most of each class, by chance", fields)


def _group(title: str, fields: Sequence[Any]) -> Any:
    return html.Div(
        [
            html.Div(title, className="sonde-field-label"),
            html.Div(list(fields), className="sonde-explore-pair"),
        ],
        role="group",
        **{"aria-label": title},
    )


def _number(
    identifier: Any, title: str, hint: str, value: float | None, *, whole: bool = False
) -> Any:
    return dmc.NumberInput(
        id=identifier,
        value="" if value is None else value,
        placeholder=hint,
        hideControls=True,
        allowDecimal=not whole,
        allowNegative=not whole,
        size="xs",
        **{"aria-label": title},
    )


def _ranges(asked: Filters) -> Any:
    chosen = list(asked.state.kept.get("features") or ())[:N_RANGES]
    data = [{"value": one.name, "label": one.title} for one in asked.features]
    rows = []
    for place in range(max(N_RANGES, len(chosen))):
        one = chosen[place] if place < len(chosen) else {}
        rows.append(
            html.Div(
                [
                    dmc.Select(
                        id=range_id(place, "name"),
                        data=data,
                        value=one.get("name"),
                        placeholder="feature",
                        searchable=True,
                        clearable=True,
                        size="xs",
                        **{"aria-label": f"Feature of range {place + 1}"},
                    ),
                    _number(
                        range_id(place, "low"),
                        f"Lowest of range {place + 1}",
                        "from",
                        one.get("low"),
                    ),
                    _number(
                        range_id(place, "high"),
                        f"Highest of range {place + 1}",
                        "to",
                        one.get("high"),
                    ),
                ],
                className="sonde-explore-range",
            )
        )
    words = (
        [] if data else [html.P("Extract the features first.", className="sonde-dim sonde-small")]
    )
    return html.Details(
        [html.Summary("Feature ranges", className="sonde-field-label"), *words, *rows],
        open=bool(chosen),
        style={"display": "block"},
    )
