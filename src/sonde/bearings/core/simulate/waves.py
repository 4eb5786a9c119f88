"""Waves in single precision: steady tones, tones along an angle, and 1/f noise."""

import math
from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import NDArray

Wave = NDArray[np.float32]
Turns = NDArray[np.float64]
_TURN = np.float32(2 * np.pi)


def steady_tone(n_samples: int, cycles_per_sample: float, phase_turns: float) -> Wave:
    """Return a sine of constant frequency.

    Parameters
    ----------
    n_samples : int
    cycles_per_sample : float
        Frequency over sampling rate.
    phase_turns : float
        Phase of the first sample; 0.25 begins at the crest.

    Returns
    -------
    ndarray of float32, shape (time,)

    Notes
    -----
    By the addition theorem ``sin(a + b) = sin a cos b + cos a sin b`` over a table of coarse and
    one of fine angles, both in double precision: a multiplication instead of a sine per sample.

    Examples
    --------
    >>> steady_tone(4, 0.25, 0.0).round(6).tolist()
    [0.0, 1.0, 0.0, -1.0]
    """
    fine = max(1, math.isqrt(n_samples))
    rows = -(-n_samples // fine)
    coarse_turns = np.arange(rows) * (fine * cycles_per_sample) + phase_turns
    coarse = 2 * np.pi * (coarse_turns - np.floor(coarse_turns))[:, None]
    inner = 2 * np.pi * cycles_per_sample * np.arange(fine)[None, :]
    wave: Wave = np.sin(coarse).astype(np.float32) * np.cos(inner).astype(np.float32)
    wave += np.cos(coarse).astype(np.float32) * np.sin(inner).astype(np.float32)
    return wave.reshape(-1)[:n_samples]


def tone_along(turns: Turns, order: float, phase_turns: float) -> Wave:
    """Return a sine that follows an angle, ``sin(2 pi (order turns + phase))``.

    Parameters
    ----------
    turns : ndarray of float64, shape (time,)
    order, phase_turns : float

    Returns
    -------
    ndarray of float32, shape (time,)
    """
    angle = turns * order
    angle += phase_turns
    angle -= np.floor(angle)
    wave = angle.astype(np.float32)
    wave *= _TURN
    return np.sin(wave, out=wave)


def pink_noise(n_samples: int, rng: np.random.Generator) -> Wave:
    """Return noise whose power density falls with 1/f, of unit root mean square.

    Parameters
    ----------
    n_samples : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float32, shape (time,)

    Notes
    -----
    Gaussian spectral lines shaped by ``f ** -0.5`` and transformed back (Timmer and Koenig, "On
    generating power law noise", Astronomy and Astrophysics 300, 1995); the mean is zero.
    """
    padded = scipy.fft.next_fast_len(n_samples, real=True)
    count = padded // 2 + 1
    lines = rng.standard_normal(2 * count, dtype=np.float32).view(np.complex64)
    lines *= _pink_shape(count)
    wave: Wave = scipy.fft.irfft(lines, padded)[:n_samples]
    wave /= np.float32(math.sqrt(float(np.vdot(wave, wave)) / n_samples))
    return wave


@lru_cache(maxsize=4)
def _pink_shape(count: int) -> Wave:
    """Return the amplitude of each line of 1/f noise; shared, not to be written to."""
    shape = np.zeros(count, dtype=np.float32)
    shape[1:] = 1 / np.sqrt(np.arange(1, count, dtype=np.float32))
    shape.flags.writeable = False
    return shape
