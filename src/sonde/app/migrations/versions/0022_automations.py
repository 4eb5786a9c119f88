"""Strategies that trade by themselves, what they decided, and what accounts wait for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022_automations"
down_revision = "0021_backtests"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
# Accounts that trade already are looked at with the next price.
_WATCH_ALL = """
insert into markets_watches (account_id, symbol, is_eager, seen_ms)
select distinct account_id, symbol, true, 0 from markets_trades
where state not in ('closed', 'cancelled')
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "markets_watches",
        sa.Column("account_id", _ID, sa.ForeignKey("markets_accounts.id"), primary_key=True),
        sa.Column("symbol", sa.String, primary_key=True),
        sa.Column("below", sa.Numeric, nullable=True),
        sa.Column("above", sa.Numeric, nullable=True),
        sa.Column("is_eager", sa.Boolean, nullable=False),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_markets_watches_symbol", "markets_watches", ["symbol"])
    op.execute(_WATCH_ALL)
    _make_automations()
    _make_signals()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("markets_signals", "markets_automations", "markets_watches"):
        op.drop_table(table)


def _make_automations() -> None:
    texts = ("title", "strategy", "symbol", "timeframe", "replay_id", "state", "reason")
    op.create_table(
        "markets_automations",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("account_id", _ID, sa.ForeignKey("markets_accounts.id"), nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in texts),
        sa.Column("settings", JSONB, nullable=False),
        sa.Column("terms", JSONB, nullable=False),
        sa.Column("run", sa.Integer, server_default="0", nullable=False),
        sa.Column("started_ms", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("decided_ms", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("created_at", _TIME, server_default=sa.func.now(), nullable=False),
    )
    op.create_index("ix_markets_automations_owner_id", "markets_automations", ["owner_id", "id"])
    op.create_index(
        "uq_markets_automations_account", "markets_automations", ["account_id"], unique=True
    )


def _make_signals() -> None:
    texts = ("wish", "outcome", "words", "trade_id")
    op.create_table(
        "markets_signals",
        sa.Column(
            "automation_id",
            _ID,
            sa.ForeignKey("markets_automations.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("bar_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, nullable=False) for name in texts),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("created_at", _TIME, server_default=sa.func.now(), nullable=False),
    )
