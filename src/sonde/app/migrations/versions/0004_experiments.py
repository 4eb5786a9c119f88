"""Experiments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_experiments"
down_revision = "0003_datasets"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "experiments",
        sa.Column("id", ID, primary_key=True),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("ref", sa.String, nullable=False),
        sa.Column("ref_title", sa.String, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("policy", sa.String, nullable=False),
        sa.Column("split_detail", sa.String, nullable=False, server_default=""),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("config", JSONB, nullable=False),
        sa.Column("job_id", ID, nullable=False, server_default=""),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("finished_at", MOMENT),
        sa.Column("macro_f1", sa.Float),
        sa.Column("interval_low", sa.Float),
        sa.Column("interval_high", sa.Float),
        sa.Column("is_honest", sa.Boolean),
        sa.Column("leaky_macro_f1", sa.Float),
        sa.Column("n_groups", sa.Integer),
        sa.Column("result", JSONB),
        sa.Column("bundle_key", sa.String, nullable=False, server_default=""),
    )
    op.create_index("ix_experiments_workspace_id_id", "experiments", ["workspace_id", "id"])
    op.create_index(
        "ix_experiments_workspace_id_macro_f1", "experiments", ["workspace_id", "macro_f1"]
    )
    op.create_index("ix_experiments_source_ref", "experiments", ["source", "ref"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("experiments")
