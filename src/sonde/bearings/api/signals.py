"""Looking at recordings over REST: the signal, its spectra, and the diagnosis."""

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel

from sonde.bearings.core.downsampling import with_peaks
from sonde.bearings.core.signal_views import Look, SpectrumWish
from sonde.bearings.core.spectra import Spectrum, Window
from sonde.bearings.core.spectrum_settings import Scaling, SpectrumSettings
from sonde.bearings.core.units import Quantity
from sonde.bearings.services.signals import diagnosis, measures, places, spectra
from sonde.platform.api.routing import Acting, router
from sonde.platform.core.errors import Invalid

ROUTER = router("/recordings", tag="Recordings")
SENT_POINTS = 800

Channel = Annotated[str, Query(max_length=120, description="The first channel if empty.")]
Bearing = Annotated[
    str, Query(max_length=120, description="Designation or geometry; the data set's own if empty.")
]
DeclaredUnit = Annotated[
    str, Query(max_length=20, description="Of a recording that does not say its own.")
]
Start = Annotated[float, Query(ge=0, description="Where the stretch begins.")]
Stop = Annotated[float | None, Query(gt=0, description="Where it ends; the end if empty.")]


class FoundBody(BaseModel):
    """One recording that was found."""

    id: str
    title: str
    label: str
    dataset: str


class FoundList(BaseModel):
    """Recordings that hold every word, newest first."""

    items: list[FoundBody]


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


class MeasureBody(BaseModel):
    """One feature; its value is missing where it cannot be had, with the reason."""

    name: str
    title: str
    domain: str
    unit: str
    formula: str
    value: float | None
    lacks: str


@ROUTER.get("")
def find_recordings(
    actor: Acting,
    text: Annotated[str, Query(max_length=200, description="Words; all must occur.")] = "",
    limit: Annotated[int, Query(ge=1, le=places.MOST_FOUND)] = 20,
) -> FoundList:
    """Find recordings by id, file, class, bearing or session, among all that you may see."""
    found = places.search_recordings(actor, text, limit)
    return FoundList(items=[FoundBody(**vars(one)) for one in found])


@ROUTER.get("/{recording_id}/signal")
def get_signal(
    actor: Acting, recording_id: str, channel: Channel = "", start_s: Start = 0, stop_s: Stop = None
) -> SignalBody:
    """Look at a stretch of the signal."""
    found = spectra.course(actor, Look(recording_id, channel), start_s, stop_s)
    return SignalBody(
        time_s=found.time_s.tolist(),
        values=found.values.tolist(),
        n_samples=found.n_samples,
        rms=found.rms,
        peak=found.peak,
    )


def looked_at(recording_id: str, channel: Channel = "", unit: DeclaredUnit = "") -> Look:
    """Return which channel is looked at, in which unit."""
    return Look(recording_id, channel, unit=unit)


@ROUTER.get("/{recording_id}/spectrum")
def get_spectrum(
    actor: Acting,
    look: Annotated[Look, Depends(looked_at)],
    window: Window = Window.HANN,
    scaling: Scaling = Scaling.AMPLITUDE,
    averages: Annotated[int, Query(ge=1, le=10_000)] = 1,
    quantity: Quantity | None = None,
) -> SpectrumBody:
    """Look at the spectrum: amplitude or density, as measured, or integrated to a quantity."""
    settings = SpectrumSettings(window=window, scaling=scaling, averages=averages)
    found = spectra.spectrum(actor, look, SpectrumWish(settings, quantity))
    return SpectrumBody(**_sent(found.measured.spectrum), unit=found.unit)


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
    found = spectra.envelope(actor, Look(recording_id, channel), band)
    return EnvelopeBody(**_sent(found.spectrum), unit=found.spectrum.unit, band_hz=found.band)


@ROUTER.get("/{recording_id}/features")
def get_features(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    bearing: Bearing = "",
    unit: DeclaredUnit = "",
) -> list[MeasureBody]:
    """Measure the features of one channel."""
    groups = measures.features(actor, Look(recording_id, channel, bearing, unit))
    return [
        MeasureBody(**{**vars(one), "domain": domain, "value": None if one.lacks else one.value})
        for domain, members in groups.items()
        for one in members
    ]


@ROUTER.get("/{recording_id}/diagnosis")
def get_diagnosis(
    actor: Acting, recording_id: str, channel: Channel = "", bearing: Bearing = ""
) -> DiagnosisBody:
    """Diagnose one recording from physics."""
    found = diagnosis.diagnosis(actor, Look(recording_id, channel, bearing))
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


def _sent(spectrum: Spectrum) -> dict[str, Any]:
    """Return a spectrum in few values, each the highest of its bucket."""
    shown = with_peaks(spectrum, SENT_POINTS)
    return {"resolution_hz": shown.resolution_hz, "values": shown.values.tolist()}
