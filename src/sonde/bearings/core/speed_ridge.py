"""A ridge through time: the speed whose harmonics stand out the most.

In every stretch of the signal each candidate speed collects the logarithm of the spectrum at its
first harmonics, over the local background. Through all stretches runs the path with the highest
sum, less a price for every change of speed (dynamic programming).
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sonde.bearings.core.speed_profile import SpeedProfile, profile_of_speeds
from sonde.platform.core.errors import Invalid

_HOPS = 6
_ZERO_PADDING = 4
_STEPS_PER_LINE = 3
_HIGHEST_LOG = 1.0  # every harmonic has one vote, however high it is
_COARSE = 8
_BACKGROUND_ORDERS = 2.0
_FLOOR = 3e-3
_FASTEST_CHANGE = 0.06


@dataclass(frozen=True)
class RidgeSettings:
    """Where and how a speed is looked for.

    Parameters
    ----------
    nominal_hz : float
        Speed to begin with.
    reach : float
        How far below and above it, as a share; up to 0.9 for a run-up from its mean speed.
    harmonics : int
        How many harmonics count.
    revolutions : float
        Length of a stretch, in revolutions at nominal speed.
    stiffness : float
        Price of a change of speed; 0 lets every stretch stand for itself.

    Raises
    ------
    Invalid
        If a number is out of its range.
    """

    nominal_hz: float
    reach: float = 0.2
    harmonics: int = 8
    revolutions: float = 6.0
    stiffness: float = 0.3

    def __post_init__(self) -> None:
        """Refuse what cannot be looked for."""
        if not self.nominal_hz > 0:
            raise Invalid(
                f"nominal speed {self.nominal_hz:g} Hz: give the speed to look around.",
                field="nominal_hz",
            )
        if not 0.005 <= self.reach <= 0.9:
            raise Invalid(f"reach={self.reach:g}: give a share from 0.005 to 0.9.", field="reach")
        if not 2 <= self.harmonics <= 40:
            raise Invalid(f"harmonics={self.harmonics}: give 2 to 40.", field="harmonics")
        if not 4 <= self.revolutions <= 1000 or not 0 <= self.stiffness <= 1e6:
            raise Invalid(
                "Give 4 to 1000 revolutions to a stretch and a stiffness from 0.",
                field="revolutions",
            )


def ridge_profile(
    samples: NDArray[np.floating], sampling_rate_hz: float, settings: RidgeSettings
) -> SpeedProfile:
    """Return the profile along the best path through the map of candidate speeds.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    settings : RidgeSettings

    Raises
    ------
    Invalid
        If the signal is shorter than two stretches or the rate too low for two harmonics.
    """
    harmonics = min(
        settings.harmonics,
        int(sampling_rate_hz / 2.2 / (settings.nominal_hz * (1 + settings.reach))),
    )
    if harmonics < 2:
        raise Invalid(
            f"A sampling rate of {sampling_rate_hz:g} Hz shows no two harmonics of "
            f"{settings.nominal_hz:g} Hz."
        )
    settings = replace(settings, harmonics=harmonics)
    speeds = _candidates(settings)
    reduced, rate_hz = _reduced(samples, sampling_rate_hz, 1.05 * harmonics * float(speeds[-1]))
    times_s, scores = _score_map(reduced, rate_hz, speeds, settings)
    path = _best_path(scores, settings)
    along = scores[np.arange(len(path)), path]
    shaft_hz = _smoothed(_refined(scores, path, speeds), along)
    return _with_ends(times_s, shaft_hz, len(samples) / sampling_rate_hz)


def _candidates(settings: RidgeSettings) -> NDArray[np.float64]:
    """Return speeds in equal ratios, a third of a line apart at the highest harmonic."""
    ratio = 1 / (settings.revolutions * settings.harmonics * _STEPS_PER_LINE)
    low, high = np.log1p(-settings.reach), np.log1p(settings.reach)
    count = int((high - low) / ratio) + 2
    return settings.nominal_hz * np.exp(np.linspace(low, high, count))


def _reduced(
    samples: NDArray[np.floating], sampling_rate_hz: float, highest_hz: float
) -> tuple[NDArray[np.floating], float]:
    """Return the signal up to `highest_hz`, at the lowest rate that holds it."""
    lines = scipy.fft.rfft(samples - samples.mean())
    wanted = 2.2 * highest_hz * len(samples) / sampling_rate_hz
    length = min(int(scipy.fft.next_fast_len(int(wanted) + 1, True)), len(samples))
    values = scipy.fft.irfft(lines[: length // 2 + 1], length)
    return values, sampling_rate_hz * length / len(samples)


def _score_map(
    samples: NDArray[np.floating],
    rate_hz: float,
    speeds: NDArray[np.float64],
    settings: RidgeSettings,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle of every stretch and its scores, shape (stretch, speed)."""
    length = int(
        settings.revolutions / (settings.nominal_hz * (1 - settings.reach) ** 0.5) * rate_hz
    )
    if len(samples) < 2 * length:
        raise Invalid(
            f"The recording is too short to find its speed: {2 * settings.revolutions:g} "
            f"revolutions at {settings.nominal_hz:g} Hz are needed."
        )
    hop = max(1, length // _HOPS)
    stretches = sliding_window_view(samples, length)[::hop]
    size = int(scipy.fft.next_fast_len(_ZERO_PADDING * length, True))
    spectra = np.abs(scipy.fft.rfft(stretches * np.hanning(length), size, axis=1))
    orders = length / rate_hz * settings.nominal_hz * _ZERO_PADDING / _COARSE  # points per order
    width = int(_BACKGROUND_ORDERS * orders / 2) * 2 + 1
    background = scipy.ndimage.median_filter(spectra[:, ::_COARSE], size=(1, max(3, width)))
    background = np.repeat(background, _COARSE, axis=1)[:, : spectra.shape[1]]
    floor = spectra.max(axis=1, keepdims=True) * _FLOOR + np.finfo(spectra.dtype).tiny
    raised = np.log(np.maximum(spectra, floor) / np.maximum(background, floor))
    np.clip(raised, 0, _HIGHEST_LOG, out=raised)
    multiples = np.arange(1, settings.harmonics + 1)
    places = np.rint(multiples[:, np.newaxis] * speeds * (size / rate_hz)).astype(int)
    scores = raised[:, np.minimum(places, raised.shape[1] - 1)].mean(axis=1)
    times_s = (np.arange(len(stretches), dtype=np.float64) * hop + length / 2) / rate_hz
    return times_s, np.asarray(scores, dtype=np.float64)


def _best_path(scores: NDArray[np.float64], settings: RidgeSettings) -> NDArray[np.intp]:
    """Return the position in every stretch along the path of the highest total (Viterbi)."""
    n_stretches, n_speeds = scores.shape
    steps = settings.revolutions * settings.harmonics * _STEPS_PER_LINE
    reach = max(2, int(min(_FASTEST_CHANGE, settings.reach / 2) * steps))
    moves = np.arange(-reach, reach + 1)
    price = settings.stiffness * (moves / reach) ** 2
    came_from = np.zeros((n_stretches, n_speeds), dtype=np.intp)
    total = scores[0]
    for stretch in range(1, n_stretches):
        padded = np.pad(total, reach, constant_values=-np.inf)
        options = sliding_window_view(padded, 2 * reach + 1) - price
        best = options.argmax(axis=1)
        came_from[stretch] = np.arange(n_speeds) + moves[best]
        total = scores[stretch] + options[np.arange(n_speeds), best]
    path = np.empty(n_stretches, dtype=np.intp)
    path[-1] = total.argmax()
    for stretch in range(n_stretches - 1, 0, -1):
        path[stretch - 1] = came_from[stretch, path[stretch]]
    return path


def _refined(
    scores: NDArray[np.float64], path: NDArray[np.intp], speeds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the speed at the top of the parabola through each point of the path."""
    inner = np.clip(path, 1, scores.shape[1] - 2)
    rows = np.arange(len(path))
    left, middle, right = (scores[rows, inner + step] for step in (-1, 0, 1))
    curve = left - 2 * middle + right
    shift = np.where(curve < 0, (left - right) / (2 * np.where(curve < 0, curve, -1.0)), 0.0)
    ratio = np.log(speeds[1] / speeds[0])
    answer: NDArray[np.float64] = speeds[inner] * np.exp(np.clip(shift, -1, 1) * ratio)
    return answer


def _smoothed(
    shaft_hz: NDArray[np.float64], weights: NDArray[np.float64], price: float = 2.0
) -> NDArray[np.float64]:
    """Return the smooth course near the speeds: least squares and a price on second differences.

    Whittaker, "On a new method of graduation" (1923).
    """
    count = len(shaft_hz)
    if count < 5:
        return shaft_hz
    weights = np.maximum(weights / max(float(weights.mean()), 1e-12), 1e-3)
    second = np.diff(np.eye(count), 2, axis=0)
    penalty = price * second.T @ second
    bands = np.zeros((3, count))
    for step in range(3):
        bands[2 - step, step:] = np.diagonal(penalty, step)
    bands[2] += weights
    return np.asarray(scipy.linalg.solveh_banded(bands, weights * shaft_hz))


def _with_ends(
    times_s: NDArray[np.float64], shaft_hz: NDArray[np.float64], duration_s: float
) -> SpeedProfile:
    """Return the profile with straight continuations to both ends of the recording."""
    first = 2 * shaft_hz[0] - np.interp(2 * times_s[0], times_s, shaft_hz)
    beyond = duration_s - times_s[-1]
    last = 2 * shaft_hz[-1] - np.interp(times_s[-1] - beyond, times_s, shaft_hz)
    low, high = 0.8 * shaft_hz.min(), 1.2 * shaft_hz.max()
    ends = np.clip([first, last], low, high)
    return profile_of_speeds(
        np.concatenate([[0.0], times_s, [duration_s]]),
        np.concatenate([ends[:1], shaft_hz, ends[1:]]),
        "signal",
    )
