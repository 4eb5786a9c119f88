"""What was done by whom: rows are only ever added."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session


class AuditRow(Table):
    """One thing that somebody did, or was refused."""

    __tablename__ = "audit_log"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    actor_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    action: Mapped[str]
    target: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


def add_entry(
    actor_id: str, action: str, target: str, address: str, details: Mapping[str, Any]
) -> None:
    """Add one entry."""
    session().add(
        AuditRow(
            id=new_id(),
            actor_id=actor_id,
            action=action,
            target=target,
            address=address,
            details=dict(details),
        )
    )
    session().flush()
