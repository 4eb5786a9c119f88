"""What a network is worth on the samples that watch over its training; imported by fits only."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sonde.learning.core.evaluation import confusion_matrix, macro_f1
from sonde.learning.core.training.feeding import feeding
from sonde.learning.core.training.losses import Criterion
from sonde.learning.core.training.material import Material
from sonde.learning.core.training.precision import Precision
from sonde.learning.core.training.pulse import Pulse


@dataclass(frozen=True)
class Judge:
    """Asks a network about the samples that watch.

    Parameters
    ----------
    module : torch.nn.Module
    material : Material
    watching : ndarray of intp
    weights : ndarray of float32, shape (class,)
        Of the classes in the loss; 0 where a class is not trained.
    batch_size : int
    precision : Precision
    pulse : Pulse
    """

    module: Any
    material: Material
    watching: NDArray[np.intp]
    weights: NDArray[np.float32]
    batch_size: int
    precision: Precision
    pulse: Pulse

    def metrics(self) -> dict[str, float]:
        """Return loss, macro-F1 and accuracy by name; nothing where nobody watches."""
        if not len(self.watching):
            return {}
        logits = self._logits()
        truth = self.material.labels[self.watching]
        labels, told = truth.argmax(axis=1), logits.argmax(axis=1)
        confusion = confusion_matrix(labels, told, truth.shape[1])
        loss = Criterion(torch.from_numpy(self.weights))
        return {
            "validation/loss": float(loss(torch.from_numpy(logits), torch.from_numpy(truth))),
            "validation/macro_f1": float(macro_f1(confusion)),
            "validation/accuracy": float(np.mean(labels == told)),
        }

    def decisions(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return the logits of the trained classes, and the column of each true class."""
        classes = np.flatnonzero(self.weights)
        labels = self.material.labels[self.watching].argmax(axis=1)
        logits = self._logits()[:, classes].astype(np.float64)
        return logits, np.searchsorted(classes, labels)

    def _logits(self) -> NDArray[np.float32]:
        batches = [
            self.watching[start : start + self.batch_size]
            for start in range(0, len(self.watching), self.batch_size)
        ]
        was_training = self.module.training
        self.module.eval()
        said = []
        with feeding(
            lambda number: self.material.read(batches[number]),
            iter(range(len(batches))),
            self.pulse.tell,
        ) as feed:
            for _ in batches:
                said.append(self.pulse.during(partial(self._ask, feed.take())))
                self.pulse.beat()
        self.module.train(was_training)
        return np.concatenate(said)

    def _ask(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.no_grad(), self.precision.autocast():
            logits = self.module(torch.from_numpy(windows).to(self.precision.device))
        answer: NDArray[np.float32] = logits.float().cpu().numpy()
        return answer
