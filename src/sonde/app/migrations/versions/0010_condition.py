"""Machines, measuring points, measurements, alarm bands, events and watched folders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010_condition"
down_revision = "0009_features"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_TABLES = (
    "bearings_watched_folders",
    "bearings_condition_events",
    "bearings_alarm_bands",
    "bearings_measurements",
    "bearings_machine_nodes",
)


def upgrade() -> None:
    """Make the tables."""
    _make_nodes()
    _make_measurements()
    _make_bands()
    _make_events()
    _make_folders()


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


def _of_node() -> sa.Column[str]:
    node = sa.ForeignKey("bearings_machine_nodes.id", ondelete="CASCADE")
    return sa.Column("node_id", _ID, node, nullable=False)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), server_default="", nullable=False) for name in names]


def _made() -> sa.Column[object]:
    return sa.Column("created_at", _TIME, server_default=_NOW, nullable=False)


def _make_nodes() -> None:
    table = "bearings_machine_nodes"
    op.create_table(
        table,
        *_owned(),
        sa.Column(
            "parent_id", _ID, sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=True
        ),
        *_text("kind", "name"),
        sa.Column("details", JSONB(), server_default="{}", nullable=False),
        _made(),
    )
    op.create_index("ix_bearings_machine_nodes_workspace_id", table, ["workspace_id"])
    op.create_index(
        "uq_bearings_machine_nodes_place",
        table,
        ["workspace_id", sa.text("coalesce(parent_id, '')"), "name"],
        unique=True,
    )


def _make_measurements() -> None:
    table = "bearings_measurements"
    op.create_table(
        table,
        *_owned(),
        _of_node(),
        sa.Column("taken_at", _TIME, nullable=False),
        *_text("file", "recording_id", "unit", "content_hash"),
        sa.Column("sampling_rate_hz", sa.Float(), nullable=False),
        sa.Column("speed_rpm", sa.Float(), nullable=False),
        sa.Column("n_samples", sa.Integer(), nullable=False),
        sa.Column("figures", JSONB(), server_default="{}", nullable=False),
        _made(),
        sa.UniqueConstraint("node_id", "taken_at", name="uq_bearings_measurements_node_id"),
    )


def _make_bands() -> None:
    op.create_table(
        "bearings_alarm_bands",
        *_owned(),
        _of_node(),
        *_text("feature", "kind"),
        sa.Column("settings", JSONB(), server_default="{}", nullable=False),
        _made(),
        sa.UniqueConstraint("node_id", "feature", name="uq_bearings_alarm_bands_node_id"),
    )


def _make_events() -> None:
    table = "bearings_condition_events"
    op.create_table(
        table,
        *_owned(),
        _of_node(),
        sa.Column("at", _TIME, nullable=False),
        *_text("kind", "feature", "text", "by"),
        _made(),
    )
    op.create_index("ix_bearings_condition_events_node_id_at", table, ["node_id", "at"])


def _make_folders() -> None:
    op.create_table(
        "bearings_watched_folders",
        *_owned(),
        _of_node(),
        *_text("path", "said"),
        sa.Column("given", JSONB(), server_default="{}", nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("looked_at", _TIME, nullable=True),
        sa.Column("seen", JSONB(), server_default="{}", nullable=False),
        _made(),
        sa.UniqueConstraint(
            "workspace_id", "path", "node_id", name="uq_bearings_watched_folders_workspace_id"
        ),
    )
