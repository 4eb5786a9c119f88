"""What a person keeps: data sets with their recordings, and files of imports that wait."""

from sqlalchemy import func, select

from sonde.bearings.persistence.datasets import DatasetRow
from sonde.bearings.persistence.imports import ImportRow
from sonde.platform.core.quota import Quota
from sonde.platform.persistence.database import session

_WAITING = ("reading", "ready")


def used_by(owner_id: str) -> Quota:
    """Return the recordings and bytes of a person, what is in the trash included."""
    files, n_bytes = (
        session()
        .execute(
            select(
                func.coalesce(func.sum(DatasetRow.n_recordings), 0),
                func.coalesce(func.sum(DatasetRow.size_bytes), 0),
            ).where(DatasetRow.owner_id == owner_id)
        )
        .one()
    )
    sources = session().scalars(
        select(ImportRow.source).where(
            ImportRow.owner_id == owner_id, ImportRow.state.in_(_WAITING)
        )
    )
    waiting = [each for source in sources for each in source.get("files", ())]
    waiting_bytes = sum(int(each.get("bytes", 0)) for each in waiting)
    return Quota(int(files) + len(waiting), int(n_bytes) + waiting_bytes)


def lock(owner_id: str) -> None:
    """Let nobody else count what this person keeps until the transaction ends."""
    session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"quota:{owner_id}"))))
