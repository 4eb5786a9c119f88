"""One registered model: its versions, asking it, what was moved and told, how programs ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.batch_prediction import Batch
from sonde.learning.core.registry import AliasMove, RegisteredModel
from sonde.learning.core.served import LoggedAnswer, VerdictCount
from sonde.learning.core.sources import ProblemChoice, UploadQuestion
from sonde.learning.ui.registry.asking import asking_panel
from sonde.learning.ui.registry.examples import examples_panel
from sonde.learning.ui.registry.ids import RegistryId, act
from sonde.learning.ui.registry.logbook import history_panel, log_panel
from sonde.learning.ui.registry.promotion import promotion_dialog
from sonde.learning.ui.registry.versions import alias_badge, versions_panel
from sonde.platform.ui.components import PageView, badge, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone

TABS: Final = {
    "versions": "Versions",
    "batches": "Ask",
    "log": "Answers",
    "history": "History",
    "requests": "Requests",
}


@dataclass(frozen=True)
class Shown:
    """Everything that the page of a model shows.

    Parameters
    ----------
    model : RegisteredModel
    moves : sequence of AliasMove
    before_champion : int, optional
        Where a rollback would go.
    asks : sequence of UploadQuestion
    problems : sequence of (str, ProblemChoice)
    batches : sequence of Batch
    log, verdicts : sequences
    may_work, may_change : bool
        Start jobs; move aliases and archive.
    tab : str
    """

    model: RegisteredModel
    moves: Sequence[AliasMove]
    before_champion: int | None
    asks: Sequence[UploadQuestion]
    problems: Sequence[tuple[str, ProblemChoice]]
    batches: Sequence[Batch]
    log: Sequence[LoggedAnswer]
    verdicts: Sequence[VerdictCount]
    may_work: bool
    may_change: bool
    tab: str


def model_view(shown: Shown) -> PageView:
    """Return the page."""
    model = shown.model
    marks = [alias_badge(alias, n) for alias, n in sorted(model.aliases.items())]
    if model.is_archived:
        marks.append(badge("Archived", Tone.NEUTRAL, icon_name="tabler:archive"))
    panels = {
        "versions": versions_panel(model, may_change=shown.may_change),
        "batches": asking_panel(
            model, shown.asks, shown.problems, shown.batches, may_work=shown.may_work
        ),
        "log": log_panel(shown.log, shown.verdicts),
        "history": history_panel(shown.moves),
        "requests": examples_panel(model),
    }
    tabs = dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(words, value=name) for name, words in TABS.items()]),
            *(dmc.TabsPanel(panels[name], value=name, pt="md") for name in TABS),
        ],
        id=RegistryId.TAB,
        value=shown.tab,
    )
    body = [
        dcc.Store(id=RegistryId.WHICH, data=model.name),
        html.Div(id=RegistryId.DONE, hidden=True),
        *_lead(shown),
        tabs,
        promotion_dialog(),
    ]
    return PageView(
        model.name,
        html.Div(body, className="sonde-stack"),
        description=model.description or f"Registered by {model.owner_name}",
        marks=marks,
        actions=_actions(shown),
    )


def _lead(shown: Shown) -> list[Any]:
    """Say who answers where that is not plain."""
    if shown.model.champion is not None:
        return []
    answering = shown.model.answering
    who = f"version {answering.number}, the newest, answers" if answering else "none answers"
    return [note(f"There is no champion yet: {who}. Promote a version to settle it.", Tone.INFO)]


def _actions(shown: Shown) -> list[Any]:
    if not shown.may_change:
        return []
    archived = shown.model.is_archived
    buttons = [
        dmc.Button(
            "Bring back" if archived else "Archive",
            id=act("restore-model" if archived else "archive-model"),
            variant="default",
            leftSection=icon("tabler:archive-off" if archived else "tabler:archive", 16),
        )
    ]
    if shown.before_champion is not None:
        buttons.append(
            dmc.Button(
                f"Roll back to version {shown.before_champion}",
                id=act("roll-back"),
                variant="default",
                leftSection=icon("tabler:arrow-back-up", 16),
            )
        )
    return buttons
