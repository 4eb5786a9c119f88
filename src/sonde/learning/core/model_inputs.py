"""Arrays that programs send to a model: what it takes, and whether what came is that."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.bundle import ModelCard
from sonde.platform.core.errors import Invalid, TooLarge

MOST_VALUES: Final = 4_000_000


@dataclass(frozen=True)
class InputSpecification:
    """What one model takes.

    Parameters
    ----------
    name : str
        ``"windows"`` or ``"features"``.
    datatype : str
        ``"FP32"`` or ``"FP64"``.
    axes : tuple of str
        Names of the axes, the batch first.
    shape : tuple of int
        Sizes of the axes after the batch.
    """

    name: str
    datatype: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]

    @property
    def dtype(self) -> type[np.floating[Any]]:
        """NumPy's name of the type."""
        return np.float32 if self.datatype == "FP32" else np.float64


def input_of(card: ModelCard, eats: str) -> InputSpecification:
    """Return what a model takes.

    Parameters
    ----------
    card : ModelCard
    eats : {"windows", "features"}
    """
    if eats == "windows":
        return InputSpecification(
            "windows", "FP32", ("batch", "channel", "time"), tuple(card.window_shape)
        )
    return InputSpecification("features", "FP64", ("batch", "feature"), (len(card.feature_names),))


def accept_array(
    specification: InputSpecification, data: object, shape: Sequence[int] | None = None
) -> NDArray[Any]:
    """Return what a program sent as an array that the model takes.

    Parameters
    ----------
    specification : InputSpecification
    data : object
        Nested lists of numbers, or a flat list where `shape` is given.
    shape : sequence of int, optional
        The whole shape, the batch first.

    Returns
    -------
    ndarray
        Of the model's type, shape ``(batch, *specification.shape)``.

    Raises
    ------
    Invalid
        If these are no numbers, not all of them finite, or of another shape.
    TooLarge
        If they are more than `MOST_VALUES`.

    Examples
    --------
    >>> takes = InputSpecification("features", "FP64", ("batch", "feature"), (2,))
    >>> accept_array(takes, [1, 2, 3, 4], [2, 2]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    name = specification.name
    if not isinstance(data, list) or not data:
        raise Invalid(f"The data of {name!r} is a list of numbers with something in it.")
    if shape is not None:
        _check_shape(specification, shape)
    # Counted before anything is made of them: one long text among numbers makes every cell as long.
    if _count_numbers(data, len(specification.axes), name) > MOST_VALUES:
        raise TooLarge(f"One request has at most {MOST_VALUES:,} numbers.", limit=MOST_VALUES)
    array = _numbers(data, name)
    if shape is not None:
        if array.size != math.prod(shape):
            raise Invalid(
                f"{name!r} has {array.size:,} numbers, but its shape {list(shape)} needs "
                f"{math.prod(shape):,}."
            )
        array = array.reshape(tuple(shape))
    _check_shape(specification, array.shape)
    with np.errstate(over="ignore"):
        converted = np.ascontiguousarray(array, dtype=specification.dtype)
    if not np.isfinite(converted).all():
        raise Invalid(f"{name!r} holds a value that is no finite {specification.datatype} number.")
    return converted


def _count_numbers(data: list[Any], depth: int, name: str) -> int:
    """Return how many numbers nested lists hold; raises Invalid for anything else in them."""
    if depth > 1 and data and all(isinstance(row, list) for row in data):
        return sum(_count_numbers(row, depth - 1, name) for row in data)
    if not set(map(type, data)) <= {int, float}:
        raise _no_numbers(name)
    return len(data)


def _numbers(data: list[Any], name: str) -> NDArray[np.float64]:
    try:
        array = np.array(data)
    except (ValueError, TypeError, OverflowError):
        raise _no_numbers(name) from None
    if array.dtype.kind not in "iuf":
        raise _no_numbers(name)
    return array.astype(np.float64)


def _no_numbers(name: str) -> Invalid:
    return Invalid(f"{name!r} holds something that is no number, or rows of different lengths.")


def _check_shape(specification: InputSpecification, shape: Sequence[int]) -> None:
    wanted = specification.shape
    if len(shape) != len(wanted) + 1 or tuple(shape[1:]) != wanted or shape[0] < 1:
        axes = ", ".join(specification.axes)
        raise Invalid(
            f"{specification.name!r} has the shape {list(shape)}; this model takes ({axes}) = "
            f"{[-1, *wanted]} with one or more in the batch.",
            shape=list(shape),
            wanted=[-1, *wanted],
        )


def input_hash(array: NDArray[Any]) -> str:
    """Return the SHA-256 of what a model was asked about.

    Examples
    --------
    >>> input_hash(np.zeros((1, 2)))[:12]
    '84ac01b5b8e1'
    """
    digest = hashlib.sha256(f"{array.dtype.str} {array.shape}\n".encode())
    digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
