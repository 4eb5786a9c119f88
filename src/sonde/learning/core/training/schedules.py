"""The learning rate over the steps of a training: warm-up, then one of the schedules."""

import math
from dataclasses import dataclass

from sonde.learning.core.fitting.training_config import TrainingConfig

_STEP_FACTOR = 0.1
_STEP_PARTS = 3
_ONE_CYCLE_RISE = 0.3
_ONE_CYCLE_START = 1 / 25
_ONE_CYCLE_END = 1e-4


@dataclass
class Plateau:
    """Halves the learning rate when the watched loss has not fallen for some epochs.

    Parameters
    ----------
    wait : int
        Epochs without a lower loss before the next halving.
    best : float
    waited : int
    factor : float

    Examples
    --------
    >>> plateau = Plateau(wait=2)
    >>> for loss in (1.0, 1.0, 1.0):
    ...     plateau.see(loss)
    >>> plateau.factor
    0.5
    """

    wait: int
    best: float = math.inf
    waited: int = 0
    factor: float = 1.0

    def see(self, loss: float) -> None:
        """Take note of an epoch's loss."""
        if loss < self.best:
            self.best, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited >= self.wait:
            self.factor, self.waited = self.factor / 2, 0


def plateau_of(config: TrainingConfig) -> Plateau:
    """Return the plateau that waits half as long as early stopping does."""
    return Plateau(wait=max(1, config.patience // 2))


def learning_rate(config: TrainingConfig, step: int, steps_per_epoch: int, plateau: float) -> float:
    """Return the learning rate of one step; a pure function, so that resuming is exact.

    ``none`` holds the rate; ``step`` divides it by ten after each third; ``cosine`` lets it fall
    along half a cosine; ``one-cycle`` (Smith and Topin 2019) rises from a 25th and falls to a
    10,000th, its rise being the warm-up where there is one and 30 % else; ``plateau`` multiplies it
    by `plateau`.

    Parameters
    ----------
    config : TrainingConfig
    step : int
        Counted from 0 over all epochs.
    steps_per_epoch : int
    plateau : float
        The factor of `Plateau`.

    Examples
    --------
    >>> cosine = TrainingConfig(epochs=2, learning_rate=1.0)
    >>> [round(learning_rate(cosine, step, 2, 1.0), 3) for step in range(4)]
    [1.0, 0.854, 0.5, 0.146]
    """
    total = max(1, config.epochs * steps_per_epoch)
    warm = min(config.warm_up_epochs * steps_per_epoch, total)
    if config.schedule == "one-cycle":
        return config.learning_rate * _one_cycle(step, total, warm)
    if step < warm:
        return config.learning_rate * (step + 1) / warm
    done = (step - warm) / max(1, total - warm)
    factor = {
        "none": 1.0,
        "step": _STEP_FACTOR ** min(int(done * _STEP_PARTS), _STEP_PARTS - 1),
        "cosine": 0.5 * (1.0 + math.cos(math.pi * done)),
        "plateau": plateau,
    }[config.schedule]
    return config.learning_rate * factor


def _one_cycle(step: int, total: int, warm: int) -> float:
    rise = warm or max(1, round(_ONE_CYCLE_RISE * total))
    if step < rise:
        return _between(_ONE_CYCLE_START, 1.0, step / rise)
    return _between(1.0, _ONE_CYCLE_END, (step - rise) / max(1, total - rise))


def _between(first: float, last: float, done: float) -> float:
    """Return the value at `done` in [0, 1] of half a cosine from `first` to `last`."""
    return last + (first - last) * 0.5 * (1.0 + math.cos(math.pi * done))
