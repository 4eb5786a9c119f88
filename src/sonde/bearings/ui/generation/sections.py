"""Which controls are shown for which kind of bearing, and under which heading."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sonde.bearings.core.simulate.controls import Control, controls_of
from sonde.bearings.core.simulate.plan import (
    JOURNAL,
    ORIGINAL,
    ROLLING,
    ROTOR,
    GenerationConfig,
)
from sonde.bearings.core.simulate.rotor.config import Rotor
from sonde.bearings.core.simulate.settings import Effects, Noise, Rolling

_GROUPS: Final = ("conditions", "noise", "effects", "augmentation", "rolling", "rotor")


@dataclass(frozen=True)
class Section:
    """Controls under one heading.

    Parameters
    ----------
    name, title, text : str
    controls : tuple of str
        Dotted names, in the order in which they are shown.
    layered : bool
        Whether the controls are switches, each with the numbers that follow it.
    """

    name: str
    title: str
    text: str
    controls: tuple[str, ...]
    layered: bool = False


def _names(group: str, settings: type, *, without: str = "") -> tuple[str, ...]:
    return tuple(f"{group}.{name}" for name in controls_of(settings) if name != without)


_NOISE: Final = Section(
    "noise",
    "Noise",
    "Seven layers on every channel, and a tone folded back from above the band.",
    _names("noise", Noise),
    layered=True,
)
_EFFECTS: Final = Section(
    "effects",
    "Effects",
    "Physics beyond the signatures of the classes.",
    _names("effects", Effects, without="axial_ratio"),
    layered=True,
)
_AUGMENTATION: Final = Section(
    "augmentation",
    "Augmentation",
    "Changed copies. Each stays with its original in every split.",
    ("augmentation.ratio", "augmentation.strength", "augmentation.methods"),
)
_ROLLING: Final = Section(
    "machine",
    "Bearing",
    "From the catalogue, or of your own geometry.",
    _names("rolling", Rolling),
)
_ROTOR: Final = Section(
    "machine",
    "Rotor and bearings",
    "A disc on a shaft in two plain bearings. Whirl and whip come of themselves.",
    _names("rotor", Rotor),
)
_RUN_UP: Final = Section(
    "effects",
    "Effects",
    "Every recording runs up from a fifth of its speed.",
    ("effects.run_up",),
    layered=True,
)


def sections_of(config: GenerationConfig) -> tuple[Section, ...]:
    """Return the sections for a configuration: only what changes its signals."""
    is_original = config.equations == ORIGINAL
    by_kind: Mapping[str, tuple[Section, ...]] = {
        JOURNAL: (_conditions(config), _NOISE, *(() if is_original else (_EFFECTS,))),
        ROLLING: (_ROLLING, _conditions(config), _NOISE),
        ROTOR: (_ROTOR, _conditions(config), _NOISE, _RUN_UP),
    }
    return (_content(config), _recording(config), *by_kind[config.kind], _AUGMENTATION)


def _content(config: GenerationConfig) -> Section:
    names = ["per_class", "classes", "severities", "stratified"]
    if config.kind != ROTOR:
        names[1:1] = ["records_per_bearing"]
        names.append("evolution_share")
    if config.kind == JOURNAL:
        names.append("transient_share")
    return Section("content", "Signals and classes", "What the data set holds.", tuple(names))


def _recording(config: GenerationConfig) -> Section:
    names = ["sampling_rate_hz", "duration_s", "seed"]
    if config.equations != ORIGINAL:
        names.append("channels")
    if config.kind == JOURNAL and config.equations != ORIGINAL:
        names.append("effects.axial_ratio")
    return Section("recording", "Recording", "How each signal is measured.", tuple(names))


def _conditions(config: GenerationConfig) -> Section:
    names = ["conditions.speed_rpm", "conditions.load"]
    if config.kind != ROLLING:
        names.append("conditions.temperature_c")
    return Section(
        "conditions",
        "Operating conditions",
        "Every recording draws its own from these ranges.",
        tuple(names),
    )


def all_controls(config: GenerationConfig) -> Mapping[str, tuple[Control, object]]:
    """Return every control by its dotted name, with its value in `config`."""
    found: dict[str, tuple[Control, object]] = {
        name: (control, getattr(config, name))
        for name, control in controls_of(GenerationConfig).items()
    }
    for group in _GROUPS:
        settings = getattr(config, group)
        for name, control in controls_of(settings).items():
            found[f"{group}.{name}"] = (control, getattr(settings, name))
    return MappingProxyType(found)
