"""The list of a data set's recordings: filters, and a grid that asks for its rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.dataset_statistics import DatasetStatistics
from sonde.bearings.core.recording_query import RecordingQuery, query_to_json
from sonde.bearings.ui.dataset.ids import DatasetId
from sonde.bearings.ui.recordings import columns_for
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import grid

BETWEEN: Final = "|"
_ROW: Final = 44
_CHOICES: Final = 1000
URL_LISTS: Final = {
    "class": "labels",
    "severity": "severities",
    "bearing": "bearings",
    "session": "sessions",
    "load": "loads",
}


def query_of_url(query: Mapping[str, str]) -> RecordingQuery:
    """Return what the URL of a data set's page keeps.

    Examples
    --------
    >>> query_of_url({"class": "inner|outer", "findings": "1"}).labels
    ('inner', 'outer')
    """
    lists: dict[str, Any] = {
        name: tuple(value for value in query[key].split(BETWEEN) if value)
        for key, name in URL_LISTS.items()
        if key in query
    }
    return RecordingQuery(
        **lists,
        text=query.get("q", "")[:200],
        has_findings=True if query.get("findings") == "1" else None,
    )


def signals_card(statistics: DatasetStatistics, query: RecordingQuery) -> Any:
    """Return the filters above the grid; the grid asks for its rows."""
    number = statistics.whole.n_recordings
    table = grid(
        columns_for(statistics),
        id=DatasetId.SIGNALS,
        name="Recordings",
        height=min(620, 60 + _ROW * max(number, 2)),
        options={"enableBrowserTooltips": True},
    )
    return card(
        [
            _toolbar(statistics, query),
            table,
            dcc.Store(DatasetId.FILTER, data=query_to_json(query)),
        ],
        title="Recordings",
        actions=[_button(DatasetId.SUBSET_OPEN, "Store as a new data set", "tabler:database-plus")],
        className="sonde-card is-flush",
    )


def _toolbar(statistics: DatasetStatistics, query: RecordingQuery) -> Any:
    filters = [
        dmc.TextInput(
            id=DatasetId.TEXT,
            value=query.text,
            placeholder="File, class, bearing, session or id",
            leftSection=icon("tabler:search", 15),
            debounce=250,
            size="xs",
            w=230,
            inputProps={"maxLength": 200},
            **{"aria-label": "Search recordings"},
        ),
        _many(
            DatasetId.LABELS,
            "Class",
            [(part.name, part.n_recordings) for part in statistics.classes],
            query.labels,
        ),
        _many(DatasetId.SEVERITIES, "Severity", statistics.severity_counts, query.severities),
        _many(
            DatasetId.BEARINGS,
            "Bearing",
            [(one.name, one.n_recordings) for one in statistics.bearings],
            query.bearings,
        ),
        _many(DatasetId.SESSIONS, "Session", statistics.sessions, query.sessions),
        _many(DatasetId.LOADS, "Load", statistics.loads, query.loads),
        dmc.Checkbox(
            id=DatasetId.FINDINGS,
            label="With findings",
            checked=bool(query.has_findings),
            size="xs",
            style={} if statistics.findings else {"display": "none"},
        ),
    ]
    number = html.Span("", id=DatasetId.COUNT, className="sonde-dim", role="status")
    return html.Div(
        [html.Div(filters, className="sonde-row"), number],
        className="sonde-row sonde-between sonde-toolbar",
    )


def _many(id: str, text: str, counts: Sequence[tuple[str, int]], chosen: Sequence[str]) -> Any:
    known = [value for value, _ in counts if value][:_CHOICES]
    return dmc.MultiSelect(
        id=id,
        data=known,
        value=list(chosen),
        placeholder=text,
        clearable=True,
        searchable=True,
        size="xs",
        miw=110,
        maw=260,
        style={} if len(known) > 1 or chosen else {"display": "none"},
        **{"aria-label": text},
    )


def _button(id: str, text: str, icon_name: str) -> Any:
    return dmc.Button(
        text, id=id, variant="default", size="compact-sm", leftSection=icon(icon_name, 15)
    )
