"""Cyclic spectral coherence: which bands of a signal swing together, and how often per second.

The estimate is the frequency-smoothed cyclic periodogram: the mean of X(f) X*(f - a) over all
spectral lines of a band, for every cyclic frequency a that the length of the signal resolves. A
mean over shifted lines is a correlation, so each band costs three short transforms instead of one
product per cyclic frequency. Coherence and enhanced envelope spectrum as in J. Antoni, G. Xin and
N. Hamzaoui, "Fast computation of the spectral correlation", Mechanical Systems and Signal
Processing 92 (2017), 248-277; thresholds as in J. Antoni, "Cyclic spectral analysis in practice",
MSSP 21 (2007), 597-630.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.envelope import Band
from sonde.bearings.core.spectra import Spectrum, Window, window_weights
from sonde.bearings.core.timefrequency.image import (
    checked,
    highest_per_bucket,
    middle_per_bucket,
)
from sonde.platform.core.errors import Invalid

SHORTEST = 1024
COLUMNS = 1024
FEWEST_BANDS, MOST_BANDS = 8, 512
FEWEST_LINES = 16
LONGEST_CORRELATION = 2**22
_UNRESOLVED = 3
# Lines of a Hann-windowed spectrum are correlated: -2/3 with the next, 1/6 with the second next.
_LINES_PER_INDEPENDENT = 1 + 2 * ((2 / 3) ** 2 + (1 / 6) ** 2)
_VALUES_AT_ONCE = 2**20


@dataclass(frozen=True)
class CoherenceSettings:
    """How a cyclic coherence is taken.

    Parameters
    ----------
    highest_cyclic_hz : float
        Up to which cyclic frequency.
    bands : int
        Into how many bands half the sampling rate is divided, 8 to 512. Fewer bands see weaker
        modulation: each is a mean over more lines.
    prewhiten : bool
        Give all spectral lines the same magnitude first, which takes away tones and resonances.
    false_alarm : float
        Share of stationary noise above each threshold, between 0 and 0.5.
    """

    highest_cyclic_hz: float = 400.0
    bands: int = 128
    prewhiten: bool = False
    false_alarm: float = 0.001

    def __post_init__(self) -> None:
        if not FEWEST_BANDS <= self.bands <= MOST_BANDS:
            raise Invalid(
                f"{self.bands} bands: choose {FEWEST_BANDS} to {MOST_BANDS}.", field="bands"
            )
        if not 0 < self.false_alarm < 0.5:
            raise Invalid("The share of false alarms must lie between 0 and 0.5.")


@dataclass(frozen=True)
class CyclicCoherence:
    """Squared magnitude of the cyclic coherence by carrier and cyclic frequency, 0 to 1.

    Parameters
    ----------
    cyclic_hz : ndarray of float64, shape (cyclic,)
        Middle of every column.
    carrier_hz : ndarray of float64, shape (carrier,)
        Middle of every band.
    values : ndarray of float32, shape (carrier, cyclic)
        Each the highest of its column, 0 to 1.
    threshold : float
        The settings' false alarm is the share of values above it in stationary noise.
    enhanced : Spectrum
        Enhanced envelope spectrum: the mean coherence of all bands, or of the asked-for ones, at
        every resolved cyclic frequency.
    enhanced_threshold : float
        The same for one line of it.
    """

    cyclic_hz: NDArray[np.float64]
    carrier_hz: NDArray[np.float64]
    values: NDArray[np.float32]
    threshold: float
    enhanced: Spectrum
    enhanced_threshold: float


def cyclic_coherence(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    settings: CoherenceSettings | None = None,
    band: Band | None = None,
) -> CyclicCoherence:
    """Return the cyclic spectral coherence of a signal.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Computed as float32, about the mean, with a Hann window.
    sampling_rate_hz : float
    settings : CoherenceSettings, optional
    band : (float, float), optional
        Carriers in Hz that the enhanced envelope spectrum is taken of; all by default.

    Raises
    ------
    Invalid
        If there are fewer than 1,024 finite samples, or bands or cyclic frequencies do not fit.

    Examples
    --------
    Noise that swings 35 times a second:

    >>> time_s = np.arange(20_480) / 4096
    >>> noise = np.random.default_rng(0).normal(size=20_480)
    >>> found = cyclic_coherence((1 + 0.5 * np.cos(2 * np.pi * 35 * time_s)) * noise, 4096.0)
    >>> spectrum = found.enhanced
    >>> float(spectrum.frequency_hz[spectrum.values.argmax()].round(6))
    35.0
    >>> bool(spectrum.values.max() > found.enhanced_threshold)
    True
    """
    settings = settings or CoherenceSettings()
    checked(samples, sampling_rate_hz, SHORTEST)
    plan = _Plan.of(len(samples), sampling_rate_hz, settings)
    lines = _mirrored_lines(samples, plan.shifts, settings.prewhiten)
    chosen = plan.chosen(band)
    total = np.zeros(plan.shifts + 1)
    columns = min(COLUMNS, plan.shifts + 1)
    rows = []
    for first, coherence in _coherences(lines, plan):
        rows.append(highest_per_bucket(coherence, columns, axis=1))
        total += coherence[chosen[first : first + len(coherence)]].sum(axis=0, dtype=np.float64)
    cyclic_hz = np.arange(plan.shifts + 1, dtype=np.float64) * plan.resolution_hz
    independent = plan.width / _LINES_PER_INDEPENDENT
    n_chosen = int(chosen.sum())
    mean = np.asarray(total / n_chosen, dtype=np.float32)
    return CyclicCoherence(
        middle_per_bucket(cyclic_hz, columns),
        plan.middles_hz,
        np.concatenate(rows),
        _threshold(independent, 1, settings.false_alarm / -(-len(mean) // columns)),
        Spectrum(plan.resolution_hz, mean, "1"),
        _threshold(independent, n_chosen, settings.false_alarm),
    )


@dataclass(frozen=True)
class _Plan:
    """Which lines make a band, and over how many lines it is shifted."""

    resolution_hz: float
    width: int
    shifts: int
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, n_samples: int, sampling_rate_hz: float, settings: CoherenceSettings) -> "_Plan":
        resolution_hz = sampling_rate_hz / n_samples
        half = n_samples // 2
        width = half // settings.bands
        if width < FEWEST_LINES:
            raise Invalid(
                f"{settings.bands} bands are too many for {n_samples:,} samples: choose at most "
                f"{half // FEWEST_LINES}, or a longer stretch.",
                field="bands",
            )
        shifts = int(settings.highest_cyclic_hz / resolution_hz * (1 + 1e-9))
        if not _UNRESOLVED < shifts < half:
            raise Invalid(
                f"Cyclic frequencies up to {settings.highest_cyclic_hz:g} Hz: this signal allows "
                f"{(_UNRESOLVED + 1) * resolution_hz:.3g} to {sampling_rate_hz / 2:g} Hz.",
                field="highest_cyclic_hz",
            )
        if width + shifts > LONGEST_CORRELATION:
            raise Invalid(
                f"{n_samples:,} samples are too many for a cyclic coherence up to "
                f"{settings.highest_cyclic_hz:g} Hz. Zoom in, or lower the cyclic frequency.",
                field="samples",
            )
        return cls(resolution_hz, width, shifts, np.arange(settings.bands) * width + 1)

    @property
    def middles_hz(self) -> NDArray[np.float64]:
        """Return the middle of every band."""
        middles = self.starts.astype(np.float64) + self.width / 2
        middles *= self.resolution_hz
        return middles

    def chosen(self, band: Band | None) -> NDArray[np.bool_]:
        """Return which bands lie within `band`, by their middles."""
        if band is None:
            return np.ones(len(self.starts), dtype=bool)
        middles_hz = self.middles_hz
        chosen: NDArray[np.bool_] = (middles_hz >= band[0]) & (middles_hz <= band[1])
        if not chosen.any():
            raise Invalid(
                f"No carrier between {band[0]:g} and {band[1]:g} Hz: widen the band to at least "
                f"{self.width * self.resolution_hz:.3g} Hz.",
                field="band",
            )
        return chosen


def _mirrored_lines(
    samples: NDArray[np.floating], shifts: int, prewhiten: bool
) -> NDArray[np.complexfloating]:
    """Return the spectral lines from `-shifts` to half the sampling rate."""
    centred = (samples - samples.mean()).astype(np.float32)
    lines = scipy.fft.rfft(centred * window_weights(len(centred), Window.HANN, centred.dtype))
    lines[0] = 0
    magnitude = np.abs(lines)
    if prewhiten:
        magnitude[magnitude == 0] = 1
        lines /= magnitude
    else:
        lines /= max(float(magnitude.max()), np.finfo(np.float32).tiny)
    return np.concatenate((lines[shifts:0:-1].conj(), lines))


def _coherences(
    lines: NDArray[np.complexfloating], plan: _Plan
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the first band and the squared coherence (band, cyclic) of a few bands at a time."""
    reach = plan.width + plan.shifts
    length = scipy.fft.next_fast_len(reach)
    at_once = max(1, _VALUES_AT_ONCE // length)
    power = lines.real.astype(np.float64) ** 2 + lines.imag.astype(np.float64) ** 2
    running = np.concatenate(([0.0], np.cumsum(power)))
    views = np.lib.stride_tricks.sliding_window_view(lines, reach)
    for first in range(0, len(plan.starts), at_once):
        starts = plan.starts[first : first + at_once]
        stretches = views[starts]
        own = scipy.fft.fft(stretches[:, plan.shifts :], length, axis=1)
        product = scipy.fft.fft(stretches, length, axis=1) * own.conj()
        correlation = scipy.fft.ifft(product, axis=1, overwrite_x=True)[:, plan.shifts :: -1]
        shifted = starts[:, np.newaxis] + np.arange(plan.shifts, -1, -1)
        energy = running[shifted + plan.width] - running[shifted]
        scale = energy * energy[:, :1]
        squared = correlation.real**2 + correlation.imag**2
        with np.errstate(divide="ignore", invalid="ignore"):
            coherence = np.where(scale > 0, squared / scale, 0.0)
        coherence[:, :_UNRESOLVED] = 0
        yield first, np.minimum(coherence, 1.0).astype(np.float32)


def _threshold(independent: float, averaged: int, false_alarm: float) -> float:
    """Return what the mean squared coherence of `averaged` bands of noise rarely exceeds.

    For one band of n independent lines its distribution is 1 - (1 - x)^(n - 1); for a mean over
    bands that of a mean of as many exponential ones, whose spread is that of the single band.
    """
    if averaged == 1:
        return float(1 - false_alarm ** (1 / max(independent - 1, 1)))
    return float(scipy.special.gammainccinv(averaged, false_alarm) / (averaged * independent))
