"""What the evaluation page shows: asked of the services, handed to the tab's panel."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sonde.learning.core.analyses import analysis
from sonde.learning.services import evaluations
from sonde.learning.ui.evaluation.controls import controls
from sonde.learning.ui.evaluation.layout import EVALUATION
from sonde.learning.ui.evaluation.panels import (
    architectures,
    calibration,
    curves,
    errors,
    robustness,
    sets,
    unseen,
)
from sonde.learning.ui.evaluation.panels.panel import Linked, worth
from sonde.learning.ui.evaluation.state import ViewState
from sonde.learning.ui.marks import honesty_badge
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.ui.components import card, note
from sonde.platform.ui.theme import Tone

PANELS: Final[Mapping[str, Callable[[Mapping[str, Any], Linked], list[Any]]]] = {
    "curves": curves.panel,
    "errors": errors.panel,
    "architectures": architectures.panel,
    "robustness": robustness.panel,
    "calibration": calibration.panel,
    "sets": sets.panel,
    "unseen": unseen.panel,
}


def shown(actor: Actor, state: ViewState) -> list[Any]:
    """Return the settings of the tab's question, and its answer as far as it is."""
    chosen = evaluations.subject(actor, state.experiments[0])
    rivals = evaluations.rivals(actor, chosen.id) if state.tab == "architectures" else ()
    kind = analysis(state.kind)
    try:
        found = evaluations.look(actor, state.kind, state.asked, state.params)
        problem = ""
    except (Invalid, Conflict) as error:
        found, problem = None, error.message
    running = found is not None and not found.state.is_final
    may_work = actor.role is not Role.VIEWER
    known = found is not None and found.result is not None
    asked = controls(
        state,
        kind.help,
        rivals,
        may_start=may_work and not (known or running or problem),
        is_quick=kind.is_quick,
    )
    parts = [asked] if asked is not None else []
    if problem:
        return [*parts, note(problem, Tone.WARN)]
    if found is None or found.result is None:
        return [*parts, card(EVALUATION.waiting(found, may_work=may_work))]

    def linked(samples: list[Mapping[str, Any]]) -> tuple[str, ...]:
        return evaluations.links(actor, chosen.id, samples)

    panel = PANELS[state.tab](found.result, linked)
    base = worth(found.result, honesty_badge(chosen.is_honest), is_honest=chosen.is_honest)
    # a leak is said before any figure, what is sound below them
    return [*parts, *panel, base] if chosen.is_honest else [*parts, base, *panel]
