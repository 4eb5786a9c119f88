"""The further ways of looking at a recording over REST: each answers with what its view shows."""

from math import isnan
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.api.signals import Channel, DeclaredUnit
from sonde.bearings.core.bicoherence import BicoherenceSettings
from sonde.bearings.core.cyclic_coherence import CoherenceSettings
from sonde.bearings.core.iso20816 import MachineGroup, Support
from sonde.bearings.core.orbits.orbit import OrbitSettings
from sonde.bearings.core.signal_views import Look
from sonde.bearings.core.spectrum_settings import SpectrumSettings
from sonde.bearings.core.timefrequency.family import settings_of
from sonde.bearings.core.timefrequency.image import ImageSize
from sonde.bearings.services.signals import (
    images,
    orbits,
    orders,
    predicting,
    severity,
    spectra,
)
from sonde.bearings.services.signals.orders import SpeedSource, SpeedWish
from sonde.learning.core.prediction import Prediction
from sonde.platform.api.routing import Acting, router

ROUTER = router("/recordings", tag="Recordings")
_LISTED = 20
_SENT = ImageSize(rows=64, columns=240)

Source = Annotated[SpeedSource, Query(description="The tacho, else the stated speed, if empty.")]
Pulses = Annotated[int, Query(ge=1, le=10_000, description="Of the tacho in a revolution.")]


class CurveBody(BaseModel):
    """Values on a regular axis that begins at 0, and what the axis is."""

    step: float
    axis: str
    values: list[float]
    facts: dict[str, Any] = Field(default_factory=dict)


class ImageBody(BaseModel):
    """Values over two axes, one list for each row, and the middle of every row and column."""

    columns: list[float]
    rows: list[float]
    values: list[list[float]]
    unit: str


class KurtogramBody(BaseModel):
    """The kurtosis of every band of every level, and the best of them."""

    levels: list[list[float | None]]
    band_hz: tuple[float, float]
    kurtosis: float
    threshold: float
    significant: bool


class CouplingBody(BaseModel):
    """Two frequencies whose sum keeps step with them."""

    model_config = ConfigDict(from_attributes=True)

    first_hz: float
    second_hz: float
    sum_hz: float
    bicoherence: float


class OrbitBody(BaseModel):
    """A stretch of a shaft's motion, seen by two channels."""

    times_s: list[float]
    right: list[float]
    up: list[float]
    direction: str
    largest: float
    channels: tuple[str, str]
    unit: str


class ZoneBody(BaseModel):
    """A zone of ISO 20816-3 and what it rests on."""

    model_config = ConfigDict(from_attributes=True)

    zone: str
    velocity_mm_s: float
    displacement_um: float
    band_hz: tuple[float, float]
    sentence: str


class Asked(BaseModel):
    """Which model is asked about which channel."""

    model_config = ConfigDict(extra="forbid")

    experiment_id: str = Field(max_length=40)
    channel: str = Field("", max_length=120)
    bearing: str = Field("", max_length=120)


@ROUTER.get("/{recording_id}/cepstrum")
def get_cepstrum(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    longest_s: Annotated[float, Query(gt=0, le=10)] = 0.2,
) -> CurveBody:
    """Look at the real cepstrum up to a quefrency."""
    found = spectra.cepstrum(actor, Look(recording_id, channel)).below(longest_s)
    return CurveBody(step=found.step_s, axis="quefrency_s", values=found.values.tolist())


@ROUTER.get("/{recording_id}/orders")
def get_orders(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    speed: Source = SpeedSource.BEST,
    pulses: Pulses = 1,
    highest: Annotated[float, Query(ge=1, le=200)] = 20.0,
) -> CurveBody:
    """Look at the spectrum over orders of the shaft."""
    wish = SpeedWish(speed, pulses, highest)
    look = Look(recording_id, channel)
    found, turned = orders.orders(actor, look, wish, SpectrumSettings())
    facts = {"speed_from": turned.profile.source, "mean_rpm": turned.profile.mean_hz * 60}
    return CurveBody(step=found.resolution, axis="order", values=found.values.tolist(), facts=facts)


