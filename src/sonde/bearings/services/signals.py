"""Looking at one recording: its course in time, its spectra, and what physics says about it."""

import json
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.bands import candidate_bands, most_impulsive_band
from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.diagnosis import Diagnosis, Evidence, diagnose
from sonde.bearings.core.envelope import Band
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.signal_views import (
    Course,
    EnvelopeLook,
    Look,
    Place,
    SpectrumLook,
    course_of,
    envelope_of,
    spectrum_of,
)
from sonde.bearings.core.weighing import Verdict
from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

_DIAGNOSIS_TTL_S = 86_400
_DIAGNOSIS_VERSION = 1


def place(actor: Actor, look: Look) -> Place:
    """Return where a recording stands; raises NotFound and Invalid."""
    recording = datasets.get_recording(actor, look.recording_id)
    dataset = datasets.get(actor, recording.dataset_id)
    ids = [each.id for each in datasets.recordings(actor, dataset.id)]
    position = ids.index(recording.id)
    return Place(
        dataset=dataset,
        recording=recording,
        channel=_channel(recording, look.channel),
        bearing=look.bearing or dataset.designation,
        position=position + 1,
        total=len(ids),
        previous_id=ids[position - 1] if position else "",
        next_id=ids[position + 1] if position + 1 < len(ids) else "",
    )


def course(actor: Actor, look: Look, start_s: float = 0.0, stop_s: float | None = None) -> Course:
    """Return a stretch of the signal in at most 1,300 points; raises NotFound and Invalid."""
    recording = datasets.get_recording(actor, look.recording_id)
    rate_hz = recording.sampling_rate_hz
    start = min(max(int(start_s * rate_hz), 0), recording.n_samples - 1)
    stop = recording.n_samples if stop_s is None else int(np.ceil(stop_s * rate_hz)) + 1
    stop = min(max(stop, start + 2), recording.n_samples)
    channel = _channel(recording, look.channel)
    samples = datasets.read_samples(actor, recording.id, channel=channel, start=start, stop=stop)
    return course_of(samples, start, rate_hz)


def spectrum(actor: Actor, look: Look) -> SpectrumLook:
    """Return the amplitude spectrum with its peaks kept; raises NotFound and Invalid."""
    recording, samples = _signal(actor, look)
    return spectrum_of(samples, recording.sampling_rate_hz)


def envelope(actor: Actor, look: Look, band: Band | None = None) -> EnvelopeLook:
    """Return the squared envelope spectrum up to order 20 with the lines to look for.

    Without a band, the one of the diagnosis is taken, or the most impulsive one where the bearing
    is unknown. Raises NotFound and Invalid.
    """
    recording, samples = _signal(actor, look)
    geometry = _geometry(actor, recording, look)
    if band is None:
        band = _own_band(actor, look, recording, samples, geometry)
    shaft_hz = recording.speed_rpm / 60
    return envelope_of(samples, recording.sampling_rate_hz, shaft_hz, band, geometry)


def diagnosis(actor: Actor, look: Look) -> Diagnosis | None:
    """Return what physics says, None where the bearing is unknown; cached with its data set.

    Raises NotFound and Invalid.
    """
    recording = datasets.get_recording(actor, look.recording_id)
    geometry = _geometry(actor, recording, look)
    if geometry is None:
        return None
    channel = _channel(recording, look.channel)
    key = (
        f"bearings:dataset:{recording.dataset_id}:diagnosis:{_DIAGNOSIS_VERSION}:"
        f"{recording.id}:{channel}:{geometry}"
    )
    stored = ports().cache.get(key)
    if stored is not None:
        return _read(stored)
    samples = datasets.read_samples(actor, recording.id, channel=channel)
    found = diagnose(samples, recording.sampling_rate_hz, recording.speed_rpm, geometry)
    ports().cache.set(key, json.dumps(asdict(found)).encode(), _DIAGNOSIS_TTL_S)
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


def _channel(recording: StoredRecording, wanted: str) -> str:
    if not wanted:
        return recording.channels[0]
    if wanted not in recording.channels:
        raise Invalid(
            f"There is no channel {wanted!r}; there are {', '.join(recording.channels)}.",
            field="channel",
        )
    return wanted


def _signal(actor: Actor, look: Look) -> tuple[StoredRecording, NDArray[np.float32]]:
    recording = datasets.get_recording(actor, look.recording_id)
    channel = _channel(recording, look.channel)
    return recording, datasets.read_samples(actor, recording.id, channel=channel)


def _geometry(actor: Actor, recording: StoredRecording, look: Look) -> Geometry | None:
    return datasets.geometry_of(
        look.bearing or datasets.get(actor, recording.dataset_id).designation
    )


def _own_band(
    actor: Actor,
    look: Look,
    recording: StoredRecording,
    samples: NDArray[np.float32],
    geometry: Geometry | None,
) -> Band:
    rate_hz, shaft_hz = recording.sampling_rate_hz, recording.speed_rpm / 60
    if geometry is not None:
        found = diagnosis(actor, look)
        return found.band_hz if found else candidate_bands(rate_hz, shaft_hz)[0]
    return most_impulsive_band(samples, rate_hz, shaft_hz)
