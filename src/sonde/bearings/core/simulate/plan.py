"""What a generation will make: one frozen configuration, and what each of its signals will be.

The same configuration makes the same signals bit for bit, whichever worker makes which of them:
signal number ``index`` is drawn from ``SeedSequence([seed, index])`` and from nothing else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sonde.bearings.core.fault_classes import HEALTHY, JOURNAL_CLASSES, Severity, find_fault_class
from sonde.bearings.core.simulate.controls import (
    changed,
    check,
    choice,
    controls_of,
    number,
    plain,
    several,
    switch,
)
from sonde.bearings.core.simulate.rotor.config import Rotor
from sonde.bearings.core.simulate.settings import (
    Augmentation,
    Conditions,
    Effects,
    Noise,
    Rolling,
)
from sonde.platform.core.errors import Invalid, TooLarge

JOURNAL, ROLLING, ROTOR = "journal", "rolling", "rotor"
REPAIRED, ORIGINAL = "repaired", "original-v2"
FAULT_SEVERITIES = tuple(one.value for one in Severity if one is not Severity.NOMINAL)
CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        JOURNAL: tuple(one.key for one in JOURNAL_CLASSES),
        ROLLING: (HEALTHY, "outer", "inner", "ball"),
        ROTOR: (HEALTHY, "imbalance", "oil_whirl", "oil_whip"),
    }
)
CHANNELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {JOURNAL: ("x", "y", "axial"), ROLLING: ("DE", "FE"), ROTOR: ("x", "y")}
)
MAX_SIGNALS = 50_000
MAX_BYTES = 20_000_000_000
MAX_SAMPLES = 4_000_000
_GROUPS: Mapping[str, Any] = MappingProxyType(
    {
        "conditions": Conditions,
        "noise": Noise,
        "effects": Effects,
        "augmentation": Augmentation,
        "rolling": Rolling,
        "rotor": Rotor,
    }
)


@dataclass(frozen=True)
class GenerationConfig:
    """Everything that decides the content of a generated data set.

    Parameters
    ----------
    kind : str
        ``"journal"``, ``"rolling"`` or ``"rotor"``.
    equations : str
        ``"repaired"``, or ``"original-v2"`` for the frozen equations of the original platform,
        which know neither effects nor an axial channel.
    classes : tuple of str
        Keys out of ``CLASSES[kind]``; aliases are understood by `from_json`.
    per_class : int
        Signals of each class, augmented copies not counted.
    stratified : bool
        Whether every severity gets its equal share instead of a drawn one.
    severities : tuple of str
    records_per_bearing : int
        Recordings that share one physical bearing, and stay together in every split.
    evolution_share : float
        Share of recordings whose severity grows.
    transient_share : float
        Share of recordings with a speed ramp, a load step or a thermal transient.
    channels : tuple of str
        Out of ``CHANNELS[kind]``.
    sampling_rate_hz, duration_s : float
    seed : int
    conditions, noise, effects, augmentation
        Groups of controls.
    rolling : Rolling
        What only a rolling bearing has.
    rotor : Rotor
        The machine of kind ``"rotor"``.

    Raises
    ------
    Invalid
        With the field and a sentence, if a value cannot be accepted.

    Examples
    --------
    >>> config = GenerationConfig(per_class=130)
    >>> config.n_signals, config.n_samples, config.n_bytes
    (1430, 102400, 585728000)
    """

    kind: str = choice(JOURNAL, "Kind", choices=(JOURNAL, ROLLING, ROTOR))
    equations: str = choice(REPAIRED, "Equations", choices=(REPAIRED, ORIGINAL))
    classes: tuple[str, ...] = several(CLASSES[JOURNAL], "Classes")
    per_class: int = number(130, "Signals per class", span=(1, 10_000))
    stratified: bool = switch(False, "Equal numbers of every severity")
    severities: tuple[str, ...] = several(FAULT_SEVERITIES, "Severities", choices=FAULT_SEVERITIES)
    records_per_bearing: int = number(1, "Recordings per bearing", span=(1, 1000))
    evolution_share: float = number(0.30, "Share that evolves", span=(0.0, 1.0), step=0.05)
    transient_share: float = number(0.25, "Share with transients", span=(0.0, 1.0), step=0.05)
    channels: tuple[str, ...] = several(("x",), "Channels")
    sampling_rate_hz: float = number(20_480.0, "Sampling rate", span=(500.0, 1e6), unit="Hz")
    duration_s: float = number(5.0, "Duration", span=(0.05, 600.0), unit="s", step=0.5)
    seed: int = number(42, "Seed", span=(0, 2**32 - 1))
    conditions: Conditions = field(default_factory=Conditions)
    noise: Noise = field(default_factory=Noise)
    effects: Effects = field(default_factory=Effects)
    augmentation: Augmentation = field(default_factory=Augmentation)
    rolling: Rolling = field(default_factory=Rolling)
    rotor: Rotor = field(default_factory=Rotor)

    def __post_init__(self) -> None:
        """Refuse what cannot be generated."""
        check(self)
        self._check_words("classes", "class", CLASSES[self.kind])
        self._check_words("channels", "channel", CHANNELS[self.kind])
        if not self.severities and set(self.classes) != {HEALTHY}:
            raise Invalid("Choose at least one severity.", field="severities")
        if not 64 <= self.n_samples <= MAX_SAMPLES:
            raise Invalid(
                f"{self.duration_s:g} s at {self.sampling_rate_hz:g} Hz are {self.n_samples:,} "
                f"samples; a signal has 64 to {MAX_SAMPLES:,}.",
                field="duration_s",
            )
        if self.equations == ORIGINAL:
            self._check_original()

    def _check_words(self, name: str, what: str, known: tuple[str, ...]) -> None:
        given = getattr(self, name)
        strange = [one for one in given if one not in known]
        if strange or not given:
            said = f"{strange[0]!r} is not one" if strange else "none is chosen"
            raise Invalid(
                f"A {self.kind} bearing has a {what} out of {', '.join(known)}; {said}.",
                field=name,
            )

    def _check_original(self) -> None:
        if self.kind != JOURNAL or self.channels != ("x",):
            raise Invalid(
                "The original's equations make journal bearings with the one channel x.",
                field="equations",
            )

    @property
    def n_copies(self) -> int:
        """Return the number of augmented copies of each class."""
        return round(self.per_class * self.augmentation.ratio)

    @property
    def n_signals(self) -> int:
        """Return the number of signals, copies included."""
        return len(self.classes) * (self.per_class + self.n_copies)

    @property
    def n_samples(self) -> int:
        """Return the length of a signal."""
        return round(self.sampling_rate_hz * self.duration_s)

    @property
    def n_bytes(self) -> int:
        """Return the size of all samples."""
        return self.n_signals * len(self.channels) * self.n_samples * 4

    @property
    def content_hash(self) -> str:
        """Return the SHA-256 of the configuration, as hexadecimal digits."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def check_size(self) -> None:
        """Raise TooLarge if one generation must not make so much."""
        if self.n_signals > MAX_SIGNALS:
            raise TooLarge(
                f"{self.n_signals:,} signals are more than the {MAX_SIGNALS:,} of one generation; "
                "choose fewer per class.",
                field="per_class",
            )
        if self.n_bytes > MAX_BYTES:
            raise TooLarge(
                f"{self.n_bytes / 1e9:.1f} GB are more than the {MAX_BYTES / 1e9:.0f} GB of one "
                "generation; choose fewer, shorter or slower signals.",
                field="per_class",
            )

    def to_json(self) -> dict[str, Any]:
        """Return the configuration as JSON-ready values that `from_json` reads back."""
        groups = {name: plain(getattr(self, name)) for name in _GROUPS}
        return {**plain(self), **groups}

    @classmethod
    def from_json(cls, given: object) -> "GenerationConfig":
        """Return the configuration that a file, a form or a request describes.

        Parameters
        ----------
        given : object
            A mapping; what is absent has the default of its kind, classes may go by their
            aliases. ``{"preset": name}`` starts from a preset.

        Raises
        ------
        Invalid
            With the field and a sentence, for unknown names and values out of their limits.

        Examples
        --------
        >>> GenerationConfig.from_json({"classes": ["jeu"], "noise": {"pink": False}}).classes
        ('clearance',)
        """
        if not isinstance(given, Mapping):
            raise Invalid("A configuration is an object of names and values.", field="config")
        base = _base(given)
        values = {name: value for name, value in given.items() if name != "preset"}
        groups = {
            name: changed(getattr(base, name), values.pop(name), f"{name}.")
            for name in _GROUPS
            if name in values
        }
        if isinstance(values.get("classes"), list | tuple):
            values["classes"] = [_class_key(one) for one in values["classes"]]
        return changed(replace(base, **groups), values)


