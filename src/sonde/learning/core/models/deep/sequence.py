"""Steps in front of networks that read a sequence: a window is first cut to few positions."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.layers.convolution import Convolution, Normalisation
from sonde.learning.core.models.deep.layers.layer import Layer

_MOST_STEPS = 160

STEP = HyperParameter(
    "step",
    "Step",
    "Samples that one position of the sequence stands for; 0 chooses by the window's length.",
    0,
    low=0,
    high=1024,
)

HIDDEN = HyperParameter(
    "width", "Width", "Numbers that stand for one position.", 64, low=4, high=512, is_log=True
)


def step(shape: InputShape, chosen: int) -> int:
    """Return the samples of a position: the chosen ones, or such that at most 160 are left.

    Examples
    --------
    >>> step(InputShape(1, 20480, 20480.0), 0), step(InputShape(1, 64, 64.0), 0)
    (128, 4)
    """
    most = max(4, shape.n_samples // 8)
    wanted = chosen or 4
    while not chosen and shape.n_samples / wanted > _MOST_STEPS:
        wanted *= 2
    return min(wanted, most)


def embedded(width: int, shape: InputShape, chosen_step: int) -> tuple[Layer, ...]:
    """Return a strided convolution whose pieces overlap by half: one position a step.

    Parameters
    ----------
    width : int
    shape : InputShape
    chosen_step : int
    """
    stride = step(shape, chosen_step)
    return Convolution(width, knobs.odd(2 * stride), stride), Normalisation()
