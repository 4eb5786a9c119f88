"""One visit of the Signal page."""

from collections.abc import Mapping
from math import isfinite

from sonde.bearings.core.envelope import Band
from sonde.bearings.core.signal_views import Look
from sonde.bearings.services import datasets, signals
from sonde.bearings.ui.signal.body import Shown
from sonde.bearings.ui.signal.layout import choice_view, signal_view
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

DATASETS_SHOWN = 200


def show_choice(request: PageRequest) -> PageView:
    """Return the page on which a recording is chosen."""
    found = datasets.list_datasets(request.actor, limit=DATASETS_SHOWN).items
    recordings = datasets.recordings(request.actor, found[0].id) if found else ()
    return choice_view(found, recordings)


def show(request: PageRequest) -> PageView:
    """Return the page of one recording, as its address says."""
    query = request.query
    look = Look(request.params["recording_id"], query.get("channel", ""), query.get("bearing", ""))
    actor = request.actor
    where = signals.place(actor, look)
    shown = looked(actor, look, _span(query, "from", "to"), _span(query, "low", "high"))
    siblings = datasets.recordings(actor, where.dataset.id)
    found = datasets.list_datasets(actor, limit=DATASETS_SHOWN).items
    return signal_view(where, shown, found, siblings)


def looked(
    actor: Actor, look: Look, span_s: Band | None = None, band_hz: Band | None = None
) -> Shown:
    """Return everything that the body of the page shows."""
    start_s, stop_s = span_s or (0.0, None)
    return Shown(
        place=signals.place(actor, look),
        course=signals.course(actor, look, start_s, stop_s),
        spectrum=signals.spectrum(actor, look),
        envelope=signals.envelope(actor, look, band_hz),
        diagnosis=signals.diagnosis(actor, look),
        span_s=span_s,
    )


def _span(query: Mapping[str, str], first: str, last: str) -> Band | None:
    """Return a range of the address; None where it is not there or makes no sense."""
    try:
        low, high = float(query[first]), float(query[last])
    except (KeyError, ValueError):
        return None
    return (low, high) if isfinite(low) and isfinite(high) and 0 <= low < high else None
