"""People, their sessions and workspaces, the audit log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_accounts"
down_revision = None
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def _moment(name: str, *, filled: bool = True) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        nullable=not filled,
        server_default=NOW if filled else None,
    )


def _user() -> sa.Column[object]:
    return sa.Column(
        "user_id", sa.String(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False
    )


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String()),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default="true"),
        _moment("created_at"),
        _moment("last_signed_in_at", filled=False),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.CheckConstraint("role in ('viewer', 'analyst', 'admin')", name="ck_users_role"),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "owner_id", sa.String(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False
        ),
        _moment("created_at"),
    )
    op.create_index("ix_workspaces_owner_id", "workspaces", ["owner_id"])
    op.create_table(
        "workspace_members",
        sa.Column(
            "workspace_id",
            sa.String(),
            sa.ForeignKey("workspaces.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "user_id", sa.String(), sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
        ),
    )
    op.create_index("ix_workspace_members_user_id", "workspace_members", ["user_id"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("key", sa.String(64), primary_key=True),
        _user(),
        _moment("created_at"),
        _moment("last_seen_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False, server_default=""),
        sa.Column("device", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "sign_in_links",
        sa.Column("key", sa.String(64), primary_key=True),
        _user(),
        _moment("created_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _moment("used_at", filled=False),
    )
    op.create_index("ix_sign_in_links_user_id", "sign_in_links", ["user_id"])


def _records() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.String(26), primary_key=True),
        _moment("at"),
        sa.Column("actor_id", sa.String(26), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False, server_default=""),
        sa.Column("address", sa.String(), nullable=False, server_default=""),
        sa.Column("details", JSONB(), nullable=False, server_default="{}"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_actor_id", "audit_log", ["actor_id"])
    op.create_table(
        "idempotency_keys",
        sa.Column(
            "user_id", sa.String(), sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("answer", JSONB()),
        _moment("created_at"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])


def upgrade() -> None:
    """Make the tables."""
    _people()
    _sessions()
    _records()


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "idempotency_keys",
        "audit_log",
        "sign_in_links",
        "sessions",
        "workspace_members",
        "workspaces",
        "users",
    ):
        op.drop_table(table)
