"""The Data explorer as components: filters at the left, tabs at the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.exploring.filters import ExplorerFilter
from sonde.bearings.core.exploring.overview import ExplorerOverview
from sonde.bearings.ui.explorer.filters import Choice, Filters, filters_card
from sonde.bearings.ui.explorer.ids import ExplorerId
from sonde.bearings.ui.explorer.state import ExplorerState, as_store
from sonde.bearings.ui.explorer.tabs.tab import Drawn
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count, percent


@dataclass(frozen=True)
class Foot:
    """What the page says of how its answers came about."""

    name: str
    content_hash: str
    hits: int
    misses: int


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
    filters : Filters
    controls : sequence of components
    drawn : Drawn
    foot : components
    """

    state: ExplorerState
    tabs: Sequence[tuple[str, str]]
    tab: str
    defaults: Mapping[str, Any]
    filters: Filters
    controls: Sequence[Any]
    drawn: Drawn
    foot: Any = None


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
        [*stores, html.Div([filters_card(explored.filters), main], className="sonde-explore")],
        description="Click what stands out, and keep it by the filters; the address keeps it all.",
        actions=[
            button_link("Data set", f"/datasets/{dataset_id}", icon_name="tabler:database"),
            button_link(
                "Features",
                f"/feature-engineering?dataset={dataset_id}",
                icon_name="tabler:math-function",
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
            f"Computed {_times(foot.misses)}, read again {_times(foot.hits)}: "
            f"{percent(foot.hits / reads)} of the answers about this data set came from the cache."
        )
    return html.Span(
        [
            icon("tabler:refresh", 13),
            f" {words} Content ",
            html.Code(foot.content_hash[:12], title=foot.content_hash),
        ]
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{count(number)} times"


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
