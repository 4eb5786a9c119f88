"""The groups of controls of a generation: conditions, noise, effects, augmentation, rolling."""

from dataclasses import dataclass

from sonde.bearings.core.simulate.controls import (
    check,
    choice,
    number,
    reach,
    several,
    switch,
)

AUGMENTATIONS = (
    "noise",
    "time_shift",
    "time_stretch",
    "time_warp",
    "amplitude_scaling",
    "magnitude_warp",
    "mixup",
    "cutmix",
    "window_slicing",
    "random_policy",
)


@dataclass(frozen=True)
class Conditions:
    """The ranges from which every recording draws its operating conditions."""

    speed_rpm: tuple[float, float] = reach(
        (3240.0, 3960.0), "Speed", span=(60.0, 60_000.0), unit="rpm"
    )
    load: tuple[float, float] = reach((0.3, 1.0), "Load", span=(0.0, 1.0), unit="of the rated load")
    temperature_c: tuple[float, float] = reach(
        (40.0, 80.0), "Oil temperature", span=(0.0, 150.0), unit="°C"
    )

    def __post_init__(self) -> None:
        """Refuse values out of their limits."""
        check(self, "conditions.")


@dataclass(frozen=True)
class Noise:
    """Seven layers of noise and the folding of tones above half the sampling rate."""

    measurement: bool = switch(True, "Measurement noise", help="White, Gaussian")
    measurement_level: float = number(0.03, "Level", span=(0.0, 10.0), step=0.01)
    mains: bool = switch(True, "Mains interference", help="A tone at the mains frequency")
    mains_level: float = number(0.01, "Amplitude", span=(0.0, 10.0), step=0.005)
    mains_hz: str = choice("50", "Mains frequency", choices=("50", "60"))
    pink: bool = switch(True, "Pink noise", help="Power falls with 1/f")
    pink_level: float = number(0.02, "Level", span=(0.0, 10.0), step=0.01)
    drift: bool = switch(True, "Thermal drift", help="A slow wave of 1.5 s")
    drift_level: float = number(0.015, "Amplitude", span=(0.0, 10.0), step=0.005)
    sensor_drift: bool = switch(True, "Sensor drift", help="The zero wanders off")
    sensor_drift_per_s: float = number(0.001, "Per second", span=(0.0, 1.0), step=0.001)
    impulses: bool = switch(True, "Sporadic impulses", help="Knocks from elsewhere")
    impulses_per_s: float = number(2.0, "Per second", span=(0.0, 100.0), step=0.5)
    aliasing: bool = switch(True, "Aliasing", help="A tone folded back from above the band")
    aliasing_share: float = number(0.10, "Share of recordings", span=(0.0, 1.0), step=0.05)
    quantisation: bool = switch(True, "Quantisation", help="Steps of the converter, last of all")
    quantisation_step: float = number(0.001, "Step", span=(1e-6, 1.0), step=0.001)

    def __post_init__(self) -> None:
        """Refuse values out of their limits."""
        check(self, "noise.")


@dataclass(frozen=True)
class Effects:
    """Physics beyond the eleven signatures, each off unless it is asked for."""

    run_up: bool = switch(False, "Run-up or coast-down", help="True change of the frequency")
    run_up_s: float = number(1.0, "Lasting", span=(0.1, 60.0), unit="s", step=0.5)
    speed_fluctuation: bool = switch(False, "Speed fluctuation", help="True frequency modulation")
    speed_fluctuation_share: float = number(0.03, "Depth", span=(0.0, 0.3), step=0.01)
    resonance: bool = switch(False, "Resonance", help="Two critical speeds amplify the fault")
    first_critical_hz: float = number(45.0, "First critical", span=(1.0, 1e4), unit="Hz")
    second_critical_hz: float = number(120.0, "Second critical", span=(1.0, 1e4), unit="Hz")
    resonance_damping: float = number(0.05, "Damping ratio", span=(0.005, 0.7), step=0.01)
    cross_coupling: bool = switch(
        False, "Cross-coupled stiffness", help="Part of the motion, a quarter turn later"
    )
    cross_coupling_ratio: float = number(0.3, "Kxy / Kxx", span=(0.0, 1.0), step=0.05)
    thermal_growth: bool = switch(False, "Thermal growth", help="Alignment changes as it warms")
    thermal_growth_per_c: float = number(0.001, "Per degree", span=(0.0, 0.1), step=0.001)
    thermal_growth_s: float = number(300.0, "Time constant", span=(1.0, 3600.0), unit="s")
    transfer_path: bool = switch(
        False, "Structural path", help="Modes between the bearing and the sensor"
    )
    axial_ratio: float = number(0.15, "Axial share", span=(0.0, 1.0), step=0.05)

    def __post_init__(self) -> None:
        """Refuse values out of their limits."""
        check(self, "effects.")


@dataclass(frozen=True)
class Augmentation:
    """Changed copies of recordings; each stays with its parent in every split."""

    ratio: float = number(0.0, "Copies per recording", span=(0.0, 5.0), step=0.1)
    methods: tuple[str, ...] = several(
        ("time_shift", "amplitude_scaling", "noise"), "Methods", choices=AUGMENTATIONS
    )
    strength: float = number(1.0, "Strength", span=(0.1, 5.0), step=0.1)

    def __post_init__(self) -> None:
        """Refuse values out of their limits."""
        check(self, "augmentation.")


@dataclass(frozen=True)
class Rolling:
    """What only a rolling-element bearing has."""

    designation: str = choice("6205", "Designation")
    geometry: str = choice("", "Own geometry")
    jitter: float = number(0.01, "Jitter of the impacts", span=(0.0, 0.2), step=0.005)
    largest_slip: float = number(0.01, "Largest slip", span=(0.0, 0.1), step=0.005)
    background: float = number(0.25, "Background noise", span=(1e-6, 10.0), step=0.05)

    def __post_init__(self) -> None:
        """Refuse values out of their limits."""
        check(self, "rolling.")
