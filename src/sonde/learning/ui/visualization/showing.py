"""What the visualization page shows: asked of the services, handed to the tab's panel."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.analyses import analysis
from sonde.learning.services import visualizations
from sonde.learning.services.analyses import Analysis
from sonde.learning.ui.visualization.controls import KNOBS, Offers, controls
from sonde.learning.ui.visualization.feature_panels import features_panel
from sonde.learning.ui.visualization.layout import VISUALIZATION
from sonde.learning.ui.visualization.network_panels import (
    activations_panel,
    filters_panel,
    saliency_panel,
)
from sonde.learning.ui.visualization.panels import (
    embedding_panel,
    looks_row,
    picked_view,
    picture_panel,
)
from sonde.learning.ui.visualization.state import TABS, ViewState
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.ui.components import card, note, stack
from sonde.platform.ui.theme import Tone

_PANELS: Final[Mapping[str, Callable[[Mapping[str, Any], ViewState, Any], list[Any]]]] = {
    "embedding": embedding_panel,
    "picture": picture_panel,
    "features": features_panel,
    "activations": activations_panel,
    "saliency": saliency_panel,
    "filters": filters_panel,
}
_OF_A_SAMPLE: Final = frozenset({"picture", "activations", "saliency"})


def shown(actor: Actor, state: ViewState) -> list[Any]:
    """Return the settings of the tab's look, and what it found as far as it is."""
    try:
        found = visualizations.look(actor, state.tab, state.experiment, state.params)
        offers = _offers(actor, state, found)
    except Conflict as error:
        return [note(error.message, Tone.WARN)]
    except Invalid as error:
        return [_refused(state, error.message)]
    asked = _controls(actor, state, found, offers)
    if found is None or found.result is None:
        return [asked, card(VISUALIZATION.waiting(found, may_work=actor.role is not Role.VIEWER))]
    arrays = visualizations.arrays(actor, found)
    panel = _PANELS[state.tab](found.result, state, arrays)
    return [asked, *panel, *_further(actor, state, found.result)]


def picked(actor: Actor, state: ViewState, sample: int) -> Any:
    """Return one sample of the map that somebody pointed at, with the ways on; None without."""
    found = visualizations.look(actor, "embedding", state.experiment, state.params)
    if found is None or found.result is None or sample not in found.result["samples"]:
        return None
    place = found.result["samples"].index(sample)
    looks = visualizations.sample_looks(actor, state.experiment, found.result, place)
    return picked_view(found.result, place, state, looks[:1])


def _offers(actor: Actor, state: ViewState, found: Analysis | None) -> Offers:
    """Return what can be chosen; raises as `visualizations.look`."""
    known = (found.result if found is not None else None) or {}
    has_views = any(knob.name == "view" for knob in KNOBS[state.tab])
    views = visualizations.views(actor, state.experiment) if has_views else ()
    of_sample = state.tab in _OF_A_SAMPLE
    return Offers(
        [(one["name"], f"{one['name']} · {one['kind']}") for one in _layers(actor, state, found)],
        [(one.key, one.title) for one in views],
        visualizations.worth_a_look(actor, state.experiment) if of_sample else (),
        has_channels=known.get("n_channels", 1) > 1,
    )


def _layers(actor: Actor, state: ViewState, found: Analysis | None) -> Sequence[Mapping[str, Any]]:
    """Return the layers where one can be chosen; an answer that names them spares the question."""
    if state.tab == "activations" and found is not None:
        if found.result is not None:
            return list(found.result["layers"])
        if not found.state.is_final:
            return ()
    if state.tab == "activations" or (state.tab, state.said.get("of")) == ("embedding", "layer"):
        return visualizations.layers(actor, state.experiment)
    return ()


def _controls(actor: Actor, state: ViewState, found: Analysis | None, offers: Offers) -> Any:
    kind = analysis(state.tab)
    idle = found is None or (found.state.is_final and found.result is None)
    start = "shown" if actor.role is not Role.VIEWER and idle else "disabled"
    return controls(state, kind.help, offers, start="hidden" if kind.is_quick else start)


def _refused(state: ViewState, words: str) -> Any:
    """Say why this cannot be looked at, and what can be."""
    others = [
        dmc.Anchor(TABS[tab], href=state.address(tab), size="sm", refresh=True)
        for tab in ("embedding", "picture", "features")
        if tab != state.tab
    ]
    if state.params:
        words_again, again = "Start again without settings", state.address(state.tab)
        others.insert(0, dmc.Anchor(words_again, href=again, size="sm", refresh=True))
    return card(stack([note(words, Tone.WARN), html.Div(others, className="sonde-row")]))


def _further(actor: Actor, state: ViewState, result: Mapping[str, Any]) -> list[Any]:
    """Return ways to the source's own looks: at this sample, or at the whole data."""
    if state.tab in _OF_A_SAMPLE:
        looks = visualizations.sample_looks(actor, state.experiment, result)
        return looks_row("This sample:", looks)
    return looks_row("This data:", visualizations.data_looks(actor, state.experiment))
