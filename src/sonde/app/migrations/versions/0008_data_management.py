"""Names, trash and lineage of data sets."""

revision = "0008_data_management"
down_revision = "0007_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
