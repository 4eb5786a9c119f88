"""Comparisons that were kept under a name and shared."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015_comparisons"
down_revision = "0014_model_registry"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TABLE = "comparisons"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        _TABLE,
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("owner_name", sa.String(), server_default="", nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("experiment_ids", JSONB(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.create_index("ix_comparisons_workspace_id_id", _TABLE, ["workspace_id", "id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table(_TABLE)
