"""What is known of recordings and data sets beyond their signals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_dataset_details"
down_revision = "0004_experiments"
branch_labels = None
depends_on = None

_FIGURES = ("mean_amplitude", "rms", "peak", "kurtosis", "dominant_hz")


def upgrade() -> None:
    """Add the columns."""
    for name in ("severity", "session", "tacho_channel"):
        op.add_column("bearings_recordings", _text(name))
    op.add_column("bearings_recordings", sa.Column("taken_at", sa.DateTime(timezone=True)))
    op.add_column("bearings_recordings", _json("conditions", "{}"))
    op.add_column("bearings_recordings", _json("quality", "[]"))
    for name in _FIGURES:
        op.add_column("bearings_recordings", sa.Column(name, sa.Float()))
    op.add_column("bearings_datasets", _text("description"))
    op.add_column("bearings_datasets", _json("tags", "[]"))
    op.add_column("bearings_datasets", _text("state", "live"))
    op.add_column("bearings_datasets", sa.Column("trashed_at", sa.DateTime(timezone=True)))
    op.add_column(
        "bearings_datasets", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("bearings_datasets", _json("made_from", "{}"))


def downgrade() -> None:
    """Drop the columns."""
    for name in ("made_from", "version", "trashed_at", "state", "tags", "description"):
        op.drop_column("bearings_datasets", name)
    names = ("quality", "conditions", "taken_at", "tacho_channel", "session", "severity")
    for name in (*_FIGURES, *names):
        op.drop_column("bearings_recordings", name)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(), server_default=default, nullable=False)
