"""Virtual accounts: money and trades, an append-only journal, risk settings, locks and pauses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020_trading"
down_revision = "0019_market_feeds"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_TABLES = (
    "markets_trades",
    "markets_pause_ends",
    "markets_locks",
    "markets_risk_settings",
    "markets_journal",
    "markets_accounts",
)
_APPEND_ONLY = """
create function markets_journal_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'entries of the journal are never changed or deleted';
end $$
"""
_TRIGGER = """
create trigger markets_journal_is_append_only before update or delete on markets_journal
for each row execute function markets_journal_is_append_only()
"""


def upgrade() -> None:
    """Make the tables, and let nobody change the journal."""
    _make_accounts()
    _make_journal()
    _make_risk()
    _make_trades()
    op.execute(_APPEND_ONLY)
    op.execute(_TRIGGER)


def downgrade() -> None:
    """Drop the tables."""
    for table in _TABLES:
        op.drop_table(table)
    op.execute("drop function markets_journal_is_append_only()")


def _text(name: str, default: str | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.String, nullable=False, server_default=default)


def _count(name: str, default: str | None = None) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, nullable=False, server_default=default)


def _number(name: str, default: str | None = None, *, is_key: bool = False) -> "sa.Column[int]":
    return sa.Column(
        name,
        sa.BigInteger,
        nullable=False,
        server_default=default,
        primary_key=is_key,
        autoincrement=False,
    )


def _account(*, is_key: bool = False) -> "sa.Column[str]":
    of = sa.ForeignKey("markets_accounts.id")
    return sa.Column("account_id", _ID, of, nullable=False, primary_key=is_key)


def _now(name: str) -> "sa.Column[object]":
    return sa.Column(name, _TIME, nullable=False, server_default=sa.func.now())


def _make_accounts() -> None:
    op.create_table(
        "markets_accounts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        _text("name"),
        _text("currency"),
        _count("decimals"),
        _number("start_units"),
        _count("epoch", "0"),
        _number("seq", "0"),
        _number("peak_units"),
        _number("day_ms", "0"),
        _number("day_start_units"),
        _text("kill_stage", "off"),
        _text("kill_reason", ""),
        _text("kill_by", ""),
        _number("kill_at_ms", "0"),
        _now("created_at"),
        sa.Column("archived_at", _TIME, nullable=True),
    )
    op.create_index("ix_markets_accounts_workspace_id", "markets_accounts", ["workspace_id"])
    op.create_index(
        "uq_markets_accounts_name",
        "markets_accounts",
        ["owner_id", "name"],
        unique=True,
        postgresql_where=sa.text("archived_at is null"),
    )


def _make_journal() -> None:
    op.create_table(
        "markets_journal",
        _account(is_key=True),
        _number("seq", is_key=True),
        _count("epoch"),
        _number("time_ms"),
        _text("kind"),
        sa.Column("facts", JSONB, nullable=False),
    )
    op.create_index("ix_markets_journal_epoch", "markets_journal", ["account_id", "epoch", "seq"])


def _make_risk() -> None:
    op.create_table(
        "markets_risk_settings",
        _account(is_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        _now("made_at"),
    )
    op.create_table(
        "markets_locks",
        sa.Column("id", _ID, primary_key=True),
        _account(),
        _text("symbol", ""),
        _text("side", ""),
        sa.Column("until_ms", sa.BigInteger, nullable=True),
        _text("reason"),
        _text("made_by"),
        _number("made_at_ms"),
        _text("removed_by", ""),
    )
    op.create_index("ix_markets_locks_account_id", "markets_locks", ["account_id"])
    op.create_table(
        "markets_pause_ends",
        _account(is_key=True),
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("symbol", sa.String, primary_key=True),
        _number("at_ms"),
    )


def _make_trades() -> None:
    op.create_table(
        "markets_trades",
        sa.Column("id", _ID, primary_key=True),
        _account(),
        _count("epoch"),
        _text("symbol"),
        _text("state"),
        sa.Column("closed_ms", sa.BigInteger, nullable=True),
        _number("net_units", "0"),
        _number("entry_units", "0"),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("orders", JSONB, nullable=False, server_default="{}"),
    )
    op.create_index("ix_markets_trades_account_id", "markets_trades", ["account_id", "state", "id"])
