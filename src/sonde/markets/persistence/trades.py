"""The rows of trades: what the journal says, in the form in which people ask for it."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.markets.core.entries import EntryOrder
from sonde.markets.core.risk.facts import PastTrade
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import STOP_REASONS, Trade, TradeState
from sonde.markets.persistence.accounts import AccountRow
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)
_PAGE = 500
_FINAL = (TradeState.CLOSED.value, TradeState.CANCELLED.value)


class TradeRow(Table):
    """One trade, as it is now.

    ``net_units`` is what its closed part made after costs, ``entry_units`` the notional of its
    entry, ``orders`` its orders in the engine by what they are for.
    """

    __tablename__ = "markets_trades"
    __table_args__ = (Index("ix_markets_trades_account_id", "account_id", "state", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey("markets_accounts.id"))
    epoch: Mapped[int]
    symbol: Mapped[str]
    state: Mapped[str]
    closed_ms: Mapped[int | None] = mapped_column(BigInteger)
    net_units: Mapped[int] = mapped_column(BigInteger, server_default="0")
    entry_units: Mapped[int] = mapped_column(BigInteger, server_default="0")
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    orders: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")

    def view(self) -> Trade:
        """Return the row as a value."""
        return read_trade(self.document)

    def keep(self, trade: Trade, unit_value: int) -> None:
        """Write a trade down; `unit_value` is that of its instrument in the account."""
        self.state, self.closed_ms = trade.state.value, trade.closed_ms
        self.net_units = trade.net_units(unit_value)
        self.entry_units = trade.entry_weight * unit_value
        self.document = trade_document(trade)

    def past(self) -> PastTrade:
        """Return a closed trade as the pauses see it."""
        percent = Decimal(self.net_units) / max(1, self.entry_units) * 100
        trade = self.view()
        stopped = trade.exit_reason in STOP_REASONS and self.net_units < 0
        return PastTrade(self.symbol, trade.side, self.closed_ms or 0, percent, stopped)


def trade_document(trade: Trade) -> dict[str, Any]:
    """Return a trade as a document; decimals as text."""
    told = {one.name: getattr(trade, one.name) for one in fields(trade)}
    told["entry"] = asdict(trade.entry)
    return {name: str(one) if isinstance(one, Decimal) else one for name, one in told.items()}


def read_trade(document: dict[str, Any]) -> Trade:
    """Return the trade of a document."""
    told = dict(document)
    told["side"], told["state"] = Side(told["side"]), TradeState(told["state"])
    told["leverage"] = Decimal(told["leverage"])
    if "entry" in told:  # trades from before there were kinds of entries have none
        told["entry"] = EntryOrder(**told["entry"])
    if told["confidence"] is not None:
        told["confidence"] = Decimal(told["confidence"])
    return Trade(**told)


def add(account: AccountRow, trade: Trade, unit_value: int) -> TradeRow:
    """Add a trade to an account."""
    row = TradeRow(
        id=trade.id, account_id=account.id, epoch=account.epoch, symbol=trade.symbol, orders={}
    )
    row.keep(trade, unit_value)
    session().add(row)
    session().flush()
    return row


def find(account_id: str, trade_id: str) -> TradeRow | None:
    """Return one trade of an account."""
    return session().scalar(
        select(TradeRow).where(TradeRow.id == trade_id, TradeRow.account_id == account_id)
    )


def account_of(trade_id: str) -> str | None:
    """Return the account that a trade belongs to; whether it may be seen is not asked here."""
    return session().scalar(select(TradeRow.account_id).where(TradeRow.id == trade_id))


@remembered(TradeRow)
def active(account_id: str) -> Sequence[TradeRow]:
    """Return the trades of an account that have not ended, the oldest first."""
    query = select(TradeRow).where(TradeRow.account_id == account_id, TradeRow.state.not_in(_FINAL))
    return session().scalars(query.order_by(TradeRow.id)).all()


def newest(
    account_id: str, *, before: str = "", state: str = "", limit: int = 100
) -> Sequence[TradeRow]:
    """Return trades of an account, the newest first; long lists are not kept in memory."""
    read = _page if limit <= _PAGE else _read_newest
    return read(account_id, before, state, limit)


def _read_newest(account_id: str, before: str, state: str, limit: int) -> Sequence[TradeRow]:
    query = select(TradeRow).where(TradeRow.account_id == account_id)
    if before:
        query = query.where(TradeRow.id < before)
    if state:
        query = query.where(TradeRow.state == state)
    return session().scalars(query.order_by(TradeRow.id.desc()).limit(limit)).all()


_page = remembered(TradeRow)(_read_newest)


@remembered(TradeRow)
def ended_since(account_id: str, since_ms: int, limit: int = 500) -> Sequence[TradeRow]:
    """Return the trades that closed since a moment, the newest first."""
    query = select(TradeRow).where(
        TradeRow.account_id == account_id,
        TradeRow.state == TradeState.CLOSED.value,
        TradeRow.closed_ms >= since_ms,
    )
    return session().scalars(query.order_by(TradeRow.closed_ms.desc()).limit(limit)).all()


def of_epochs(account_id: str, first: int) -> Sequence[TradeRow]:
    """Return the trades of an account since one of its epochs, the oldest first."""
    query = select(TradeRow).where(TradeRow.account_id == account_id, TradeRow.epoch >= first)
    return session().scalars(query.order_by(TradeRow.id)).all()


def accounts_trading(symbol: str) -> Sequence[str]:
    """Return the accounts in which trades of a symbol have not ended."""
    query = select(TradeRow.account_id).where(
        TradeRow.symbol == symbol, TradeRow.state.not_in(_FINAL)
    )
    return session().scalars(query.distinct().order_by(TradeRow.account_id)).all()


def count_active(account_id: str) -> int:
    """Return how many trades have not ended."""
    query = select(func.count()).where(
        TradeRow.account_id == account_id, TradeRow.state.not_in(_FINAL)
    )
    return int(session().scalar(query) or 0)


def prune(account_id: str, before_ms: int) -> int:
    """Delete trades that ended before a moment; return how many. The journal keeps its entries."""
    gone = session().execute(
        delete(TradeRow)
        .where(
            TradeRow.account_id == account_id,
            TradeRow.state.in_(_FINAL),
            TradeRow.closed_ms < before_ms,
        )
        .returning(TradeRow.id)
    )
    return len(gone.all())
