"""What runs leave behind: held-out predictions, metrics, log lines, wishes and files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011_runs"
down_revision = "0010_condition"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("clock_timestamp()")
_COLUMNS = ("held_out_key", "test_key", "family_id", "notes")
_TABLES = (
    "experiment_log_lines",
    "experiment_metric_blocks",
    "experiment_metrics",
    "experiment_runs",
)


def upgrade() -> None:
    """Make columns and tables."""
    for name in _COLUMNS:
        kind = _ID if name == "family_id" else sa.String()
        op.add_column("experiments", sa.Column(name, kind, nullable=False, server_default=""))
    op.create_index("ix_experiments_family_id", "experiments", ["family_id"])
    _make_runs()
    _make_metrics()
    _make_blocks()
    _make_lines()


def downgrade() -> None:
    """Drop them."""
    for table in _TABLES:
        op.drop_table(table)
    op.drop_index("ix_experiments_family_id", "experiments")
    for name in reversed(_COLUMNS):
        op.drop_column("experiments", name)


def _owned() -> list[sa.Column[str]]:
    return [
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
    ]


def _of_experiment(*, is_key: bool) -> sa.Column[str]:
    experiment = sa.ForeignKey("experiments.id", ondelete="CASCADE")
    return sa.Column("experiment_id", _ID, experiment, primary_key=is_key, nullable=False)


def _make_runs() -> None:
    op.create_table(
        "experiment_runs",
        _of_experiment(is_key=True),
        *_owned(),
        sa.Column("wish", sa.String(), server_default="", nullable=False),
        sa.Column("parts", JSONB(), server_default="[]", nullable=False),
        sa.Column("files", JSONB(), server_default="{}", nullable=False),
        sa.Column("updated_at", _TIME, server_default=_NOW, nullable=False),
    )


def _make_metrics() -> None:
    table = "experiment_metrics"
    op.create_table(
        table,
        _of_experiment(is_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        *_owned(),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("best_value", sa.Float(), nullable=False),
        sa.Column("best_step", sa.Integer(), nullable=False),
    )
    op.create_index("ix_experiment_metrics_key_value", table, ["key", "value", "experiment_id"])
    op.create_index("ix_experiment_metrics_key_best", table, ["key", "best_value", "experiment_id"])


def _make_blocks() -> None:
    table = "experiment_metric_blocks"
    op.create_table(
        table,
        _of_experiment(is_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("part", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        *_owned(),
        sa.Column("n_points", sa.Integer(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    # Appended to every second, read as a whole: compressing it each time would cost more.
    op.execute(f"alter table {table} alter column content set storage external")


def _make_lines() -> None:
    table = "experiment_log_lines"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        _of_experiment(is_key=False),
        *_owned(),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
    )
    op.create_index("ix_experiment_log_lines_experiment_id_id", table, ["experiment_id", "id"])
