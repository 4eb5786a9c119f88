"""What the page shows: asks the services and hands the values to the tabs."""

from collections.abc import Callable
from typing import Any

from sonde.learning.core.comparison.comparison import Comparison
from sonde.learning.services import comparison
from sonde.learning.services.comparison import Compared
from sonde.learning.services.sample_links import sample_links
from sonde.learning.ui.compare.configuration import configuration_tab
from sonde.learning.ui.compare.layout import Drawn
from sonde.learning.ui.compare.state import CompareState
from sonde.learning.ui.compare.tabs import (
    UNITS_SHOWN,
    confusion_tab,
    curves_tab,
    metrics_tab,
    slices_tab,
)
from sonde.learning.ui.compare.verdict import verdict_tab
from sonde.platform.core.actor import Actor

_FIRST_CURVE = "validation/macro_f1"


def drawn(actor: Actor, state: CompareState) -> Drawn:
    """Return what the page shows; raises NotFound and Invalid."""
    found = comparison.side_by_side(actor, state.ids, state.rope)
    result = found.experiments[0].result
    return Drawn(
        state=state,
        titles=found.titles,
        certificate=result.certificate if result and found.comparison else None,
        comparison=found.comparison,
        reasons=found.reasons,
        panel=_panel(actor, found, state),
        is_waiting=found.is_waiting,
    )


def _panel(actor: Actor, found: Compared, state: CompareState) -> list[Any]:
    said = found.comparison
    if said is None:
        return configuration_tab(found.configuration, found.titles, (), shows_all=None)
    makers: dict[str, Callable[[], list[Any]]] = {
        "verdict": lambda: verdict_tab(said, state),
        "metrics": lambda: metrics_tab(said),
        "curves": lambda: _curves(actor, said, state),
        "confusion": lambda: confusion_tab(said, state),
        "slices": lambda: slices_tab(said, state, _links(actor, said)),
        "configuration": lambda: _configuration(found, said, state),
    }
    return makers[state.tab]()


def _links(actor: Actor, said: Comparison) -> tuple[str, ...]:
    samples = [one.sample for one in said.units[:UNITS_SHOWN]]
    return sample_links(actor, said.ids[0], samples)


def _configuration(found: Compared, said: Comparison, state: CompareState) -> list[Any]:
    scores = [values[0] for values in said.metrics]
    shows_all = state.said.get("all") == "1"
    return configuration_tab(found.configuration, said.titles, scores, shows_all=shows_all)


def _curves(actor: Actor, said: Comparison, state: CompareState) -> list[Any]:
    keys = comparison.curve_keys(actor, said.ids)
    wanted = state.said.get("curve", _FIRST_CURVE)
    key = wanted if wanted in keys else (keys[0] if keys else "")
    curves = comparison.curves(actor, said.ids, key) if key else ()
    return curves_tab(said, curves, keys, key)
