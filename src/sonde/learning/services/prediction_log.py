"""The log of predictions: what registered models said, bounded, for later drift checks."""

from collections.abc import Sequence

from sonde.learning.core.served import Answered, LoggedAnswer, VerdictCount, Way
from sonde.learning.persistence import model_predictions as rows
from sonde.learning.persistence.model_predictions import ModelPredictionRow
from sonde.learning.services import registry
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.core.identifiers import is_id
from sonde.platform.core.paging import Slice

KEPT_PER_MODEL = 10_000


def note(actor: Actor, model_id: str, number: int, way: Way, answered: Sequence[Answered]) -> None:
    """Note answers of a version; the oldest beyond the bound are forgotten."""
    kept = answered[-KEPT_PER_MODEL:]
    rows.add_predictions(
        [
            {
                "workspace_id": actor.workspace_id,
                "owner_id": actor.user_id,
                "model_id": model_id,
                "number": number,
                "caller": actor.name,
                "way": way.value,
                "name": one.name[:200],
                "input_hash": one.input_hash,
                "n_samples": one.n_samples,
                "verdict": one.verdict,
                "probabilities": {name: round(p, 6) for name, p in one.probabilities.items()},
                "is_unlike_training": one.is_unlike_training,
                "latency_ms": one.latency_ms,
            }
            for one in kept
        ]
    )
    rows.keep_newest(model_id, KEPT_PER_MODEL)


def page(actor: Actor, name: str, *, cursor: str = "", limit: int = 50) -> Slice[LoggedAnswer]:
    """Return what a model said, newest first; raises NotFound, Invalid."""
    if cursor and not is_id(cursor):
        raise Invalid("This cursor leads nowhere.", field="cursor")
    model_id = registry.find_model(actor, name).id
    found = rows.predictions(model_id, before=cursor, limit=limit + 1)
    return Slice.cut([_as_logged(row) for row in found], limit, key=lambda one: one.id)


def verdicts(actor: Actor, name: str) -> tuple[VerdictCount, ...]:
    """Return how often each version told each class, among what is kept; raises NotFound."""
    model_id = registry.find_model(actor, name).id
    return tuple(VerdictCount(*row) for row in rows.verdict_counts(model_id))


def _as_logged(row: ModelPredictionRow) -> LoggedAnswer:
    return LoggedAnswer(
        id=row.id,
        version=row.number,
        way=Way(row.way),
        caller=row.caller,
        answered=Answered(
            name=row.name,
            input_hash=row.input_hash,
            n_samples=row.n_samples,
            verdict=row.verdict,
            probabilities=row.probabilities,
            is_unlike_training=row.is_unlike_training,
            latency_ms=row.latency_ms,
        ),
        at=row.created_at,
    )
