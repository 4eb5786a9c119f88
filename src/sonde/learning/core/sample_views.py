"""Pictures of one sample, by whatever its domain knows how to look at it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class PictureAxis:
    """Where the rows or the columns of a picture lie.

    Parameters
    ----------
    title : str
        With the unit.
    places : ndarray of float64, shape (n,)
        Increasing.
    is_log : bool
        They grow by a constant ratio.
    """

    title: str
    places: NDArray[np.float64]
    is_log: bool = False


@dataclass(frozen=True)
class Picture:
    """What a view makes of one sample.

    Parameters
    ----------
    values : ndarray of float32, shape (row, column)
        NaN where there is nothing to say.
    x, y : PictureAxis
        Of the columns and of the rows.
    unit : str
        Of the values.
    low, high : float
        What the colours reach from and to.
    summary : str
        What is to be seen, in one sentence.
    heads : tuple of str
        Of the table with the most remarkable places.
    rows : tuple of tuple of str
    """

    values: NDArray[np.float32]
    x: PictureAxis
    y: PictureAxis
    unit: str
    low: float
    high: float
    summary: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


Draw = Callable[[NDArray[np.float32], float], Picture]


@dataclass(frozen=True)
class SampleView:
    """One way to look at a sample.

    Parameters
    ----------
    key, title : str
    help : str
        What it is good for, in one sentence.
    draw : callable
        From one channel (time,) and its sampling rate in Hz to the picture; raises Invalid.
    """

    key: str
    title: str
    help: str
    draw: Draw


def chosen_view(views: Sequence[SampleView], key: str) -> SampleView:
    """Return the view called `key`, the first one where nothing is said.

    Parameters
    ----------
    views : sequence of SampleView
    key : str

    Raises
    ------
    Invalid
        If there is none of that name, or none at all.
    """
    if not views:
        raise Invalid("These data come from a source that offers no pictures of single samples.")
    known: Mapping[str, SampleView] = {one.key: one for one in views}
    if key and key not in known:
        raise Invalid(
            f"There is no view {key!r} of these samples; choose one of {', '.join(known)}.",
            field="view",
            choices=list(known),
        )
    return known[key] if key else views[0]
