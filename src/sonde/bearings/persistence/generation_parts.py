"""The parts of a generation: claimed by workers for a while, done once.

A claim is void once its time is over; another worker may take the part then, and what the first
one writes under its old claim changes nothing. Times are the database's own.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from sonde.bearings.core.generations import Part
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)
_NOW = func.clock_timestamp()


class GenerationPartRow(Table):
    """One part of a generation."""

    __tablename__ = "bearings_generation_parts"

    generation_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bearings_generations.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int]
    last: Mapped[int]
    n_done: Mapped[int] = mapped_column(server_default="0")
    claim: Mapped[str] = mapped_column(_ID, server_default="")
    claimed_until: Mapped[datetime | None]
    file_key: Mapped[str] = mapped_column(server_default="")


def add(generation_id: str, parts: tuple[Part, ...]) -> None:
    """Add the parts of a generation."""
    session().execute(
        insert(GenerationPartRow),
        [
            {
                "generation_id": generation_id,
                "number": part.number,
                "first": part.first,
                "last": part.last,
            }
            for part in parts
        ],
    )


def take(generation_id: str, lasting_s: float) -> Part | None:
    """Claim the next part that nobody works on; None if there is none just now."""
    row = session().scalar(
        select(GenerationPartRow)
        .where(
            GenerationPartRow.generation_id == generation_id,
            GenerationPartRow.file_key == "",
            or_(
                GenerationPartRow.claimed_until.is_(None),
                GenerationPartRow.claimed_until < _NOW,
            ),
        )
        .order_by(GenerationPartRow.number)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    row.claim, row.n_done = new_id(), 0
    row.claimed_until = _NOW + timedelta(seconds=lasting_s)
    session().flush()
    return Part(row.number, row.first, row.last, row.claim)


def keep(generation_id: str, part: Part, n_done: int, lasting_s: float) -> bool:
    """Hold a claim for longer, and note how far it is; False if it is void."""
    return _claimed(
        generation_id,
        part,
        n_done=n_done,
        claimed_until=_NOW + timedelta(seconds=lasting_s),
    )


def finish(generation_id: str, part: Part, file_key: str) -> bool:
    """Note where a part's file stands; False if the claim is void."""
    return _claimed(generation_id, part, n_done=part.last - part.first, file_key=file_key)


def let_go(generation_id: str, part: Part) -> None:
    """Give a part back at once."""
    _claimed(generation_id, part, n_done=0, claim="", claimed_until=None)


def _claimed(generation_id: str, part: Part, **values: object) -> bool:
    changed = session().execute(
        update(GenerationPartRow)
        .where(
            GenerationPartRow.generation_id == generation_id,
            GenerationPartRow.number == part.number,
            GenerationPartRow.claim == part.claim,
            GenerationPartRow.file_key == "",
        )
        .values(**values)
        .returning(GenerationPartRow.number)
    )
    return changed.first() is not None


def n_done(generation_id: str) -> int:
    """Return how many signals are made."""
    query = select(func.coalesce(func.sum(GenerationPartRow.n_done), 0))
    return int(session().scalar(query.where(GenerationPartRow.generation_id == generation_id)) or 0)


def file_keys(generation_id: str) -> tuple[str, ...]:
    """Return the files of the parts in their order, empty where one is not done."""
    query = select(GenerationPartRow.file_key).order_by(GenerationPartRow.number)
    return tuple(session().scalars(query.where(GenerationPartRow.generation_id == generation_id)))


def clear(generation_id: str) -> None:
    """Forget what was made of a generation: every part is to be made again."""
    session().execute(
        update(GenerationPartRow)
        .where(GenerationPartRow.generation_id == generation_id)
        .values(n_done=0, claim="", claimed_until=None, file_key="")
    )
