"""What the recordings of a data set are together: figures of groups, findings, what two share."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import String, cast, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from sonde.bearings.core.dataset_statistics import Group, Span
from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.persistence.recordings import RecordingRow, as_recording
from sonde.platform.persistence.database import session

_LENGTH_S: Final = RecordingRow.n_samples / RecordingRow.sampling_rate_hz
_KEYS: Final = (
    RecordingRow.label,
    RecordingRow.severity,
    RecordingRow.bearing,
    func.trim(RecordingRow.fault_size + " " + RecordingRow.fault_position).label("fault"),
    RecordingRow.load,
    RecordingRow.session,
    RecordingRow.unit,
    RecordingRow.sampling_rate_hz,
)
_FIGURE: Final = r"[-+]?\d[\d.,]*(e[-+]?\d+)?"


def groups(dataset_id: str) -> list[Group]:
    """Return the figures of all recordings that share class, bearing, load, session and so on."""
    query = (
        select(
            *_KEYS,
            func.count(),
            func.sum(_LENGTH_S),
            *_ends(RecordingRow.speed_rpm),
            *_ends(_LENGTH_S),
            *_ends(RecordingRow.rms),
            *_ends(RecordingRow.kurtosis),
            func.coalesce(func.sum(RecordingRow.rms), 0.0),
            func.count(RecordingRow.rms),
        )
        .where(RecordingRow.dataset_id == dataset_id)
        .group_by(*_KEYS)
    )
    return [_group(tuple(row)) for row in session().execute(query)]


def _ends(column: Any) -> tuple[Any, Any]:
    return func.min(column), func.max(column)


def _group(row: tuple[Any, ...]) -> Group:
    keys, (number, seconds), figures = row[:8], row[8:10], row[10:]
    return Group(
        label=keys[0],
        severity=keys[1],
        bearing=keys[2],
        fault=keys[3],
        load=keys[4],
        session=keys[5],
        unit=keys[6],
        sampling_rate_hz=keys[7],
        n_recordings=number,
        duration_s=seconds,
        speed_rpm=Span(*figures[0:2]),
        length_s=Span(*figures[2:4]),
        rms=Span(*figures[4:6]),
        kurtosis=Span(*figures[6:8]),
        rms_sum=figures[8],
        n_rms=figures[9],
    )


def findings(dataset_id: str) -> list[tuple[str, int]]:
    """Return each kind of quality finding, without its figures, and how many recordings have it."""
    texts = (
        select(func.jsonb_array_elements_text(RecordingRow.quality).label("text"))
        .where(
            RecordingRow.dataset_id == dataset_id,
            RecordingRow.quality != text("'[]'::jsonb"),
        )
        .subquery()
    )
    kind = func.regexp_replace(cast(texts.c.text, String), _FIGURE, "…", "g").label("kind")
    query = select(kind, func.count()).group_by(kind).order_by(func.count().desc(), kind)
    return [(row[0], row[1]) for row in session().execute(query)]


def one_of_each_class(dataset_id: str, limit: int) -> list[StoredRecording]:
    """Return the first recording of each class, healthy first."""
    query = (
        select(RecordingRow)
        .where(RecordingRow.dataset_id == dataset_id)
        .ext(distinct_on(RecordingRow.label))
        .order_by(RecordingRow.label, RecordingRow.id)
    )
    found = [as_recording(row) for row in session().scalars(query)]
    return sorted(found, key=lambda one: (one.label != "healthy", one.label))[:limit]


def bearing_datasets(dataset_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return each physical bearing with the data sets that hold recordings of it."""
    query = (
        select(RecordingRow.bearing, RecordingRow.dataset_id)
        .where(RecordingRow.dataset_id.in_(dataset_ids))
        .distinct()
        .order_by(RecordingRow.bearing)
    )
    found: dict[str, list[str]] = {}
    for bearing, dataset_id in session().execute(query):
        found.setdefault(bearing, []).append(dataset_id)
    return found


def shared_content(first_id: str, second_id: str) -> tuple[int, int]:
    """Return how many different signals two data sets share, and how many of those by class too."""
    first, second = aliased(RecordingRow), aliased(RecordingRow)
    query = (
        select(
            func.count(func.distinct(first.content_hash)),
            func.count(func.distinct(first.content_hash)).filter(first.label == second.label),
        )
        .select_from(first)
        .join(second, second.content_hash == first.content_hash)
        .where(first.dataset_id == first_id, second.dataset_id == second_id)
    )
    row = session().execute(query).one()
    return row[0], row[1]
