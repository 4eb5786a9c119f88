"""One frequency of a shaft's motion: an ellipse, made of a forward and a backward circle.

Any motion at one frequency is the sum of two circles, one turning with the shaft and one against
it: z(t) = f exp(i w t) + b exp(-i w t). Their sizes give the ellipse and its direction; the
spectrum of both at once is the full spectrum (D. E. Bently and C. T. Hatch, "Fundamentals of
Rotating Machinery Diagnostics", 2002).
"""

import cmath
import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.orbits.probes import Probes, shaft_motion, with_the_shaft
from sonde.bearings.core.spectra import Window, window_weights
from sonde.bearings.core.timefrequency.image import highest_per_bucket
from sonde.platform.core.errors import Invalid

FEWEST_TURNS = 3
_STRAIGHT = 0.02


class Direction(StrEnum):
    """How an orbit turns, compared with the shaft."""

    FORWARD = "forward"
    BACKWARD = "backward"
    STRAIGHT = "straight"


@dataclass(frozen=True)
class Ellipse:
    """The motion at one frequency.

    Parameters
    ----------
    frequency_hz : float
    order : float
        The frequency in multiples of the shaft's.
    forward, backward : complex
        Both circles: radius and phase at the first sample, in the frame where the shaft turns
        counter-clockwise.
    clockwise : bool
        Whether that frame is a mirror image of what the probes see.
    """

    frequency_hz: float
    order: float
    forward: complex
    backward: complex
    clockwise: bool = False

    @property
    def semi_major(self) -> float:
        """Return half of the longest diameter."""
        return abs(self.forward) + abs(self.backward)

    @property
    def semi_minor(self) -> float:
        """Return half of the shortest diameter."""
        return abs(abs(self.forward) - abs(self.backward))

    @property
    def inclination_deg(self) -> float:
        """Return the angle of the longest diameter from horizontal, -90 to 90 degrees."""
        mean = (cmath.phase(self.forward) + cmath.phase(self.backward)) / 2
        angle = math.degrees(mean) * (-1 if self.clockwise else 1)
        return (angle + 90) % 180 - 90

    @property
    def direction(self) -> Direction:
        """Return how the orbit turns, compared with the shaft."""
        if self.semi_minor <= _STRAIGHT * self.semi_major:
            return Direction.STRAIGHT
        larger = abs(self.forward) > abs(self.backward)
        return Direction.FORWARD if larger else Direction.BACKWARD

    def points(self, count: int = 180) -> NDArray[np.complex128]:
        """Return the closed curve as the probes see it, from the phase of the first sample."""
        turn = np.exp(2j * np.pi * np.linspace(0, 1, count))
        curve: NDArray[np.complex128] = self.forward * turn + self.backward / turn
        return curve.conj() if self.clockwise else curve


