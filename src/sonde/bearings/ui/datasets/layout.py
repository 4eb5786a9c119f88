"""The Datasets page as components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.datasets import ARCHIVED, LIVE, TRASHED, Dataset
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.datasets.cards import dataset_cards
from sonde.bearings.ui.datasets.ids import DatasetsId, DatasetsType
from sonde.bearings.ui.datasets.merging import merge_modal
from sonde.bearings.ui.naming import ORIGINS, size_text
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import ago

IMPORT: Final = "/datasets/import"
GENERATE: Final = "/data-generation"
COLUMNS: Final = (
    Column(
        "Name",
        "name",
        options={"cellRenderer": "SondeLink", "minWidth": 200, "flex": 2, "tooltipField": "name"},
    ),
    Column("Signals", "n_recordings", numeric=True, width=92),
    Column("Bearings", "n_bearings", numeric=True, width=98),
    Column(
        "Classes",
        "classes",
        sortable=False,
        options={"minWidth": 150, "flex": 2, "tooltipField": "classes"},
    ),
    Column("Tags", "tags", sortable=False, options={"minWidth": 90, "tooltipField": "tags"}),
    Column("Origin", "origin", width=100),
    Column("Version", "version", numeric=True, width=90),
    Column("Size", "size", numeric=True, width=92, sortable=False),
    Column("Stored", "created", width=128, sortable=False),
    Column("Bearing type", "designation", width=125),
    Column("Owner", "owner", width=120),
)
_TRASH: Final = (
    "What is here counts against your quota until it goes for good, 30 days after it was deleted."
)
STATES: Final = ((LIVE, "In use"), (ARCHIVED, "Archived"), (TRASHED, "Trash"))


@dataclass(frozen=True)
class ListState:
    """What the list shows: the page's view state, as it stands in the URL.

    Parameters
    ----------
    text, tag, origin : str
    state : str
        ``"live"``, ``"archived"`` or ``"trashed"``.
    look : str
        ``"cards"`` or ``"table"``.
    """

    text: str = ""
    tag: str = ""
    origin: str = ""
    state: str = LIVE
    look: str = "cards"

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "ListState":
        """Read it from a URL's query; what makes no sense is left out."""
        state = query.get("view", LIVE)
        return cls(
            query.get("q", "")[:200],
            query.get("tag", ""),
            query.get("origin", ""),
            state if state in dict(STATES) else LIVE,
            "table" if query.get("look") == "table" else "cards",
        )

    @property
    def is_narrow(self) -> bool:
        """Whether a filter is set."""
        return bool(self.text.strip() or self.tag or self.origin)


@dataclass(frozen=True)
class Listed:
    """What there is to list.

    Parameters
    ----------
    datasets : sequence of Dataset
    changeable : frozenset of str
        Ids of those that the person may change.
    may_import : bool
    tags : sequence of str
        Every tag in use.
    waiting : sequence of (str, str)
        Ids and names of imports that are not stored.
    """

    datasets: Sequence[Dataset]
    changeable: frozenset[str]
    may_import: bool
    tags: Sequence[str] = ()
    waiting: Sequence[tuple[str, str]] = field(default=())


def datasets_view(listed: Listed, state: ListState, undo: Any = None) -> PageView:
    """Return the page."""
    body: list[Any] = [
        html.Div(undo, id=DatasetsId.UNDO, className="sonde-maybe"),
        *([_waiting(listed.waiting)] if listed.waiting else []),
        html.Div([_toolbar(listed, state), _selection_bar()], className="sonde-stack"),
        html.Div(list_body(listed, state), id=DatasetsId.LIST),
        dcc.Store(id=DatasetsId.CHANGED, data=0),
        dcc.Store(id=DatasetsId.CHOSEN, data=[]),
        dcc.Store(id=DatasetsId.REMEMBERED),
        merge_modal(),
    ]
    return PageView(
        "Datasets",
        body,
        description="Recordings that belong together. The content of a stored data set never "
        "changes, so every result can be computed again.",
        actions=_more() if listed.may_import else (),
    )


def list_body(listed: Listed, state: ListState) -> Any:
    """Return the list itself, or what stands there when it is empty."""
    if not listed.datasets:
        return card(_nothing(listed, state))
    cards = dataset_cards(listed.datasets, listed.changeable)
    if state.state == TRASHED:
        return html.Div([html.P(_TRASH, className="sonde-dim"), cards], className="sonde-stack")
    if state.look == "cards":
        return cards
    table = grid(
        COLUMNS,
        id={"type": DatasetsType.GRID, "place": "list"},
        name="Data sets",
        rows=[dataset_row(dataset) for dataset in listed.datasets],
        height=640,
        options={
            "rowSelection": {
                "mode": "multiRow",
                "checkboxes": True,
                "headerCheckbox": True,
                "enableClickSelection": False,
            }
        },
    )
    return card(table, className="sonde-card is-flush")


