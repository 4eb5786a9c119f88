"""Recordings in a grid that asks for its rows: columns, rows, and what the grid asks for."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sonde.bearings.core.dataset_statistics import DatasetStatistics
from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.recording_query import RANGES, Range, RecordingQuery, SortKey
from sonde.platform.ui.tables import PAGE_ROWS, Column

_NUMBER: Final = {"filter": "agNumberColumnFilter", "filterParams": {"maxNumConditions": 1}}
_LOW: Final = frozenset({"greaterThan", "greaterThanOrEqual", "inRange", "equals"})
_WHOLE: Final = 1e4
_HIGH: Final = frozenset({"lessThan", "lessThanOrEqual", "inRange", "equals"})


def _figure(title: str, key: SortKey, width: int) -> Column:
    options = {**_NUMBER, "headerTooltip": title}
    return Column(title, key.value, numeric=True, width=width, options=options)


RECORDING_COLUMNS: Final = (
    Column("Recording", "title", options={"cellRenderer": "SondeLink", "minWidth": 210}),
    Column("Class", "label", width=125),
    Column("Severity", "severity", width=105),
    Column("Physical bearing", "bearing", width=145),
    Column("Session", "session", width=110),
    Column("Load", "load", width=90),
    _figure("Speed, rpm", SortKey.SPEED, 115),
    _figure("RMS", SortKey.RMS, 100),
    _figure("Peak", SortKey.PEAK, 100),
    _figure("Kurtosis", SortKey.KURTOSIS, 110),
    _figure("Dominant, Hz", SortKey.DOMINANT, 130),
    _figure("Rate, Hz", SortKey.RATE, 110),
    _figure("Length, s", SortKey.LENGTH, 110),
    Column("Unit", "unit", width=80),
    Column("Fault size", "fault_size", width=105),
    Column("Position", "fault_position", width=95),
    Column("Findings", "findings", options={"minWidth": 140, "tooltipField": "findings"}),
    Column("Assumed", "notes", sortable=False, options={"minWidth": 160, "tooltipField": "notes"}),
)


def columns_for(statistics: DatasetStatistics) -> tuple[Column, ...]:
    """Return the columns that say something about these recordings."""
    known = {
        "severity": any(value for value, _ in statistics.severity_counts),
        "session": any(value for value, _ in statistics.sessions),
        "load": any(value for value, _ in statistics.loads),
        "findings": bool(statistics.findings),
        "rms": statistics.whole.mean_rms is not None,
    }
    figures = ("peak", "kurtosis", "dominant_hz")
    known |= dict.fromkeys(figures, known["rms"])
    return tuple(one for one in RECORDING_COLUMNS if known.get(one.field, True))


def recording_row(recording: StoredRecording) -> dict[str, Any]:
    """Return a recording as a row of the grid."""
    figures = recording.statistics
    return {
        "id": recording.id,
        "href": f"/signal-viewer/{recording.id}",
        "title": recording.title,
        "label": class_title(recording.label),
        "severity": recording.severity,
        "bearing": recording.bearing,
        "session": recording.session,
        "load": recording.load,
        "speed_rpm": _short(recording.speed_rpm),
        "rms": _short(figures.rms),
        "peak": _short(figures.peak),
        "kurtosis": _short(figures.kurtosis),
        "dominant_hz": _short(figures.dominant_hz),
        "sampling_rate_hz": _short(recording.sampling_rate_hz),
        "length_s": _short(recording.duration_s),
        "unit": recording.unit,
        "fault_size": recording.fault_size,
        "fault_position": recording.fault_position,
        "findings": "; ".join(recording.quality),
        "notes": " ".join(recording.notes),
    }


def _short(value: float) -> float | None:
    """Return four figures of a number; None, an empty cell, for NaN."""
    if math.isnan(value):
        return None
    return float(f"{value:.4g}") if abs(value) < _WHOLE else float(round(value))


def asked_for(request: Mapping[str, Any], query: RecordingQuery) -> RecordingQuery:
    """Return `query` with the part, the order and the ranges that the grid asks for.

    Parameters
    ----------
    request : mapping
        The grid's ``getRowsRequest``.
    query : RecordingQuery

    Examples
    --------
    >>> asked = {"startRow": 100, "endRow": 200, "sortModel": [{"colId": "rms", "sort": "desc"}]}
    >>> found = asked_for(asked, RecordingQuery(text="run"))
    >>> found.sort.value, found.descending, found.offset, found.limit, found.text
    ('rms', True, 100, 100, 'run')
    """
    start = max(0, int(request.get("startRow") or 0))
    end = int(request.get("endRow") or start + PAGE_ROWS)
    sorts = [one for one in request.get("sortModel") or () if one.get("colId") in set(SortKey)]
    order: dict[str, Any] = {
        "sort": SortKey(sorts[0]["colId"]) if sorts else SortKey.STORED,
        "descending": bool(sorts) and sorts[0].get("sort") == "desc",
    }
    ranges = (*query.ranges, *_ranges(request.get("filterModel") or {}))
    limit = min(max(1, end - start), 1000)
    return replace(query, offset=start, limit=limit, ranges=ranges, **order)


def _ranges(model: Mapping[str, Any]) -> Sequence[Range]:
    """Return the filters of columns with figures; other columns have none."""
    found = []
    for name, one in model.items():
        kind, value, to = one.get("type"), one.get("filter"), one.get("filterTo")
        if name in {key.value for key in RANGES} and value is not None:
            low = float(value) if kind in _LOW else None
            high = float(to if kind == "inRange" and to is not None else value)
            found.append(Range(SortKey(name), low, high if kind in _HIGH else None))
    return found
