"""The zone of ISO 20816-3 of one recording, where everything it rests on is declared."""

from sonde.bearings.core.iso20816 import MachineGroup, Support, ZoneReading, severity_zone
from sonde.bearings.core.signal_views import Look
from sonde.bearings.services.signals import access
from sonde.platform.core.actor import Actor


def zone(
    actor: Actor, look: Look, group: MachineGroup | None, support: Support | None
) -> ZoneReading:
    """Return the zone of the channel looked at.

    Raises NotFound, and Invalid with the reason where unit, group or support are not declared or
    the standard does not cover the recording.
    """
    found = access.signal(actor, look)
    return severity_zone(
        found.samples, found.rate_hz, found.unit, found.recording.speed_rpm, (group, support)
    )