def _base(given: Mapping[str, Any]) -> GenerationConfig:
    name = given.get("preset")
    if name is not None:
        if not isinstance(name, str) or name not in PRESETS:
            raise Invalid(
                f"There is no preset {name!r}; there are {', '.join(PRESETS)}.", field="preset"
            )
        if given.get("kind", PRESETS[name].config.kind) == PRESETS[name].config.kind:
            return PRESETS[name].config
        raise Invalid(f"The preset {name} is of kind {PRESETS[name].config.kind}.", field="kind")
    kind = given.get("kind", JOURNAL)
    return default_config(kind) if isinstance(kind, str) else default_config(JOURNAL)


def _class_key(name: object) -> object:
    found = find_fault_class(name) if isinstance(name, str) else None
    return name if found is None else found.key


def default_config(kind: str) -> GenerationConfig:
    """Return the configuration that the page begins with for a kind of bearing."""
    if kind == ROLLING:
        return PRESETS["rolling-6205"].config
    if kind == ROTOR:
        return PRESETS["rotor"].config
    return GenerationConfig()


@dataclass(frozen=True)
class Preset:
    """A named configuration.

    Parameters
    ----------
    name, title, help : str
    config : GenerationConfig
    """

    name: str
    title: str
    help: str
    config: GenerationConfig


