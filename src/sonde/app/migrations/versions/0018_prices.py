"""Prices at rest: instruments, series of candles with their files, and imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018_prices"
down_revision = "0017_metric_slices"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_TABLES = (
    "markets_price_imports",
    "markets_series_parts",
    "markets_series",
    "markets_instruments",
)


def upgrade() -> None:
    """Make the tables."""
    _make_instruments()
    _make_series()
    _make_parts()
    _make_imports()


def downgrade() -> None:
    """Drop the tables."""
    for table in _TABLES:
        op.drop_table(table)


def _owned() -> list[sa.Column[str]]:
    return [
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
    ]


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=nullable) for name in names]


def _made() -> sa.Column[object]:
    return sa.Column("created_at", _TIME, server_default=sa.func.now(), nullable=False)


def _of(table: str, name: str, *, is_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, _ID, key, nullable=False, primary_key=is_key)


def _make_instruments() -> None:
    op.create_table(
        "markets_instruments",
        *_owned(),
        *_text("venue", "symbol", "base", "quote", "tick", "step", "min_notional"),
        *_text("maker", "taker", "kind", "max_leverage", "maintenance_rate"),
        *_numbers("funding_interval_ms", nullable=True),
        sa.Column("is_inferred", sa.Boolean, nullable=False),
        _made(),
        sa.UniqueConstraint("workspace_id", "venue", "symbol", name="uq_markets_instruments_key"),
    )


def _make_series() -> None:
    table = "markets_series"
    op.create_table(
        table,
        *_owned(),
        _of("markets_instruments", "instrument_id"),
        *_text("timeframe"),
        *_numbers("n_bars"),
        *_numbers("first_ms", "last_ms", nullable=True),
        *_text("sha256"),
        sa.Column("sources", JSONB, nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        _made(),
        sa.UniqueConstraint("instrument_id", "timeframe", name="uq_markets_series_timeframe"),
    )
    op.create_index("ix_markets_series_workspace_id", table, ["workspace_id"])


def _make_parts() -> None:
    op.create_table(
        "markets_series_parts",
        _of("markets_series", "series_id", is_key=True),
        sa.Column("period", sa.String, primary_key=True),
        *_text("file_key"),
        *_numbers("n_bars", "first_ms", "last_ms"),
        *_text("sha256"),
    )


def _make_imports() -> None:
    table = "markets_price_imports"
    op.create_table(
        table,
        *_owned(),
        *_text("file_name", "file_key", "sha256"),
        sa.Column("wish", JSONB, nullable=False),
        *_text("state", "job_id", "series_id"),
        *_numbers("n_new", "n_same", "n_changed"),
        sa.Column("notes", JSONB, nullable=False),
        _made(),
    )
    op.create_index("ix_markets_price_imports_owner_id_id", table, ["owner_id", "id"])
