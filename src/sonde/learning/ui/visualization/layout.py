"""The visualization page as components."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.evaluating.subject import Subject
from sonde.learning.ui.visualization.ids import VisualizationId
from sonde.learning.ui.visualization.state import TABS, ViewState
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.icons import icon

_WORDS = "How samples lie to each other, what features tell, and what a network makes of a sample."


def visualization_view(
    offered: Sequence[Subject], chosen: Subject, state: ViewState, body: Any
) -> PageView:
    """Return the page."""
    # One body serves every tab; the panels tell those who listen where it stands.
    panels = [
        dmc.TabsPanel(html.Span(f"{words}: below", className="sonde-hidden"), value=name)
        for name, words in TABS.items()
    ]
    tabs = dmc.Tabs(
        [dmc.TabsList([dmc.TabsTab(words, value=name) for name, words in TABS.items()]), *panels],
        id=VisualizationId.TAB,
        value=state.tab,
        className="sonde-scroll-x",
    )
    content = [
        card(_bar(offered, chosen)),
        html.Div(tabs),
        dcc.Loading(
            html.Div(body, id=VisualizationId.BODY, className="sonde-stack"),
            delay_show=400,
            custom_spinner=dmc.Loader(size="sm"),
        ),
    ]
    return PageView(
        "Visualization",
        [
            dcc.Store(id=VisualizationId.STATE, data=state.as_store()),
            dcc.Store(id=VisualizationId.CHANGED, data=0),
            html.Div(content, className="sonde-stack"),
        ],
        description=_WORDS,
    )


def nothing_view() -> PageView:
    """Return the page where no experiment is finished."""
    body = empty_state(
        "Nothing to look into yet",
        "Train a model; its samples are mapped here, and its layers shown.",
        icon_name="tabler:chart-dots",
        actions=[button_link("New experiment", "/experiment/new", icon_name="tabler:circle-plus")],
    )
    return PageView("Visualization", card(body), description=_WORDS)


def _bar(offered: Sequence[Subject], chosen: Subject) -> Any:
    choose = dmc.Select(
        id=VisualizationId.SUBJECT,
        label="Experiment",
        data=[
            {"value": one.id, "label": f"{one.title} · {one.ref_title} · {one.macro_f1:.3f}"}
            for one in offered
        ],
        value=chosen.id,
        searchable=True,
        allowDeselect=False,
        leftSection=icon("tabler:flask", 16),
        className="sonde-grow",
    )
    result = button_link("Result", f"/experiment/{chosen.id}/results", icon_name="tabler:target")
    return html.Div([choose, result], className="sonde-beside sonde-wrap")
