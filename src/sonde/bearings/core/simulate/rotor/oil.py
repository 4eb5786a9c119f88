"""Mineral oils by their ISO viscosity grade, and how thin they are when warm."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DENSITY_15C_KG_M3 = 875.0
EXPANSION_PER_K = 7e-4
_KELVIN = 273.15


@dataclass(frozen=True)
class Oil:
    """Kinematic viscosity at the two temperatures that every data sheet states.

    Parameters
    ----------
    at_40c_mm2_s, at_100c_mm2_s : float
    """

    at_40c_mm2_s: float
    at_100c_mm2_s: float


OILS: Mapping[str, Oil] = MappingProxyType(
    {
        "VG 22": Oil(22.0, 4.3),
        "VG 32": Oil(32.0, 5.4),
        "VG 46": Oil(46.0, 6.8),
        "VG 68": Oil(68.0, 8.7),
        "VG 100": Oil(100.0, 11.4),
    }
)


def viscosity_pa_s(oil: Oil, temperature_c: float) -> float:
    """Return the dynamic viscosity at a temperature.

    Walther's equation through both points (ASTM D341), ``log log(v + 0.7) = A - B log T``, times
    a density that falls by 0.07 % per kelvin.

    Parameters
    ----------
    oil : Oil
    temperature_c : float

    Examples
    --------
    >>> round(viscosity_pa_s(OILS["VG 32"], 40.0) * 1000, 2)
    27.51
    """
    x40, x100 = math.log10(40 + _KELVIN), math.log10(100 + _KELVIN)
    y40, y100 = (
        math.log10(math.log10(value + 0.7)) for value in (oil.at_40c_mm2_s, oil.at_100c_mm2_s)
    )
    slope = (y40 - y100) / (x100 - x40)
    height = y40 + slope * (x40 - math.log10(temperature_c + _KELVIN))
    kinematic_mm2_s = float(10 ** (10**height)) - 0.7
    density = DENSITY_15C_KG_M3 * (1 - EXPANSION_PER_K * (temperature_c - 15))
    return kinematic_mm2_s * 1e-6 * density
