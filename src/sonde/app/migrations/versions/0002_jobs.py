"""Jobs, their events, and what people are told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_jobs"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")


def upgrade() -> None:
    """Make the tables."""
    _make_jobs()
    _make_job_events()
    _make_outbox()
    _make_notifications()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("notifications", "outbox", "job_events", "jobs"):
        op.drop_table(table)
    op.execute("drop function refuse_update()")


def _make_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), server_default="", nullable=False),
        sa.Column("message", sa.String(), server_default="", nullable=False),
        sa.Column("fraction", sa.Float(), server_default="0", nullable=False),
        sa.Column("eta_at", _TIME),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fruitless", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), server_default="", nullable=False),
        sa.Column("error_code", sa.String(), server_default="", nullable=False),
        sa.Column("result", JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("finished_at", _TIME),
        sa.Column("not_before", _TIME, server_default=_NOW, nullable=False),
        sa.Column("woken_at", _TIME, server_default=_NOW),
        sa.Column("wake_failed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", _TIME),
        sa.Column("worker_id", sa.String(), server_default="", nullable=False),
        sa.Column("checkpoint", JSONB()),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_owner_id_id", "jobs", ["owner_id", "id"])
    op.create_index("ix_jobs_workspace_id_id", "jobs", ["workspace_id", "id"])
    op.create_index("ix_jobs_state_not_before", "jobs", ["state", "not_before"])


def _make_job_events() -> None:
    op.create_table(
        "job_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("job_id", _ID, nullable=False),
        sa.Column("at", _TIME, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_events"),
    )
    op.create_index("ix_job_events_job_id_id", "job_events", ["job_id", "id"])
    op.execute(
        "create function refuse_update() returns trigger language plpgsql as "
        "$$ begin raise exception 'rows of % are never changed', tg_table_name; end $$"
    )
    op.execute(
        "create trigger job_events_never_change before update on job_events "
        "for each row execute function refuse_update()"
    )


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        *_event_columns(),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("delivered_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_undelivered",
        "outbox",
        ["id"],
        postgresql_where=sa.text("delivered_at is null"),
    )


def _make_notifications() -> None:
    op.create_table(
        "notifications",
        *_event_columns(),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("read_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    op.create_index("ix_notifications_owner_id_id", "notifications", ["owner_id", "id"])


def _event_columns() -> list[sa.Column[str]]:
    return [
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
    ]
