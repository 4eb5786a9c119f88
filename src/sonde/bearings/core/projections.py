"""Many features in two or three dimensions: PCA, t-SNE, UMAP, and how far to trust them.

Principal components are linear: distances far apart mean something. t-SNE (van der Maaten and
Hinton, JMLR 9 (2008)) and UMAP (McInnes, Healy and Melville, arXiv:1802.03426) keep neighbourhoods
and nothing else. Trustworthiness (Venna and Kaski 2001) says how many of the neighbours that are
seen are neighbours in truth: 1 for all of them, 0.5 by chance.
"""

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.table import FeatureTable
from sonde.platform.core.errors import Invalid

MOST_POINTS: Final = 4000
FEWEST_POINTS: Final = 10
_GAPS: Final = 0.1
_NEIGHBOURS: Final = 10
_BLOCK: Final = 512
_TSNE_STEPS: Final = 1000
_STEP: Final = re.compile(r"Iteration (\d+)")
_SHARE: Final = re.compile(r"(\d+)%")

Told = Callable[[float], None]
Points = NDArray[np.float32]


class Method(StrEnum):
    """How many dimensions become few."""

    PCA = "pca"
    TSNE = "tsne"
    UMAP = "umap"


@dataclass(frozen=True, kw_only=True)
class ProjectionSettings:
    """How features are laid out.

    Parameters
    ----------
    method : Method
    dimensions : int
        2 or 3.
    seed : int
        The same seed gives the same picture.
    perplexity : float
        Of t-SNE: about how many neighbours count, 2 to 100.
    neighbours : int
        Of UMAP: how many neighbours count, 2 to 200.
    min_dist : float
        Of UMAP: how close points may come, 0 to 0.99.

    Raises
    ------
    Invalid
        If a number is out of its range.
    """

    method: Method = Method.PCA
    dimensions: int = 2
    seed: int = 0
    perplexity: float = 30.0
    neighbours: int = 15
    min_dist: float = 0.1

    def __post_init__(self) -> None:
        """Refuse settings that no projection can have."""
        if self.dimensions not in {2, 3}:
            raise Invalid("A projection has 2 or 3 dimensions.", field="dimensions")
        if not 0 <= self.seed < 2**32:
            raise Invalid("A seed is a whole number from 0 to 4,294,967,295.", field="seed")
        if not 2 <= self.perplexity <= 100:
            raise Invalid("The perplexity is 2 to 100.", field="perplexity")
        if not 2 <= self.neighbours <= 200:
            raise Invalid("UMAP counts 2 to 200 neighbours.", field="neighbours")
        if not 0 <= self.min_dist <= 0.99:
            raise Invalid("The least distance is 0 to 0.99.", field="min_dist")

    @property
    def meaning(self) -> tuple[str | float, ...]:
        """What the picture depends on: of each method its own parameters only."""
        own: dict[Method, tuple[str | float, ...]] = {
            Method.PCA: (),
            Method.TSNE: (self.seed, self.perplexity),
            Method.UMAP: (self.seed, self.neighbours, self.min_dist),
        }
        return (self.method.value, self.dimensions, *own[self.method])


@dataclass(frozen=True)
class Standardised:
    """Features without their units: every column has mean 0 and variance 1.

    Parameters
    ----------
    names : tuple of str
    places : ndarray of int, shape (row,)
        Which rows of the table are left.
    values : ndarray of float64, shape (row, feature)
    left_out : tuple of str
        Columns that do not vary, or have gaps in more than a tenth of the rows.
    """

    names: tuple[str, ...]
    places: NDArray[np.intp]
    values: NDArray[np.float64]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Projection:
    """Points and how far to trust them.

    Parameters
    ----------
    points : ndarray of float32, shape (row, dimension)
    trustworthiness : float
        0 to 1; of 10 neighbours, fewer where there are few points.
    explained : tuple of float
        Share of the variance along each axis; of PCA only.
    """

    points: Points
    trustworthiness: float
    explained: tuple[float, ...] = ()


def standardised(table: FeatureTable) -> Standardised:
    """Return a table's columns without their units.

    Parameters
    ----------
    table : FeatureTable

    Raises
    ------
    Invalid
        If fewer than two features or ten recordings are left.

    Examples
    --------
    >>> ramp = np.arange(12.0)
    >>> table = FeatureTable(("a", "b", "c"), tuple(map(str, range(12))),
    ...                      np.stack([ramp, ramp**2, ramp * 0], axis=1))
    >>> found = standardised(table)
    >>> found.left_out, round(float(found.values[:, 0].std()), 9)
    (('c',), 1.0)
    """
    values = np.where(np.isfinite(table.values), table.values, np.nan)
    gaps = np.isnan(values)
    dense = gaps.mean(axis=0) <= _GAPS if len(values) else np.zeros(len(table.names), dtype=bool)
    places = np.flatnonzero(~gaps[:, dense].any(axis=1))
    if len(places) < FEWEST_POINTS:
        raise Invalid(
            f"A projection needs at least {FEWEST_POINTS} recordings with all features; there are "
            f"{len(places)}. Widen the filter."
        )
    rows = values[places]
    varied = np.array(dense)
    varied[dense] = np.ptp(rows[:, dense], axis=0) > 0
    if varied.sum() < 2:
        raise Invalid("A projection needs at least two features that vary.")
    chosen = rows[:, varied]
    chosen = (chosen - chosen.mean(axis=0)) / chosen.std(axis=0)
    names = tuple(name for name, is_in in zip(table.names, varied, strict=True) if is_in)
    left_out = tuple(name for name in table.names if name not in names)
    return Standardised(names, places, chosen, left_out)


