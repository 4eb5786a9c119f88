"""The rows of virtual accounts. Whoever changes an account's money holds its row's lock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.markets.core.money import Currency
from sonde.markets.core.risk.kill_switch import KillSwitch, Stage
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class AccountRow(Table):
    """One virtual account.

    ``epoch`` counts its resets, ``seq`` is the number of its newest journal entry. Peak and day's
    start are kept because the journal alone does not know the prices between two commands.
    """

    __tablename__ = "markets_accounts"
    __table_args__ = (
        Index("ix_markets_accounts_workspace_id", "workspace_id"),
        Index(
            "uq_markets_accounts_name",
            "owner_id",
            "name",
            unique=True,
            postgresql_where="archived_at is null",
        ),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    name: Mapped[str]
    currency: Mapped[str]
    decimals: Mapped[int]
    start_units: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int] = mapped_column(server_default="0")
    seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    peak_units: Mapped[int] = mapped_column(BigInteger)
    day_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    day_start_units: Mapped[int] = mapped_column(BigInteger)
    kill_stage: Mapped[str] = mapped_column(server_default="off")
    kill_reason: Mapped[str] = mapped_column(server_default="")
    kill_by: Mapped[str] = mapped_column(server_default="")
    kill_at_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    archived_at: Mapped[datetime | None]

    @property
    def money(self) -> Currency:
        """The account's currency, with what it counts."""
        return Currency(self.currency, self.decimals)

    @property
    def kill_switch(self) -> KillSwitch:
        """The switch as a value."""
        return KillSwitch(Stage(self.kill_stage), self.kill_reason, self.kill_by, self.kill_at_ms)

    def set_kill_switch(self, switch: KillSwitch) -> None:
        """Write a switch down."""
        self.kill_stage, self.kill_reason = switch.stage.value, switch.reason
        self.kill_by, self.kill_at_ms = switch.pressed_by, switch.pressed_at_ms


def add(row: AccountRow) -> bool:
    """Add an account; False if its owner has one of that name."""
    columns = {
        one.key: value
        for one in AccountRow.__mapper__.column_attrs
        if (value := getattr(row, one.key)) is not None
    }
    made = session().execute(
        insert(AccountRow).values(**columns).on_conflict_do_nothing().returning(AccountRow.id)
    )
    return made.first() is not None


@remembered(AccountRow)
def find(account_id: str, workspace_ids: frozenset[str]) -> AccountRow | None:
    """Return one account of these workspaces that is not archived."""
    row = session().get(AccountRow, account_id, populate_existing=True)
    if row is None or row.workspace_id not in workspace_ids or row.archived_at is not None:
        return None
    return row


def lock(account_id: str) -> AccountRow:
    """Return an account as it is now, and keep everybody else from changing it until the end."""
    return (
        session()
        .scalars(
            select(AccountRow)
            .where(AccountRow.id == account_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )


def is_free(account_id: str) -> bool:
    """Lock an account unless somebody holds it; say whether it is locked now."""
    query = select(AccountRow.id).where(AccountRow.id == account_id)
    return session().scalar(query.with_for_update(skip_locked=True)) is not None


@remembered(AccountRow)
def owned(owner_id: str, workspace_ids: frozenset[str]) -> Sequence[AccountRow]:
    """Return the accounts of a person, the oldest first."""
    return (
        session()
        .scalars(
            select(AccountRow)
            .where(
                AccountRow.owner_id == owner_id,
                AccountRow.workspace_id.in_(workspace_ids),
                AccountRow.archived_at.is_(None),
            )
            .order_by(AccountRow.id)
        )
        .all()
    )


def name_is_taken(owner_id: str, name: str, account_id: str) -> bool:
    """Say whether another account of this person has that name."""
    query = select(AccountRow.id).where(
        AccountRow.owner_id == owner_id,
        AccountRow.name == name,
        AccountRow.id != account_id,
        AccountRow.archived_at.is_(None),
    )
    return session().scalar(query) is not None
