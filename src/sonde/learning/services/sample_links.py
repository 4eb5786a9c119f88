"""Where the samples that a model was tested on can be looked at."""

from collections.abc import Sequence

from sonde.learning.core.sources import LinksSamples
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.services.work import ports


def sample_links(
    actor: Actor, experiment_id: str, samples: Sequence[tuple[str, int, int]]
) -> tuple[str, ...]:
    """Return the address of each sample (recording, first, one past last); empty without one.

    Raises NotFound for an experiment that is not the actor's to see.
    """
    row, _ = experiments.find(actor, experiment_id)
    source = ports().parts.problem_source(row.source)
    if not samples or not isinstance(source, LinksSamples):
        return ("",) * len(samples)
    try:
        return tuple(source.sample_links(actor, row.ref, row.config["options"], samples))
    except (NotFound, Invalid):
        # the data set is gone or has changed: the result still stands, without links
        return ("",) * len(samples)
