"""The orbit of a shaft: a few revolutions as the probes see them, raw or at one order."""

from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.orbits.components import (
    Direction,
    Ellipse,
    ellipse_at,
    strongest_frequency,
)
from sonde.bearings.core.orbits.probes import Probes, shaft_motion, with_the_shaft
from sonde.platform.core.errors import Invalid

POINTS = 2000
MOST_REVOLUTIONS = 200
_FILTER_WIDTH = 0.2
_STRAIGHT = 0.02


@dataclass(frozen=True)
class OrbitSettings:
    """What is shown of an orbit.

    Parameters
    ----------
    order : float, optional
        Only the motion at this multiple of the shaft's speed: 1, 0.5, 2; all of it if None.
    search : float
        How far from `order` the strongest motion is looked for, as a share of the shaft's speed:
        0.02 follows a shaft speed that is a little off; 0.12 about 0.45 finds oil whirl.
    revolutions : int
        How many are shown, 1 to 200.
    start_s : float, optional
        Where they begin; in the middle of the signal if None.
    probes : Probes
    """

    order: float | None = None
    search: float = 0.02
    revolutions: int = 8
    start_s: float | None = None
    probes: Probes = field(default_factory=Probes)

    def __post_init__(self) -> None:
        if self.order is not None and not 0.05 <= self.order <= 100:
            raise Invalid(f"Order {self.order:g}: choose 0.05 to 100.", field="order")
        if not 0 <= self.search <= 0.5:
            raise Invalid(f"A search of {self.search:g} orders: choose 0 to 0.5.", field="search")
        if not 1 <= self.revolutions <= MOST_REVOLUTIONS:
            raise Invalid(
                f"{self.revolutions} revolutions: choose 1 to {MOST_REVOLUTIONS}.",
                field="revolutions",
            )


@dataclass(frozen=True)
class Orbit:
    """A stretch of a shaft's motion, for drawing.

    Parameters
    ----------
    times_s : ndarray of float64, shape (point,)
    right, up : ndarray of float32, shape (point,)
        About the mean position, in the unit of the channels.
    mark_right, mark_up : ndarray of float32, shape (revolution,)
        Where the shaft was once per revolution.
    marks_measured : bool
        Whether the marks are a keyphasor's; otherwise they are a revolution of the stated speed
        apart from the first point on, and show repetition but no angle of the shaft.
    centre : complex
        Mean position over the whole signal: to the right, and up.
    largest : float
        Greatest distance from the mean position within the stretch (S max of ISO 20816-1).
    direction : Direction
    ellipse : Ellipse or None
        At the order that was asked for.
    """

    times_s: NDArray[np.float64]
    right: NDArray[np.float32]
    up: NDArray[np.float32]
    mark_right: NDArray[np.float32]
    mark_up: NDArray[np.float32]
    marks_measured: bool
    centre: complex
    largest: float
    direction: Direction
    ellipse: Ellipse | None


