"""One signal of a generation as a person wants to see it before it is made: course and spectrum."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.downsampling import kept_positions, with_peaks
from sonde.bearings.core.simulate.plan import ROTOR, GenerationConfig
from sonde.bearings.core.simulate.signals import SimulatedSignal
from sonde.bearings.core.spectra import Spectrum, Window, amplitude_spectrum

LONGEST = 262_144
LONGEST_ROTOR = 10_240
SHOWN_POINTS = 1600
SHOWN_LINES = 1200
DETAIL_TURNS = 10.0
DETAIL_ORDERS = 6.0


@dataclass(frozen=True)
class ChannelView:
    """What is drawn of one channel.

    Parameters
    ----------
    name : str
    time_s, values : ndarray of float32, shape (point,)
    spectrum : Spectrum
        In as many lines as are drawn.
    highest_hz : float
        Where the whole spectrum is highest.
    """

    name: str
    time_s: NDArray[np.float32]
    values: NDArray[np.float32]
    spectrum: Spectrum
    highest_hz: float


@dataclass(frozen=True)
class Preview:
    """What is shown of one signal.

    Parameters
    ----------
    signal : SimulatedSignal
    channels : tuple of ChannelView
    """

    signal: SimulatedSignal
    channels: tuple[ChannelView, ...]


def shown_config(config: GenerationConfig) -> GenerationConfig:
    """Return `config`, with signals no longer than can be shown at once.

    Examples
    --------
    >>> shown_config(GenerationConfig(duration_s=100.0)).duration_s
    12.8
    >>> shown_config(GenerationConfig(duration_s=1.0)).duration_s
    1.0
    """
    longest = LONGEST_ROTOR if config.kind == ROTOR else LONGEST
    if config.n_samples <= longest:
        return config
    return replace(config, duration_s=longest / config.sampling_rate_hz)


def preview_of(signal: SimulatedSignal, *, in_detail: bool = False) -> Preview:
    """Return what is drawn: all of it, or ten turns and the first six orders.

    Parameters
    ----------
    signal : SimulatedSignal
    in_detail : bool
    """
    views = tuple(
        _channel_view(signal, name, samples, in_detail=in_detail)
        for name, samples in zip(signal.channels, signal.samples, strict=True)
    )
    return Preview(signal, views)


def _channel_view(
    signal: SimulatedSignal, name: str, samples: NDArray[np.float32], *, in_detail: bool
) -> ChannelView:
    rate_hz, shaft_hz = signal.sampling_rate_hz, signal.speed_rpm / 60
    spectrum = amplitude_spectrum(samples, rate_hz, Window.HANN)
    highest_hz = float(1 + spectrum.values[1:].argmax()) * spectrum.resolution_hz
    seen = samples
    if in_detail:
        spectrum = spectrum.below(DETAIL_ORDERS * shaft_hz)
        seen = samples[: max(64, round(DETAIL_TURNS / shaft_hz * rate_hz))]
    at = kept_positions(np.ascontiguousarray(seen), SHOWN_POINTS)
    return ChannelView(
        name=name,
        time_s=(at / rate_hz).astype(np.float32),
        values=seen[at],
        spectrum=with_peaks(spectrum, SHOWN_LINES),
        highest_hz=highest_hz,
    )
