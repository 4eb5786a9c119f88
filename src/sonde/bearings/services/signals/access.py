"""From what is looked at to its samples: stored recordings, and signals brought for an hour."""

from dataclasses import replace

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.core.signal_views import Look, Signal
from sonde.bearings.core.units import unit_named
from sonde.bearings.services import datasets
from sonde.bearings.services.signals import uploads
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid


def recording_of(actor: Actor, recording_id: str, unit: str = "") -> StoredRecording:
    """Return a recording or an upload, in the declared unit where it has none of its own.

    Raises NotFound for what is not the actor's to see, and Invalid for a unit that is none.
    """
    if uploads.is_upload(recording_id):
        found = uploads.get(actor, recording_id).recording
    else:
        found = datasets.get_recording(actor, recording_id)
    if unit and found.unit == UNKNOWN_UNIT:
        return replace(found, unit=unit_named(unit).symbol)
    return found


def channel_of(recording: StoredRecording, wanted: str) -> str:
    """Return the channel that is looked at, the first if none is named; raises Invalid."""
    if not wanted:
        return recording.channels[0]
    if wanted not in recording.channels:
        raise Invalid(
            f"There is no channel {wanted!r}; there are {', '.join(recording.channels)}.",
            field="channel",
        )
    return wanted


def designation_of(actor: Actor, recording: StoredRecording, look: Look) -> str:
    """Return the designation or geometry that is assumed; empty where nobody stated one."""
    if look.bearing:
        return look.bearing
    if uploads.is_upload(recording.id):
        return uploads.get(actor, recording.id).designation
    return datasets.get(actor, recording.dataset_id).designation


def geometry_of(actor: Actor, recording: StoredRecording, look: Look) -> Geometry | None:
    """Return the assumed geometry; raises NotFound for an unknown designation, and Invalid."""
    return datasets.geometry_of(designation_of(actor, recording, look))


def signal(
    actor: Actor,
    look: Look,
    start: int = 0,
    stop: int | None = None,
    *,
    tacho: bool = False,
    with_geometry: bool = False,
) -> Signal:
    """Return samples of the channel looked at, or of the tacho; raises NotFound and Invalid.

    Only what asks for the geometry minds whether the bearing is known.
    """
    recording = recording_of(actor, look.recording_id, look.unit)
    channel = recording.tacho_channel if tacho else channel_of(recording, look.channel)
    if uploads.is_upload(recording.id):
        samples = uploads.samples(actor, recording.id, channel)[start:stop]
    else:
        samples = datasets.read_samples(
            actor, recording.id, channel=channel, start=start, stop=stop
        )
    geometry = geometry_of(actor, recording, look) if with_geometry else None
    return Signal(recording, channel, samples, geometry)
