"""The speed of a shaft over time, kept as its angle: revolutions at points in time.

Between the points runs a cubic spline, beyond the ends the speed stays. The angle, not the speed,
is what is kept: a tacho gives it directly, and an error in it does not grow with time.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

HIGHEST_RATIO = 20.0
_NEWTON_STEPS = 2


@dataclass(frozen=True)
class SpeedProfile:
    """How far a shaft has turned at points in time.

    Parameters
    ----------
    time_s : ndarray of float64, shape (point,)
        Increasing, at least two.
    revolutions : ndarray of float64, shape (point,)
        Increasing. Whole numbers mark the same angle of the shaft.
    source : str
        ``"tacho"``, ``"signal"`` or ``"stated"``.
    clarity : float
        For a profile found in the signal: how many times its harmonics stand over what is around
        them, at most 20 (noise alone shows up to 3); infinite for the others.

    Raises
    ------
    Invalid
        If the shaft does not turn forwards all the time, or its speed varies by more than 20 times.

    Examples
    --------
    >>> profile = stated_profile(25.0, 2.0)
    >>> profile.revolutions_at(np.array([1.0])).tolist(), profile.mean_hz
    ([25.0], 25.0)
    """

    time_s: NDArray[np.float64]
    revolutions: NDArray[np.float64]
    source: str
    clarity: float = field(default=float("inf"))

    def __post_init__(self) -> None:
        """Refuse what no shaft does."""
        if len(self.time_s) < 2 or len(self.time_s) != len(self.revolutions):
            raise Invalid("A speed profile needs at least two points in time.")
        if not (np.diff(self.time_s) > 0).all():
            raise Invalid("The times of a speed profile must increase.")
        speeds = self._shown_speeds
        if not speeds.min() > 0:
            raise Invalid(
                "The speed profile stands still or turns back somewhere: check the tacho "
                "channel, its threshold and the pulses per revolution."
            )
        if speeds.max() > HIGHEST_RATIO * speeds.min():
            raise Invalid(
                f"The speed runs from {speeds.min():.3g} to {speeds.max():.3g} Hz, more than "
                f"{HIGHEST_RATIO:g} times: look at a part of the recording."
            )

    @cached_property
    def _spline(self) -> "CubicSpline[np.float64]":
        return _spline_through(self.time_s, self.revolutions)

    @cached_property
    def _shown_speeds(self) -> NDArray[np.float64]:
        """Speeds at the points and midway."""
        middle = (self.time_s[1:] + self.time_s[:-1]) / 2
        return np.asarray(self._spline(np.concatenate([self.time_s, middle]), 1))

    @property
    def slowest_hz(self) -> float:
        """Return the lowest speed."""
        return float(self._shown_speeds.min())

    @property
    def fastest_hz(self) -> float:
        """Return the highest speed."""
        return float(self._shown_speeds.max())

    @property
    def mean_hz(self) -> float:
        """Return the mean speed between the first and the last point."""
        turned = self.revolutions[-1] - self.revolutions[0]
        return float(turned / (self.time_s[-1] - self.time_s[0]))

    def revolutions_at(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the angle in revolutions, shape (time,)."""
        inside = np.clip(time_s, self.time_s[0], self.time_s[-1])
        turned = np.asarray(self._spline(inside))
        outside = time_s != inside
        if outside.any():
            turned[outside] += (time_s - inside)[outside] * self.shaft_hz_at(inside[outside])
        return turned

    def shaft_hz_at(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the speed in Hz, shape (time,)."""
        return np.asarray(self._spline(np.clip(time_s, self.time_s[0], self.time_s[-1]), 1))

    def time_at(self, revolutions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return when the shaft has turned so far, shape (angle,); the inverse of the angle."""
        slopes = 1 / self.shaft_hz_at(self.time_s[[0, -1]])
        time_s = np.interp(revolutions, self.revolutions, self.time_s)
        time_s += np.minimum(revolutions - self.revolutions[0], 0) * slopes[0]
        time_s += np.maximum(revolutions - self.revolutions[-1], 0) * slopes[1]
        for _ in range(_NEWTON_STEPS):
            time_s -= (self.revolutions_at(time_s) - revolutions) / self.shaft_hz_at(time_s)
        return time_s


def stated_profile(shaft_hz: float, duration_s: float) -> SpeedProfile:
    """Return the profile of a shaft at a constant, stated speed.

    Raises
    ------
    Invalid
        If speed or duration is not positive.
    """
    if not (shaft_hz > 0 and duration_s > 0):
        raise Invalid(f"Speed {shaft_hz:g} Hz over {duration_s:g} s: both must be positive.")
    times = np.array([0.0, duration_s])
    return SpeedProfile(times, times * shaft_hz, "stated")


def profile_of_speeds(
    time_s: NDArray[np.float64],
    shaft_hz: NDArray[np.float64],
    source: str = "stated",
) -> SpeedProfile:
    """Return the profile of a shaft whose speed is known at points in time.

    Raises
    ------
    Invalid
        If there are fewer than two points, or a speed is not positive.

    Examples
    --------
    From 10 to 30 Hz in 2 s the shaft turns 40 times:

    >>> profile = profile_of_speeds(np.linspace(0, 2, 9), np.linspace(10, 30, 9))
    >>> round(float(profile.revolutions[-1]), 9)
    40.0
    """
    if len(time_s) < 2 or not (shaft_hz > 0).all():
        raise Invalid("A speed profile needs at least two points, each with a positive speed.")
    turned = np.asarray(_spline_through(time_s, shaft_hz).antiderivative()(time_s))
    return SpeedProfile(np.asarray(time_s, dtype=np.float64), turned, source)


def _spline_through(
    time_s: NDArray[np.float64], values: NDArray[np.float64]
) -> "CubicSpline[np.float64]":
    from scipy.interpolate import CubicSpline

    if len(time_s) < 4:
        return CubicSpline(time_s, values, bc_type="natural")
    return CubicSpline(time_s, values)
