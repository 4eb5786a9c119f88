"""Looking into data and models: maps, pictures, features, layers, and ways to further looks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analyses import analysis
from sonde.learning.core.embedding.examples import Example, examples
from sonde.learning.core.held_out import load as load_held_out
from sonde.learning.core.sample_views import SampleView
from sonde.learning.core.sources import LinksLooks, ShowsSamples
from sonde.learning.services import analyses, experiments
from sonde.learning.services.analyses import Analysis
from sonde.learning.services.analysis_materials import require_finished
from sonde.learning.services.sample_links import sample_links
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

QUESTIONS: Final = ("embedding", "picture", "features", "activations", "saliency", "filters")
Looks = Sequence[tuple[str, str]]


def ask(actor: Actor, what: str, experiment_id: str, params: Mapping[str, object]) -> Analysis:
    """Ask one question of the page; raises what `analyses.ask` raises."""
    if what not in QUESTIONS:
        raise Invalid(f"There is no look {what!r}; choose one of {', '.join(QUESTIONS)}.")
    return analyses.ask(actor, what, [experiment_id], params)


def look(
    actor: Actor, what: str, experiment_id: str, params: Mapping[str, object]
) -> Analysis | None:
    """Return what is known; a quick look that nobody asked for yet is asked for now.

    Nothing is asked for viewers. Raises what `analyses.ask` raises.
    """
    found = analyses.look(actor, what, [experiment_id], params)
    if found is None and analysis(what).is_quick and actor.role is not Role.VIEWER:
        return analyses.ask(actor, what, [experiment_id], params)
    return found


def layers(actor: Actor, experiment_id: str) -> Sequence[Mapping[str, Any]]:
    """Return a network's layers as far as they are listed; raises what `look` raises."""
    found = look(actor, "layers", experiment_id, {})
    return found.result["layers"] if found is not None and found.result is not None else ()


def views(actor: Actor, experiment_id: str) -> tuple[SampleView, ...]:
    """Return the pictures of samples that an experiment's source knows; raises NotFound."""
    row, _ = experiments.find(actor, experiment_id)
    source = ports().parts.problem_source(row.source)
    return tuple(source.sample_views) if isinstance(source, ShowsSamples) else ()


def worth_a_look(actor: Actor, experiment_id: str) -> tuple[Example, ...]:
    """Return samples of every class to begin with; raises NotFound and Conflict."""
    row, _ = experiments.find(actor, experiment_id)
    return examples(load_held_out(ports().files.read(require_finished(row)[1])))


def arrays(actor: Actor, found: Analysis) -> Mapping[str, NDArray[np.generic]]:
    """Return the arrays of an answer; empty where it has none."""
    return analyses.arrays(actor, found.id) if found.has_arrays else {}


def data_looks(actor: Actor, experiment_id: str) -> Looks:
    """Return the source's own pages that look at an experiment's data; raises NotFound."""
    row, _ = experiments.find(actor, experiment_id)
    source = ports().parts.problem_source(row.source)
    return source.data_looks(row.ref) if isinstance(source, LinksLooks) else ()


def sample_looks(
    actor: Actor, experiment_id: str, result: Mapping[str, Any], place: int = 0
) -> Looks:
    """Return the source's own looks at one sample of an answer; raises NotFound."""
    first, last = result["spans"][place]
    span = (result["recordings"][place], first, last)
    (address,) = sample_links(actor, experiment_id, [span])
    row, _ = experiments.find(actor, experiment_id)
    source = ports().parts.problem_source(row.source)
    if not address or not isinstance(source, LinksLooks):
        return (("Signal", address),) if address else ()
    return source.sample_looks(address)
