"""A page that asks questions about one trained experiment: a subject, tabs, one body for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.evaluating.subject import Subject
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import PageView, button_link, card, empty_state, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone


class Asked(Protocol):
    """A question that was asked, and has no answer yet or none at all."""

    @property
    def job(self) -> Job | None:
        """What works on it."""

    @property
    def error(self) -> str:
        """Why there is no answer."""


@dataclass(frozen=True)
class QuestionPage:
    """What tells one such page from another.

    Parameters
    ----------
    title, words : str
    icon_name : str
    tabs : mapping of str to str
        What each tab is called.
    ids : type of StrEnum
        With ``SUBJECT``, ``TAB``, ``BODY``, ``STATE`` and ``CHANGED``.
    nothing : (str, str)
        Title and words where no experiment is finished.
    unasked : (str, str)
        Title where nobody asked a tab's question, and what a viewer is told then.
    """

    title: str
    words: str
    icon_name: str
    tabs: Mapping[str, str]
    ids: type[StrEnum]
    nothing: tuple[str, str]
    unasked: tuple[str, str]

    def view(
        self, offered: Sequence[Subject], chosen: Subject, tab: str, store: Any, body: Any
    ) -> PageView:
        """Return the page, `body` below its tabs."""
        content = [
            card(self._bar(offered, chosen)),
            html.Div(self._tabs(tab)),
            dcc.Loading(
                html.Div(body, id=self.ids["BODY"], className="sonde-stack"),
                delay_show=400,
                custom_spinner=dmc.Loader(size="sm"),
            ),
        ]
        return PageView(
            self.title,
            [
                dcc.Store(id=self.ids["STATE"], data=store),
                dcc.Store(id=self.ids["CHANGED"], data=0),
                html.Div(content, className="sonde-stack"),
            ],
            description=self.words,
        )

    def nothing_view(self) -> PageView:
        """Return the page where no experiment is finished."""
        start = button_link("New experiment", "/experiment/new", icon_name="tabler:circle-plus")
        body = empty_state(*self.nothing, icon_name=self.icon_name, actions=[start])
        return PageView(self.title, card(body), description=self.words)

    def waiting(self, found: Asked | None, *, may_work: bool) -> Any:
        """Return what stands where there is no answer: its job, or the way to it."""
        if found is not None and found.job is not None:
            return job_progress(found.job)
        if found is not None:
            return note(found.error or "The job behind this is not there any more.", Tone.WARN)
        title, for_viewers = self.unasked
        words = "It runs as a job: you can leave this page, and the answer is kept."
        return empty_state(title, words if may_work else for_viewers, icon_name=self.icon_name)

    def _tabs(self, tab: str) -> Any:
        # One body serves every tab; the panels tell those who listen where it stands.
        panels = [
            dmc.TabsPanel(html.Span(f"{words}: below", className="sonde-hidden"), value=name)
            for name, words in self.tabs.items()
        ]
        heads = [dmc.TabsTab(words, value=name) for name, words in self.tabs.items()]
        return dmc.Tabs(
            [dmc.TabsList(heads), *panels],
            id=self.ids["TAB"],
            value=tab,
            className="sonde-scroll-x",
        )

    def _bar(self, offered: Sequence[Subject], chosen: Subject) -> Any:
        choose = dmc.Select(
            id=self.ids["SUBJECT"],
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
        result = button_link(
            "Result", f"/experiment/{chosen.id}/results", icon_name="tabler:target"
        )
        return html.Div([choose, result], className="sonde-beside sonde-wrap")
