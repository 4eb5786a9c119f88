"""Fault classes, generations and their saved configurations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_generations"
down_revision = "0005_dataset_details"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_CLASSES = (
    (0, "healthy", "Healthy", "sain"),
    (1, "misalignment", "Misalignment", "desalignement"),
    (2, "imbalance", "Imbalance", "desequilibre"),
    (3, "clearance", "Bearing clearance", "jeu"),
    (4, "lubrication", "Lubrication deficiency", "lubrification"),
    (5, "cavitation", "Cavitation", "cavitation"),
    (6, "wear", "Wear", "usure"),
    (7, "oil_whirl", "Oil whirl", "oilwhirl"),
    (8, "misalignment_imbalance", "Misalignment and imbalance", "mixed_misalign_imbalance"),
    (9, "wear_lubrication", "Wear and lubrication deficiency", "mixed_wear_lube"),
    (10, "cavitation_clearance", "Cavitation and clearance", "mixed_cavit_jeu"),
)


def upgrade() -> None:
    """Make the tables."""
    _make_fault_classes()
    op.create_table(
        "bearings_generations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("config", JSONB(), nullable=False),
        sa.Column("config_hash", sa.String(64), nullable=False),
        sa.Column("n_signals", sa.Integer(), nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), nullable=False),
        sa.Column("job_id", _ID, server_default="", nullable=False),
        sa.Column("dataset_id", _ID, server_default="", nullable=False),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bearings_generations"),
    )
    op.create_index(
        "ix_bearings_generations_workspace_id_id", "bearings_generations", ["workspace_id", "id"]
    )
    _make_parts()
    _make_configs()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("generation_configs", "generation_parts", "generations", "fault_classes"):
        op.drop_table(f"bearings_{table}")


def _make_fault_classes() -> None:
    table = op.create_table(
        "bearings_fault_classes",
        sa.Column("id", sa.Integer(), sa.Identity(start=len(_CLASSES)), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("french", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bearings_fault_classes"),
        sa.UniqueConstraint("key", name="uq_bearings_fault_classes_key"),
    )
    names = ("id", "key", "title", "french")
    op.bulk_insert(table, [dict(zip(names, row, strict=True)) for row in _CLASSES])


def _make_parts() -> None:
    op.create_table(
        "bearings_generation_parts",
        sa.Column("generation_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("n_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claim", sa.String(26), server_default="", nullable=False),
        sa.Column("claimed_until", _TIME),
        sa.Column("file_key", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("generation_id", "number", name="pk_bearings_generation_parts"),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["bearings_generations.id"],
            name="fk_bearings_generation_parts_generation_id_bearings_generations",
            ondelete="CASCADE",
        ),
    )


def _make_configs() -> None:
    op.create_table(
        "bearings_generation_configs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("config", JSONB(), nullable=False),
        sa.Column("changed_at", _TIME, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bearings_generation_configs"),
        sa.UniqueConstraint("owner_id", "name", name="uq_bearings_generation_configs_owner_id"),
    )
