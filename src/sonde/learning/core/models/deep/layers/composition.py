"""Layers made of layers: shortcuts, branches, channels by themselves, experts."""

from dataclasses import dataclass
from typing import Any

from sonde.learning.core.models.deep.layers.layer import Cost, Layer, Shape, size


def cost_of(layers: tuple[Layer, ...], shape: Shape) -> Cost:
    """Return the cost of layers one behind the other.

    Examples
    --------
    >>> cost_of((), (1, 64))
    Cost(shape=(1, 64), n_parameters=0, macs=0, n_activations=0)
    """
    total = Cost(shape)
    for layer in layers:
        one = layer.cost(total.shape)
        total = Cost(
            one.shape,
            total.n_parameters + one.n_parameters,
            total.macs + one.macs,
            total.n_activations + one.n_activations,
        )
    return total


@dataclass(frozen=True)
class Residual:
    """A body beside a shortcut, added up; an empty shortcut passes what comes in."""

    body: tuple[Layer, ...]
    shortcut: tuple[Layer, ...] = ()

    def cost(self, shape: Shape) -> Cost:
        """Return both ways together."""
        body, shortcut = cost_of(self.body, shape), cost_of(self.shortcut, shape)
        return _together(body.shape, (body, shortcut))

    def module(self, shape: Shape) -> Any:
        """Return both ways and their sum."""
        from sonde.learning.core.models.deep.layers.assembling import assemble
        from sonde.learning.core.models.deep.layers.composition_modules import ResidualModule

        return ResidualModule(assemble(self.body, shape)[0], assemble(self.shortcut, shape)[0])


@dataclass(frozen=True)
class Branches:
    """Several ways from the same input, put behind each other in channels or features."""

    branches: tuple[tuple[Layer, ...], ...]

    def cost(self, shape: Shape) -> Cost:
        """Return all ways together."""
        costs = tuple(cost_of(branch, shape) for branch in self.branches)
        channels = sum(one.shape[0] for one in costs)
        return _together((channels, *costs[0].shape[1:]), costs)

    def module(self, shape: Shape) -> Any:
        """Return all ways."""
        from sonde.learning.core.models.deep.layers.assembling import assemble
        from sonde.learning.core.models.deep.layers.composition_modules import BranchesModule

        return BranchesModule([assemble(branch, shape)[0] for branch in self.branches])


@dataclass(frozen=True)
class EachChannel:
    """One body for every input channel by itself; its features behind each other."""

    body: tuple[Layer, ...]

    def cost(self, shape: Shape) -> Cost:
        """Return the body's weights once, its work for every channel."""
        one = cost_of(self.body, (1, *shape[1:]))
        return Cost(
            (shape[0] * one.shape[0],),
            one.n_parameters,
            shape[0] * one.macs,
            shape[0] * one.n_activations,
        )

    def module(self, shape: Shape) -> Any:
        """Return the body with channels folded into the batch."""
        from sonde.learning.core.models.deep.layers.assembling import assemble
        from sonde.learning.core.models.deep.layers.composition_modules import EachChannelModule

        body, answer = assemble(self.body, (1, *shape[1:]))
        return EachChannelModule(body, shape[0], answer[0])


@dataclass(frozen=True)
class Experts:
    """Several bodies of one shape, mixed by weights that a gate decides for every window.

    Parameters
    ----------
    experts : tuple of tuple of Layer
        Each from (channel, time) to the same number of features.
    """

    experts: tuple[tuple[Layer, ...], ...]

    def cost(self, shape: Shape) -> Cost:
        """Return all experts and the gate: a dense layer on the channels' means."""
        costs = tuple(cost_of(expert, shape) for expert in self.experts)
        n_weights = shape[0] * len(costs)
        mix = len(costs) * costs[0].shape[0]
        gate = Cost((), n_weights + len(costs), n_weights + mix, mix)
        return _together(costs[0].shape, (*costs, gate))

    def module(self, shape: Shape) -> Any:
        """Return all experts and their gate."""
        from sonde.learning.core.models.deep.layers.assembling import assemble
        from sonde.learning.core.models.deep.layers.composition_modules import ExpertsModule

        return ExpertsModule([assemble(one, shape)[0] for one in self.experts], shape[0])


def _together(shape: Shape, costs: tuple[Cost, ...]) -> Cost:
    return Cost(
        shape,
        sum(one.n_parameters for one in costs),
        sum(one.macs for one in costs),
        sum(one.n_activations for one in costs) + size(shape),
    )
