"""The Data explorer as components: filters at the left, tabs at the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.exploring.facts import Facts
from sonde.bearings.core.exploring.filters import ExplorerFilter
from sonde.bearings.core.exploring.overview import ExplorerOverview, class_order
from sonde.bearings.ui.explorer.figures.classes import class_title
from sonde.bearings.ui.explorer.ids import ExplorerId, range_id
from sonde.bearings.ui.explorer.state import (
    NOT_STATED,
    ExplorerState,
    as_store,
    shown_values,
)
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count, percent

N_RANGES: Final = 4
_MOST_OPTIONS: Final = 1000


@dataclass(frozen=True)
class Foot:
    """What the page says of how its answers came about."""

    name: str
    content_hash: str
    hits: int
    misses: int


@dataclass(frozen=True)
class Choice:
    """A data set that can be explored: its id, its name, and what it holds in words."""

    id: str
    name: str
    words: str = ""


@dataclass(frozen=True)
class Explored:
    """What the page shows.

    Parameters
    ----------
    state : ExplorerState
    tabs : sequence of (str, str)
        Key and title of each.
    tab : str
        Key of the one that is shown.
    defaults : mapping
        What every control says before anything is chosen.
    choices : sequence of Choice
    facts : Facts
    offer : Offer
    controls : sequence of components
    drawn : Drawn
    count : str
    foot : components
    name : str
        Of the data set.
    """

    state: ExplorerState
    tabs: Sequence[tuple[str, str]]
    tab: str
    defaults: Mapping[str, Any]
    choices: Sequence[Choice]
    facts: Facts
    offer: Offer
    controls: Sequence[Any]
    drawn: Drawn
    count: str
    foot: Any = field(default=None)
    name: str = ""


def choice_view(choices: Sequence[Choice]) -> PageView:
    """Return the page on which a data set is chosen."""
    if not choices:
        body = empty_state(
            "There is nothing to explore yet",
            "Generate a data set, import recordings, or load the sample project.",
            icon_name="tabler:chart-dots",
            actions=[
                button_link("Generate data", "/data-generation", icon_name="tabler:database-plus"),
                button_link("Data sets", "/datasets", icon_name="tabler:database"),
            ],
        )
    else:
        rows = [
            html.Li(
                [
                    dmc.Anchor(one.name, href=f"/data-explorer?dataset={one.id}", refresh=True),
                    html.Span(one.words, className="sonde-dim sonde-small"),
                ]
            )
            for one in choices
        ]
        body = card(html.Ul(rows, className="sonde-plain-list"), title="Choose a data set")
    return PageView(
        "Data explorer", body, description="See what a data set holds before trusting it."
    )


def explorer_view(explored: Explored) -> PageView:
    """Return the page of one data set."""
    state = explored.state
    dataset_id = state.dataset_id
    main = html.Div(
        [
            _tabs(explored),
            html.Div(
                list(explored.controls), id=ExplorerId.CONTROLS, className="sonde-look-controls"
            ),
            dcc.Loading(
                html.Div(
                    list(explored.drawn.children),
                    id=ExplorerId.PANEL,
                    className="sonde-look-panel",
                ),
                type="dot",
                overlay_style={"visibility": "visible", "opacity": 0.55},
                delay_show=300,
            ),
            html.Div(explored.foot, id=ExplorerId.FOOT, className="sonde-dim sonde-small"),
        ],
        className="sonde-look-main",
    )
    stores = [
        dcc.Store(id=ExplorerId.STATE, data=as_store(state)),
        dcc.Store(id=ExplorerId.DEFAULTS, data=dict(explored.defaults)),
        dcc.Store(id=ExplorerId.WAITING, data=explored.drawn.waiting),
        dcc.Store(id=ExplorerId.STARTED),
        dcc.Store(id=ExplorerId.AGAIN),
    ]
    return PageView(
        "Data explorer",
        [*stores, html.Div([_filters(explored), main], className="sonde-explore")],
        description="Click what stands out, and keep it by the filters; the address keeps it all.",
        actions=[
            button_link("Data set", f"/datasets/{dataset_id}", icon_name="tabler:database"),
            button_link(
                "Features", f"/feature-engineering?dataset={dataset_id}", icon_name="tabler:stack-2"
            ),
        ],
    )


def count_words(found: ExplorerOverview) -> str:
    """Say how much is kept."""
    if found.n == found.n_total:
        return f"All {count(found.n_total)} signals"
    return f"{count(found.n)} of {count(found.n_total)} signals"


def foot_words(foot: Foot) -> Any:
    """Say how the page's answers came about."""
    reads = foot.hits + foot.misses
    words = "Nothing was read from the cache yet."
    if reads:
        words = (
            f"Computed {count(foot.misses)} times, read again {count(foot.hits)} times: "
            f"{percent(foot.hits / reads)} of the answers about this data set came from the cache."
        )
    return html.Span(
        [
            icon("tabler:refresh", 13),
            f" {words} Content ",
            html.Code(foot.content_hash[:12], title=foot.content_hash),
        ]
    )


def nothing_kept(wanted: ExplorerFilter) -> Drawn:
    """Say why there is nothing to draw, and what to do."""
    names = {
        "class": wanted.labels,
        "severity": wanted.severities,
        "bearing": wanted.bearings,
        "session": wanted.sessions,
        "load": wanted.loads,
        "speed": () if wanted.speed.is_open else (wanted.speed,),
        "features": wanted.features,
    }
    set_ones = [name for name, values in names.items() if values]
    text = (
        f"No signal passes all of these at once: {', '.join(set_ones)}. Take one of them back, "
        "widen a range, or press Reset."
    )
    return Drawn([card(empty_state("The filter keeps nothing", text, icon_name="tabler:filter"))])


def _tabs(explored: Explored) -> Any:
    tabs = [dmc.TabsTab(title, value=key) for key, title in explored.tabs]
    return dmc.Tabs(
        dmc.TabsList(tabs, className="sonde-look-tabs"),
        id=ExplorerId.TABS,
        value=explored.tab,
    )


def _filters(explored: Explored) -> Any:
    choices = [{"value": one.id, "label": one.name} for one in explored.choices]
    head = dmc.Select(
        id=ExplorerId.DATASET,
        label="Data set",
        data=choices,
        value=explored.state.dataset_id,
        searchable=True,
        allowDeselect=False,
        size="xs",
    )
    number = html.P(explored.count, id=ExplorerId.COUNT, role="status", className="sonde-strong")
    fold = html.Details(
        [
            html.Summary("Filters", className="sonde-card-title"),
            html.Div(
                [*_lists(explored), _speed(explored), _ranges(explored), _sample(explored)],
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


def _lists(explored: Explored) -> list[Any]:
    facts, kept = explored.facts, explored.state.kept
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


def _speed(explored: Explored) -> Any:
    chosen = explored.state.kept.get("speed") or {}
    ends = [
        _number(ExplorerId.SPEED_LOW, "Slowest", "from", chosen.get("low")),
        _number(ExplorerId.SPEED_HIGH, "Fastest", "to", chosen.get("high")),
    ]
    return _group("Speed, rpm", ends)


def _sample(explored: Explored) -> Any:
    kept = explored.state.kept
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


def _ranges(explored: Explored) -> Any:
    chosen = list(explored.state.kept.get("features") or ())[:N_RANGES]
    data = [{"value": one.name, "label": one.title} for one in explored.offer.features]
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
