"""The evaluation page as components."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.evaluating.subject import Subject
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.state import TABS, ViewState
from sonde.learning.ui.marks import honesty_badge
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.icons import icon

_WORDS = "What a model's held-out predictions say beyond one score, with intervals over groups."


def evaluation_view(
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
        id=EvaluationId.TAB,
        value=state.tab,
        variant="default",
        className="sonde-scroll-x",
    )
    content = [
        card(_bar(offered, chosen)),
        html.Div(tabs),
        dcc.Loading(
            html.Div(body, id=EvaluationId.BODY, className="sonde-stack"),
            delay_show=400,
            custom_spinner=dmc.Loader(size="sm"),
        ),
    ]
    return PageView(
        "Evaluation",
        [
            dcc.Store(id=EvaluationId.STATE, data=state.as_store()),
            dcc.Store(id=EvaluationId.CHANGED, data=0),
            html.Div(content, className="sonde-stack"),
        ],
        description=_WORDS,
    )


def nothing_view() -> PageView:
    """Return the page where no experiment is finished."""
    body = empty_state(
        "Nothing to evaluate yet",
        "Train a model; what it says of samples that it never saw is looked at here.",
        icon_name="tabler:target",
        actions=[button_link("New experiment", "/experiment/new", icon_name="tabler:circle-plus")],
    )
    return PageView("Evaluation", card(body), description=_WORDS)


def _bar(offered: Sequence[Subject], chosen: Subject) -> Any:
    choose = dmc.Select(
        id=EvaluationId.SUBJECT,
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


def honesty_of(subject: Subject) -> Any:
    """Return the mark that every figure of an experiment carries."""
    return honesty_badge(subject.is_honest)
