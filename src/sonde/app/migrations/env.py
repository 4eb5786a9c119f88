"""How Alembic runs here: on a connection that the caller opened, never from a URL of its own."""

from alembic import context

from sonde.app.domains import PARTS
from sonde.platform.persistence.database import Table

for part in PARTS.every:
    part.tables()

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
