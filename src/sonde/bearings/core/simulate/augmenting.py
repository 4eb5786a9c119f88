"""Changed copies of signals: each method draws how much it changes, and says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.settings import Augmentation

Samples = NDArray[np.float32]
Partner = Callable[[], Samples]
_KNOTS = 6


@dataclass(frozen=True)
class Change:
    """What a method made of a signal.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    speed_factor : float
        How much faster the shaft seems to turn now.
    """

    samples: Samples
    speed_factor: float = 1.0


Method = Callable[[Samples, float, np.random.Generator, Partner], Change]


def augment(
    samples: Samples, wish: Augmentation, rng: np.random.Generator, partner: Partner
) -> tuple[Change, str]:
    """Change `samples` by one of the wanted methods, and return its name too.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    wish : Augmentation
    rng : numpy.random.Generator
    partner : callable
        Makes another signal of the same class and bearing, for mixing.
    """
    name = wish.methods[int(rng.integers(len(wish.methods)))] if wish.methods else "noise"
    return METHODS[name](samples, wish.strength, rng, partner), name


def noise(samples: Samples, strength: float, rng: np.random.Generator, _partner: Partner) -> Change:
    """Add white noise with a deviation of 0.02 to 0.05."""
    white = rng.standard_normal(samples.shape, dtype=np.float32)
    return Change(samples + white * np.float32(strength * rng.uniform(0.02, 0.05)))


def time_shift(
    samples: Samples, strength: float, rng: np.random.Generator, _partner: Partner
) -> Change:
    """Turn the record round by up to two per cent of its length."""
    reach = max(1, round(0.02 * strength * samples.shape[1]))
    return Change(np.roll(samples, int(rng.integers(1, reach + 1)) * rng.choice((-1, 1)), axis=1))


def time_stretch(
    samples: Samples, strength: float, rng: np.random.Generator, _partner: Partner
) -> Change:
    """Play the record up to a tenth faster or slower; the end wraps round to the beginning."""
    factor = 1 + min(0.1 * strength, 0.5) * rng.uniform(-1, 1)
    return Change(_read_at(samples, factor * np.arange(samples.shape[1], dtype=np.float64)), factor)


def time_warp(
    samples: Samples, strength: float, rng: np.random.Generator, _partner: Partner
) -> Change:
    """Play the record a little faster here and slower there; the whole lasts as long."""
    pace = np.clip(_smooth_curve(samples.shape[1], 0.05 * strength, rng), 0.2, None)
    places = np.cumsum(pace)
    places *= (samples.shape[1] - 1) / places[-1]
    return Change(_read_at(samples, places))


def amplitude_scaling(
    samples: Samples, strength: float, rng: np.random.Generator, _partner: Partner
) -> Change:
    """Make everything up to 15 % larger or smaller."""
    return Change(samples * np.float32(1 + min(0.15 * strength, 0.9) * rng.uniform(-1, 1)))


def magnitude_warp(
    samples: Samples, strength: float, rng: np.random.Generator, _partner: Partner
) -> Change:
    """Let the size swell and fade slowly, by about a tenth."""
    return Change(samples * _smooth_curve(samples.shape[1], 0.1 * strength, rng).astype(np.float32))


def mixup(samples: Samples, strength: float, rng: np.random.Generator, partner: Partner) -> Change:
    """Mix in another recording of the same bearing and condition."""
    share = np.float32(min(0.5, 0.3 * strength) * rng.uniform(0.3, 1.0))
    return Change(samples * (1 - share) + partner() * share)


def cutmix(samples: Samples, strength: float, rng: np.random.Generator, partner: Partner) -> Change:
    """Put a stretch of another recording of the same bearing and condition in its place."""
    count = samples.shape[1]
    length = max(1, round(min(0.3 * strength, 0.9) * rng.uniform(0.3, 1.0) * count))
    start = int(rng.integers(count - length + 1))
    mixed = samples.copy()
    mixed[:, start : start + length] = partner()[:, start : start + length]
    return Change(mixed)


def window_slicing(
    samples: Samples, strength: float, rng: np.random.Generator, _partner: Partner
) -> Change:
    """Cut out nine tenths, and stretch them to the whole length."""
    count = samples.shape[1]
    share = 1 - min(0.1 * strength, 0.5)
    start = rng.uniform(0, (1 - share) * (count - 1))
    return Change(_read_at(samples, start + np.arange(count) * share), share)


def random_policy(
    samples: Samples, strength: float, rng: np.random.Generator, partner: Partner
) -> Change:
    """Do two other methods, one after the other."""
    names = [name for name in METHODS if name != "random_policy"]
    factor = 1.0
    for which in rng.choice(len(names), size=2, replace=False):
        change = METHODS[names[int(which)]](samples, strength, rng, partner)
        samples, factor = change.samples, factor * change.speed_factor
    return Change(samples, factor)


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "noise": noise,
        "time_shift": time_shift,
        "time_stretch": time_stretch,
        "time_warp": time_warp,
        "amplitude_scaling": amplitude_scaling,
        "magnitude_warp": magnitude_warp,
        "mixup": mixup,
        "cutmix": cutmix,
        "window_slicing": window_slicing,
        "random_policy": random_policy,
    }
)


def _read_at(samples: Samples, places: NDArray[np.float64]) -> Samples:
    """Return the samples at fractional places, linearly between them, wrapping round."""
    whole = np.floor(places)
    share = (places - whole).astype(np.float32)
    left = whole.astype(np.intp) % samples.shape[1]
    right = (left + 1) % samples.shape[1]
    read: Samples = samples[:, left] * (1 - share) + samples[:, right] * share
    return read


def _smooth_curve(
    n_samples: int, deviation: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return a curve around 1 through a few random knots."""
    from scipy.interpolate import CubicSpline

    knots = 1 + deviation * rng.standard_normal(_KNOTS)
    return CubicSpline(np.linspace(0, n_samples - 1, _KNOTS), knots)(np.arange(n_samples))
