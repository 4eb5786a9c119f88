"""Recurrent layers: LSTM and GRU along time."""

from dataclasses import dataclass
from typing import Any

from sonde.learning.core.models.deep.layers.layer import Cost, Shape

_GATES = {"lstm": 4, "gru": 3}


@dataclass(frozen=True)
class Recurrent:
    """From (channel, time) to (hidden, time); twice the hidden ones if it also reads backwards.

    Parameters
    ----------
    kind : {"lstm", "gru"}
    n_hidden, n_layers : int
    is_bidirectional : bool
    """

    kind: str
    n_hidden: int
    n_layers: int
    is_bidirectional: bool

    def cost(self, shape: Shape) -> Cost:
        """Return gates x hidden x (input + hidden) for each step, layer and direction."""
        n_directions = 2 if self.is_bidirectional else 1
        n_gated = _GATES[self.kind] * self.n_hidden
        n_inputs, n_weights, n_biases = shape[0], 0, 0
        for _ in range(self.n_layers):
            n_weights += n_directions * n_gated * (n_inputs + self.n_hidden)
            n_biases += n_directions * 2 * n_gated
            n_inputs = n_directions * self.n_hidden
        kept = self.n_layers * n_directions * (n_gated + 2 * self.n_hidden) * shape[1]
        return Cost((n_inputs, shape[1]), n_weights + n_biases, n_weights * shape[1], kept)

    def module(self, shape: Shape) -> Any:
        """Return torch's recurrent layer, time last as everywhere here."""
        from sonde.learning.core.models.deep.layers.recurrent_modules import RecurrentModule

        return RecurrentModule(
            self.kind, shape[0], self.n_hidden, self.n_layers, self.is_bidirectional
        )
