"""What physics says about one recording, kept with its data set."""

import json
from dataclasses import asdict

from sonde.bearings.core.diagnosis import Diagnosis, Evidence, diagnose
from sonde.bearings.core.signal_views import Look
from sonde.bearings.core.weighing import Verdict
from sonde.bearings.services.signals import access
from sonde.platform.core.actor import Actor
from sonde.platform.services.work import ports

_TTL_S = 86_400
_VERSION = 1


def diagnosis(actor: Actor, look: Look) -> Diagnosis | None:
    """Return what physics says, None where the bearing is unknown; cached with its data set.

    Raises NotFound and Invalid.
    """
    recording = access.recording_of(actor, look.recording_id)
    geometry = access.geometry_of(actor, recording, look)
    if geometry is None:
        return None
    channel = access.channel_of(recording, look.channel)
    key = (
        f"bearings:dataset:{recording.dataset_id}:diagnosis:{_VERSION}:"
        f"{recording.id}:{channel}:{geometry}"
    )
    stored = ports().cache.get(key)
    if stored is not None:
        return _read(stored)
    signal = access.signal(actor, look)
    found = diagnose(signal.samples, signal.rate_hz, recording.speed_rpm, geometry)
    ports().cache.set(key, json.dumps(asdict(found)).encode(), _TTL_S)
    return found


def _read(stored: bytes) -> Diagnosis:
    facts = json.loads(stored)
    low, high = facts["band_hz"]
    return Diagnosis(
        verdict=Verdict(facts["verdict"]),
        strength=facts["strength"],
        band_hz=(low, high),
        summary=facts["summary"],
        evidence=tuple(Evidence(**line) for line in facts["evidence"]),
        assumptions=tuple(facts["assumptions"]),
    )
