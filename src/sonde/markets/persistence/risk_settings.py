"""The versions of accounts' risk settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.errors import Conflict
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class RiskSettingsRow(Table):
    """The settings of an account from one change to the next."""

    __tablename__ = "markets_risk_settings"

    account_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("markets_accounts.id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[str] = mapped_column(_ID)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


@remembered(RiskSettingsRow)
def newest(account_id: str) -> RiskSettingsRow | None:
    """Return the settings that hold now."""
    return session().scalar(
        select(RiskSettingsRow)
        .where(RiskSettingsRow.account_id == account_id)
        .order_by(RiskSettingsRow.version.desc())
        .limit(1)
    )


def add(account_id: str, version: int, document: Mapping[str, Any], made_by: str) -> None:
    """Add a version.

    Raises
    ------
    Conflict
        If somebody else has added it.
    """
    row = {
        "account_id": account_id,
        "version": version,
        "document": dict(document),
        "made_by": made_by,
    }
    try:
        with session().begin_nested():
            session().execute(insert(RiskSettingsRow), row)
    except IntegrityError as error:
        told = "The risk settings have changed in the meantime; look at them and save again."
        raise Conflict(told) from error


def history(account_id: str, limit: int = 50) -> Sequence[RiskSettingsRow]:
    """Return the versions of an account, the newest first."""
    query = select(RiskSettingsRow).where(RiskSettingsRow.account_id == account_id)
    return session().scalars(query.order_by(RiskSettingsRow.version.desc()).limit(limit)).all()