@dataclass(frozen=True)
class FullSpectrum:
    """Radius of the circle at every frequency: positive with the shaft, negative against it.

    Parameters
    ----------
    frequency_hz : ndarray of float64, shape (frequency,)
        Increasing, from negative to positive.
    values : ndarray of float32, shape (frequency,)
        A circular motion of radius A shows as A; a straight one of amplitude A as A/2 on each
        side. In the unit of the channels.
    """

    frequency_hz: NDArray[np.float64]
    values: NDArray[np.float32]

    def within(self, highest_hz: float, points: int = 1200) -> "FullSpectrum":
        """Return the part up to `highest_hz` in up to `points` lines, the highest kept."""
        inside = np.abs(self.frequency_hz) <= highest_hz
        values, frequency_hz = self.values[inside], self.frequency_hz[inside]
        width = max(1, -(-len(values) // points))
        step_hz = float(self.frequency_hz[1] - self.frequency_hz[0])
        middles = frequency_hz[::width] + (width - 1) / 2 * step_hz
        return FullSpectrum(middles, highest_per_bucket(values, points))


def full_spectrum(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    sampling_rate_hz: float,
    probes: Probes | None = None,
    window: Window = Window.HANN,
) -> FullSpectrum:
    """Return the full spectrum of two channels.

    Parameters
    ----------
    x, y : ndarray of float, shape (time,)
        Their means are removed.
    sampling_rate_hz : float
    probes : Probes, optional
    window : Window

    Raises
    ------
    Invalid
        As `shaft_motion`.

    Examples
    --------
    A circle of radius 2, against the shaft, 10 times a second:

    >>> turns = 2 * np.pi * 10 * np.arange(1000) / 1000
    >>> spectrum = full_spectrum(2 * np.cos(turns), -2 * np.sin(turns), 1000.0)
    >>> top = spectrum.values.argmax()
    >>> float(spectrum.frequency_hz[top]), round(float(spectrum.values[top]), 4)
    (-10.0, 2.0)
    """
    probes = probes or Probes()
    motion = with_the_shaft(shaft_motion(x, y, probes), probes)
    weights = window_weights(len(motion), window, np.dtype(np.float64))
    lines = scipy.fft.fftshift(scipy.fft.fft((motion - motion.mean()) * weights))
    count = len(motion)
    frequency_hz = np.arange(-(count // 2), count - count // 2, dtype=np.float64)
    frequency_hz *= sampling_rate_hz / count
    return FullSpectrum(frequency_hz, (np.abs(lines) / weights.sum()).astype(np.float32))


def strongest_frequency(
    motion: NDArray[np.complex128], sampling_rate_hz: float, low_hz: float, high_hz: float
) -> float:
    """Return the frequency between two at which the motion is largest, finer than the lines.

    Raises
    ------
    Invalid
        If no spectral line lies between them.
    """
    weights = window_weights(len(motion), Window.HANN, np.dtype(np.float64))
    lines = np.abs(scipy.fft.fft((motion - motion.mean()) * weights)) ** 2
    count = len(motion)
    half = (count - 1) // 2
    both = lines[1 : half + 1] + lines[: -half - 1 : -1]
    first = max(1, math.ceil(low_hz * count / sampling_rate_hz - 0.5))
    last = min(half - 1, math.floor(high_hz * count / sampling_rate_hz + 0.5))
    if first > last:
        raise Invalid(
            f"No spectral line between {low_hz:.4g} and {high_hz:.4g} Hz: they must lie below half "
            f"the sampling rate ({sampling_rate_hz / 2:g} Hz), and the signal be long enough.",
            field="order",
        )
    top = first + int(both[first - 1 : last].argmax())
    before, here, after = both[max(top - 2, 0)], both[top - 1], both[top]
    if here <= 0:
        return (low_hz + high_hz) / 2
    # Between two lines of a Hann window the ratio of the amplitudes gives the place exactly.
    larger = math.sqrt(max(before, after) / here)
    offset = (2 * larger - 1) / (larger + 1)
    place = top + (offset if after >= before else -offset)
    return min(max(place * sampling_rate_hz / count, low_hz), high_hz)


def ellipse_at(
    motion: NDArray[np.complex128],
    sampling_rate_hz: float,
    frequency_hz: float,
    shaft_hz: float,
    clockwise: bool = False,
) -> Ellipse:
    """Return the ellipse of a motion (in the shaft's frame) at one frequency.

    Parameters
    ----------
    motion : ndarray of complex128, shape (time,)
    sampling_rate_hz, frequency_hz, shaft_hz : float
    clockwise : bool
        Passed on: whether the frame is a mirror image.

    Raises
    ------
    Invalid
        If the motion holds less than three turns at that frequency.
    """
    turns = len(motion) / sampling_rate_hz * frequency_hz
    if not turns >= FEWEST_TURNS or frequency_hz >= sampling_rate_hz / 2:
        raise Invalid(
            f"{turns:.1f} turns at {frequency_hz:.4g} Hz: an orbit at one frequency needs at "
            f"least {FEWEST_TURNS} below half the sampling rate. Choose a longer stretch.",
            field="order",
        )
    weights = window_weights(len(motion), Window.HANN, np.dtype(np.float64))
    weighted = (motion - np.average(motion, weights=weights)) * weights / weights.sum()
    phase = np.arange(len(motion)) * (2 * np.pi * frequency_hz / sampling_rate_hz)
    turning = np.exp(-1j * phase)
    return Ellipse(
        frequency_hz,
        frequency_hz / shaft_hz,
        complex(weighted @ turning),
        complex(weighted @ turning.conj()),
        clockwise,
    )
