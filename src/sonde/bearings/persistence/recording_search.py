"""Finding one recording among all that a person may see, and its neighbours."""

import random
from typing import Any

from sqlalchemy import Select, func, select

from sonde.bearings.core.datasets import LIVE, StoredRecording
from sonde.bearings.core.fault_classes import labels_titled
from sonde.bearings.persistence.datasets import DatasetRow
from sonde.bearings.persistence.recordings import RecordingRow, as_recording
from sonde.platform.persistence.database import session


def search(workspace_ids: frozenset[str], text: str, limit: int) -> list[tuple[str, str, str, str]]:
    """Return id, title, class and data set of recordings that hold every word, newest first.

    A word may stand in the title of the class or in the name of the data set, too.
    """
    query = (
        select(RecordingRow, DatasetRow.name)
        .join(DatasetRow, DatasetRow.id == RecordingRow.dataset_id)
        .where(RecordingRow.workspace_id.in_(workspace_ids), DatasetRow.state == LIVE)
    )
    for word in text.lower().split():
        pattern = f"%{_literal(word)}%"
        query = query.where(
            RecordingRow.search.like(pattern, escape="\\")
            | RecordingRow.label.in_(labels_titled(word))
            | DatasetRow.name.ilike(pattern, escape="\\")
        )
    rows = session().execute(query.order_by(RecordingRow.id.desc()).limit(limit))
    return [(row.id, f"{row.file} {row.record}".strip(), row.label, name) for row, name in rows]


def neighbours(recording: StoredRecording) -> tuple[int, int, str, str]:
    """Return position (from 0), total, previous and next id within the data set."""
    ids = RecordingRow.id
    own = RecordingRow.dataset_id == recording.dataset_id
    found = (
        session()
        .execute(
            select(
                _one(select(func.count()).where(own, ids < recording.id)),
                _one(select(func.count()).where(own)),
                _one(select(func.max(ids)).where(own, ids < recording.id)),
                _one(select(func.min(ids)).where(own, ids > recording.id)),
            )
        )
        .one()
    )
    return found[0], found[1], found[2] or "", found[3] or ""


def at_random(dataset_id: str, but: str) -> str:
    """Return the id of any recording of a data set but one; empty where there is no other."""
    own = (RecordingRow.dataset_id == dataset_id, RecordingRow.id != but)
    total = session().scalar(select(func.count()).select_from(RecordingRow).where(*own)) or 0
    if not total:
        return ""
    place = random.randrange(total)  # noqa: S311  # a choice for the eye
    query = select(RecordingRow.id).where(*own).order_by(RecordingRow.id).offset(place).limit(1)
    return session().scalar(query) or ""


def by_ids(ids: tuple[str, ...], workspace_ids: frozenset[str]) -> list[StoredRecording]:
    """Return these recordings, in this order, as far as they are in these workspaces."""
    query = select(RecordingRow).where(
        RecordingRow.id.in_(ids), RecordingRow.workspace_id.in_(workspace_ids)
    )
    found = {row.id: as_recording(row) for row in session().scalars(query)}
    return [found[each] for each in ids if each in found]


def _one(query: Select[Any]) -> Any:
    return query.scalar_subquery()


def _literal(word: str) -> str:
    """Return a word that means itself inside a LIKE pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
