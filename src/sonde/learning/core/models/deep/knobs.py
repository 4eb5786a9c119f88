"""Hyper-parameters that several architectures share, and the first layers they speak of."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep.architecture import InputShape, Values
from sonde.learning.core.models.deep.layers.convolution import convolved
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Pool

_LENGTH_AFTER_STEM = 1280
_MOST_STRIDE = 64

FIRST_STRIDE = HyperParameter(
    "first_stride",
    "First stride",
    "Samples that one step of the first layers covers; 0 chooses by the length of the window.",
    0,
    low=0,
    high=_MOST_STRIDE,
)

FIRST_KERNEL = HyperParameter(
    "first_kernel",
    "First kernel",
    "Samples that the first convolution sees at once; wide ones filter noise.",
    65,
    low=3,
    high=513,
)


def width(default: int, high: int = 256) -> HyperParameter:
    """Return the knob of a network's width."""
    return HyperParameter(
        "width",
        "Width",
        "Channels of the first layer; the later ones grow from it. Cost grows with its square.",
        default,
        low=4,
        high=high,
        is_log=True,
    )


def depth(
    default: int, low: int, high: int, what: str = "Layers behind each other."
) -> HyperParameter:
    """Return the knob of a network's depth."""
    return HyperParameter("depth", "Depth", what, default, low=low, high=high)


def dropout(default: float) -> HyperParameter:
    """Return the knob of dropout."""
    return HyperParameter(
        "dropout",
        "Dropout",
        "Share of the features that is forgotten at random while training.",
        default,
        low=0.0,
        high=0.9,
    )


def kernel(
    default: int, what: str = "Samples that a later convolution sees at once."
) -> HyperParameter:
    """Return the knob of the later kernels."""
    return HyperParameter("kernel", "Kernel", what, default, low=3, high=65)


def odd(number: object) -> int:
    """Return the number, or the next above it, that is odd.

    Examples
    --------
    >>> odd(64), odd(3)
    (65, 3)
    """
    return int(str(number)) | 1


def first_stride(shape: InputShape, values: Values) -> int:
    """Return the chosen stride, or the power of two that leaves at most 1,280 positions.

    Examples
    --------
    >>> first_stride(InputShape(1, 20480, 20480.0), {"first_stride": 0})
    16
    >>> first_stride(InputShape(1, 256, 256.0), {"first_stride": 0})
    1
    """
    chosen = int(values["first_stride"])
    # Eight positions must be left for the layers behind.
    if chosen:
        return max(1, min(chosen, shape.n_samples // 8))
    stride = 1
    while stride < _MOST_STRIDE and shape.n_samples / stride > _LENGTH_AFTER_STEM:
        stride *= 2
    return stride


def stem(n_channels: int, shape: InputShape, values: Values, most: int = 4) -> tuple[Layer, ...]:
    """Return the first layers: a wide strided convolution and, for large strides, a pooling.

    Parameters
    ----------
    n_channels : int
    shape : InputShape
    values : mapping
        With `first_stride` and `first_kernel`.
    most : int
        Stride of the convolution at most; the rest is pooled.
    """
    stride = first_stride(shape, values)
    by_convolution = min(stride, most)
    by_pooling = stride // by_convolution
    wide = odd(min(int(values["first_kernel"]), shape.n_samples // 4))
    first = convolved(n_channels, wide, by_convolution)
    if by_pooling == 1:
        return first
    return (*first, Pool("max", odd(by_pooling), by_pooling))
