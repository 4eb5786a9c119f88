"""A block of points lies whole within one page and says where it begins: one point is read fast."""

import sqlalchemy as sa
from alembic import op

revision = "0017_metric_slices"
down_revision = "0016_experiment_templates"
branch_labels = None
depends_on = None

_NAME = "experiment_metric_blocks"
# A point begins with its step, an integer of four bytes, the smallest first.
_FIRST_STEP = """
update experiment_metric_blocks set first_step =
  (get_byte(content, 3)::bit(8) || get_byte(content, 2)::bit(8)
   || get_byte(content, 1)::bit(8) || get_byte(content, 0)::bit(8))::bit(32)::integer
"""


def upgrade() -> None:
    """Keep new blocks inline; older, longer ones stay where they are."""
    op.execute(f"alter table {_NAME} alter column content set storage main")
    op.execute(f"alter table {_NAME} set (toast_tuple_target = 8160)")
    op.add_column(_NAME, sa.Column("first_step", sa.Integer(), nullable=True))
    op.execute(_FIRST_STEP)
    op.alter_column(_NAME, "first_step", nullable=False)
    op.create_index(f"ix_{_NAME}_steps", _NAME, ["key", "first_step", "last_step"])


def downgrade() -> None:
    """Let PostgreSQL pack them and put them aside again."""
    op.drop_index(f"ix_{_NAME}_steps", _NAME)
    op.drop_column(_NAME, "first_step")
    op.execute(f"alter table {_NAME} reset (toast_tuple_target)")
    op.execute(f"alter table {_NAME} alter column content set storage extended")
