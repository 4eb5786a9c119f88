"""The list of experiments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.experiment_changes import Changed
from sonde.learning.core.search.columns import columns_of
from sonde.learning.ui.experiments.dialogs import act_button, keeping, tag_keeping, tagging
from sonde.learning.ui.experiments.ids import ExperimentsId, ExperimentsType
from sonde.learning.ui.experiments.rows import grid_columns, group_columns
from sonde.learning.ui.experiments.state import ListState
from sonde.learning.ui.experiments.toolbar import Offer, toolbar
from sonde.platform.ui.components import PageView, button_link, card, empty_state, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import grid
from sonde.platform.ui.wording import count

_NEW: Final = ("New experiment", "/experiment/new")
_SELECTION: Final = {
    "rowSelection": {
        "mode": "multiRow",
        "checkboxes": True,
        "headerCheckbox": False,
        "enableClickSelection": False,
    }
}
_DONE: Final = {
    "tag": "tagged",
    "untag": "without these tags",
    "pin": "pinned",
    "unpin": "not pinned any more",
    "archive": "archived",
    "unarchive": "in use again",
    "trash": "in the trash for 30 days",
    "restore": "restored",
    "remove": "gone for good",
}


@dataclass(frozen=True)
class Page:
    """What the page shows.

    Parameters
    ----------
    state : ListState
    offer : Offer
    is_empty : bool
        Whether there is no experiment at all.
    may_change : bool
    """

    state: ListState
    offer: Offer
    is_empty: bool
    may_change: bool


def experiments_view(page: Page) -> PageView:
    """Return the page."""
    return PageView(
        "Experiments",
        card(_nothing()) if page.is_empty else _body(page),
        description="Every training with its score, and how that score was tested.",
        actions=[button_link(*_NEW, icon_name="tabler:plus", variant="filled")],
    )


def _body(page: Page) -> list[Any]:
    state = page.state
    applied = "" if page.offer.error else state.query
    names = list(page.offer.values["tag"])
    return [
        dcc.Store(id=ExperimentsId.APPLIED, data=applied),
        dcc.Store(
            id=ExperimentsId.SHOWN, data={"columns": list(state.columns), "group": state.group}
        ),
        dcc.Store(id=ExperimentsId.SORT, data=state.sort),
        dcc.Store(id=ExperimentsId.CHANGED, data=0),
        dcc.Store(id=ExperimentsId.REMEMBERED),
        dcc.Store(id=ExperimentsId.CHOSEN, data=[]),
        dcc.Store(id=ExperimentsId.UNDOING),
        toolbar(state, page.offer),
        html.Div(id=ExperimentsId.UNDO, className="sonde-maybe"),
        _bar(may_change=page.may_change),
        html.Div(
            [
                html.Div(
                    "",
                    id=ExperimentsId.COUNT,
                    className="sonde-dim sonde-list-count",
                    role="status",
                ),
                html.Div(list_grid(state), id=ExperimentsId.BOX),
            ],
            className="sonde-card is-flush",
        ),
        tagging(names),
        tag_keeping(),
        keeping(),
    ]


def list_grid(state: ListState) -> Any:
    """Return the grid of experiments, or of groups of them."""
    columns = columns_of(state.columns)
    if state.group:
        numbers = [one for one in columns if one.is_numeric and "@" not in one.key]
        shown = group_columns(numbers, state.group)
        options: dict[str, Any] = {}
    else:
        shown, options = grid_columns(columns, state.sort), _SELECTION
    return grid(
        shown,
        id=ExperimentsId.GRID,
        name="Experiments" if not state.group else "Groups of experiments",
        height=620,
        options=options,
    )


def _bar(*, may_change: bool) -> Any:
    buttons = [
        _compare_button(),
        *(_change_buttons() if may_change else []),
        dmc.Button("Clear", id=ExperimentsId.CLEAR, size="compact-sm", variant="subtle"),
    ]
    every = dmc.Checkbox(
        id=ExperimentsId.ALL,
        label="all that the search finds",
        size="xs",
        checked=False,
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Span(
                        "", id=ExperimentsId.BAR_TEXT, className="sonde-strong", role="status"
                    ),
                    every,
                ],
                className="sonde-row",
            ),
            html.Div(buttons, className="sonde-row"),
        ],
        id=ExperimentsId.BAR,
        className="sonde-card sonde-row sonde-between sonde-selection sonde-tray",
        hidden=True,
    )


def _compare_button() -> Any:
    return dmc.Button(
        "Compare",
        id=ExperimentsId.COMPARE,
        size="compact-sm",
        variant="filled",
        leftSection=icon("tabler:arrows-split", 14),
    )


def _change_buttons() -> list[Any]:
    return [
        dmc.Button(
            "Tag",
            id=ExperimentsId.TAG_OPEN,
            size="compact-sm",
            variant="default",
            leftSection=icon("tabler:tag", 14),
        ),
        act_button("Pin", "pin", "tabler:check", place="use"),
        act_button("Unpin", "unpin", "tabler:x", place="use"),
        act_button("Archive", "archive", "tabler:archive", place="use"),
        act_button("Unarchive", "unarchive", "tabler:archive-off", place="archive"),
        act_button("Delete", "trash", "tabler:trash", place="use"),
        act_button("Restore", "restore", "tabler:restore", place="trash"),
        act_button("Delete for good", "remove", "tabler:trash", place="trash"),
    ]


def undo_note(done: Changed) -> Any:
    """Return what was done to how many, with the way back."""
    n = len(done.ids)
    what = "1 experiment is" if n == 1 else f"{count(n)} experiments are"
    words = f"{what} {_DONE[done.action.value]}." if n else "Nothing changed: it was so already."
    if done.stopped:
        words += f" Running trainings were cancelled: {done.stopped}."
    row = [html.Span(words)]
    if done.undo and n:
        row.append(
            dmc.Button(
                "Undo",
                id={"type": ExperimentsType.BACK, "number": 1},
                size="compact-sm",
                variant="default",
                leftSection=icon("tabler:arrow-back-up", 14),
            )
        )
    body = html.Div(row, className="sonde-row sonde-between")
    return html.Div(note(body, icon_name="tabler:check"), role="status")


def count_words(total: int, shown: Sequence[Any], group: str) -> str:
    """Say how much was found."""
    if not total and not shown:
        return "Nothing is found. Take a term away, or look into the archive and the trash."
    noun = "group" if group else "experiment"
    return f"1 {noun}" if total == 1 else f"{count(total)} {noun}s"


def _nothing() -> Any:
    return empty_state(
        "No experiment yet",
        "Train a model on a data set. The split keeps apart what belongs together, and the score "
        "says so.",
        icon_name="tabler:flask",
        actions=[button_link(*_NEW, icon_name="tabler:plus", variant="filled")],
    )
