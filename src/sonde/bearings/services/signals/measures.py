"""The features of one recording, with their units, in groups."""

from typing import Final

from sonde.bearings.core.features.measuring import Circumstances, measure
from sonde.bearings.core.features.registry import DEFAULT_NAMES, REGISTRY, domains, unit_text
from sonde.bearings.core.signal_views import Look, Measure
from sonde.bearings.services.signals import access
from sonde.platform.core.actor import Actor

MACHINE: Final = frozenset({"orders", "bearing lines", "severity"})
SHOWN: Final = tuple(one for one in REGISTRY if one.name in DEFAULT_NAMES or one.domain in MACHINE)


def features(actor: Actor, look: Look) -> dict[str, tuple[Measure, ...]]:
    """Return features of the channel looked at by domain: the 36, and those of the machine.

    Raises NotFound, and Invalid for a signal that is too short.
    """
    found = access.signal(actor, look, with_geometry=True)
    known = Circumstances(found.rate_hz, found.recording.speed_rpm, found.geometry, found.unit)
    names = tuple(one.name for one in SHOWN)
    values = dict(zip(names, measure(found.samples, known, names).tolist(), strict=True))
    return {
        domain: tuple(
            Measure(
                one.name,
                one.title,
                unit_text(one.unit, found.unit),
                one.formula,
                values[one.name],
                known.lacks(one),
            )
            for one in members
        )
        for domain, members in domains(SHOWN).items()
    }
