"""Names, versions, trash and downloads of data sets; what long lists are searched by."""

import sqlalchemy as sa
from alembic import op

revision = "0008_data_management"
down_revision = "0007_imports"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_DATASETS = "bearings_datasets"
_LISTED = [
    "label",
    "severity",
    "bearing",
    "session",
    "load",
    "speed_rpm",
    "sampling_rate_hz",
    "n_samples",
    "mean_amplitude",
    "rms",
    "peak",
    "kurtosis",
    "dominant_hz",
]
_SEARCH = (
    "lower(id || ' ' || file || ' ' || record || ' ' || label || ' ' || bearing || ' ' || session)"
)


def upgrade() -> None:
    """Make the columns, the table and the indexes."""
    _version_datasets()
    op.add_column(
        "bearings_recordings",
        sa.Column("search", sa.String(), sa.Computed(_SEARCH, persisted=True), nullable=False),
    )
    _index_recordings()
    _make_exports()


def downgrade() -> None:
    """Drop them; what is in the trash goes, since it may carry a name that is taken again."""
    op.drop_table("bearings_exports")
    op.drop_index("ix_bearings_recordings_findings", "bearings_recordings")
    op.drop_index("ix_bearings_recordings_listing", "bearings_recordings")
    op.create_index(
        "ix_bearings_recordings_dataset_id_id", "bearings_recordings", ["dataset_id", "id"]
    )
    op.drop_column("bearings_recordings", "search")
    op.drop_index("uq_bearings_datasets_name", _DATASETS)
    op.drop_index("ix_bearings_datasets_series_id", _DATASETS)
    op.drop_index("ix_bearings_datasets_workspace_id_content_hash", _DATASETS)
    op.execute("delete from bearings_datasets where state = 'trashed'")
    op.execute("update bearings_datasets set name = name || ' v' || version where version > 1")
    op.create_unique_constraint(
        "uq_bearings_datasets_workspace_id", _DATASETS, ["workspace_id", "name"]
    )
    op.drop_column(_DATASETS, "revision")
    op.drop_column(_DATASETS, "series_id")


def _version_datasets() -> None:
    op.add_column(_DATASETS, sa.Column("series_id", _ID))
    op.execute("update bearings_datasets set series_id = id")
    op.alter_column(_DATASETS, "series_id", nullable=False)
    op.add_column(
        _DATASETS, sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.drop_constraint("uq_bearings_datasets_workspace_id", _DATASETS)
    op.create_index(
        "uq_bearings_datasets_name",
        _DATASETS,
        ["workspace_id", "name", "version"],
        unique=True,
        postgresql_where=sa.text("state <> 'trashed'"),
    )
    op.create_index("ix_bearings_datasets_series_id", _DATASETS, ["series_id"])
    op.create_index(
        "ix_bearings_datasets_workspace_id_content_hash",
        _DATASETS,
        ["workspace_id", "content_hash"],
    )


def _index_recordings() -> None:
    """Let long lists be filtered and sorted without reading whole rows."""
    op.drop_index("ix_bearings_recordings_dataset_id_id", "bearings_recordings")
    op.create_index(
        "ix_bearings_recordings_listing",
        "bearings_recordings",
        ["dataset_id", "id"],
        postgresql_include=_LISTED,
    )
    op.create_index(
        "ix_bearings_recordings_findings",
        "bearings_recordings",
        ["dataset_id", "id"],
        postgresql_where=sa.text("quality <> '[]'::jsonb"),
    )


def _make_exports() -> None:
    op.create_table(
        "bearings_exports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("dataset_id", _ID, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("dataset_name", "format", "file_key", "file_name", "job_id")
        ),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bearings_exports"),
    )
    op.create_index("ix_bearings_exports_owner_id_id", "bearings_exports", ["owner_id", "id"])
    op.create_index("ix_bearings_exports_expires_at", "bearings_exports", ["expires_at"])
