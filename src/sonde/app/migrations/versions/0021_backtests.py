"""Backtests and the studies around them: what was asked, on which candles, what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021_backtests"
down_revision = "0020_trading"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NAME = "markets_backtests"


def upgrade() -> None:
    """Make the table."""
    texts = ("kind", "title", "strategy", "symbol", "timeframe")
    op.create_table(
        _NAME,
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in texts),
        sa.Column("asked", JSONB, nullable=False),
        *(sa.Column(name, JSONB, nullable=True) for name in ("source", "summary", "result")),
        sa.Column("file_key", sa.String, server_default="", nullable=False),
        sa.Column("job_id", _ID, server_default="", nullable=False),
        sa.Column("created_at", _TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("finished_at", _TIME, nullable=True),
    )
    op.create_index("ix_markets_backtests_workspace", _NAME, ["workspace_id", "id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table(_NAME)
