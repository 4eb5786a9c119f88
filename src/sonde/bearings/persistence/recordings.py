"""The rows of recordings."""

import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, String, func, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.bearings.core.datasets import (
    LISTED_TEXTS,
    TRASHED,
    Dataset,
    NewRecording,
    StoredRecording,
)
from sonde.bearings.core.statistics import Statistics
from sonde.bearings.persistence.datasets import DatasetRow
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)
_FIGURES = tuple(one.name for one in fields(Statistics))
_LISTED_FIGURES = ("speed_rpm", "sampling_rate_hz", "n_samples", *_FIGURES)
_SEARCH = (
    "lower(id || ' ' || file || ' ' || record || ' ' || label || ' ' || bearing || ' ' || session)"
)


class RecordingRow(Table):
    """One recording of a sealed data set; never changed."""

    __tablename__ = "bearings_recordings"
    __table_args__ = (
        # long lists are filtered and sorted in here, without reading whole rows
        Index(
            "ix_bearings_recordings_listing",
            "dataset_id",
            "id",
            postgresql_include=[*LISTED_TEXTS, *_LISTED_FIGURES],
        ),
        Index(
            "ix_bearings_recordings_findings",
            "dataset_id",
            "id",
            postgresql_where=text("quality <> '[]'::jsonb"),
        ),
        Index("ix_bearings_recordings_workspace_id_label", "workspace_id", "label"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    dataset_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bearings_datasets.id", ondelete="CASCADE")
    )
    file: Mapped[str]
    record: Mapped[str]
    signal_path: Mapped[str]
    channels: Mapped[list[str]] = mapped_column(JSONB)
    n_samples: Mapped[int]
    sampling_rate_hz: Mapped[float]
    speed_rpm: Mapped[float]
    unit: Mapped[str]
    label: Mapped[str]
    fault_size: Mapped[str]
    fault_position: Mapped[str]
    load: Mapped[str]
    bearing: Mapped[str]
    lineage: Mapped[str]
    content_hash: Mapped[str]
    notes: Mapped[list[str]] = mapped_column(JSONB)
    severity: Mapped[str] = mapped_column(server_default="")
    session: Mapped[str] = mapped_column(server_default="")
    tacho_channel: Mapped[str] = mapped_column(server_default="")
    taken_at: Mapped[datetime | None]
    conditions: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    quality: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    mean_amplitude: Mapped[float | None]
    rms: Mapped[float | None]
    peak: Mapped[float | None]
    kurtosis: Mapped[float | None]
    dominant_hz: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    search: Mapped[str] = mapped_column(Computed(_SEARCH, persisted=True), deferred=True)


def as_recording(row: RecordingRow) -> StoredRecording:
    """Return the row as a value."""
    return StoredRecording(
        id=row.id,
        dataset_id=row.dataset_id,
        file=row.file,
        record=row.record,
        signal_path=row.signal_path,
        channels=tuple(row.channels),
        n_samples=row.n_samples,
        sampling_rate_hz=row.sampling_rate_hz,
        speed_rpm=row.speed_rpm,
        unit=row.unit,
        label=row.label,
        fault_size=row.fault_size,
        fault_position=row.fault_position,
        load=row.load,
        bearing=row.bearing,
        lineage=row.lineage,
        content_hash=row.content_hash,
        notes=tuple(row.notes),
        severity=row.severity,
        session=row.session,
        tacho_channel=row.tacho_channel,
        taken_at=row.taken_at,
        conditions=row.conditions,
        quality=tuple(row.quality),
        statistics=Statistics(
            *(math.nan if (value := getattr(row, name)) is None else value for name in _FIGURES)
        ),
    )


def add(dataset: Dataset, recordings: Sequence[NewRecording]) -> None:
    """Add the recordings of a new data set, in their order."""
    rows = [_values(dataset, recording) for recording in recordings]
    ids = sorted(new_id() for _ in rows)
    for row, recording_id in zip(rows, ids, strict=True):
        row["id"] = recording_id
    session().execute(insert(RecordingRow), rows)


def _values(dataset: Dataset, recording: NewRecording) -> dict[str, object]:
    return {
        "workspace_id": dataset.workspace_id,
        "owner_id": dataset.owner_id,
        "dataset_id": dataset.id,
        "file": recording.file,
        "record": recording.record,
        "signal_path": recording.signal_path,
        "channels": list(recording.channels),
        "n_samples": recording.n_samples,
        "sampling_rate_hz": recording.sampling_rate_hz,
        "speed_rpm": recording.speed_rpm,
        "unit": recording.unit,
        "label": recording.label,
        "fault_size": recording.fault_size,
        "fault_position": recording.fault_position,
        "load": recording.load,
        "bearing": recording.bearing,
        "lineage": recording.lineage,
        "content_hash": recording.content_hash,
        "notes": list(recording.notes),
        "severity": recording.severity,
        "session": recording.session,
        "tacho_channel": recording.tacho_channel,
        "taken_at": recording.taken_at,
        "conditions": dict(recording.conditions),
        "quality": list(recording.quality),
        **{
            name: None if math.isnan(value) else value
            for name, value in asdict(recording.statistics).items()
        },
        "created_at": dataset.created_at,
    }


def of_dataset(dataset_id: str) -> list[StoredRecording]:
    """Return every recording of a data set, in the order of storing."""
    query = select(RecordingRow).where(RecordingRow.dataset_id == dataset_id)
    return [as_recording(row) for row in session().scalars(query.order_by(RecordingRow.id))]


def page(dataset_id: str, *, after: str, limit: int) -> list[StoredRecording]:
    """Return up to `limit` recordings of a data set behind the id `after`."""
    query = select(RecordingRow).where(
        RecordingRow.dataset_id == dataset_id, RecordingRow.id > after
    )
    rows = session().scalars(query.order_by(RecordingRow.id).limit(limit))
    return [as_recording(row) for row in rows]


def find(recording_id: str, workspace_ids: frozenset[str]) -> StoredRecording | None:
    """Return one recording of these workspaces; none whose data set is in the trash."""
    row = session().scalar(
        select(RecordingRow)
        .join(DatasetRow, DatasetRow.id == RecordingRow.dataset_id)
        .where(
            RecordingRow.id == recording_id,
            RecordingRow.workspace_id.in_(workspace_ids),
            DatasetRow.state != TRASHED,
        )
    )
    return None if row is None else as_recording(row)


def classes(workspace_ids: frozenset[str], before: datetime | None = None) -> dict[str, int]:
    """Return how many recordings each label has, the most frequent first; none in the trash."""
    query = (
        select(RecordingRow.label, func.count())
        .join(DatasetRow, DatasetRow.id == RecordingRow.dataset_id)
        .where(RecordingRow.workspace_id.in_(workspace_ids), DatasetRow.state != TRASHED)
    )
    if before is not None:
        query = query.where(RecordingRow.created_at < before)
    rows = session().execute(
        query.group_by(RecordingRow.label).order_by(func.count().desc(), RecordingRow.label)
    )
    return {row.label: int(row[1]) for row in rows}
