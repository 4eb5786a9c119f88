"""What was told about held-out samples: the table behind results, comparisons, evaluations."""

from sonde.learning.core.held_out import HeldOut, load
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict
from sonde.platform.services.work import ports


def held_out(actor: Actor, experiment_id: str) -> HeldOut:
    """Return the held-out predictions of an experiment.

    Raises NotFound for what is not the actor's to see, and Conflict while there are none.
    """
    row, _ = experiments.find(actor, experiment_id)
    if not row.held_out_key:
        raise Conflict(
            f"{row.title} has no held-out predictions: it is not finished, or was trained before "
            "they were kept. Train it again.",
            experiment_id=experiment_id,
        )
    return load(ports().files.read(row.held_out_key))
