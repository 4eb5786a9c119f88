"""Registered models, their versions, aliases, moves of aliases, predictions and batches."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014_model_registry"
down_revision = "0013_analyses"
branch_labels = None
depends_on = None

_ID = sa.String(26)
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_TABLES = (
    "model_batches",
    "model_predictions",
    "model_alias_moves",
    "model_aliases",
    "model_versions",
    "registered_models",
)


def upgrade() -> None:
    """Make the tables."""
    _make_models()
    _make_versions()
    _make_aliases()
    _make_predictions()
    _make_batches()


def downgrade() -> None:
    """Drop the tables."""
    for table in _TABLES:
        op.drop_table(table)


def _owned() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", _ID, primary_key=True),
        sa.Column("workspace_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
    ]


def _of(table: str, name: str) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, _ID, key, nullable=False)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), server_default="", nullable=False) for name in names]


def _document(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, JSONB(), server_default="{}", nullable=False) for name in names]


def _made() -> sa.Column[Any]:
    return sa.Column("created_at", _TIME, server_default=_NOW, nullable=False)


def _is_archived() -> sa.Column[Any]:
    return sa.Column("is_archived", sa.Boolean(), server_default=sa.false(), nullable=False)


def _make_models() -> None:
    op.create_table(
        "registered_models",
        *_owned(),
        *_text("owner_name", "name", "description"),
        _is_archived(),
        _made(),
        sa.UniqueConstraint("workspace_id", "name", name="uq_registered_models_workspace_id"),
    )


def _make_versions() -> None:
    op.create_table(
        "model_versions",
        *_owned(),
        _of("registered_models", "model_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_text("owner_name", "experiment_id", "experiment_title", "notes"),
        sa.Column("macro_f1", sa.Float(), nullable=False),
        sa.Column("is_honest", sa.Boolean(), nullable=False),
        *_text("test_key", "data_hash", "model_hash", "bundle_key", "held_out_key"),
        *_document("facts"),
        _is_archived(),
        _made(),
        sa.UniqueConstraint("model_id", "number", name="uq_model_versions_model_id"),
    )
    op.create_index("ix_model_versions_experiment_id", "model_versions", ["experiment_id"])


def _make_aliases() -> None:
    op.create_table(
        "model_aliases",
        *_owned(),
        _of("registered_models", "model_id"),
        *_text("alias"),
        _of("model_versions", "version_id"),
        sa.UniqueConstraint("model_id", "alias", name="uq_model_aliases_model_id"),
    )
    op.create_table(
        "model_alias_moves",
        *_owned(),
        _of("registered_models", "model_id"),
        *_text("owner_name", "alias", "kind", "reason"),
        sa.Column("from_number", sa.Integer(), nullable=True),
        sa.Column("to_number", sa.Integer(), nullable=True),
        *_document("evidence"),
        _made(),
    )
    op.create_index("ix_model_alias_moves_model_id", "model_alias_moves", ["model_id", "id"])


def _make_predictions() -> None:
    op.create_table(
        "model_predictions",
        *_owned(),
        _of("registered_models", "model_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_text("caller", "way", "name", "input_hash", "verdict"),
        sa.Column("n_samples", sa.Integer(), nullable=False),
        *_document("probabilities"),
        sa.Column("is_unlike_training", sa.Boolean(), nullable=True),
        sa.Column("latency_ms", sa.Float(), nullable=False),
        _made(),
    )
    op.create_index("ix_model_predictions_model_id", "model_predictions", ["model_id", "id"])


def _make_batches() -> None:
    op.create_table(
        "model_batches",
        *_owned(),
        _of("registered_models", "model_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_text("owner_name", "title", "job_id", "result_key"),
        *_document("asked", "summary"),
        _made(),
        sa.Column("finished_at", _TIME, nullable=True),
    )
    op.create_index("ix_model_batches_model_id", "model_batches", ["model_id", "id"])
