"""Tables tell with every commit that they have changed, to who keeps what was read from them."""

from alembic import op

revision = "0024_changes_told"
down_revision = "0023_own_strategies"
branch_labels = None
depends_on = None

_TELLING = (
    "sessions",
    "users",
    "workspaces",
    "workspace_members",
    "markets_accounts",
    "markets_automations",
    "markets_collections",
    "markets_feeds",
    "markets_funding_rates",
    "markets_instruments",
    "markets_journal",
    "markets_locks",
    "markets_pause_ends",
    "markets_replays",
    "markets_risk_settings",
    "markets_series",
    "markets_series_parts",
    "markets_trades",
    "markets_watches",
)


def upgrade() -> None:
    """Let each table tell its name."""
    op.execute(
        "CREATE FUNCTION sonde_tell_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN PERFORM pg_notify('sonde_changed', TG_TABLE_NAME); RETURN NULL; END $$"
    )
    for table in _TELLING:
        op.execute(
            f"CREATE TRIGGER {table}_tell_change "
            f"AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sonde_tell_change()"
        )


def downgrade() -> None:
    """Let them be silent."""
    for table in _TELLING:
        op.execute(f"DROP TRIGGER {table}_tell_change ON {table}")
    op.execute("DROP FUNCTION sonde_tell_change()")
