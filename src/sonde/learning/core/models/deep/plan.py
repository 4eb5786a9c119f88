"""What networks are built from: the shape of windows, and a plan of layers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sonde.learning.core.hyper_parameters import Value
from sonde.learning.core.models.deep.layers.layer import Layer

SHORTEST_WINDOW = 64

Values = Mapping[str, Value]


@dataclass(frozen=True)
class InputShape:
    """The windows that a network is built for.

    Parameters
    ----------
    n_channels, n_samples : int
    sampling_rate_hz : float
    """

    n_channels: int
    n_samples: int
    sampling_rate_hz: float


@dataclass(frozen=True)
class Plan:
    """The layers of a network.

    Parameters
    ----------
    body : tuple of Layer
        From a window (channel, time) to the representation (feature,).
    head : tuple of Layer
        From the representation to one logit for each class.
    beside : tuple of Layer
        From the representation to what only the training asks for.
    """

    body: tuple[Layer, ...]
    head: tuple[Layer, ...]
    beside: tuple[Layer, ...] = ()
