"""Long lists of recordings: filtered, sorted, counted, one part at a time."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    Select,
    String,
    any_,
    case,
    func,
    literal,
    select,
    text,
)

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.fault_classes import Severity
from sonde.bearings.core.recording_query import RecordingQuery, SortKey
from sonde.bearings.persistence.recordings import RecordingRow, as_recording
from sonde.platform.persistence.database import session

_SEVERITY_RANK: Final = case(
    {each.value: rank for rank, each in enumerate(Severity)}, value=RecordingRow.severity
)
_LENGTH_S: Final = RecordingRow.n_samples / RecordingRow.sampling_rate_hz
_HAS_FINDINGS: Final = RecordingRow.quality != text("'[]'::jsonb")
_SORTS: Final[dict[SortKey, Any]] = {
    SortKey.TITLE: RecordingRow.file + " " + RecordingRow.record,
    SortKey.LABEL: RecordingRow.label,
    SortKey.SEVERITY: _SEVERITY_RANK,
    SortKey.BEARING: RecordingRow.bearing,
    SortKey.SESSION: RecordingRow.session,
    SortKey.LOAD: RecordingRow.load,
    SortKey.FAULT_SIZE: RecordingRow.fault_size,
    SortKey.FAULT_POSITION: RecordingRow.fault_position,
    SortKey.UNIT: RecordingRow.unit,
    SortKey.SPEED: RecordingRow.speed_rpm,
    SortKey.RATE: RecordingRow.sampling_rate_hz,
    SortKey.LENGTH: _LENGTH_S,
    SortKey.MEAN_AMPLITUDE: RecordingRow.mean_amplitude,
    SortKey.RMS: RecordingRow.rms,
    SortKey.PEAK: RecordingRow.peak,
    SortKey.KURTOSIS: RecordingRow.kurtosis,
    SortKey.DOMINANT: RecordingRow.dominant_hz,
    SortKey.FINDINGS: func.jsonb_array_length(RecordingRow.quality),
}


def count(dataset_id: str, query: RecordingQuery) -> int:
    """Return how many recordings of a data set the query holds, whatever its part."""
    counting = select(func.count()).select_from(RecordingRow)
    return session().scalar(counting.where(*_conditions(dataset_id, query))) or 0


def part(dataset_id: str, query: RecordingQuery, total: int) -> list[StoredRecording]:
    """Return the part of the list that the query asks for; `total` is the list's length.

    The identifiers are found first and alone, so that the database carries no whole rows through
    its sorting; what lies in the second half is found from the end.
    """
    ids = _ids(dataset_id, query, total)
    if not ids:
        return []
    rows = {
        row.id: row
        for row in session().scalars(select(RecordingRow).where(RecordingRow.id.in_(ids)))
    }
    return [as_recording(rows[each]) for each in ids]


def ids(dataset_id: str, query: RecordingQuery) -> list[str]:
    """Return the identifiers of everything that the query holds, in the order of storing."""
    found = select(RecordingRow.id).where(*_conditions(dataset_id, query))
    return list(session().scalars(found.order_by(RecordingRow.id)))


def sorted_ids(dataset_id: str, query: RecordingQuery) -> list[str]:
    """Return the identifiers of everything that the query holds, in its order."""
    found = select(RecordingRow.id).where(*_conditions(dataset_id, query))
    return list(session().scalars(_sorted(found, query, from_end=False)))


def _ids(dataset_id: str, query: RecordingQuery, total: int) -> list[str]:
    limit = min(query.limit, total - query.offset)
    if limit <= 0:
        return []
    behind = total - query.offset - limit
    from_end = behind < query.offset
    found = select(RecordingRow.id).where(*_conditions(dataset_id, query))
    found = _sorted(found, query, from_end=from_end)
    part = found.offset(behind if from_end else query.offset).limit(limit)
    answer = list(session().scalars(part))
    return answer[::-1] if from_end else answer


def _sorted(found: Select[Any], query: RecordingQuery, *, from_end: bool) -> Select[Any]:
    down = query.descending != from_end
    tie = RecordingRow.id
    if query.sort is SortKey.STORED:
        return found.order_by(tie.desc() if down else tie)
    key = _SORTS[query.sort]
    ordered = key.desc() if down else key.asc()
    missing_last = ordered.nulls_first() if from_end else ordered.nulls_last()
    return found.order_by(missing_last, tie.desc() if from_end else tie)


def _conditions(dataset_id: str, query: RecordingQuery) -> Iterator[ColumnElement[bool]]:
    yield RecordingRow.dataset_id == dataset_id
    for column, wanted in (
        (RecordingRow.label, query.labels),
        (RecordingRow.severity, query.severities),
        (RecordingRow.bearing, query.bearings),
        (RecordingRow.session, query.sessions),
        (RecordingRow.load, query.loads),
        (RecordingRow.fault_size, query.fault_sizes),
    ):
        if wanted:
            yield column == any_(literal(list(wanted), ARRAY(String)))
    if query.speeds_rpm:
        yield RecordingRow.speed_rpm == any_(literal(list(query.speeds_rpm), ARRAY(Float)))
    for one in query.ranges:
        column = _SORTS[one.key]
        if one.low is not None:
            yield column >= one.low
        if one.high is not None:
            yield column <= one.high
    for word in query.text.split():
        yield RecordingRow.search.like(func.lower(f"%{_literal(word)}%"), escape="\\")
    if query.has_findings is not None:
        yield _HAS_FINDINGS if query.has_findings else ~_HAS_FINDINGS
    if query.ids is not None:
        yield RecordingRow.id == any_(literal(list(query.ids), ARRAY(String)))


def _literal(word: str) -> str:
    """Return a word that means itself inside a LIKE pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
