"""Extracted features, studies of them, own features and named sets of features."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009_features"
down_revision = "0008_data_management"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_TABLES = (
    "bearings_feature_sets",
    "bearings_own_features",
    "bearings_feature_studies",
    "bearings_feature_blocks",
)


def upgrade() -> None:
    """Make the tables."""
    _make_computed("bearings_feature_blocks", _text("file_key"))
    _make_computed(
        "bearings_feature_studies",
        sa.Column("config", JSONB(), nullable=False),
        sa.Column("result", JSONB()),
    )
    _make_named(
        "bearings_own_features",
        sa.Column("definition", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    )
    _make_named(
        "bearings_feature_sets",
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("made_from", JSONB(), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in _TABLES:
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def _owned() -> list[sa.Column[str]]:
    return [
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
    ]


def _make_computed(table: str, *columns: sa.Column[Any]) -> None:
    """Make a table of what was computed from a data set, and goes with it."""
    op.create_table(
        table,
        *_owned(),
        sa.Column("dataset_id", _ID, nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        *columns,
        sa.Column("job_id", _ID, server_default="", nullable=False),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["bearings_datasets.id"],
            ondelete="CASCADE",
            name=f"fk_{table}_dataset_id_bearings_datasets",
        ),
        sa.UniqueConstraint("dataset_id", "stamp", name=f"uq_{table}_dataset_id"),
    )


def _make_named(table: str, *columns: sa.Column[object]) -> None:
    """Make a table of what people call by name within their workspace."""
    op.create_table(
        table,
        *_owned(),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        *columns,
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.UniqueConstraint("workspace_id", "name", name=f"uq_{table}_workspace_id"),
    )
