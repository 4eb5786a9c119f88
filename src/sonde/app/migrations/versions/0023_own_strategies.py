"""Strategies that administrators wrote, and funding rates of perpetuals."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023_own_strategies"
down_revision = "0022_automations"
branch_labels = None
depends_on = None

_ID = sa.String(26)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "markets_strategies",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("described", JSONB, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String, server_default="", nullable=False),
        sa.Column("proof", JSONB, server_default="{}", nullable=False),
        sa.Column("job_id", sa.String, server_default="", nullable=False),
        _made(),
        sa.UniqueConstraint("name", "version", name="uq_markets_strategies_version"),
    )
    op.create_table(
        "markets_funding_rates",
        sa.Column("workspace_id", _ID, primary_key=True),
        sa.Column("symbol", sa.String, primary_key=True),
        sa.Column("from_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rate_parts", sa.BigInteger, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        _made(),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("markets_funding_rates", "markets_strategies"):
        op.drop_table(table)


def _made() -> "sa.Column[datetime]":
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
    )