def _nothing(listed: Listed, state: ListState) -> Any:
    if state.is_narrow:
        return empty_state(
            "Nothing fits", "Take a filter away to see more.", icon_name="tabler:search"
        )
    if state.state == TRASHED:
        return empty_state(
            "The trash is empty",
            "Deleted data sets wait here for 30 days and can be restored.",
            icon_name="tabler:trash",
        )
    if state.state == ARCHIVED:
        return empty_state(
            "Nothing is archived",
            "Archived data sets stay whole, but are not offered for training or exploring.",
            icon_name="tabler:archive",
        )
    first = [*_more()[::-1], _sample_button()] if listed.may_import else []
    return [
        empty_state(
            "No data sets yet",
            "Simulate bearings, or import recordings: you see what was understood of each file "
            "before anything is stored. Or look around in the sample project first.",
            icon_name="tabler:database",
            actions=first,
        ),
        html.Div(id=DatasetsId.SAMPLE_JOB),
    ]


def _more() -> list[Any]:
    return [
        button_link("Simulate", GENERATE, icon_name="tabler:wave-sine"),
        button_link("Import recordings", IMPORT, icon_name="tabler:file-import", variant="filled"),
    ]


def _sample_button() -> Any:
    return dmc.Button("Load the sample project", id=DatasetsId.SAMPLE, variant="default")


def _toolbar(listed: Listed, state: ListState) -> Any:
    origins = [{"value": slug, "label": title.capitalize()} for slug, title in ORIGINS.items()]
    filters = [
        dmc.TextInput(
            id=DatasetsId.TEXT,
            value=state.text,
            placeholder="Search name or description",
            leftSection=icon("tabler:search", 15),
            debounce=250,
            size="xs",
            className="sonde-grow",
            inputProps={"maxLength": 200},
            **{"aria-label": "Search data sets"},
        ),
        _select(DatasetsId.TAG, "Any tag", list(listed.tags), state.tag),
        _select(DatasetsId.ORIGIN, "Any origin", origins, state.origin),
    ]
    views = [
        dmc.SegmentedControl(
            id=DatasetsId.STATE,
            data=[{"value": value, "label": label} for value, label in STATES],
            value=state.state,
            size="xs",
        ),
        dmc.SegmentedControl(
            id=DatasetsId.LOOK,
            data=[{"value": "cards", "label": "Cards"}, {"value": "table", "label": "Table"}],
            value=state.look,
            size="xs",
        ),
    ]
    return html.Div(
        [
            html.Div(filters, className="sonde-row sonde-grow"),
            html.Div(views, className="sonde-row"),
        ],
        className="sonde-row sonde-between",
    )


def _select(id: str, text: str, data: Sequence[Any], value: str) -> Any:
    return dmc.Select(
        id=id,
        data=list(data),
        value=value or None,
        placeholder=text,
        clearable=True,
        size="xs",
        w=150,
        **{"aria-label": text},
    )


def _selection_bar() -> Any:
    buttons = [
        _bar_button(DatasetsId.BAR_COMPARE, "Compare", "tabler:arrows-split"),
        _bar_button(DatasetsId.BAR_MERGE, "Merge", "tabler:arrows-join"),
        _bar_button(DatasetsId.BAR_ARCHIVE, "Archive", "tabler:archive"),
        _bar_button(DatasetsId.BAR_DELETE, "Delete", "tabler:trash"),
    ]
    return html.Div(
        [
            html.Span("", id=DatasetsId.BAR_TEXT, className="sonde-strong", role="status"),
            html.Div(buttons, className="sonde-row"),
        ],
        id=DatasetsId.BAR,
        className="sonde-card sonde-row sonde-between sonde-selection",
        hidden=True,
    )


def _bar_button(id: str, text: str, icon_name: str) -> Any:
    return dmc.Button(
        text, id=id, size="compact-sm", variant="default", leftSection=icon(icon_name, 14)
    )


def _waiting(waiting: Sequence[tuple[str, str]]) -> Any:
    links = [
        html.Li(dmc.Anchor(name, href=f"{IMPORT}/{import_id}", size="sm"))
        for import_id, name in waiting
    ]
    return card(html.Ul(links), title="Imports that wait for your word")


def dataset_row(dataset: Dataset) -> dict[str, Any]:
    """Return a data set as a row of the grid."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "href": f"/datasets/{dataset.id}",
        "version": dataset.version,
        "n_recordings": dataset.n_recordings,
        "n_bearings": dataset.n_bearings,
        "classes": ", ".join(map(class_title, dataset.classes)),
        "tags": ", ".join(dataset.tags),
        "origin": ORIGINS.get(dataset.origin, dataset.origin),
        "designation": dataset.designation or "not stated",
        "size": size_text(dataset.size_bytes),
        "owner": dataset.owner_name,
        "created": ago(dataset.created_at),
    }
