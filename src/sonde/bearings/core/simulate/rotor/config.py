"""The machine that is simulated, and how it runs while its probes are recorded."""

import math
from dataclasses import dataclass, field
from typing import Any

from sonde.bearings.core.simulate.controls import check, choice, number, plain, switch
from sonde.bearings.core.simulate.rotor.oil import OILS, viscosity_pa_s
from sonde.platform.core.errors import Invalid

GRAVITY_M_S2 = 9.80665
LONGEST_BEARING = 1.0  # length over diameter; the short-bearing film grows wrong beyond


@dataclass(frozen=True)
class Rotor:
    """A disc in the middle of a massless shaft on two equal, short, plain journal bearings.

    Parameters
    ----------
    mass_kg : float
        Of the disc.
    flexible : bool
        Whether the shaft bends; a rigid one carries the disc at its journals.
    critical_speed_rpm : float
        Of the flexible shaft on rigid supports.
    bearing_diameter_mm, bearing_length_mm : float
    clearance_um : float
        Radial: half the difference of the diameters.
    oil : str
        ISO viscosity grade, out of `OILS`.
    unbalance_um : float
        Distance of the centre of mass from the shaft's axis.
    probes : str
        Where the two proximity probes look: ``"journal"`` or ``"disc"``.
    probe_noise_um : float
        Root mean square.

    Raises
    ------
    Invalid
        If a value is out of its limits, the bearing is longer than wide, or the clearance is not
        small against the bearing.

    Examples
    --------
    >>> rotor = Rotor(mass_kg=20.0, critical_speed_rpm=3000.0)
    >>> round(rotor.shaft_stiffness_n_m)
    1973921
    """

    mass_kg: float = number(20.0, "Rotor mass", span=(0.1, 100_000.0), unit="kg", step=1.0)
    flexible: bool = switch(True, "Flexible shaft", help="A rigid shaft shows whirl but no whip")
    critical_speed_rpm: float = number(
        2400.0, "Critical speed", span=(60.0, 120_000.0), unit="rpm", step=100.0
    )
    bearing_diameter_mm: float = number(
        50.0, "Bearing diameter", span=(5.0, 2000.0), unit="mm", step=5.0
    )
    bearing_length_mm: float = number(
        20.0, "Bearing length", span=(2.0, 2000.0), unit="mm", step=1.0
    )
    clearance_um: float = number(75.0, "Radial clearance", span=(5.0, 2000.0), unit="µm", step=5.0)
    oil: str = choice("VG 32", "Oil grade", choices=tuple(OILS))
    unbalance_um: float = number(5.0, "Unbalance", span=(0.0, 500.0), unit="µm", step=1.0)
    probes: str = choice("journal", "Probes look at", choices=("journal", "disc"))
    probe_noise_um: float = number(0.2, "Probe noise", span=(0.0, 50.0), unit="µm", step=0.1)

    def __post_init__(self) -> None:
        """Refuse what is no short journal bearing."""
        check(self, "rotor.")
        if self.bearing_length_mm > LONGEST_BEARING * self.bearing_diameter_mm:
            raise Invalid(
                f"A bearing {self.bearing_length_mm:g} mm long and {self.bearing_diameter_mm:g} mm "
                "wide is no short bearing; give a length of at most the diameter.",
                field="rotor.bearing_length_mm",
            )
        if self.clearance_um > 10.0 * self.bearing_diameter_mm:
            raise Invalid(
                f"A clearance of {self.clearance_um:g} µm is too wide for a bearing of "
                f"{self.bearing_diameter_mm:g} mm; give at most {10 * self.bearing_diameter_mm:g}.",
                field="rotor.clearance_um",
            )

    @property
    def critical_rad_s(self) -> float:
        """Return the critical speed on rigid supports; infinite for a rigid shaft."""
        return self.critical_speed_rpm * math.pi / 30 if self.flexible else math.inf

    @property
    def shaft_stiffness_n_m(self) -> float:
        """Return the stiffness of the shaft at the disc; infinite for a rigid shaft."""
        return self.mass_kg * self.critical_rad_s**2

    @property
    def clearance_m(self) -> float:
        """Return the radial clearance in metres."""
        return self.clearance_um * 1e-6


