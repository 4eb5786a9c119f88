"""Looking into data and models: maps, activations, saliency, filters, and ways to further looks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.sources import LinksLooks
from sonde.learning.services import analyses, experiments
from sonde.learning.services.analyses import Analysis
from sonde.learning.services.sample_links import sample_links
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

QUESTIONS: Final = ("embedding", "activations", "saliency", "filters")
Looks = Sequence[tuple[str, str]]


def ask(actor: Actor, what: str, experiment_id: str, params: Mapping[str, object]) -> Analysis:
    """Ask one question of the page; raises what `analyses.ask` raises."""
    if what not in QUESTIONS:
        raise Invalid(f"There is no look {what!r}; choose one of {', '.join(QUESTIONS)}.")
    return analyses.ask(actor, what, [experiment_id], params)


def look(
    actor: Actor, what: str, experiment_id: str, params: Mapping[str, object]
) -> Analysis | None:
    """Return what is known; starts nothing. Raises what `analyses.look` raises."""
    return analyses.look(actor, what, [experiment_id], params)


def arrays(actor: Actor, found: Analysis) -> Mapping[str, NDArray[np.generic]]:
    """Return the arrays of an answer; empty where it has none."""
    return analyses.arrays(actor, found.id) if found.has_arrays else {}


def data_looks(actor: Actor, experiment_id: str) -> Looks:
    """Return the source's own pages that look at an experiment's data; raises NotFound."""
    row, _ = experiments.find(actor, experiment_id)
    source = ports().parts.problem_source(row.source)
    return source.data_looks(row.ref) if isinstance(source, LinksLooks) else ()


def sample_looks(actor: Actor, experiment_id: str, result: Mapping[str, Any]) -> Looks:
    """Return the source's own looks at the first sample of an answer; raises NotFound."""
    first, last = result["spans"][0]
    place = (result["recordings"][0], first, last)
    (address,) = sample_links(actor, experiment_id, [place])
    row, _ = experiments.find(actor, experiment_id)
    source = ports().parts.problem_source(row.source)
    if not address or not isinstance(source, LinksLooks):
        return (("Signal", address),) if address else ()
    return source.sample_looks(address)
