"""The list of experiments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.experiment_changes import Changed
from sonde.learning.core.experiment_list import ListSummary
from sonde.learning.core.search.columns import columns_of
from sonde.learning.ui.experiments.dialogs import (
    act_button,
    asked_once_more,
    keeping,
    tag_keeping,
    tagging,
)
from sonde.learning.ui.experiments.ids import ExperimentsId, ExperimentsType
from sonde.learning.ui.experiments.rows import grid_columns, group_columns
from sonde.learning.ui.experiments.state import ListState
from sonde.learning.ui.experiments.toolbar import Offer, toolbar
from sonde.platform.core.jobs import JobState
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

_NOT_FOUND: Final = "Nothing is found. Take a term away, or look into the archive and the trash."
_EMPTY: Final = {
    "": "Nothing is in use: everything is archived or in the trash.",
    "is:archived": "Nothing is archived.",
    "is:trashed": "The trash is empty.",
}
_STATES: Final = {
    JobState.SUCCEEDED: "done",
    JobState.RUNNING: "running",
    JobState.QUEUED: "queued",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
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
        dcc.Store(id=ExperimentsId.TRAY, data=[]),
        dcc.Store(id=ExperimentsId.GONE),
        dcc.Store(id=ExperimentsId.TAGS_CHANGED, data=0),
        toolbar(state, page.offer),
        html.Div(id=ExperimentsId.UNDO, className="sonde-maybe"),
        _bar(may_change=page.may_change),
        html.Div(
            [
                _head(may_change=page.may_change),
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
    told = [
        html.Span("", id=ExperimentsId.BAR_TEXT, className="sonde-strong", role="status"),
        html.Span(id=ExperimentsId.BAR_NAMES, className="sonde-tray-names"),
    ]
    return html.Div(
        [
            html.Div(told, className="sonde-row sonde-tray-told"),
            html.Div(buttons, className="sonde-row"),
        ],
        id=ExperimentsId.BAR,
        className="sonde-card sonde-row sonde-between sonde-selection sonde-tray",
        hidden=True,
    )


def _head(*, may_change: bool) -> Any:
    """Return what stands above the list: how much there is, and the way to choose all of it."""
    told = [
        html.Span("", id=ExperimentsId.COUNT, className="sonde-strong", role="status"),
        html.Span("", id=ExperimentsId.SUMMARY, className="sonde-dim"),
    ]
    every = dmc.Checkbox(
        id=ExperimentsId.ALL,
        label="Choose all that is found",
        size="xs",
        checked=False,
        className="" if may_change else "sonde-hidden",
        disabled=not may_change,
    )
    return html.Div(
        [html.Div(told, className="sonde-row"), every],
        className="sonde-list-count sonde-row sonde-between",
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
        act_button("Pin", "pin", "tabler:pin", place="use"),
        act_button("Unpin", "unpin", "tabler:pinned-off", place="use"),
        act_button("Archive", "archive", "tabler:archive", place="use"),
        act_button("Unarchive", "unarchive", "tabler:archive-off", place="archive"),
        act_button("Delete", "trash", "tabler:trash", place="use"),
        act_button("Restore", "restore", "tabler:restore", place="trash"),
        html.Span(_removal(), className="is-for-trash"),
    ]


def _removal() -> Any:
    """Return the way to delete for good, which is asked about once more."""
    button = dmc.Button(
        "Delete for good",
        size="compact-sm",
        variant="default",
        leftSection=icon("tabler:trash", 14),
    )
    words = "Delete models, results and files: there is no way back"
    return asked_once_more(button, words, {"type": ExperimentsType.ACT, "action": "remove"})


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


def count_words(total: int, shown: Sequence[Any], group: str, query: str = "") -> str:
    """Say how much was found."""
    if not total and not shown:
        return _EMPTY.get(query.strip(), _NOT_FOUND)
    noun = "group" if group else "experiment"
    return f"1 {noun}" if total == 1 else f"{count(total)} {noun}s"


def summary_words(found: ListSummary) -> str:
    """Say in which states they are, and how many leak.

    Examples
    --------
    >>> summary_words(ListSummary({JobState.FAILED: 1, JobState.SUCCEEDED: 1200}, 2))
    '1,200 done · 1 failed · 2 on a leaky split'
    """
    parts = [
        f"{count(found.by_state[state])} {words}"
        for state, words in _STATES.items()
        if found.by_state.get(state)
    ]
    if found.n_leaky:
        parts.append(f"{count(found.n_leaky)} on a leaky split")
    return " · ".join(parts)


def _nothing() -> Any:
    return empty_state(
        "No experiment yet",
        "Train a model on a data set. The split keeps apart what belongs together, and the score "
        "says so.",
        icon_name="tabler:flask",
        actions=[button_link(*_NEW, icon_name="tabler:plus", variant="filled")],
    )
