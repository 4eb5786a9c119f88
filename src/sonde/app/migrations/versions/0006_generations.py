"""Fault classes, generations and their saved configurations."""

revision = "0006_generations"
down_revision = "0005_dataset_details"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
