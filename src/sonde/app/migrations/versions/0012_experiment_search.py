"""Tags, saved searches and what the list of experiments is searched by."""

revision = "0012_experiment_search"
down_revision = "0011_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
