"""Prices in motion: live feeds and their lease, collections, and people's replays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019_market_feeds"
down_revision = "0018_prices"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_TABLES = ("markets_replays", "markets_collections", "markets_feed_leases", "markets_feeds")


def upgrade() -> None:
    """Make the tables."""
    _make_feeds()
    _make_collections()
    _make_replays()


def downgrade() -> None:
    """Drop the tables."""
    for table in _TABLES:
        op.drop_table(table)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean, nullable=False) for name in names]


def _owned() -> list[sa.Column[str]]:
    return [
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
    ]


def _made() -> sa.Column[object]:
    return sa.Column("created_at", _TIME, server_default=sa.func.now(), nullable=False)


def _make_feeds() -> None:
    op.create_table(
        "markets_feeds",
        sa.Column("name", sa.String, primary_key=True),
        *_flags("is_on"),
        sa.Column("symbols", JSONB, nullable=False),
        *_text("rest_origin", "stream_origin", "changed_by", "workspace_id", "standing", "reason"),
        *_numbers("since_ms"),
        sa.Column("changed_at", _TIME, nullable=False),
    )
    op.create_table(
        "markets_feed_leases",
        sa.Column("name", sa.String, primary_key=True),
        *_text("holder"),
        *_numbers("token"),
        sa.Column("until", _TIME, nullable=False),
    )


def _make_collections() -> None:
    op.create_table(
        "markets_collections",
        *_owned(),
        *_text("venue", "symbol", "timeframe"),
        *_numbers("from_ms", "next_ms"),
        *_flags("is_on"),
        *_numbers("collected"),
        *_text("said"),
        *_flags("is_failing"),
        sa.Column("looked_at", _TIME, nullable=True),
        _made(),
        sa.UniqueConstraint(
            "workspace_id", "venue", "symbol", "timeframe", name="uq_markets_collections_key"
        ),
    )


def _make_replays() -> None:
    op.create_table(
        "markets_replays",
        *_owned(),
        *_text("title"),
        sa.Column("series_ids", JSONB, nullable=False),
        *_numbers("start_ms", "end_ms", "position_ms", "wall_ms"),
        sa.Column("speed", sa.Float, nullable=False),
        *_flags("is_playing"),
        *_numbers("seeks"),
        _made(),
    )
    op.create_index("ix_markets_replays_owner_id", "markets_replays", ["owner_id"])
