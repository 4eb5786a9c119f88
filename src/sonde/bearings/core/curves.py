"""Part of a curve for the eye: few points, every peak kept, more detail the closer one looks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Range = tuple[float, float]
DRAWN_POINTS = 1000
_FEWEST = 8


@dataclass(frozen=True)
class Curve:
    """Values and where they stand: in Hz, orders, seconds or degrees.

    Parameters
    ----------
    places : ndarray of float64, shape (point,)
        Increasing.
    values : ndarray of float, shape (point,)
    reach : float
        How far a place may be from where it is looked for: half a bucket.
    """

    places: NDArray[np.float64]
    values: NDArray[np.floating]
    reach: float = 0.0

    def height_near(self, place: float, reach: float = 0.0) -> float:
        """Return the highest value within `reach` of `place`; NaN where there is none.

        Examples
        --------
        >>> curve = Curve(np.array([10.0, 12.0, 14.0]), np.array([1.0, 5.0, 2.0]))
        >>> curve.height_near(13.0, 1.0)
        5.0
        """
        reach = max(reach, self.reach)
        near = self.values[np.abs(self.places - place) <= reach * (1 + 1e-9)]
        return float(near.max()) if len(near) else float("nan")


def drawn(
    values: NDArray[np.floating],
    step: float,
    span: Range | None = None,
    points: int = DRAWN_POINTS,
) -> Curve:
    """Return the part of `values` within `span`: of each bucket the highest, where it stands.

    Parameters
    ----------
    values : ndarray of float, shape (place,)
        On an axis that begins at 0.
    step : float
    span : (float, float), optional
        All of it if None, or where it holds fewer than eight values.
    points : int
        At most so many.

    Examples
    --------
    >>> values = np.zeros(1000)
    >>> values[333] = 2.0
    >>> whole, part = drawn(values, 0.5, points=100), drawn(values, 0.5, (160.0, 170.0), 100)
    >>> len(whole.values), float(whole.places[whole.values.argmax()])
    (100, 166.5)
    >>> part.places[:3].tolist()
    [160.0, 160.5, 161.0]
    """
    first, stop = 0, len(values)
    if span is not None:
        low = max(int(np.floor(span[0] / step)), 0)
        high = min(int(np.ceil(span[1] / step)) + 1, len(values))
        if high - low >= min(_FEWEST, len(values)):
            first, stop = low, high
    part = values[first:stop]
    width = max(1, -(-len(part) // points))
    positions = np.arange(len(part)) if width == 1 else _highest_places(part, width)
    places = np.asarray((first + positions) * step, dtype=np.float64)
    return Curve(places, part[positions], width * step / 2)


def _highest_places(values: NDArray[np.floating], width: int) -> NDArray[np.intp]:
    """Return where the highest value of each bucket of `width` stands."""
    whole = len(values) // width * width
    buckets = values[:whole].reshape(-1, width)
    places = buckets.argmax(axis=1) + np.arange(0, whole, width)
    if whole < len(values):
        places = np.append(places, whole + int(values[whole:].argmax()))
    return places
