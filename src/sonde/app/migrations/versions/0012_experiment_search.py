"""Tags, saved searches and what the list of experiments is searched by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012_experiment_search"
down_revision = "0011_runs"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_MOMENTS = ("archived_at", "trashed_at", "pinned_at")
_ACCURACY = "(result #>> '{evaluation,accuracy}')::double precision"
_SEARCHED = "lower(title || chr(10) || ref_title || chr(10) || model || chr(10) || notes)"


def upgrade() -> None:
    """Make columns and tables."""
    for name in _MOMENTS:
        op.add_column("experiments", sa.Column(name, _TIME, nullable=True))
    accuracy = sa.Computed(_ACCURACY, persisted=True)
    op.add_column("experiments", sa.Column("accuracy", sa.Float(), accuracy, nullable=True))
    searched = sa.Computed(_SEARCHED, persisted=True)
    op.add_column("experiments", sa.Column("searched", sa.String(), searched, nullable=False))
    op.create_index(
        "ix_experiments_workspace_id_pinned_at", "experiments", ["workspace_id", "pinned_at"]
    )
    op.create_index("ix_experiments_trashed_at", "experiments", ["trashed_at"])
    _make_tags()
    _make_links()
    _make_searches()


def downgrade() -> None:
    """Drop them."""
    for table in ("saved_searches", "experiment_tags", "tags"):
        op.drop_table(table)
    op.drop_index("ix_experiments_trashed_at", "experiments")
    op.drop_index("ix_experiments_workspace_id_pinned_at", "experiments")
    for name in ("searched", "accuracy", *_MOMENTS):
        op.drop_column("experiments", name)


def _owned() -> list[sa.Column[str]]:
    return [
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
    ]


def _made() -> sa.Column[object]:
    return sa.Column("created_at", _TIME, server_default=_NOW, nullable=False)


def _make_tags() -> None:
    op.create_table(
        "tags",
        *_owned(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        _made(),
    )
    op.create_index(
        "uq_tags_workspace_id_name",
        "tags",
        ["workspace_id", sa.text("lower(name)")],
        unique=True,
    )


def _make_links() -> None:
    experiment = sa.ForeignKey("experiments.id", ondelete="CASCADE")
    tag = sa.ForeignKey("tags.id", ondelete="CASCADE")
    op.create_table(
        "experiment_tags",
        sa.Column("experiment_id", _ID, experiment, primary_key=True),
        sa.Column("tag_id", _ID, tag, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
    )
    op.create_index("ix_experiment_tags_tag_id", "experiment_tags", ["tag_id"])


def _make_searches() -> None:
    op.create_table(
        "saved_searches",
        *_owned(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("view", JSONB(), server_default="{}", nullable=False),
        *(
            sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            for name in ("is_pinned", "is_shared", "is_alert")
        ),
        _made(),
    )
    op.create_index("ix_saved_searches_workspace_id", "saved_searches", ["workspace_id"])
    op.create_index(
        "uq_saved_searches_owner_id_name",
        "saved_searches",
        ["workspace_id", "owner_id", sa.text("lower(name)")],
        unique=True,
    )
