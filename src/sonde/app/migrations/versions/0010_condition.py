"""Machines, measuring points, trends, alarms and events."""

revision = "0010_condition"
down_revision = "0009_features"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
