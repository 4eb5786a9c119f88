"""Which epoch was the best so far, and whether to wait any longer."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Watch:
    """Remembers the weights of the best epoch and counts those that were no better.

    Parameters
    ----------
    patience : int
        Epochs to wait for a better one; 0 waits for ever.
    score : tuple of float
        Of the best epoch; compared from the left.
    epoch : int
        The best epoch, counted from 1; 0 while there is none.
    waited : int
    weights : mapping of str to Tensor
        Of the best epoch.

    Examples
    --------
    >>> watch = Watch(patience=2)
    >>> [watch.see(epoch + 1, (score,)) for epoch, score in enumerate((0.5, 0.9, 0.9, 0.4))]
    [True, True, False, False]
    >>> watch.epoch, watch.is_over
    (2, True)
    """

    patience: int
    score: tuple[float, ...] = ()
    epoch: int = 0
    waited: int = 0
    weights: dict[str, Any] = field(default_factory=dict)

    def see(self, epoch: int, score: tuple[float, ...]) -> bool:
        """Take note of an epoch's score; return whether it is the best so far."""
        if self.epoch and score <= self.score:
            self.waited += 1
            return False
        self.score, self.epoch, self.waited = score, epoch, 0
        return True

    @property
    def is_over(self) -> bool:
        """Whether the patience is at its end."""
        return 0 < self.patience <= self.waited
