"""The losses; torch is imported here, so this module is imported by fits only.

All of them take soft labels (a distribution over the classes for each sample), so that label
smoothing, mixup and plain labels are one thing.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from sonde.learning.core.fitting.training_config import TrainingConfig


@dataclass(frozen=True)
class Criterion:
    """Cross-entropy or focal loss, with label smoothing and class weights.

    Parameters
    ----------
    weights : Tensor, shape (class,)
    smoothing : float
        Share of each label that is spread over all classes.
    gamma : float
        Of the focal loss (Lin and others 2017); 0 is cross-entropy.
    """

    weights: torch.Tensor
    smoothing: float = 0.0
    gamma: float = 0.0

    def __call__(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        r"""Return the weighted mean over the batch.

        .. math:: -\sum_{ic} w_c t_{ic} (1 - p_{ic})^\gamma \log p_{ic}
                  / \sum_{ic} w_c y_{ic}

        with smoothed labels ``t`` of ``y``.

        Parameters
        ----------
        logits, labels : Tensor, shape (sample, class)

        Examples
        --------
        >>> loss = Criterion(torch.ones(2))
        >>> round(loss(torch.zeros(1, 2), torch.tensor([[1.0, 0.0]])).item(), 4)
        0.6931
        """
        log_p = torch.log_softmax(logits.float(), dim=1)
        smooth = labels
        if self.smoothing:
            smooth = labels * (1.0 - self.smoothing) + self.smoothing / labels.shape[1]
        terms = smooth * self.weights
        if self.gamma:
            terms = terms * (1.0 - log_p.exp()).clamp_min(1e-7) ** self.gamma
        whole = (labels * self.weights).sum().clamp_min(1e-12)
        return -(terms * log_p).sum() / whole


def criterion_of(config: TrainingConfig, weights: torch.Tensor) -> Criterion:
    """Return the loss that a configuration names."""
    gamma = config.focal_gamma if config.loss == "focal" else 0.0
    return Criterion(weights, config.label_smoothing, gamma)


def class_weights(
    labels: NDArray[np.intp], n_classes: int, *, balanced: bool
) -> NDArray[np.float32]:
    """Return one weight per class: 0 for one that is not there, else 1 or inverse to its share.

    Parameters
    ----------
    labels : ndarray of intp, shape (sample,)
    n_classes : int
    balanced : bool

    Returns
    -------
    ndarray of float32, shape (class,)

    Examples
    --------
    >>> class_weights(np.array([0, 0, 1]), 3, balanced=True).tolist()
    [0.75, 1.5, 0.0]
    """
    counts = np.bincount(labels, minlength=n_classes)
    present = counts > 0
    if not balanced:
        return present.astype(np.float32)
    even = len(labels) / (present.sum() * np.maximum(counts, 1))
    return np.where(present, even, 0.0).astype(np.float32)


def distillation_loss(
    logits: torch.Tensor, teacher: torch.Tensor, temperature: float
) -> torch.Tensor:
    r"""Return how far the student is from the teacher (Hinton and others 2015).

    .. math:: T^2 \, KL(q \| \mathrm{softmax}(z / T))

    Parameters
    ----------
    logits : Tensor, shape (sample, class)
    teacher : Tensor, shape (sample, class)
        Distributions, softened with the same temperature already.
    temperature : float

    Returns
    -------
    Tensor
        Mean over the batch; 0 where the student agrees.
    """
    log_p = torch.log_softmax(logits.float() / temperature, dim=1)
    distance = torch.nn.functional.kl_div(log_p, teacher, reduction="batchmean")
    return temperature**2 * distance


def soften(probabilities: NDArray[np.float64], temperature: float) -> NDArray[np.float32]:
    """Return the teacher's distributions at a temperature, ``p^(1/T)`` made to sum to one.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    temperature : float

    Examples
    --------
    >>> soften(np.array([[0.9, 0.1]]), 2.0).round(3).tolist()
    [[0.75, 0.25]]
    """
    logs = np.log(np.maximum(probabilities, 1e-12)) / temperature
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