@ROUTER.get("/{recording_id}/average")
def get_average(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    speed: Source = SpeedSource.BEST,
    pulses: Pulses = 1,
    turns: Annotated[int, Query(ge=1, le=16)] = 1,
) -> CurveBody:
    """Look at what repeats with every turn of the shaft."""
    look = Look(recording_id, channel)
    found, _ = orders.average(actor, look, SpeedWish(speed, pulses), turns)
    facts = {"n_averages": found.n_averages, "share": found.share}
    step = 360 * found.revolutions / len(found.values)
    return CurveBody(step=step, axis="angle_deg", values=found.values.tolist(), facts=facts)


@ROUTER.get("/{recording_id}/kurtogram")
def get_kurtogram(actor: Acting, recording_id: str, channel: Channel = "") -> KurtogramBody:
    """Look at which band is the most impulsive."""
    found = spectra.kurtogram(actor, Look(recording_id, channel))
    best = found.best
    return KurtogramBody(
        levels=[[None if isnan(one) else one for one in level.tolist()] for level in found.levels],
        band_hz=best.band,
        kurtosis=best.kurtosis,
        threshold=best.threshold,
        significant=best.significant,
    )


@ROUTER.get("/{recording_id}/time-frequency")
def get_time_frequency(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    method: Annotated[str, Query(max_length=40)] = "stft",
) -> ImageBody:
    """Look at time and frequency at once: `stft`, `cwt` or `wigner-ville`."""
    found = images.time_frequency(actor, Look(recording_id, channel), settings_of(method, {}))
    found = found.reduced(_SENT)
    return ImageBody(
        columns=found.times_s.tolist(),
        rows=found.frequencies_hz.tolist(),
        values=found.values.tolist(),
        unit=found.unit,
    )


@ROUTER.get("/{recording_id}/coherence")
def get_coherence(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    highest_hz: Annotated[float, Query(gt=0, le=5000)] = 400.0,
) -> CurveBody:
    """Look at the enhanced envelope spectrum: the cyclic coherence over all carriers."""
    settings = CoherenceSettings(highest_cyclic_hz=highest_hz)
    found = images.coherence(actor, Look(recording_id, channel), settings)
    return CurveBody(
        step=found.enhanced.resolution_hz,
        axis="cyclic_hz",
        values=found.enhanced.values.tolist(),
        facts={"threshold": found.enhanced_threshold},
    )


@ROUTER.get("/{recording_id}/bicoherence")
def get_bicoherence(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    length: Annotated[int, Query(ge=32, le=65_536)] = 512,
) -> list[CouplingBody]:
    """Look at which frequencies keep step with their sum, the strongest first."""
    settings = BicoherenceSettings(length)
    found = images.bicoherence(actor, Look(recording_id, channel), settings)
    return [CouplingBody.model_validate(one) for one in found.strongest(_LISTED)]


@ROUTER.get("/{recording_id}/orbit")
def get_orbit(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    second: Channel = "",
    order: Annotated[float | None, Query(ge=0.05, le=100)] = None,
    revolutions: Annotated[int, Query(ge=1, le=200)] = 8,
) -> OrbitBody:
    """Look at the motion of a shaft that two channels see."""
    settings = OrbitSettings(order=order, revolutions=revolutions)
    found, _, first, name = orbits.orbit(actor, Look(recording_id, channel), second, settings)
    return OrbitBody(
        times_s=found.times_s.tolist(),
        right=found.right.tolist(),
        up=found.up.tolist(),
        direction=found.direction.value,
        largest=found.largest,
        channels=(first.channel, name),
        unit=first.unit,
    )


@ROUTER.get("/{recording_id}/zone")
def get_zone(
    actor: Acting,
    recording_id: str,
    channel: Channel = "",
    group: MachineGroup | None = None,
    support: Support | None = None,
    unit: DeclaredUnit = "",
) -> ZoneBody:
    """Look at the zone of ISO 20816-3; refused with the reason where something is undeclared."""
    found = severity.zone(actor, Look(recording_id, channel, unit=unit), group, support)
    return ZoneBody.model_validate(found)


@ROUTER.post("/{recording_id}/predictions")
def ask_model(actor: Acting, recording_id: str, asked: Asked) -> Prediction:
    """Ask a trained model about a stored recording; nothing is kept of the answer."""
    look = Look(recording_id, asked.channel, asked.bearing)
    return predicting.predict(actor, look, asked.experiment_id)
