"""Changed windows: what a worse sensor, a lost sample or another speed would have recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

Windows = NDArray[np.float32]
Change = Callable[[Windows, float, np.random.Generator], Windows]
_GAP_SHARE = 0.01
_SLOW_SHARE = 0.1


@dataclass(frozen=True)
class Perturbation:
    """One way to change windows, over several levels.

    Parameters
    ----------
    name, title, unit, help : str
    levels : tuple of float
        The first one changes nothing.
    change : callable
        From windows (sample, channel, time), a level and a generator to changed windows.
    """

    name: str
    title: str
    unit: str
    help: str
    levels: tuple[float, ...]
    change: Change


def add_noise(windows: Windows, snr_db: float, random: np.random.Generator) -> Windows:
    """Add white noise at a signal-to-noise ratio; infinite changes nothing.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    snr_db : float
        10 log10 of the window's variance over that of the noise.
    random : Generator
    """
    if np.isinf(snr_db):
        return windows
    spread = windows.std(axis=2, keepdims=True) * 10.0 ** (-snr_db / 20.0)
    return (windows + spread * random.standard_normal(windows.shape)).astype(np.float32)


def lose_samples(windows: Windows, share: float, random: np.random.Generator) -> Windows:
    """Lose stretches of a hundredth of the window each; the last sample before is held.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    share : float
        Of the samples, at most 0.9; the first sample always stays.
    random : Generator
    """
    if share <= 0.0:
        return windows
    length = windows.shape[2]
    gap = max(1, round(_GAP_SHARE * length))
    n_gaps = -(-length // gap)
    lost = np.argsort(random.uniform(size=(len(windows), n_gaps)), axis=1) < round(share * n_gaps)
    is_lost = np.repeat(lost, gap, axis=1)[:, :length]
    is_lost[:, 0] = False
    held = np.maximum.accumulate(np.where(is_lost, 0, np.arange(length)), axis=1)
    return np.take_along_axis(windows, held[:, None, :], axis=2)


def change_gain(windows: Windows, factor: float, _random: np.random.Generator) -> Windows:
    """Multiply: a sensor of another sensitivity.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    factor : float
    """
    return (windows * np.float32(factor)).astype(np.float32)


def shift_rate(windows: Windows, percent: float, _random: np.random.Generator) -> Windows:
    """Play faster or slower: every frequency moves, as with a clock that is wrong.

    The spectrum of each window is moved without aliasing (resampling by Fourier); what is missing
    at the end of a faster window is its own end mirrored.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    percent : float
        Positive: every frequency is higher.
    """
    if percent == 0.0:
        return windows
    from scipy.signal import resample

    length = windows.shape[2]
    wanted = max(2, round(length / (1.0 + percent / 100.0)))
    moved = resample(windows, wanted, axis=2)
    if wanted < length:
        moved = np.pad(moved, ((0, 0), (0, 0), (0, length - wanted)), mode="symmetric")
    return np.ascontiguousarray(moved[:, :, :length], dtype=np.float32)


def shift_speed(windows: Windows, percent: float, random: np.random.Generator) -> Windows:
    """Turn faster: slow parts and the pace of the bursts move, what rings keeps its frequency.

    Below a tenth of the highest frequency everything moves as in `shift_rate`. Above it the
    envelope moves and the carrier stays: resonances belong to the structure, not to the speed.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    percent : float
        Positive: faster.
    random : Generator
    """
    if percent == 0.0:
        return windows
    from scipy.signal import hilbert

    length = windows.shape[2]
    spectrum = np.fft.rfft(windows, axis=2)
    edge = max(1, round(_SLOW_SHARE * spectrum.shape[2]))
    fast_spectrum = spectrum.copy()
    fast_spectrum[..., :edge] = 0.0
    fast = np.fft.irfft(fast_spectrum, length, axis=2)
    slow = (windows - fast).astype(np.float32)
    analytic = hilbert(fast, axis=2)
    envelope = np.abs(analytic)
    carrier = np.cos(np.angle(analytic))
    paced = np.maximum(shift_rate(envelope.astype(np.float32), percent, random), 0.0)
    return (shift_rate(slow, percent, random) + paced * carrier).astype(np.float32)


_SHIFTS = (0.0, -10.0, -5.0, -2.0, 2.0, 5.0, 10.0)

PERTURBATIONS: Mapping[str, Perturbation] = {
    one.name: one
    for one in (
        Perturbation(
            "noise",
            "Noise",
            "dB",
            "White noise is added at this signal-to-noise ratio.",
            (np.inf, 30.0, 20.0, 15.0, 10.0, 5.0, 0.0),
            add_noise,
        ),
        Perturbation(
            "missing",
            "Missing samples",
            "%",
            "This share of the samples is lost in short stretches; the last value is held.",
            (0.0, 5.0, 10.0, 20.0, 40.0),
            lambda windows, percent, random: lose_samples(windows, percent / 100.0, random),
        ),
        Perturbation(
            "gain",
            "Gain",
            "times",
            "The sensor is this many times as sensitive as the one that was trained on.",
            (1.0, 0.25, 0.5, 0.8, 1.25, 2.0, 4.0),
            change_gain,
        ),
        Perturbation(
            "rate",
            "Sampling rate",
            "%",
            "The clock is wrong: every frequency appears shifted by this much.",
            _SHIFTS,
            shift_rate,
        ),
        Perturbation(
            "speed",
            "Speed",
            "%",
            "The machine turns faster or slower than was said: rhythms move, resonances stay.",
            _SHIFTS,
            shift_speed,
        ),
    )
}


def perturbation(name: str) -> Perturbation:
    """Return the perturbation called `name`.

    Raises
    ------
    Invalid
        If there is none; the message lists the names.

    Examples
    --------
    >>> perturbation("gain").levels[0]
    1.0
    """
    try:
        return PERTURBATIONS[name]
    except KeyError:
        raise Invalid(
            f"Robustness knows no {name!r}; choose one of {', '.join(PERTURBATIONS)}.",
            field="change",
            choices=list(PERTURBATIONS),
        ) from None
