"""Analyses: cached answers of long questions about experiments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0013_analyses"
down_revision = "0012_experiment_search"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TABLE = "learning_analyses"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        _TABLE,
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("experiment_ids", ARRAY(_ID), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("result", JSONB()),
        sa.Column("arrays_key", sa.String(), server_default="", nullable=False),
        sa.Column("job_id", _ID, server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("workspace_id", "stamp", name="uq_learning_analyses_workspace_id"),
    )
    op.create_index(
        "ix_learning_analyses_experiment_ids", _TABLE, ["experiment_ids"], postgresql_using="gin"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table(_TABLE)
