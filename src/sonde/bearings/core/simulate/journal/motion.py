"""The motion that a fault makes, on as many channels as are measured."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.journal.scene import Scene
from sonde.bearings.core.simulate.waves import Wave, steady_tone

X, Y, AXIAL = "x", "y", "axial"
ELLIPSE = 0.8
Size = float | Wave | NDArray[np.float64]
_QUARTER_TURN = 0.25
_BURST_SHARES = {X: 1.0, Y: 0.7, AXIAL: 0.3}


class Motion:
    """Adds tones, broadband noise and bursts to all channels at once.

    Parameters
    ----------
    scene : Scene
    channels : tuple of str
        Out of ``"x"``, ``"y"`` and ``"axial"``.
    axial_ratio : float
        Share of the radial tones that the axial channel sees.
    scale : float
        Of everything that is added.
    """

    def __init__(
        self, scene: Scene, channels: tuple[str, ...], axial_ratio: float = 0.15, scale: float = 1.0
    ) -> None:
        self.scene = scene
        self.scale = scale
        self.waves: Mapping[str, Wave] = {
            name: np.zeros(scene.n_samples, dtype=np.float32) for name in channels
        }
        self._shares = {X: 1.0, Y: ELLIPSE, AXIAL: axial_ratio}

    def scaled(self, scale: float) -> "Motion":
        """Return a view on the same waves that adds everything `scale` times as large."""
        view = Motion(self.scene, (), scale=scale)
        view.waves = self.waves
        view._shares = self._shares
        return view

    def order_tone(self, order: float, amplitude: Size, *, axial: float = 1.0) -> None:
        """Add a tone at `order` times the shaft's frequency: forward whirl on x and y.

        Parameters
        ----------
        order : float
        amplitude : float or ndarray of float32, shape (time,)
            Before the severity.
        axial : float
            How much stronger than usual the axial channel sees it.
        """
        phase = self.scene.rng.random()
        size = self._size(amplitude)
        for name, wave in self.waves.items():
            lag = _QUARTER_TURN if name == Y else 0.0
            share = self._shares[name] * (axial if name == AXIAL else 1.0)
            tone = self.scene.tone(order, phase - lag)
            tone *= size if share == 1.0 else size * np.float32(share)
            np.add(wave, tone, out=wave)

    def steady(self, frequency_hz: float, amplitude: Size) -> None:
        """Add a tone of a frequency of its own, whatever the shaft does."""
        phase = self.scene.rng.random()
        size = self._size(amplitude)
        per_sample = frequency_hz / self.scene.sampling_rate_hz
        for name, wave in self.waves.items():
            lag = _QUARTER_TURN if name == Y else 0.0
            tone = steady_tone(self.scene.n_samples, per_sample, phase - lag)
            tone *= size * np.float32(self._shares[name])
            np.add(wave, tone, out=wave)

    def broadband(self, amplitude: Size) -> None:
        """Add white noise of this root mean square."""
        size = self._size(amplitude)
        for name, wave in self.waves.items():
            noise = self.scene.rng.standard_normal(self.scene.n_samples, dtype=np.float32)
            noise *= size * np.float32(self._shares[name])
            np.add(wave, noise, out=wave)

    def burst(self, start: int, shape: Wave) -> None:
        """Add a short event that begins at a sample; all channels hear it."""
        size = np.float32(self.scale * self.scene.envelope_at(start))
        for name, wave in self.waves.items():
            wave[start : start + len(shape)] += shape * (size * np.float32(_BURST_SHARES[name]))

    def _size(self, amplitude: Size) -> np.float32 | Wave:
        whole = np.asarray(self.scale * self.scene.envelope * amplitude, dtype=np.float32)
        return whole if whole.ndim else np.float32(whole)
