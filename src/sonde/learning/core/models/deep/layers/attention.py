"""Transformer blocks along time."""

from dataclasses import dataclass
from typing import Any

from sonde.learning.core.models.deep.layers.layer import Cost, Shape, size


@dataclass(frozen=True)
class Positions:
    """Adds sines and cosines that say where in time a position lies; any length.

    Vaswani et al. 2017, "Attention is all you need", section 3.5.
    """

    def cost(self, shape: Shape) -> Cost:
        """Return nothing to learn."""
        return Cost(shape, 0, 0, size(shape))

    def module(self, shape: Shape) -> Any:
        """Return the sum with the positions."""
        from sonde.learning.core.models.deep.layers.attention_modules import PositionsModule

        return PositionsModule(shape[0])


@dataclass(frozen=True)
class SelfAttention:
    """Normalise, attend to all positions in several heads, add to what came in.

    Parameters
    ----------
    n_heads : int
        Divides the channels.
    dropout : float
    """

    n_heads: int
    dropout: float

    def cost(self, shape: Shape) -> Cost:
        """Return four projections and two products of length squared."""
        width, length = shape
        n_parameters = 4 * width**2 + width + 2 * width
        macs = 4 * width**2 * length + 2 * width * length**2
        return Cost(shape, n_parameters, macs, 6 * size(shape) + self.n_heads * length**2)

    def module(self, shape: Shape) -> Any:
        """Return the attention block."""
        from sonde.learning.core.models.deep.layers.attention_modules import SelfAttentionModule

        return SelfAttentionModule(shape[0], self.n_heads, self.dropout)


@dataclass(frozen=True)
class FeedForward:
    """Normalise, widen, bend, narrow, add to what came in; each position by itself.

    Parameters
    ----------
    n_hidden : int
    dropout : float
    """

    n_hidden: int
    dropout: float

    def cost(self, shape: Shape) -> Cost:
        """Return two dense layers for each position."""
        width, length = shape
        n_weights = 2 * width * self.n_hidden
        return Cost(
            shape,
            n_weights + self.n_hidden + 3 * width,
            n_weights * length,
            2 * size(shape) + 2 * self.n_hidden * length,
        )

    def module(self, shape: Shape) -> Any:
        """Return the block."""
        from sonde.learning.core.models.deep.layers.attention_modules import FeedForwardModule

        return FeedForwardModule(shape[0], self.n_hidden, self.dropout)
