"""Comparisons that were shared."""

revision = "0015_comparisons"
down_revision = "0014_model_registry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
