"""Every view, in the order of its tab."""

from collections.abc import Mapping
from types import MappingProxyType

from sonde.bearings.ui.signal.state import FIRST_VIEW
from sonde.bearings.ui.signal.views import (
    average,
    bicoherence,
    cepstrum,
    coherence,
    envelope,
    orbit,
    orders,
    spectrum,
    time,
    timefrequency,
    waterfall,
)
from sonde.bearings.ui.signal.views.view import View

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        view.key: view
        for view in (
            time.VIEW,
            spectrum.VIEW,
            envelope.VIEW,
            cepstrum.VIEW,
            orders.VIEW,
            average.VIEW,
            timefrequency.VIEW,
            waterfall.VIEW,
            orbit.VIEW,
            coherence.VIEW,
            bicoherence.VIEW,
        )
    }
)


def view_of(key: str) -> View:
    """Return a view by its key, the first one where there is no such view."""
    return VIEWS.get(key, VIEWS[FIRST_VIEW])


def defaults() -> dict[str, dict[str, str]]:
    """Return what is chosen in every view where nobody chose."""
    return {
        view.key: {setting.name: setting.default for setting in view.settings}
        for view in VIEWS.values()
    }
