"""The rows of series of candles, and of the files that hold their parts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.markets.core.prices.series import Series, Source
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.persistence.instruments import InstrumentRow, as_instrument
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class SeriesRow(Table):
    """The candles of one instrument in one timeframe."""

    __tablename__ = "markets_series"
    __table_args__ = (
        UniqueConstraint("instrument_id", "timeframe", name="uq_markets_series_timeframe"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID, index=True)
    owner_id: Mapped[str] = mapped_column(_ID)
    instrument_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("markets_instruments.id", ondelete="CASCADE")
    )
    timeframe: Mapped[str]
    n_bars: Mapped[int] = mapped_column(BigInteger)
    first_ms: Mapped[int | None] = mapped_column(BigInteger)
    last_ms: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str]
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SeriesPartRow(Table):
    """One file of a series: the candles of one period."""

    __tablename__ = "markets_series_parts"

    series_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("markets_series.id", ondelete="CASCADE"), primary_key=True
    )
    period: Mapped[str] = mapped_column(primary_key=True)
    file_key: Mapped[str]
    n_bars: Mapped[int] = mapped_column(BigInteger)
    first_ms: Mapped[int] = mapped_column(BigInteger)
    last_ms: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]


@dataclass(frozen=True)
class Part:
    """One file of a series.

    Parameters
    ----------
    period : str
    file_key : str
    n_bars : int
    first_ms, last_ms : int
        Open times, milliseconds UTC.
    sha256 : str
    """

    period: str
    file_key: str
    n_bars: int
    first_ms: int
    last_ms: int
    sha256: str


def hold(
    instrument: InstrumentRow, timeframe: Timeframe, *, owner_id: str, now: datetime
) -> SeriesRow:
    """Return the series of an instrument, made where there is none, held until the work ends."""
    session().execute(
        insert(SeriesRow)
        .values(
            id=new_id(),
            workspace_id=instrument.workspace_id,
            owner_id=owner_id,
            instrument_id=instrument.id,
            timeframe=timeframe.name,
            n_bars=0,
            sha256="",
            sources=[],
            changed_at=now,
        )
        .on_conflict_do_nothing(constraint="uq_markets_series_timeframe")
    )
    query = select(SeriesRow).where(
        SeriesRow.instrument_id == instrument.id, SeriesRow.timeframe == timeframe.name
    )
    return (
        session().scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    )


def hold_by_id(series_id: str, workspace_ids: frozenset[str]) -> SeriesRow | None:
    """Return one series, held until the work ends."""
    query = select(SeriesRow).where(
        SeriesRow.id == series_id, SeriesRow.workspace_id.in_(workspace_ids)
    )
    return session().scalar(query.with_for_update().execution_options(populate_existing=True))


def _visible(workspace_ids: frozenset[str]) -> Select[SeriesRow, InstrumentRow]:
    return (
        select(SeriesRow, InstrumentRow)
        .join(InstrumentRow, InstrumentRow.id == SeriesRow.instrument_id)
        .where(SeriesRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )


@remembered(SeriesRow, InstrumentRow)
def find(series_id: str, workspace_ids: frozenset[str]) -> Series | None:
    """Return one series by its id."""
    found = session().execute(_visible(workspace_ids).where(SeriesRow.id == series_id)).first()
    return _as_series(found[0], found[1]) if found else None


@remembered(SeriesRow, InstrumentRow)
def all_of(workspace_ids: frozenset[str]) -> tuple[Series, ...]:
    """Return the series of some workspaces, by venue, symbol and time of making."""
    query = _visible(workspace_ids).order_by(
        InstrumentRow.venue, InstrumentRow.symbol, SeriesRow.id
    )
    return tuple(_as_series(row, instrument) for row, instrument in session().execute(query))


def parts_of(
    series_id: str, from_ms: int | None = None, to_ms: int | None = None
) -> Sequence[Part]:
    """Return the files of a series that hold bars in ``[from_ms, to_ms)``, in order of time."""
    return [
        part
        for part in _all_parts_of(series_id)
        if (from_ms is None or part.last_ms >= from_ms) and (to_ms is None or part.first_ms < to_ms)
    ]


@remembered(SeriesPartRow)
def _all_parts_of(series_id: str) -> Sequence[Part]:
    query = select(SeriesPartRow).where(SeriesPartRow.series_id == series_id)
    query = query.order_by(SeriesPartRow.first_ms).execution_options(populate_existing=True)
    return [
        Part(row.period, row.file_key, row.n_bars, row.first_ms, row.last_ms, row.sha256)
        for row in session().scalars(query)
    ]


def put_part(series_id: str, part: Part) -> None:
    """Let a file be the one of its period."""
    values = asdict(part)
    session().execute(
        insert(SeriesPartRow)
        .values(series_id=series_id, **values)
        .on_conflict_do_update(index_elements=["series_id", "period"], set_=values)
    )


def change(series_id: str, **values: object) -> None:
    """Change columns of a series."""
    session().execute(update(SeriesRow).where(SeriesRow.id == series_id).values(**values))


def remove(series_id: str) -> None:
    """Delete a series and its parts."""
    session().execute(delete(SeriesRow).where(SeriesRow.id == series_id))


def file_keys() -> frozenset[str]:
    """Return the keys of every file that a series speaks of."""
    return frozenset(session().scalars(select(SeriesPartRow.file_key)).all())


def sources_as_json(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Return sources as they are stored."""
    return [asdict(source) for source in sources]


def _as_series(row: SeriesRow, instrument: InstrumentRow) -> Series:
    return Series(
        id=row.id,
        workspace_id=row.workspace_id,
        owner_id=row.owner_id,
        instrument=as_instrument(instrument),
        timeframe=Timeframe(row.timeframe),
        n_bars=row.n_bars,
        first_ms=row.first_ms,
        last_ms=row.last_ms,
        sha256=row.sha256,
        sources=tuple(Source(**each) for each in row.sources),
        changed_at=row.changed_at,
    )