@dataclass(frozen=True)
class RotorConfig:
    """One recording of a rotor.

    Parameters
    ----------
    rotor : Rotor
    speed_rpm : float
        Shaft speed, or the speed at which a run-up begins.
    final_speed_rpm : float
        Where a run-up or coast-down ends, at the end of the recording; 0 for a constant speed.
    side_load_n : float
        Steady downward force on the disc beside its weight.
    oil_temperature_c : float
    sampling_rate_hz, duration_s : float
    settle_s : float
        Time at the first speed, before the recording begins.

    Raises
    ------
    Invalid
        If a value is out of its limits or the rate is too low to see four orders.

    Examples
    --------
    >>> config = RotorConfig(Rotor(), speed_rpm=3600.0, oil_temperature_c=40.0)
    >>> round(config.viscosity_pa_s, 5), round(config.load_per_bearing_n, 2)
    (0.02751, 98.07)
    """

    rotor: Rotor = field(default_factory=Rotor)
    speed_rpm: float = number(3600.0, "Speed", span=(60.0, 120_000.0), unit="rpm")
    final_speed_rpm: float = number(0.0, "Final speed", span=(0.0, 120_000.0), unit="rpm")
    side_load_n: float = number(0.0, "Side load", span=(-1e7, 1e7), unit="N")
    oil_temperature_c: float = number(50.0, "Oil temperature", span=(0.0, 150.0), unit="°C")
    sampling_rate_hz: float = number(5120.0, "Sampling rate", span=(100.0, 1e6), unit="Hz")
    duration_s: float = number(2.0, "Duration", span=(0.01, 600.0), unit="s")
    settle_s: float = number(1.0, "Settling time", span=(0.0, 60.0), unit="s")

    def __post_init__(self) -> None:
        """Refuse what cannot be integrated or seen."""
        check(self)
        fastest = max(self.speed_rpm, self.final_speed_rpm) / 60
        if self.sampling_rate_hz < 8 * fastest:
            raise Invalid(
                f"{self.sampling_rate_hz:g} Hz are too slow for a shaft at {fastest:g} Hz; give at "
                f"least {8 * fastest:g} Hz, eight samples per turn.",
                field="sampling_rate_hz",
            )
        if 0 < self.final_speed_rpm < 60:
            raise Invalid(
                "A run-up or coast-down ends at 60 rpm or more; 0 means a constant speed.",
                field="final_speed_rpm",
            )

    @property
    def omega_rad_s(self) -> float:
        """Return the (first) shaft speed."""
        return self.speed_rpm * math.pi / 30

    @property
    def acceleration_rad_s2(self) -> float:
        """Return the angular acceleration during the recording."""
        if not self.final_speed_rpm:
            return 0.0
        return (self.final_speed_rpm - self.speed_rpm) * math.pi / 30 / self.duration_s

    @property
    def viscosity_pa_s(self) -> float:
        """Return the dynamic viscosity of the oil at its temperature."""
        return viscosity_pa_s(OILS[self.rotor.oil], self.oil_temperature_c)

    @property
    def load_per_bearing_n(self) -> float:
        """Return the steady force on each bearing, positive downwards."""
        return (self.rotor.mass_kg * GRAVITY_M_S2 + self.side_load_n) / 2

    @property
    def film_damping_n_s_m(self) -> float:
        """Return ``viscosity * radius * length^3 / clearance^3``, the scale of the film force."""
        rotor = self.rotor
        radius_m, length_m = rotor.bearing_diameter_mm / 2000, rotor.bearing_length_mm / 1000
        return self.viscosity_pa_s * radius_m * length_m**3 / rotor.clearance_m**3

    def to_json(self) -> dict[str, Any]:
        """Return the values as plain numbers and texts, the rotor's under ``"rotor"``."""
        return {**plain(self), "rotor": plain(self.rotor)}
