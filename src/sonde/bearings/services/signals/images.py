"""What is shown as an image: time and frequency, carriers and rhythms, pairs of frequencies."""

from sonde.bearings.core.bicoherence import Bicoherence, BicoherenceSettings
from sonde.bearings.core.bicoherence import bicoherence as bicoherence_of
from sonde.bearings.core.cyclic_coherence import (
    CoherenceSettings,
    CyclicCoherence,
    cyclic_coherence,
)
from sonde.bearings.core.envelope import Band
from sonde.bearings.core.signal_views import Look
from sonde.bearings.core.timefrequency.family import Settings, time_frequency_image
from sonde.bearings.core.timefrequency.image import ImageSize, TimeFrequencyImage
from sonde.bearings.services.signals import access
from sonde.bearings.services.signals.spectra import stretch
from sonde.platform.core.actor import Actor

SENT = ImageSize(rows=192, columns=420)


def time_frequency(
    actor: Actor, look: Look, settings: Settings, span: Band | None = None
) -> TimeFrequencyImage:
    """Return how strong which frequency is when, of a stretch; raises NotFound and Invalid."""
    found, start = stretch(actor, look, *(span or (0.0, None)))
    image = time_frequency_image(found.samples, found.rate_hz, settings, SENT)
    return image.beginning_at(start / found.rate_hz).reduced(SENT)


def coherence(
    actor: Actor, look: Look, settings: CoherenceSettings, band: Band | None = None
) -> CyclicCoherence:
    """Return which bands swing together and how often; raises NotFound and Invalid."""
    found = access.signal(actor, look)
    return cyclic_coherence(found.samples, found.rate_hz, settings, band)


def bicoherence(actor: Actor, look: Look, settings: BicoherenceSettings) -> Bicoherence:
    """Return which frequencies keep step with their sum; raises NotFound and Invalid."""
    found = access.signal(actor, look)
    return bicoherence_of(found.samples, found.rate_hz, settings)