def pca(values: NDArray[np.float64], dimensions: int) -> tuple[Points, tuple[float, ...]]:
    """Return scores along the principal components, and their shares of the variance.

    Parameters
    ----------
    values : ndarray of float64, shape (row, feature)
    dimensions : int

    Returns
    -------
    (ndarray of float32, shape (row, dimension), tuple of float)
        The largest loading of every component is positive, so that the signs are no accident.
        Where there are fewer features than dimensions the rest is 0.

    Examples
    --------
    >>> values = np.array([[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    >>> points, explained = pca(values, 2)
    >>> points[:, 0].tolist(), [round(one, 9) for one in explained]
    ([3.0, -3.0, 0.0, 0.0], [0.9, 0.1])
    """
    centred = values - values.mean(axis=0)
    left, lengths, right = np.linalg.svd(centred, full_matrices=False)
    largest = np.abs(right).argmax(axis=1)
    signs = np.where(right[np.arange(len(right)), largest] < 0, -1.0, 1.0)
    scores = (left * (lengths * signs))[:, :dimensions]
    total = float((lengths**2).sum()) or 1.0
    points = np.zeros((len(values), dimensions), dtype=np.float32)
    points[:, : scores.shape[1]] = scores + 0.0  # no negative zeros
    shares = tuple(float(one**2 / total) for one in lengths[:dimensions])
    return points, shares + (0.0,) * (dimensions - len(shares))


def project(
    values: NDArray[np.float64], settings: ProjectionSettings, told: Told | None = None
) -> Projection:
    """Return the rows of `values` laid out in few dimensions.

    Parameters
    ----------
    values : ndarray of float64, shape (row, feature)
        Standardised; at most 4,000 rows.
    settings : ProjectionSettings
    told : callable, optional
        Hears how far it is, 0 to 1; what it raises ends the computation.

    Raises
    ------
    Invalid
        If there are too few or too many rows.
    """
    if not FEWEST_POINTS <= len(values) <= MOST_POINTS:
        raise Invalid(
            f"A projection holds {FEWEST_POINTS} to {MOST_POINTS:,} recordings; there are "
            f"{len(values):,}."
        )
    told = told or _silent
    explained: tuple[float, ...] = ()
    if settings.method is Method.PCA:
        points, explained = pca(values, settings.dimensions)
    elif settings.method is Method.TSNE:
        points = _tsne(values, settings, told)
    else:
        points = _umap(values, settings, told)
    told(0.97)
    return Projection(points, trust(values, points), explained)


def trust(values: NDArray[np.float64], points: Points) -> float:
    """Return the trustworthiness of `points` as a picture of `values`, 0 to 1.

    Examples
    --------
    >>> ramp = np.linspace(0, 1, 30)[:, np.newaxis] ** 2
    >>> trust(np.hstack([ramp, ramp]), np.hstack([ramp, ramp]).astype(np.float32))
    1.0
    """
    n = len(values)
    neighbours = max(1, min(_NEIGHBOURS, (n - 1) // 2))
    excess = 0.0
    for first in range(0, n, _BLOCK):
        own = np.arange(first, min(first + _BLOCK, n))
        near = np.argpartition(_distances(points.astype(np.float64), own), neighbours - 1, axis=1)
        true = _distances(values, own)
        for place in range(neighbours):
            at = np.take_along_axis(true, near[:, place : place + 1], axis=1)
            rank = 1 + (true < at).sum(axis=1)
            excess += float(np.maximum(rank - neighbours, 0).sum())
    return 1.0 - excess * 2.0 / (n * neighbours * (2.0 * n - 3.0 * neighbours - 1.0))


def _distances(values: NDArray[np.float64], own: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return squared distances from some rows to all; infinite to oneself."""
    squares = (values**2).sum(axis=1)
    found = squares[own, np.newaxis] + squares - 2 * (values[own] @ values.T)
    found[np.arange(len(own)), own] = np.inf
    return found


def _tsne(values: NDArray[np.float64], settings: ProjectionSettings, told: Told) -> Points:
    from sklearn.manifold import TSNE

    model = TSNE(
        settings.dimensions,
        perplexity=min(settings.perplexity, (len(values) - 1) / 3),
        init="pca",
        max_iter=_TSNE_STEPS,
        random_state=settings.seed,
        verbose=2,
    )
    with _heard(_STEP, _TSNE_STEPS, told) as out, contextlib.redirect_stdout(out):
        return np.asarray(model.fit_transform(values), dtype=np.float32)


def _umap(values: NDArray[np.float64], settings: ProjectionSettings, told: Told) -> Points:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages that are not there and not needed
        from umap import UMAP

        with _heard(_SHARE, 100, told) as out, contextlib.redirect_stdout(io.StringIO()):
            model = UMAP(
                n_components=settings.dimensions,
                n_neighbors=min(settings.neighbours, len(values) - 1),
                min_dist=settings.min_dist,
                random_state=settings.seed,
                n_jobs=1,
                verbose=True,
                tqdm_kwds={"file": out, "mininterval": 0.2},
            )
            return np.asarray(model.fit_transform(values), dtype=np.float32)


class _Listener(io.TextIOBase):
    """Hears what a library says of its progress."""

    def __init__(self, sign: re.Pattern[str], steps: int, told: Told) -> None:
        self._sign, self._steps, self._told = sign, steps, told

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        for found in self._sign.findall(text):
            self._told(min(0.95, 0.95 * int(found) / self._steps))
        return len(text)


@contextlib.contextmanager
def _heard(sign: re.Pattern[str], steps: int, told: Told) -> Iterator[Any]:
    told(0.0)
    yield _Listener(sign, steps, told)


def _silent(_fraction: float) -> None:
    """Hear nothing."""
