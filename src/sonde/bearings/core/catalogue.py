"""The bearing catalogue: from a designation such as ``6205-2RS`` to a geometry.

Boundary dimensions are standard (ISO 15), ball sets are not: makers and even years differ. Every
row of ``catalogue.csv`` says whether its geometry was published for the very bearing or estimated
from its size, and the diagnosis repeats that among its assumptions.
"""

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sonde.bearings.core.geometry import GEOMETRY_FORM, Geometry
from sonde.platform.core.errors import NotFound

_MAKERS = re.compile(
    r"(?<![A-Z])(SKF|FAG|NTN|NSK|INA|SNR|KOYO|NACHI|TIMKEN|SCHAEFFLER|LDK|MB|REXNORD)(?![A-Z])"
)
_SUFFIX = re.compile(r"$|[A-Z]|[12](RS|RZ|Z|LS|LU|LL|NSE|NK|RK)")


@dataclass(frozen=True)
class CatalogueBearing:
    """One bearing of the catalogue.

    Parameters
    ----------
    designation : str
        Basic designation, such as ``"6205"``.
    geometry : Geometry
    basis : str
        ``"published"`` for the very bearing, or ``"estimated"`` from its size.
    source : str
        Where the figures come from.
    """

    designation: str
    geometry: Geometry
    basis: str
    source: str

    @property
    def is_estimated(self) -> bool:
        """Whether the geometry was derived from the size only."""
        return self.basis == "estimated"


@cache
def catalogue() -> Mapping[str, CatalogueBearing]:
    """Return every bearing of the catalogue by its designation."""
    text = files("sonde.bearings.core").joinpath("catalogue.csv").read_text(encoding="utf-8")
    bearings = {}
    for row in csv.DictReader(text.splitlines()):
        geometry = Geometry(
            int(row["n_rollers"]),
            float(row["ball_diameter_mm"]),
            float(row["pitch_diameter_mm"]),
            float(row["contact_angle_deg"]),
        )
        name = row["designation"]
        bearings[name] = CatalogueBearing(name, geometry, row["basis"], row["source"])
    return MappingProxyType(bearings)


def find_bearing(designation: str) -> CatalogueBearing:
    """Return the bearing that `designation` names; seals, clearance and maker may stand with it.

    Parameters
    ----------
    designation : str
        Such as ``"6205-2RS"``, ``"SKF 6205 2RS1/C3"`` or ``"6205zz"``.

    Raises
    ------
    NotFound
        If the catalogue does not hold it; the message names the nearest ones and the option
        for an own geometry, ``details["nearest"]`` lists them.

    Examples
    --------
    >>> find_bearing("skf 6205-2RSJEM/C3").geometry.n_rollers
    9
    >>> find_bearing("6203zz").designation
    '6203'
    """
    written = _compact(designation)
    keys = {_compact(name): bearing for name, bearing in catalogue().items()}
    for key in sorted(keys, key=len, reverse=True):
        if written.startswith(key) and _SUFFIX.match(written[len(key) :]):
            return keys[key]
    nearest = difflib.get_close_matches(written[:8], keys, n=3, cutoff=0.5)
    names = [keys[key].designation for key in nearest]
    hint = f" Nearest: {', '.join(names)}." if names else ""
    raise NotFound(
        f"The catalogue has no bearing {designation.strip()[:40]!r}.{hint} "
        f"Or give its geometry: --geometry {GEOMETRY_FORM} (mm and degrees).",
        designation=designation[:40],
        nearest=names,
    )


def _compact(designation: str) -> str:
    """Return the designation without maker, blanks and punctuation, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", _MAKERS.sub(" ", designation.upper()))
