"""The rows of instruments: grid, fees and leverage of what is traded at a venue."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, String, UniqueConstraint, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.markets.core.instruments import FeeSchedule, Instrument
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class InstrumentRow(Table):
    """One instrument of a workspace; decimals are kept as text, exactly as they are."""

    __tablename__ = "markets_instruments"
    __table_args__ = (
        UniqueConstraint("workspace_id", "venue", "symbol", name="uq_markets_instruments_key"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    venue: Mapped[str]
    symbol: Mapped[str]
    base: Mapped[str]
    quote: Mapped[str]
    tick: Mapped[str]
    step: Mapped[str]
    min_notional: Mapped[str]
    maker: Mapped[str]
    taker: Mapped[str]
    kind: Mapped[str]
    max_leverage: Mapped[str]
    maintenance_rate: Mapped[str]
    funding_interval_ms: Mapped[int | None] = mapped_column(BigInteger)
    is_inferred: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(
    instrument: Instrument, *, workspace_id: str, owner_id: str, is_inferred: bool
) -> InstrumentRow:
    """Add an instrument unless the workspace has it; return the row that is there, held."""
    values = {"workspace_id": workspace_id, "owner_id": owner_id, "is_inferred": is_inferred}
    session().execute(
        insert(InstrumentRow)
        .values(id=new_id(), **values, **_columns(instrument))
        .on_conflict_do_nothing(constraint="uq_markets_instruments_key")
    )
    query = select(InstrumentRow).where(
        InstrumentRow.workspace_id == workspace_id,
        InstrumentRow.venue == instrument.venue,
        InstrumentRow.symbol == instrument.symbol,
    )
    return (
        session().scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    )


def change(instrument_id: str, instrument: Instrument, *, is_inferred: bool) -> None:
    """Replace the facts of an instrument."""
    session().execute(
        update(InstrumentRow)
        .where(InstrumentRow.id == instrument_id)
        .values(is_inferred=is_inferred, **_columns(instrument))
    )


@remembered(InstrumentRow)
def all_of(workspace_ids: frozenset[str]) -> Sequence[InstrumentRow]:
    """Return the instruments of some workspaces, by name."""
    query = select(InstrumentRow).where(InstrumentRow.workspace_id.in_(workspace_ids))
    return session().scalars(query.order_by(InstrumentRow.venue, InstrumentRow.symbol)).all()


@remembered(InstrumentRow)
def find(venue: str, symbol: str, workspace_ids: frozenset[str]) -> InstrumentRow | None:
    """Return one instrument by its name."""
    query = select(InstrumentRow).where(
        InstrumentRow.venue == venue,
        InstrumentRow.symbol == symbol,
        InstrumentRow.workspace_id.in_(workspace_ids),
    )
    return session().scalar(query.order_by(InstrumentRow.id).limit(1))


def as_instrument(row: InstrumentRow) -> Instrument:
    """Return the value of a row."""
    return Instrument(
        venue=row.venue,
        symbol=row.symbol,
        base=row.base,
        quote=row.quote,
        tick=Decimal(row.tick),
        step=Decimal(row.step),
        min_notional=Decimal(row.min_notional),
        fees=FeeSchedule(Decimal(row.maker), Decimal(row.taker)),
        kind="perpetual" if row.kind == "perpetual" else "spot",
        max_leverage=Decimal(row.max_leverage),
        maintenance_rate=Decimal(row.maintenance_rate),
        funding_interval_ms=row.funding_interval_ms,
    )


def _columns(instrument: Instrument) -> dict[str, object]:
    return {
        "venue": instrument.venue,
        "symbol": instrument.symbol,
        "base": instrument.base,
        "quote": instrument.quote,
        "tick": str(instrument.tick),
        "step": str(instrument.step),
        "min_notional": str(instrument.min_notional),
        "maker": str(instrument.fees.maker),
        "taker": str(instrument.fees.taker),
        "kind": instrument.kind,
        "max_leverage": str(instrument.max_leverage),
        "maintenance_rate": str(instrument.maintenance_rate),
        "funding_interval_ms": instrument.funding_interval_ms,
    }
