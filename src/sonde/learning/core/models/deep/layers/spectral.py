"""From windows to spectra inside a network, in real numbers only, so that every export works."""

from dataclasses import dataclass
from typing import Any

from sonde.learning.core.models.deep.layers.layer import Cost, Shape, size


@dataclass(frozen=True)
class Spectrogram:
    """Power of a short-time Fourier transform: (channel, time) to (channel, frequency, frame).

    A convolution with the cosines and sines of every frequency under a Hann window, squared and
    added. The kernels are fixed.

    Parameters
    ----------
    n_segment : int
        Samples of a segment, even.
    hop : int
    """

    n_segment: int
    hop: int

    def cost(self, shape: Shape) -> Cost:
        """Return two products with every frequency for each frame."""
        n_frames = (shape[1] - 1) // self.hop + 1
        n_lines = self.n_segment // 2
        answer = (shape[0], n_lines, n_frames)
        n_computed = shape[0] * n_lines * (shape[1] // self.hop + 1)
        return Cost(answer, 0, 2 * self.n_segment * n_computed + 2 * size(answer), size(answer))

    def module(self, _shape: Shape) -> Any:
        """Return the transform."""
        from sonde.learning.core.models.deep.layers.spectral_modules import SpectrogramModule

        return SpectrogramModule(self.n_segment, self.hop)


@dataclass(frozen=True)
class FilterBank:
    """Learned, never negative filters over frequency: (channel, frequency, frame) to
    (channel x filter, frame).

    They begin as triangles that share the frequency axis evenly.
    """

    n_filters: int

    def cost(self, shape: Shape) -> Cost:
        """Return one weight for each filter and frequency."""
        channels, n_lines, n_frames = shape
        n_weights = self.n_filters * n_lines
        answer = (channels * self.n_filters, n_frames)
        return Cost(answer, n_weights, n_weights * channels * n_frames, size(answer))

    def module(self, shape: Shape) -> Any:
        """Return the filters."""
        from sonde.learning.core.models.deep.layers.spectral_modules import FilterBankModule

        return FilterBankModule(self.n_filters, shape[1])


@dataclass(frozen=True)
class Logarithm:
    """The logarithm of powers, from far below what a scaled window holds."""

    def cost(self, shape: Shape) -> Cost:
        """Return nothing to learn."""
        return Cost(shape, 0, 0, size(shape))

    def module(self, _shape: Shape) -> Any:
        """Return the logarithm."""
        from sonde.learning.core.models.deep.layers.spectral_modules import LogarithmModule

        return LogarithmModule()


def segment_length(n_samples: int, wanted: int) -> int:
    """Return the wanted length of a segment, or the power of two that a short window allows.

    Parameters
    ----------
    n_samples : int
        Of the window, at least 64.
    wanted : int

    Examples
    --------
    >>> segment_length(20480, 512), segment_length(256, 512)
    (512, 64)
    """
    longest = 1 << ((n_samples // 4).bit_length() - 1)
    return min(wanted, max(16, longest))
