"""Looking at recordings over REST: the signal, its spectra, and the diagnosis."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from sonde.bearings.core.signal_views import Look
from sonde.bearings.services import signals
from sonde.platform.api.routing import Acting, router
from sonde.platform.core.errors import Invalid

ROUTER = router("/recordings", tag="Recordings")

Channel = Annotated[str, Query(max_length=120, description="The first channel if empty.")]
Bearing = Annotated[
    str, Query(max_length=120, description="Designation or geometry; the data set's own if empty.")
]


class SignalBody(BaseModel):
    """A stretch of a signal in at most 2,000 points that keep its extremes."""

    time_s: list[float]
    values: list[float]
    n_samples: int
    rms: float
    peak: float


class SpectrumBody(BaseModel):
    """A spectrum on a regular axis from 0 Hz; every value is the highest of its bucket."""

    resolution_hz: float
    values: list[float]
    unit: str


class EnvelopeBody(SpectrumBody):
    """A squared envelope spectrum relative to the mean power, and the band behind it."""

    band_hz: tuple[float, float]


class EvidenceBody(BaseModel):
    """One line of the squared envelope spectrum."""

    line: str
    order: float
    expected_hz: float
    found_hz: float
    strength: float


class DiagnosisBody(BaseModel):
    """What physics says about a recording."""

    verdict: str
    strength: float
    band_hz: tuple[float, float]
    summary: str
    evidence: list[EvidenceBody]
    assumptions: list[str]


@ROUTER.get("/{recording_id}/signal")
def get_signal(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    start_s: Annotated[float, Query(ge=0)] = 0.0,
    stop_s: Annotated[float | None, Query(gt=0)] = None,
) -> SignalBody:
    """Look at a stretch of the signal."""
    found = signals.course(actor, Look(recording_id, channel), start_s, stop_s)
    return SignalBody(
        time_s=found.time_s.tolist(),
        values=found.values.tolist(),
        n_samples=found.n_samples,
        rms=found.rms,
        peak=found.peak,
    )


@ROUTER.get("/{recording_id}/spectrum")
def get_spectrum(actor: Acting, recording_id: str, channel: Channel = "") -> SpectrumBody:
    """Look at the amplitude spectrum."""
    found = signals.spectrum(actor, Look(recording_id, channel)).spectrum
    return SpectrumBody(
        resolution_hz=found.resolution_hz, values=found.values.tolist(), unit=found.unit
    )


@ROUTER.get("/{recording_id}/envelope-spectrum")
def get_envelope_spectrum(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    low_hz: Annotated[float | None, Query(ge=0)] = None,
    high_hz: Annotated[float | None, Query(gt=0)] = None,
) -> EnvelopeBody:
    """Look at the squared envelope spectrum of a band; without one, the best is taken."""
    if (low_hz is None) != (high_hz is None):
        raise Invalid("Give both edges of the band, or none.", field="band")
    band = None if low_hz is None or high_hz is None else (low_hz, high_hz)
    found = signals.envelope(actor, Look(recording_id, channel), band)
    return EnvelopeBody(
        resolution_hz=found.spectrum.resolution_hz,
        values=found.spectrum.values.tolist(),
        unit=found.spectrum.unit,
        band_hz=found.band,
    )


@ROUTER.get("/{recording_id}/diagnosis")
def get_diagnosis(
    actor: Acting, recording_id: str, channel: Channel = "", bearing: Bearing = ""
) -> DiagnosisBody:
    """Diagnose one recording from physics."""
    found = signals.diagnosis(actor, Look(recording_id, channel, bearing))
    if found is None:
        raise Invalid("The data set names no bearing; give one.", field="bearing")
    return DiagnosisBody(
        verdict=found.verdict.value,
        strength=found.strength,
        band_hz=found.band_hz,
        summary=found.summary,
        evidence=[EvidenceBody(**vars(line)) for line in found.evidence],
        assumptions=list(found.assumptions),
    )
