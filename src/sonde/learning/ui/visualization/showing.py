"""What the visualization page shows: asked of the services, handed to the tab's panel."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sonde.learning.core.analyses import analysis
from sonde.learning.services import visualizations
from sonde.learning.services.analyses import Analysis
from sonde.learning.ui.visualization.controls import controls
from sonde.learning.ui.visualization.panels import (
    activations_panel,
    embedding_panel,
    filters_panel,
    looks_row,
    saliency_panel,
)
from sonde.learning.ui.visualization.state import ViewState
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.ui.components import card, empty_state, note
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone

_PANELS: Final[Mapping[str, Callable[[Mapping[str, Any], str, Any], list[Any]]]] = {
    "embedding": embedding_panel,
    "activations": activations_panel,
    "saliency": saliency_panel,
    "filters": filters_panel,
}


def shown(actor: Actor, state: ViewState) -> list[Any]:
    """Return the settings of the tab's look, and what it found as far as it is."""
    try:
        found = visualizations.look(actor, state.tab, state.experiment, state.params)
    except (Invalid, Conflict) as error:
        return [_controls(actor, state, None), note(error.message, Tone.WARN)]
    asked = _controls(actor, state, found)
    if found is None or found.result is None:
        return [asked, card(_waiting(found, may_work=actor.role is not Role.VIEWER))]
    arrays = visualizations.arrays(actor, found)
    panel = _PANELS[state.tab](found.result, state.colour, arrays)
    return [asked, *panel, *_further(actor, state, found.result)]


def _controls(actor: Actor, state: ViewState, found: Analysis | None) -> Any:
    idle = found is None or (found.state.is_final and found.result is None)
    may_start = actor.role is not Role.VIEWER and idle
    return controls(state, analysis(state.tab).help, may_start=may_start)


def _further(actor: Actor, state: ViewState, result: Mapping[str, Any]) -> list[Any]:
    """Return ways to the source's own looks: at this sample, or at the whole data."""
    if state.tab in {"activations", "saliency"}:
        looks = visualizations.sample_looks(actor, state.experiment, result)
        return looks_row("This sample:", looks)
    return looks_row("This data:", visualizations.data_looks(actor, state.experiment))


def _waiting(found: Analysis | None, *, may_work: bool) -> Any:
    """Return what stands where there is no answer: its job, or the way to it."""
    if found is not None and found.job is not None:
        return job_progress(found.job)
    if found is not None:
        return note(found.error or "The job behind this is not there any more.", Tone.WARN)
    words = (
        "It runs as a job: you can leave this page, and the answer is kept."
        if may_work
        else "Ask an analyst to look: viewers may only see what was found."
    )
    return empty_state("Nobody looked at this yet", words, icon_name="tabler:chart-dots")
