"""The transforms by name: what a page offers, and one function that takes any of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.timefrequency.cwt import WaveletSettings, wavelet_image
from sonde.bearings.core.timefrequency.image import SENT, ImageSize, TimeFrequencyImage
from sonde.bearings.core.timefrequency.stft import SpectrogramSettings, spectrogram
from sonde.bearings.core.timefrequency.wigner_ville import WignerVilleSettings, wigner_ville
from sonde.platform.core.errors import Invalid

Settings = SpectrogramSettings | WaveletSettings | WignerVilleSettings


@dataclass(frozen=True)
class Transform:
    """A way to make a time-frequency image.

    Parameters
    ----------
    key, title : str
    advice : str
        When to take it, in one sentence.
    settings : type
        Frozen settings whose defaults suit most signals.
    compute : callable
        ``compute(samples, sampling_rate_hz, settings, size) -> TimeFrequencyImage``.
    """

    key: str
    title: str
    advice: str
    settings: type[Settings]
    compute: Callable[..., TimeFrequencyImage]


TRANSFORMS: Mapping[str, Transform] = MappingProxyType(
    {
        transform.key: transform
        for transform in (
            Transform(
                "stft",
                "Spectrogram (STFT)",
                "The same resolution everywhere: for shaft harmonics and run-ups.",
                SpectrogramSettings,
                spectrogram,
            ),
            Transform(
                "cwt",
                "Wavelets (CWT)",
                "Sharp in time at high frequencies, in frequency at low ones: for impacts.",
                WaveletSettings,
                wavelet_image,
            ),
            Transform(
                "wigner-ville",
                "Pseudo-Wigner-Ville",
                "The sharpest, with interference between components: for single sweeps.",
                WignerVilleSettings,
                wigner_ville,
            ),
        )
    }
)


def time_frequency_image(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    settings: Settings,
    size: ImageSize = SENT,
) -> TimeFrequencyImage:
    """Return the image of the transform to which the settings belong.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    settings : SpectrogramSettings, WaveletSettings or WignerVilleSettings
    size : ImageSize

    Raises
    ------
    Invalid
        As the transform itself.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=2048)
    >>> time_frequency_image(noise, 1000.0, WignerVilleSettings()).quantity
    'energy density'
    """
    compute = next(one.compute for one in TRANSFORMS.values() if one.settings is type(settings))
    return compute(samples, sampling_rate_hz, settings, size)


def settings_of(key: str, choices: Mapping[str, Any]) -> Settings:
    """Return the settings of a transform by its key, with `choices` in place of defaults.

    Raises
    ------
    Invalid
        If there is no such transform, it has no such setting, or a value is out of range.

    Examples
    --------
    >>> settings_of("cwt", {"cycles": 8.0}).cycles
    8.0
    """
    if key not in TRANSFORMS:
        raise Invalid(
            f"No transform {key!r}; there are {', '.join(TRANSFORMS)}.", field="transform"
        )
    kind = TRANSFORMS[key].settings
    unknown = set(choices) - set(kind.__dataclass_fields__)
    if unknown:
        raise Invalid(
            f"{TRANSFORMS[key].title} has no setting {', '.join(sorted(unknown))}.",
            field="transform",
        )
    return kind(**choices)
