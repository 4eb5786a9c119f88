"""Features that people define themselves: what a signal holds in a band of theirs."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.features.registry import FeatureDefinition
from sonde.bearings.core.features.shared import Signal, shape_moments
from sonde.platform.core.errors import Invalid

PREFIX: Final = "own:"
DOMAIN: Final = "own bands"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_HIGHEST_HZ = 10e6
_HIGHEST_ORDER = 10_000.0


class Quantity(StrEnum):
    """What is measured in the band."""

    RMS = "rms"
    ENERGY = "energy"
    PEAK = "peak"
    KURTOSIS = "kurtosis"


class Scale(StrEnum):
    """What the edges of the band are given in."""

    HERTZ = "Hz"
    ORDER = "order"


_FORMULAS: Final[Mapping[Quantity, tuple[str, str]]] = {
    Quantity.RMS: ("x", "sqrt(mean(b^2))"),
    Quantity.ENERGY: ("x²", "mean(b^2)"),
    Quantity.PEAK: ("x", "max |b|"),
    Quantity.KURTOSIS: ("1", "mean((b - mean)^4) / var(b)^2 - 3"),
}


@dataclass(frozen=True)
class OwnBand:
    """One feature of a band.

    Parameters
    ----------
    name : str
        Begins with a letter; letters, digits and underscores, at most 40.
    low, high : float
        Edges of the band, in Hz or in multiples of the shaft speed.
    scale : Scale
    quantity : Quantity
    version : int
        Grows when the definition changes.

    Raises
    ------
    Invalid
        If there is no such band.

    Examples
    --------
    >>> OwnBand("gear", 1000, 1500, Scale.HERTZ, Quantity.RMS).definition.formula
    'sqrt(mean(b^2)), b = x within 1000 to 1500 Hz'
    """

    name: str
    low: float
    high: float
    scale: Scale = Scale.HERTZ
    quantity: Quantity = Quantity.RMS
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be a band."""
        if not _NAME.fullmatch(self.name):
            raise Invalid(
                "A name begins with a letter and has up to 40 letters, digits and underscores.",
                field="name",
            )
        top = _HIGHEST_HZ if self.scale is Scale.HERTZ else _HIGHEST_ORDER
        if not 0 <= self.low < self.high <= top:
            raise Invalid(
                f"A band goes from 0 or more up to a higher edge of at most {top:,.0f} "
                f"{self.scale.value}, not from {self.low:g} to {self.high:g}.",
                field="high",
            )

    @property
    def column(self) -> str:
        """Return what tables call it."""
        return PREFIX + self.name

    @property
    def definition(self) -> FeatureDefinition:
        """Return it as an entry of the registry."""
        unit, formula = _FORMULAS[self.quantity]
        edges = f"{self.low:g} to {self.high:g} {self.scale.value}"
        return FeatureDefinition(
            name=self.column,
            title=self.name.replace("_", " "),
            domain=DOMAIN,
            unit=unit,
            formula=f"{formula}, b = x within {edges}",
            source="Defined here",
            needs="speed" if self.scale is Scale.ORDER else "",
            version=self.version,
        )

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return asdict(self)


@dataclass(frozen=True)
class OwnFeature:
    """A band of one's own, and whose it is.

    Parameters
    ----------
    id, workspace_id, owner_id, owner_name : str
    band : OwnBand
    """

    id: str
    workspace_id: str
    owner_id: str
    owner_name: str
    band: OwnBand


def own_band(given: Mapping[str, Any]) -> OwnBand:
    """Return the band that a mapping describes; raises Invalid.

    Examples
    --------
    >>> own_band({"name": "whirl", "low": 0.4, "high": 0.5, "scale": "order"}).column
    'own:whirl'
    """
    try:
        return OwnBand(
            name=str(given["name"]).strip().removeprefix(PREFIX),
            low=float(given["low"]),
            high=float(given["high"]),
            scale=Scale(given.get("scale", "Hz")),
            quantity=Quantity(given.get("quantity", "rms")),
            version=int(given.get("version", 1)),
        )
    except (KeyError, TypeError, ValueError):
        raise Invalid(
            "A band has a name, a low and a high edge, a scale (Hz or order) and a quantity "
            "(rms, energy, peak or kurtosis).",
            field="band",
        ) from None


def own_value(signal: Signal, band: OwnBand) -> float:
    """Return the value of a band.

    Parameters
    ----------
    signal : Signal
    band : OwnBand

    Returns
    -------
    float
        NaN where the band needs the shaft speed and nobody knows it, or begins beyond half the
        sampling rate.

    Examples
    --------
    >>> time_s = np.arange(4096) / 4096
    >>> two = np.sin(2 * np.pi * 100 * time_s) + 3 * np.sin(2 * np.pi * 900 * time_s)
    >>> band = OwnBand("low", 50, 200, quantity=Quantity.PEAK)
    >>> round(own_value(Signal(two, 4096.0), band), 6)
    1.0
    """
    unit_hz = 1.0 if band.scale is Scale.HERTZ else signal.shaft_hz
    if unit_hz is None:
        return np.nan
    first = int(np.ceil(band.low * unit_hz / signal.resolution_hz))
    last = int(np.floor(band.high * unit_hz / signal.resolution_hz))
    if first >= len(signal.transformed) or last < first:
        return np.nan
    inside = _within(signal, first, last)
    energy = float(np.square(inside, dtype=np.float64).mean())
    if band.quantity is Quantity.ENERGY:
        return energy
    if band.quantity is Quantity.RMS:
        return float(np.sqrt(energy))
    if band.quantity is Quantity.PEAK:
        return float(np.abs(inside).max())
    return shape_moments(inside)[1]


def _within(signal: Signal, first: int, last: int) -> NDArray[np.floating]:
    """Return what the signal holds between two lines of its spectrum, edges included."""
    kept = np.zeros_like(signal.transformed)
    kept[first : last + 1] = signal.transformed[first : last + 1]
    course: NDArray[np.floating] = scipy.fft.irfft(kept, len(signal.samples))
    return course
