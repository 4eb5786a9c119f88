"""What two proximity probes see of a rotor on its oil film."""

import math

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.rotor.config import RotorConfig
from sonde.bearings.core.simulate.rotor.motion import at_rest, integrate_motion

_PUSH = 0.01


def simulate_rotor(
    config: RotorConfig, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the displacement in x (horizontal) and y (up), in micrometres.

    The rotor starts at rest with a small push, settles, and is recorded. Oil whirl and whip are
    not drawn: they come of themselves where the film is unstable.

    Parameters
    ----------
    config : RotorConfig
    rng : numpy.random.Generator
        Draws the angle of the unbalance, the push and the probes' noise.

    Returns
    -------
    tuple of ndarray of float32, shape (time,)
        From the centre of the bearings.

    Raises
    ------
    Invalid
        If the oil film cannot carry the rotor.

    Examples
    --------
    >>> config = RotorConfig(duration_s=0.1)
    >>> x, y = simulate_rotor(config, np.random.default_rng(1))
    >>> x.shape, x.dtype.name, bool(y.mean() < 0)
    ((512,), 'float32', True)
    """
    push, phase_rad = _PUSH * rng.standard_normal(), rng.uniform(0, 2 * math.pi)
    motion = integrate_motion(config, at_rest(config, push=push, phase_rad=phase_rad))
    seen = motion.journal if config.rotor.probes == "journal" else motion.disc
    noise = config.rotor.probe_noise_um * rng.standard_normal(seen.shape)
    x, y = (seen * config.rotor.clearance_um + noise).astype(np.float32)
    return x, y
