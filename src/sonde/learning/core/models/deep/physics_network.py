"""The network of `physics_constrained` and its loss; imported only where torch is at work."""

from dataclasses import dataclass

import torch
from torch import nn

from sonde.learning.core.models.deep.architecture import InputShape, Plan
from sonde.learning.core.models.deep.network import Network

_FLOOR = 1e-12
_MOMENTUM = 0.02
_SLOWEST_CYCLES = 2.0


@dataclass(frozen=True)
class Physics:
    """What the loss of band energies is made of.

    Parameters
    ----------
    n_bands, n_classes : int
    reference : int
        The healthy class, counted from 0.
    weight : float
    is_scrambled : bool
        Every class has the signature of the next one: the control arm.
    """

    n_bands: int
    n_classes: int
    reference: int
    weight: float
    is_scrambled: bool


class PhysicsNetwork(Network):
    """A network that explains band energies by what it says.

    With ``e`` the logarithms of a window's band energies, ``m_c`` their mean over the training
    windows of class ``c``, and ``h`` that of the reference class, the signature of a class is
    ``S_c = m_c - h``, and the loss is the mean over bands of the Huber distance between
    ``e - h`` and ``sum_c p_c S_c``, in units of the spread of the reference. ``p`` are the
    network's own probabilities, so the loss pulls on every weight.

    Parameters
    ----------
    plan : Plan
    shape : InputShape
    physics : Physics
    """

    band_means: torch.Tensor
    band_spread: torch.Tensor
    band_counts: torch.Tensor

    def __init__(self, plan: Plan, shape: InputShape, physics: Physics) -> None:
        super().__init__(plan, shape)
        self.physics = physics
        # Buffers travel with the weights: a resumed training goes on from the same reference.
        shape_of_means = (physics.n_classes, physics.n_bands)
        self.register_buffer("band_means", torch.zeros(shape_of_means))
        self.register_buffer("band_spread", torch.ones(physics.n_bands))
        self.register_buffer("band_counts", torch.zeros(physics.n_classes))
        self._logits: torch.Tensor | None = None

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, class)."""
        logits = super().forward(windows)
        self._logits = logits if self.training else None
        return logits

    def extra_loss(
        self, inputs: torch.Tensor, labels: torch.Tensor, _targets: torch.Tensor
    ) -> torch.Tensor:
        """Return the weighted distance between what is said and what the bands hold."""
        logits = self._logits
        if logits is None or len(logits) != len(inputs):
            logits = super().forward(inputs)
        self._logits = None
        with torch.no_grad():
            energies = band_energies(self.scaling(inputs).float(), self.physics.n_bands)
            if self.training:
                self._see(energies, labels)
        loss = self.disagreement(logits.float().softmax(dim=1), energies)
        return self.physics.weight * loss

    def disagreement(self, said: torch.Tensor, energies: torch.Tensor) -> torch.Tensor:
        """Return how far probabilities (batch, class) are from explaining energies (batch, band).

        Zero until a window of the reference class was seen.
        """
        physics = self.physics
        seen = (self.band_counts > 0).float()[:, None]
        reference = self.band_means[physics.reference]
        signatures = (self.band_means - reference) * seen
        if physics.is_scrambled:
            signatures = signatures.roll(1, dims=0)
        shown = (energies - reference) / self.band_spread
        explained = said @ (signatures / self.band_spread)
        loss = nn.functional.huber_loss(explained, shown)
        return loss * seen[physics.reference, 0]

    def _see(self, energies: torch.Tensor, labels: torch.Tensor) -> None:
        """Move the mean of every class in the batch; the first windows count alike."""
        for label in labels.unique().tolist():
            mine = energies[labels == label]
            self.band_counts[label] += len(mine)
            share = max(len(mine) / float(self.band_counts[label]), min(1.0, _MOMENTUM * len(mine)))
            self.band_means[label] += share * (mine.mean(dim=0) - self.band_means[label])
            if label == self.physics.reference:
                away = (mine - self.band_means[label]).pow(2).mean(dim=0)
                spread = self.band_spread.pow(2)
                self.band_spread.copy_((spread + share * (away - spread)).sqrt().clamp_min(0.1))


def band_energies(windows: torch.Tensor, n_bands: int) -> torch.Tensor:
    """Return the natural logarithm of the mean power in bands, shape (batch, band).

    Bands are of equal width in octaves, from two cycles in a window up to half the sampling rate;
    channels are averaged. A band that would hold no line takes the nearest one.

    Parameters
    ----------
    windows : torch.Tensor
        Shape (batch, channel, time).
    n_bands : int
    """
    power = torch.fft.rfft(windows, dim=2).abs().pow(2).mean(dim=1) / windows.shape[2]
    n_lines = power.shape[1]
    lowest = min(_SLOWEST_CYCLES, (n_lines - 1) / 2)
    edges = torch.logspace(0, 1, n_bands + 1, base=(n_lines - 1) / lowest) * lowest
    first = edges[:-1].round().long().clamp(0, n_lines - 1)
    last = torch.maximum(edges[1:].round().long().clamp(0, n_lines), first + 1)
    sums = nn.functional.pad(power.double().cumsum(dim=1), (1, 0))
    mean = (sums[:, last] - sums[:, first]) / (last - first).to(power.device)
    return mean.clamp_min(_FLOOR).log().float()