_ROLLING = GenerationConfig(
    kind=ROLLING,
    classes=CLASSES[ROLLING],
    per_class=64,
    records_per_bearing=4,
    evolution_share=0.0,
    transient_share=0.0,
    channels=("DE",),
    sampling_rate_hz=12_000.0,
    duration_s=2.0,
    conditions=Conditions(speed_rpm=(1450.0, 1850.0)),
)
_ROTOR = GenerationConfig(
    kind=ROTOR,
    classes=CLASSES[ROTOR],
    per_class=10,
    transient_share=0.0,
    evolution_share=0.0,
    channels=("x", "y"),
    sampling_rate_hz=5_120.0,
    duration_s=2.0,
    conditions=Conditions(
        speed_rpm=(1200.0, 12_000.0), load=(0.0, 0.2), temperature_c=(40.0, 60.0)
    ),
)
_ALL = (
    Preset(
        "eleven-classes",
        "Eleven classes, 1,430 signals",
        "130 signals of each journal-bearing class, severities drawn.",
        GenerationConfig(),
    ),
    Preset(
        "stratified",
        "Stratified, 3,520 signals",
        "80 signals of each class and severity.",
        GenerationConfig(per_class=320, stratified=True),
    ),
    Preset(
        "quick",
        "Quick look, 110 signals",
        "10 signals of 1 s of each class: made in a second.",
        GenerationConfig(per_class=10, duration_s=1.0),
    ),
    Preset(
        "hard",
        "Hard: incipient faults in noise",
        "Only beginning faults, three times the noise, changing speed.",
        GenerationConfig(
            severities=("incipient", "mild"),
            noise=Noise(measurement_level=0.09, pink_level=0.06, impulses_per_s=6.0),
            effects=Effects(speed_fluctuation=True, transfer_path=True),
        ),
    ),
    Preset(
        "original-v2",
        "Original equations, 3,520 signals",
        "The equations of the original platform, unchanged, for comparison with its results.",
        GenerationConfig(equations=ORIGINAL, per_class=320, stratified=True),
    ),
    Preset(
        "rolling-6205",
        "Rolling bearing 6205, 256 signals",
        "Healthy, outer race, inner race and ball; 16 bearings of each, 4 recordings of each.",
        _ROLLING,
    ),
    Preset(
        "rotor",
        "Rotor on oil film, 40 signals",
        "A flexible rotor on two short journal bearings, from first principles.",
        _ROTOR,
    ),
)
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _ALL})


def control_names() -> tuple[str, ...]:
    """Return the dotted names of every control of a configuration.

    Examples
    --------
    >>> "noise.pink" in control_names(), "effects.run_up_s" in control_names()
    (True, True)
    """
    top = list(controls_of(GenerationConfig))
    inner = [f"{name}.{key}" for name, group in _GROUPS.items() for key in controls_of(group)]
    return tuple(top + inner)


def used_controls(kind: str) -> frozenset[str]:
    """Return the dotted names of the controls that a kind of bearing has use for.

    Examples
    --------
    >>> "effects.resonance" in used_controls("journal"), "stratified" in used_controls("rotor")
    (True, True)
    >>> "effects.resonance" in used_controls("rolling")
    False
    """
    return frozenset(name for name in control_names() if _is_used(kind, name))


def _is_used(kind: str, name: str) -> bool:
    group = name.partition(".")[0]
    if kind == ROTOR and name == "effects.run_up":
        return True
    if group in {"effects", "equations", "transient_share"}:
        return kind == JOURNAL
    if group in {ROLLING, ROTOR}:
        return kind == group
    if kind == ROLLING:
        return name != "conditions.temperature_c"
    return kind == JOURNAL or name not in {"evolution_share", "records_per_bearing"}
