"""What is known of all recordings of a data set, in columns and without whole rows."""

from typing import Any, Final

from sqlalchemy import select

from sonde.bearings.persistence.recordings import RecordingRow
from sonde.platform.persistence.database import session

_COLUMNS: Final = {
    "ids": RecordingRow.id,
    "labels": RecordingRow.label,
    "severities": RecordingRow.severity,
    "bearings": RecordingRow.bearing,
    "sessions": RecordingRow.session,
    "loads": RecordingRow.load,
    "speed_rpm": RecordingRow.speed_rpm,
    "mean_amplitude": RecordingRow.mean_amplitude,
    "rms": RecordingRow.rms,
    "kurtosis": RecordingRow.kurtosis,
    "dominant_hz": RecordingRow.dominant_hz,
}


def columns(dataset_id: str) -> dict[str, list[Any]]:
    """Return the columns of a data set, in the order of storing."""
    query = select(*_COLUMNS.values()).where(RecordingRow.dataset_id == dataset_id)
    rows = session().execute(query.order_by(RecordingRow.id)).all()
    return {name: [row[place] for row in rows] for place, name in enumerate(_COLUMNS)}
