"""Pulses of a tacho channel, and the speed profile they give."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.speed_profile import SpeedProfile
from sonde.platform.core.errors import Invalid

_FEWEST_PULSES = 4
_JUMP = 1.6


@dataclass(frozen=True)
class TachoSettings:
    """How a tacho channel is read.

    Parameters
    ----------
    pulses_per_revolution : int
    threshold : float, optional
        Level that a pulse crosses; halfway between lowest and highest where None.
    hysteresis : float
        Share of the span that the signal has to fall back before the next pulse counts.
    is_falling : bool
        Whether falling edges count instead of rising ones.

    Raises
    ------
    Invalid
        If there is less than one pulse per revolution, or the hysteresis is no share.
    """

    pulses_per_revolution: int = 1
    threshold: float | None = None
    hysteresis: float = 0.2
    is_falling: bool = False

    def __post_init__(self) -> None:
        """Refuse settings that no tacho has."""
        if not 1 <= self.pulses_per_revolution <= 10_000:
            raise Invalid(
                f"pulses_per_revolution={self.pulses_per_revolution}: give 1 to 10,000.",
                field="pulses_per_revolution",
            )
        if not 0 <= self.hysteresis < 1:
            raise Invalid(
                f"hysteresis={self.hysteresis:g}: give a share from 0 to below 1.",
                field="hysteresis",
            )


def pulse_times(
    tacho: NDArray[np.floating], sampling_rate_hz: float, settings: TachoSettings | None = None
) -> NDArray[np.float64]:
    """Return when the pulses of a tacho channel begin, between samples by a straight line.

    Parameters
    ----------
    tacho : ndarray of float, shape (time,)
    sampling_rate_hz : float
    settings : TachoSettings, optional

    Returns
    -------
    ndarray of float64, shape (pulse,)
        Seconds from the first sample; a rise counts again only after a fall through the lower
        edge of the hysteresis.

    Raises
    ------
    Invalid
        If the channel is constant or never crosses the threshold.

    Examples
    --------
    >>> square = np.tile([0.0, 0.0, 1.0, 1.0], 3)
    >>> pulse_times(square, 10.0).tolist()
    [0.15, 0.55, 0.95]
    """
    settings = settings or TachoSettings()
    values = np.asarray(tacho, dtype=np.float64) * (-1 if settings.is_falling else 1)
    low, high = float(values.min()), float(values.max())
    level = (low + high) / 2
    if settings.threshold is not None:
        level = settings.threshold * (-1 if settings.is_falling else 1)
    if not low < level < high:
        raise Invalid(
            f"The tacho channel runs from {float(tacho.min()):g} to {float(tacho.max()):g} and "
            "never crosses the threshold: choose another threshold or another channel.",
            field="threshold",
        )
    half = settings.hysteresis * (high - low) / 2
    state = np.where(values >= min(level + half, high), 1, 0)
    state[values <= max(level - half, low)] = -1
    known = np.flatnonzero(state)
    rising = known[1:][(state[known][:-1] < 0) & (state[known][1:] > 0)]
    under = np.maximum.accumulate(np.where(values < level, np.arange(len(values)), 0))
    before = under[rising - 1] if len(rising) else rising
    rise = values[before + 1] - values[before]
    times: NDArray[np.float64] = (before + (level - values[before]) / rise) / sampling_rate_hz
    return times


def profile_of_tacho(
    tacho: NDArray[np.floating], sampling_rate_hz: float, settings: TachoSettings | None = None
) -> SpeedProfile:
    """Return the speed profile that the pulses of a tacho channel give.

    One point per revolution, so that unevenly spaced marks do not matter (every pulse where there
    are fewer than 8 revolutions); whole revolutions fall on the first pulse and its successors.

    Parameters
    ----------
    tacho : ndarray of float, shape (time,)
    sampling_rate_hz : float
    settings : TachoSettings, optional

    Raises
    ------
    Invalid
        If there are too few pulses, or pulses are missing or doubled.

    Examples
    --------
    >>> seconds = np.arange(20_000) / 10_000
    >>> pulses = (np.sin(2 * np.pi * 25 * seconds) > 0.9).astype(float)
    >>> round(profile_of_tacho(pulses, 10_000.0).mean_hz, 3)
    25.0
    """
    settings = settings or TachoSettings()
    times = pulse_times(tacho, sampling_rate_hz, settings)
    per_turn = settings.pulses_per_revolution
    if len(times) < max(_FEWEST_PULSES, per_turn + 1):
        raise Invalid(
            f"Only {len(times)} tacho pulses at {per_turn} per revolution: at least one whole "
            "revolution and four pulses are needed.",
            field="tacho",
        )
    _check_intervals(np.diff(times))
    step = per_turn if len(times) >= 8 * per_turn else 1
    kept = np.arange(0, len(times), step)
    return SpeedProfile(times[kept], kept / per_turn, "tacho")


def _check_intervals(intervals_s: NDArray[np.float64]) -> None:
    """Refuse intervals that jump against the median of their neighbourhood."""
    padded = np.pad(intervals_s, 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 5)
    usual = np.median(windows, axis=1)
    odd = int(((intervals_s > _JUMP * usual) | (intervals_s < usual / _JUMP)).sum())
    if odd:
        raise Invalid(
            f"{odd} of {len(intervals_s)} tacho intervals differ from their neighbours by more "
            f"than {_JUMP:g} times: pulses are missing or doubled. Change the threshold or the "
            "hysteresis, or let the speed be found in the signal.",
            field="tacho",
        )
