"""Analyses: cached answers of long questions about experiments."""

revision = "0013_analyses"
down_revision = "0012_experiment_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
