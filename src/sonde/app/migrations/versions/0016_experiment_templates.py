"""Templates of the wizard."""

revision = "0016_experiment_templates"
down_revision = "0015_comparisons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
