"""Extracted features and named sets of features."""

revision = "0009_features"
down_revision = "0008_data_management"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
