"""Registered models, their versions, aliases and predictions."""

revision = "0014_model_registry"
down_revision = "0013_analyses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
