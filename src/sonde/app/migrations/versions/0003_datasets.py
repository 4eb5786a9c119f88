"""Data sets, recordings and imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_datasets"
down_revision = "0002_jobs"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables."""
    _make_datasets()
    _make_recordings()
    _make_imports()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("bearings_imports", "bearings_recordings", "bearings_datasets"):
        op.drop_table(table)


def _make_datasets() -> None:
    op.create_table(
        "bearings_datasets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        *_text("owner_name", "name", "origin", "designation", "content_hash", "file_key"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("n_recordings", sa.Integer(), nullable=False),
        sa.Column("n_bearings", sa.Integer(), nullable=False),
        sa.Column("classes", JSONB(), nullable=False),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bearings_datasets"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_bearings_datasets_workspace_id"),
    )
    op.create_index(
        "ix_bearings_datasets_workspace_id_id", "bearings_datasets", ["workspace_id", "id"]
    )


def _make_recordings() -> None:
    op.create_table(
        "bearings_recordings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("dataset_id", _ID, nullable=False),
        *_text("file", "record", "signal_path"),
        sa.Column("channels", JSONB(), nullable=False),
        sa.Column("n_samples", sa.Integer(), nullable=False),
        sa.Column("sampling_rate_hz", sa.Float(), nullable=False),
        sa.Column("speed_rpm", sa.Float(), nullable=False),
        *_text("unit", "label", "fault_size", "fault_position", "load", "bearing", "lineage"),
        *_text("content_hash"),
        sa.Column("notes", JSONB(), nullable=False),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bearings_recordings"),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["bearings_datasets.id"],
            ondelete="CASCADE",
            name="fk_bearings_recordings_dataset_id_bearings_datasets",
        ),
    )
    op.create_index(
        "ix_bearings_recordings_dataset_id_id", "bearings_recordings", ["dataset_id", "id"]
    )
    op.create_index(
        "ix_bearings_recordings_workspace_id_label",
        "bearings_recordings",
        ["workspace_id", "label"],
    )


def _make_imports() -> None:
    op.create_table(
        "bearings_imports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        *_text("name", "designation", "state"),
        sa.Column("source", JSONB(), nullable=False),
        sa.Column("given", JSONB(), nullable=False),
        sa.Column("understood", JSONB(), nullable=False),
        *_text("job_id", "dataset_id"),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bearings_imports"),
    )
    op.create_index("ix_bearings_imports_owner_id_id", "bearings_imports", ["owner_id", "id"])