def orbit(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    sampling_rate_hz: float,
    shaft_hz: float,
    settings: OrbitSettings | None = None,
    keyphasor_s: NDArray[np.float64] | None = None,
) -> Orbit:
    """Return the orbit of two channels.

    Parameters
    ----------
    x, y : ndarray of float, shape (time,)
        Displacement (or any other quantity of motion) of both probes, in one unit.
    sampling_rate_hz, shaft_hz : float
    settings : OrbitSettings, optional
    keyphasor_s : ndarray of float64, shape (pulse,), optional
        Moments of a once-per-revolution pulse, as `tacho.pulse_times` gives them.

    Raises
    ------
    Invalid
        If the channels do not fit together, the speed is not between 0 and half the sampling
        rate, or there are too few turns at the order.

    Examples
    --------
    >>> turns = 2 * np.pi * 25 * np.arange(2000) / 1000
    >>> seen = orbit(3 * np.cos(turns), 1 * np.sin(turns), 1000.0, 25.0, OrbitSettings(order=1))
    >>> seen.direction.value, round(seen.ellipse.semi_major, 3), round(seen.ellipse.semi_minor, 3)
    ('forward', 3.0, 1.0)
    """
    settings = settings or OrbitSettings()
    if not 0 < shaft_hz < sampling_rate_hz / 2:
        raise Invalid(
            f"A shaft speed of {shaft_hz:g} Hz: state one between 0 and half the sampling rate "
            f"({sampling_rate_hz / 2:g} Hz).",
            field="shaft_hz",
        )
    motion = shaft_motion(x, y, settings.probes)
    centre = complex(motion.mean())
    motion = motion - centre
    ellipse = None
    if settings.order is not None:
        ellipse = _ellipse(motion, sampling_rate_hz, shaft_hz, settings)
        motion = _around(motion, sampling_rate_hz, ellipse.frequency_hz, _FILTER_WIDTH * shaft_hz)
    first, last = _stretch(len(motion), sampling_rate_hz, shaft_hz, settings)
    shown = motion[first:last]
    marks_s = _marks(first / sampling_rate_hz, last / sampling_rate_hz, shaft_hz, keyphasor_s)
    marks = np.interp(marks_s, np.arange(len(motion)) / sampling_rate_hz, motion)
    kept = np.arange(0, len(shown), max(1, -(-len(shown) // POINTS)))
    return Orbit(
        (first + kept) / sampling_rate_hz,
        shown.real[kept].astype(np.float32),
        shown.imag[kept].astype(np.float32),
        marks.real.astype(np.float32),
        marks.imag.astype(np.float32),
        keyphasor_s is not None,
        centre,
        float(np.abs(shown).max()),
        ellipse.direction if ellipse else _direction(with_the_shaft(shown, settings.probes)),
        ellipse,
    )


def _ellipse(
    motion: NDArray[np.complex128],
    sampling_rate_hz: float,
    shaft_hz: float,
    settings: OrbitSettings,
) -> Ellipse:
    """Return the ellipse at the strongest frequency near the order that was asked for."""
    turned = with_the_shaft(motion, settings.probes)
    wanted_hz = (settings.order or 1.0) * shaft_hz
    frequency_hz = wanted_hz
    if settings.search > 0:
        reach_hz = settings.search * shaft_hz
        low_hz = max(wanted_hz - reach_hz, 0.0)
        frequency_hz = strongest_frequency(turned, sampling_rate_hz, low_hz, wanted_hz + reach_hz)
    return ellipse_at(turned, sampling_rate_hz, frequency_hz, shaft_hz, settings.probes.clockwise)


def _around(
    motion: NDArray[np.complex128], sampling_rate_hz: float, frequency_hz: float, width_hz: float
) -> NDArray[np.complex128]:
    """Return the motion within `width_hz` of a frequency, in both directions, softly cut."""
    lines = scipy.fft.fft(motion)
    distance = np.abs(np.abs(scipy.fft.fftfreq(len(motion), 1 / sampling_rate_hz)) - frequency_hz)
    lines *= np.where(distance < width_hz, np.cos(np.pi / 2 * distance / width_hz) ** 2, 0.0)
    kept: NDArray[np.complex128] = scipy.fft.ifft(lines)
    return kept


def _stretch(
    n_samples: int, sampling_rate_hz: float, shaft_hz: float, settings: OrbitSettings
) -> tuple[int, int]:
    """Return the first and one past the last sample that are shown."""
    wanted = settings.revolutions / min(settings.order or 1.0, 1.0)
    length = min(int(wanted * sampling_rate_hz / shaft_hz) + 1, n_samples)
    first = (n_samples - length) // 2
    if settings.start_s is not None:
        first = round(min(max(settings.start_s * sampling_rate_hz, 0), n_samples - length))
    return first, first + length


def _marks(
    first_s: float, last_s: float, shaft_hz: float, keyphasor_s: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return the moments of the marks within a stretch."""
    if keyphasor_s is None:
        count = int(np.ceil((last_s - first_s) * shaft_hz - 1e-9))
        return first_s + np.arange(count, dtype=np.float64) * (1.0 / shaft_hz)
    return keyphasor_s[(keyphasor_s >= first_s) & (keyphasor_s < last_s)]


def _direction(motion: NDArray[np.complex128]) -> Direction:
    """Return how a motion turns on the whole: the sign of the area that it sweeps."""
    swept = float(np.sum((motion[:-1].conj() * np.diff(motion)).imag))
    reach = float(np.sum(np.abs(motion[:-1]) * np.abs(np.diff(motion))))
    if abs(swept) <= _STRAIGHT * reach:
        return Direction.STRAIGHT
    return Direction.FORWARD if swept > 0 else Direction.BACKWARD
