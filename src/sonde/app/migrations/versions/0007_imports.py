"""What imports note about themselves."""

revision = "0007_imports"
down_revision = "0006_generations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
