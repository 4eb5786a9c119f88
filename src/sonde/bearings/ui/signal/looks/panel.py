"""Draw what is looked at, or say why it cannot be drawn."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sonde.bearings.ui.signal.looks import angles, images, spectra
from sonde.bearings.ui.signal.settings import Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.catalogue import view_of
from sonde.bearings.ui.signal.views.view import refusal
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound

LOOKERS: Mapping[str, Callable[[Actor, ViewState, Values], Any]] = MappingProxyType(
    {
        "time": spectra.time,
        "spectrum": spectra.spectrum,
        "envelope": spectra.envelope,
        "cepstrum": spectra.cepstrum,
        "orders": angles.order_view,
        "average": angles.average,
        "time-frequency": images.time_frequency,
        "waterfall": images.waterfall,
        "orbit": angles.orbit,
        "coherence": images.coherence,
        "bicoherence": images.bicoherence,
    }
)


def panel(actor: Actor, state: ViewState) -> Sequence[Any]:
    """Return what the view shows, or the reason why it cannot."""
    view = view_of(state.view)
    values = view.values(state)
    try:
        found = LOOKERS[view.key](actor, state, values)
    except (Invalid, NotFound) as refused:
        return [refusal(refused.message)]
    return view.panel(found, state, values)
