"""Seven layers of noise, each with a switch of its own; quantisation comes last of all."""

from collections.abc import Callable

import numpy as np

from sonde.bearings.core.simulate.settings import Noise
from sonde.bearings.core.simulate.waves import Wave, pink_noise, steady_tone

_DRIFT_PERIOD_S = 1.5
_IMPULSE_S = 0.00025
_ALIAS = 0.005
Streams = Callable[[str], np.random.Generator]


def add_noise(wave: Wave, noise: Noise, sampling_rate_hz: float, streams: Streams) -> None:
    """Add every layer that is on to `wave`, in place; all but quantisation.

    Parameters
    ----------
    wave : ndarray of float32, shape (time,)
    noise : Noise
    sampling_rate_hz : float
    streams : callable
        Gives the generator of a layer by its name, so that layers do not disturb each other.
    """
    if noise.measurement:
        white = streams("measurement").standard_normal(len(wave), dtype=np.float32)
        white *= np.float32(noise.measurement_level)
        wave += white
    if noise.pink:
        pink = pink_noise(len(wave), streams("pink"))
        pink *= np.float32(noise.pink_level)
        wave += pink
    _add_tones(wave, noise, sampling_rate_hz, streams)
    if noise.sensor_drift:
        ramp = np.arange(len(wave), dtype=np.float32)
        ramp *= np.float32(noise.sensor_drift_per_s / sampling_rate_hz)
        wave += ramp
    if noise.impulses:
        _add_impulses(wave, noise.impulses_per_s, sampling_rate_hz, streams("impulses"))


def quantise(wave: Wave, noise: Noise) -> None:
    """Round `wave` to the steps of the converter, in place, if the layer is on."""
    if noise.quantisation:
        step = np.float32(noise.quantisation_step)
        np.divide(wave, step, out=wave)
        np.rint(wave, out=wave)
        np.multiply(wave, step, out=wave)


def _add_tones(wave: Wave, noise: Noise, sampling_rate_hz: float, streams: Streams) -> None:
    if noise.mains:
        rng = streams("mains")
        amplitude = noise.mains_level * (1 + 0.5 * rng.random())
        _add_tone(wave, float(noise.mains_hz) / sampling_rate_hz, amplitude, rng)
    if noise.drift:
        per_sample = 1 / _DRIFT_PERIOD_S / sampling_rate_hz
        _add_tone(wave, per_sample, noise.drift_level, streams("drift"))
    if noise.aliasing:
        rng = streams("aliasing")
        if rng.random() < noise.aliasing_share:
            above_hz = min(rng.uniform(100.0, 300.0), 0.4 * sampling_rate_hz)
            _add_tone(wave, 0.5 - above_hz / sampling_rate_hz, _ALIAS, rng)


def _add_tone(
    wave: Wave, cycles_per_sample: float, amplitude: float, rng: np.random.Generator
) -> None:
    tone = steady_tone(len(wave), cycles_per_sample, float(rng.random()))
    tone *= np.float32(amplitude)
    wave += tone


def _add_impulses(
    wave: Wave, per_second: float, sampling_rate_hz: float, rng: np.random.Generator
) -> None:
    length = min(len(wave), max(2, round(_IMPULSE_S * sampling_rate_hz)))
    count = round(per_second * len(wave) / sampling_rate_hz)
    decay = np.exp(-1.5 * np.arange(length) / length)
    starts = rng.integers(len(wave) - length + 1, size=count)
    sizes = 0.02 + 0.03 * rng.random(count)
    shapes = sizes[:, None] * decay * rng.standard_normal((count, length))
    np.add.at(wave, starts[:, None] + np.arange(length), shapes.astype(np.float32))
