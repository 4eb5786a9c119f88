"""Geometry of a rolling-element bearing and the orders at which its faults strike.

Order means frequency divided by shaft frequency. The formulas assume pure rolling and an outer
ring at rest; real rollers slip by one or two per cent, which the diagnosis allows for.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sonde.platform.core.errors import Invalid

MILLIMETRES_PER_INCH = 25.4
GEOMETRY_FORM = "n=8,d=5.97,D=31.62,angle=0"
_NAMES = {"n": "n", "d": "d", "D": "D", "angle": "angle", "a": "angle"}


@dataclass(frozen=True)
class Geometry:
    """What decides the fault frequencies of a bearing.

    Parameters
    ----------
    n_rollers : int
        Rolling elements in one row, at least 3.
    ball_diameter_mm, pitch_diameter_mm : float
        Only their ratio matters for the orders.
    contact_angle_deg : float
        0 for a radially loaded deep-groove bearing; below 90.

    Raises
    ------
    Invalid
        If no such bearing can exist: fewer than 3 rollers, rollers that are not smaller than the
        pitch circle or that overlap on it, an angle outside 0 to 90 degrees.

    Notes
    -----
    Randall and Antoni, "Rolling element bearing diagnostics - a tutorial",
    Mechanical Systems and Signal Processing 25 (2011), equations 1 to 4.

    Examples
    --------
    >>> bearing = Geometry(9, 0.3126 * 25.4, 1.537 * 25.4)
    >>> round(bearing.bpfi, 4), round(bearing.bpfo, 4)
    (5.4152, 3.5848)
    >>> round(bearing.ftf, 4), round(bearing.ball_strike, 4)
    (0.3983, 4.7134)
    """

    n_rollers: int
    ball_diameter_mm: float
    pitch_diameter_mm: float
    contact_angle_deg: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be a bearing."""
        d, D = self.ball_diameter_mm, self.pitch_diameter_mm
        if not 3 <= self.n_rollers <= 200:
            raise Invalid(
                f"n={self.n_rollers} rolling elements: give a number from 3 to 200.", field="n"
            )
        if not (math.isfinite(d) and math.isfinite(D) and 0 < d < D):
            raise Invalid(
                f"d={d:g}, D={D:g}: the ball diameter must be positive and smaller than the "
                "pitch diameter.",
                field="d",
            )
        if not 0 <= self.contact_angle_deg < 90:
            raise Invalid(
                f"angle={self.contact_angle_deg:g}: give degrees from 0 to below 90.",
                field="angle",
            )
        if d >= D * math.sin(math.pi / self.n_rollers) * 1.02:
            raise Invalid(
                f"{self.n_rollers} balls with d/D={d / D:.3f} would overlap on the pitch circle.",
                field="n",
            )

    @property
    def ratio(self) -> float:
        """Return (d / D) cos(contact angle)."""
        angle = math.radians(self.contact_angle_deg)
        return self.ball_diameter_mm / self.pitch_diameter_mm * math.cos(angle)

    @property
    def bpfo(self) -> float:
        """Return the order at which rollers pass a point of the outer race."""
        return self.n_rollers / 2 * (1 - self.ratio)

    @property
    def bpfi(self) -> float:
        """Return the order at which rollers pass a point of the inner race."""
        return self.n_rollers / 2 * (1 + self.ratio)

    @property
    def ftf(self) -> float:
        """Return the order of the cage (fundamental train frequency)."""
        return (1 - self.ratio) / 2

    @property
    def bsf(self) -> float:
        """Return the order of a roller's spin about its own axis."""
        return self.pitch_diameter_mm / (2 * self.ball_diameter_mm) * (1 - self.ratio**2)

    @property
    def ball_strike(self) -> float:
        """Return twice the spin order: a spot on a ball strikes both races in every turn."""
        return 2 * self.bsf

    @property
    def orders(self) -> Mapping[str, float]:
        """Return the characteristic orders by their usual names."""
        return {
            "BPFO": self.bpfo,
            "BPFI": self.bpfi,
            "2xBSF": self.ball_strike,
            "FTF": self.ftf,
        }

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return sentences about sizes that are possible but odd."""
        found = []
        if not 1 <= self.ball_diameter_mm <= 150 or not 5 <= self.pitch_diameter_mm <= 2500:
            found.append(
                f"Odd size: d={self.ball_diameter_mm:g} mm, D={self.pitch_diameter_mm:g} mm. Only "
                "the ratio d/D enters, so another unit than millimetres does no harm."
            )
        filled = self.n_rollers * math.asin(self.ball_diameter_mm / self.pitch_diameter_mm)
        if filled < 0.35 * math.pi:
            found.append(
                f"The {self.n_rollers} rolling elements fill only {filled / math.pi:.0%} of the "
                "pitch circle; check n, d and D."
            )
        return tuple(found)

    def __str__(self) -> str:
        """Return the form that `parse_geometry` reads."""
        return (
            f"n={self.n_rollers},d={self.ball_diameter_mm:g},"
            f"D={self.pitch_diameter_mm:g},angle={self.contact_angle_deg:g}"
        )


def parse_geometry(text: str) -> Geometry:
    """Read a geometry from text such as ``n=8,d=5.97,D=31.62,angle=0`` (mm and degrees).

    Parameters
    ----------
    text : str
        Comma-separated; ``angle`` may be left out and means 0.

    Raises
    ------
    Invalid
        If a field is missing, unknown, given twice or no number, or if no such bearing can exist.

    Examples
    --------
    >>> parse_geometry("n=8, d=5.97, D=31.62")
    Geometry(n_rollers=8, ball_diameter_mm=5.97, pitch_diameter_mm=31.62, contact_angle_deg=0.0)
    """
    values: dict[str, float] = {"angle": 0.0}
    seen: set[str] = set()
    for part in filter(str.strip, text.replace(";", ",").split(",")):
        written, _, value = part.partition("=")
        name = _NAMES.get(written.strip())
        if name is None or name in seen:
            raise Invalid(
                f"Geometry {text!r}: cannot use {part.strip()!r}; the form is {GEOMETRY_FORM}.",
                field="geometry",
            )
        seen.add(name)
        values[name] = _number(value, part, text)
    missing = {"n", "d", "D"} - seen
    if missing:
        raise Invalid(
            f"Geometry {text!r}: {', '.join(sorted(missing))} missing; the form is "
            f"{GEOMETRY_FORM}.",
            field="geometry",
        )
    if not values["n"].is_integer():
        raise Invalid(f"Geometry {text!r}: n must be a whole number.", field="geometry")
    return Geometry(int(values["n"]), values["d"], values["D"], values["angle"])


def _number(value: str, part: str, text: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Invalid(
            f"Geometry {text!r}: {part.strip()!r} holds no number; the form is {GEOMETRY_FORM}.",
            field="geometry",
        )
    return number
