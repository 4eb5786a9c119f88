"""What imports note about themselves; recordings are found by their content."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007_imports"
down_revision = "0006_generations"
branch_labels = None
depends_on = None

_TABLE = "bearings_imports"
_INDEX = "ix_bearings_recordings_content_hash"


def upgrade() -> None:
    """Add the columns and the index."""
    op.add_column(_TABLE, sa.Column("failures", JSONB(), server_default="[]", nullable=False))
    for name in ("n_files", "n_recordings"):
        op.add_column(_TABLE, sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_index(_INDEX, "bearings_recordings", ["content_hash"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(_INDEX, "bearings_recordings")
    for name in ("n_recordings", "n_files", "failures"):
        op.drop_column(_TABLE, name)
