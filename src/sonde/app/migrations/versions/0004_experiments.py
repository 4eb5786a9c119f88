"""Experiments."""

revision = "0004_experiments"
down_revision = "0003_datasets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
