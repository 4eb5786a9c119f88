"""One visit of the Signal page."""

from collections.abc import Mapping
from dataclasses import replace

from sonde.bearings.core.iso20816 import MachineGroup, Support
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.core.signal_views import Look
from sonde.bearings.services.signals import (
    access,
    diagnosis,
    measures,
    places,
    predicting,
    severity,
)
from sonde.bearings.ui.signal.layout import choice_view, signal_view
from sonde.bearings.ui.signal.looks.panel import panel
from sonde.bearings.ui.signal.side import Known, side
from sonde.bearings.ui.signal.state import ViewState, of_query
from sonde.bearings.ui.signal.zone import ZoneFound
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.ui.components import PageView

_RECENT = 12


def show_choice(request: PageRequest) -> PageView:
    """Return the page on which a recording is chosen."""
    return choice_view(places.search_recordings(request.actor, "", _RECENT))


def show(request: PageRequest) -> PageView:
    """Return the page of one recording, as its address says."""
    actor = request.actor
    state = _possible(actor, of_query(request.params["recording_id"], request.query))
    place = places.place(actor, state.look)
    return signal_view(
        place,
        state,
        panel(actor, state),
        side(known(actor, state.look, zone_of(actor, state.look, *_declared(request.query)))),
        places.compared(actor, state.others),
    )


def known(actor: Actor, look: Look, zone: ZoneFound) -> Known:
    """Return what stands beside the chart; a bearing that nobody knows is told there."""
    refused = ""
    try:
        access.geometry_of(actor, access.recording_of(actor, look.recording_id), look)
    except (Invalid, NotFound) as error:
        refused, look = error.message, replace(look, bearing="")
    return Known(
        places.place(actor, look),
        diagnosis.diagnosis(actor, look),
        measures.features(actor, look),
        tuple((one.experiment_id, one.words) for one in predicting.finished_models(actor)),
        zone,
        refused,
    )


def zone_of(actor: Actor, look: Look, group: str, support: str) -> ZoneFound:
    """Return the zone for what is declared of the machine, or why there is none."""
    try:
        reading = severity.zone(
            actor,
            look,
            MachineGroup(group) if group else None,
            Support(support) if support else None,
        )
    except Invalid as refused:
        return ZoneFound(group, support, refused=refused.message)
    return ZoneFound(group, support, reading)


def _declared(query: Mapping[str, str]) -> tuple[str, str]:
    """Return what an address declares of the machine, as far as it makes sense."""
    group, support = query.get("group", ""), query.get("support", "")
    return (
        group if group in set(MachineGroup) else "",
        support if support in set(Support) else "",
    )


def _possible(actor: Actor, state: ViewState) -> ViewState:
    """Return the state without what this recording does not have: a link may be of another."""
    recording = access.recording_of(actor, state.recording_id)
    channel = state.channel if state.channel in recording.channels else ""
    unit = state.unit if recording.unit == UNKNOWN_UNIT else ""
    others = places.visible(actor, state.others)
    return replace(state, channel=channel, unit=unit, others=others)
