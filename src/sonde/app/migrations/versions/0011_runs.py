"""What runs leave behind: held-out predictions, metrics, logs, provenance."""

import sqlalchemy as sa
from alembic import op

revision = "0011_runs"
down_revision = "0010_condition"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column(
        "experiments", sa.Column("held_out_key", sa.String, nullable=False, server_default="")
    )
    op.add_column(
        "experiments", sa.Column("test_key", sa.String, nullable=False, server_default="")
    )
    op.add_column(
        "experiments", sa.Column("family_id", sa.String(26), nullable=False, server_default="")
    )
    op.add_column("experiments", sa.Column("notes", sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    for name in ("notes", "family_id", "test_key", "held_out_key"):
        op.drop_column("experiments", name)
