"""What mixup and cutmix share: who is mixed with whom, and how much of each is left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Mixing:
    """For each sample of a batch, its partner and its own share.

    Parameters
    ----------
    partner : ndarray of intp, shape (sample,)
    share : ndarray of float32, shape (sample,)
        Of the sample itself, in [0.5, 1].
    """

    partner: NDArray[np.intp]
    share: NDArray[np.float32]

    def mix(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return ``share * own + (1 - share) * partner's``, for labels and targets.

        Parameters
        ----------
        values : ndarray of float32, shape (sample, column)

        Examples
        --------
        >>> half = np.array([0.5, 0.5], dtype=np.float32)
        >>> Mixing(np.array([1, 0]), half).mix(np.eye(2, dtype=np.float32)).tolist()
        [[0.5, 0.5], [0.5, 0.5]]
        """
        own = self.share[:, None]
        return values * own + values[self.partner] * (1.0 - own)


def draw_mixing(n_samples: int, strength: float, random: np.random.Generator) -> Mixing:
    """Draw partners and shares; the share is the larger part of a Beta(strength, strength).

    Parameters
    ----------
    n_samples : int
    strength : float
        In [0, 1]; 0 leaves every sample alone.
    random : Generator
    """
    partner = random.permutation(n_samples)
    if strength == 0.0:
        return Mixing(partner, np.ones(n_samples, dtype=np.float32))
    drawn = random.beta(strength, strength, n_samples)
    return Mixing(partner, np.maximum(drawn, 1.0 - drawn).astype(np.float32))
