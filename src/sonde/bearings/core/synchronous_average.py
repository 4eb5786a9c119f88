"""The time-synchronous average: what repeats with every turn of the shaft, and what is left.

Turns are laid on top of each other over the angle. What follows the shaft stays, everything else
falls with the root of their number (Braun, "The extraction of periodic waveforms by time domain
averaging", Acustica 32 (1975)). The residual shows what does not follow the shaft, such as rolling
bearings, whose fault orders are no whole numbers.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.order_tracking import AngularSignal, OrderSpectrum
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class SynchronousAverage:
    """The mean course over one turn, or over a few where the pattern is longer than one.

    Parameters
    ----------
    values : ndarray of float, shape (angle,)
    revolutions : int
        How many turns the course is long.
    n_averages : int
        How many courses were averaged: what does not follow the shaft fell by its root.
    share : float
        Part of the variance (0 to 1) that the average explains.
    """

    values: NDArray[np.floating]
    revolutions: int
    n_averages: int
    share: float

    @property
    def angle_deg(self) -> NDArray[np.float64]:
        """Return the angle of every value."""
        steps = np.arange(len(self.values), dtype=np.float64)
        return steps * (360 * self.revolutions / len(self.values))

    def spectrum(self) -> OrderSpectrum:
        """Return the amplitudes of the orders of the average; exact lines, no window needed."""
        lines = np.abs(scipy.fft.rfft(self.values)) * (2 / len(self.values))
        lines[0] /= 2
        if len(self.values) % 2 == 0:
            lines[-1] /= 2
        return OrderSpectrum(1 / self.revolutions, lines, "u", self.n_averages)


def synchronous_average(signal: AngularSignal, revolutions: int = 1) -> SynchronousAverage:
    """Return the mean course over `revolutions` turns.

    Parameters
    ----------
    signal : AngularSignal
    revolutions : int
        Length of the pattern in turns: 1 for the shaft, 2 for a belt or gear that repeats after
        two, and so on.

    Raises
    ------
    Invalid
        If there are fewer than two such courses.

    Examples
    --------
    >>> turned = AngularSignal(np.tile([0.0, 1.0, 0.0, -1.0], 10), 4, 0.0, 2.0)
    >>> average = synchronous_average(turned)
    >>> average.values.tolist(), average.n_averages, average.share
    ([0.0, 1.0, 0.0, -1.0], 10, 1.0)
    """
    if revolutions < 1:
        raise Invalid(f"revolutions={revolutions}: give at least 1.", field="revolutions")
    length = revolutions * signal.samples_per_revolution
    count = len(signal.samples) // length
    if count < 2:
        raise Invalid(
            f"{signal.n_revolutions} turns are too few to average courses of {revolutions}: at "
            f"least {2 * revolutions} are needed.",
            field="revolutions",
        )
    used = signal.samples[: count * length]
    values = used.reshape(count, length).mean(axis=0)
    variance = float(used.var())
    share = float(values.var()) / variance if variance > 0 else 0.0
    return SynchronousAverage(values, revolutions, count, share)


def residual(signal: AngularSignal, average: SynchronousAverage) -> AngularSignal:
    """Return the signal over the angle less its average: what does not follow the shaft.

    Parameters
    ----------
    signal : AngularSignal
    average : SynchronousAverage
        Of the same signal.

    Raises
    ------
    Invalid
        If the average is not one of this signal's angle.

    Examples
    --------
    >>> turned = AngularSignal(np.tile([0.0, 1.0, 0.0, -1.0], 10), 4, 0.0, 2.0)
    >>> float(np.abs(residual(turned, synchronous_average(turned)).samples).max())
    0.0
    """
    if len(average.values) != average.revolutions * signal.samples_per_revolution:
        raise Invalid("This average belongs to another signal: its steps of angle differ.")
    repeated = np.resize(average.values, len(signal.samples))
    return AngularSignal(
        signal.samples - repeated,
        signal.samples_per_revolution,
        signal.first_revolution,
        signal.highest_order,
    )
