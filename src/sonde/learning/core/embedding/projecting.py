"""Many numbers per sample as two: PCA, t-SNE and UMAP, seeded, with how far they can be trusted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

NEIGHBOURS: Final = 10
_KEPT_BY_PCA: Final = 50


@dataclass(frozen=True)
class Projection:
    """Samples in the plane.

    Parameters
    ----------
    points : ndarray of float64, shape (sample, 2)
    explained : tuple of float
        Share of the variance along each axis; empty where the method knows none.
    trustworthiness : float
        In [0, 1]: how far neighbours in the plane are neighbours before (Venna and Kaski, 2001).
    """

    points: NDArray[np.float64]
    explained: tuple[float, ...]
    trustworthiness: float


def standardised(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return columns of mean 0 and deviation 1; constant ones are left out.

    Parameters
    ----------
    values : ndarray, shape (sample, feature)

    Examples
    --------
    >>> standardised(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist()
    [[-1.0], [1.0]]
    """
    wide = values.astype(np.float64)
    spread = wide.std(axis=0)
    varies = spread > 1e-12 * np.maximum(1.0, np.abs(wide).max(axis=0, initial=0.0))
    scaled: NDArray[np.float64] = (wide[:, varies] - wide[:, varies].mean(axis=0)) / spread[varies]
    return scaled


def project(values: NDArray[np.float64], method: str, settings: Mapping[str, Any]) -> Projection:
    """Return samples in the plane.

    Parameters
    ----------
    values : ndarray of float64, shape (sample, feature)
        Standardised; more than 50 features go through PCA first.
    method : {"pca", "tsne", "umap"}
    settings : mapping
        ``neighbours`` (perplexity of t-SNE, neighbours of UMAP) and ``seed``.

    Raises
    ------
    Invalid
        If there are fewer than 12 samples or no feature that varies.
    """
    if len(values) < NEIGHBOURS + 2 or values.shape[1] == 0:
        raise Invalid(
            f"A map needs at least {NEIGHBOURS + 2} samples and a feature that varies; here are "
            f"{len(values)} samples and {values.shape[1]} such features."
        )
    axes, shares = principal_axes(values)
    reduced = axes[:, :_KEPT_BY_PCA]
    if method == "pca":
        points, explained = _two(axes), tuple(float(one) for one in shares[:2])
    else:
        points, explained = _METHODS[method](reduced, settings), ()
    return Projection(points, explained, trustworthiness(reduced, points))


def principal_axes(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return samples along their principal axes, and the share of the variance along each.

    The sign of an axis is chosen so that its largest loading is positive.

    Parameters
    ----------
    values : ndarray of float64, shape (sample, feature)
    """
    centred = values - values.mean(axis=0)
    left, sizes, loadings = np.linalg.svd(centred, full_matrices=False)
    largest = np.abs(loadings).argmax(axis=1)
    signs = np.sign(loadings[np.arange(len(loadings)), largest])
    total = float((sizes**2).sum()) or 1.0
    return left * sizes * np.where(signs == 0, 1.0, signs), sizes**2 / total


def trustworthiness(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """Return how far neighbours in the plane were neighbours before.

    Of ten neighbours, or as many as so few samples allow.

    Parameters
    ----------
    before : ndarray of float64, shape (sample, feature)
        At least 3.
    after : ndarray of float64, shape (sample, 2)

    Examples
    --------
    >>> line = np.arange(40.0)[:, None]
    >>> trustworthiness(line, np.hstack([line, 0 * line]))
    1.0
    """
    from sklearn.manifold import trustworthiness as measured

    # it is defined for fewer than half of the samples
    neighbours = min(NEIGHBOURS, (len(before) - 1) // 2)
    return round(float(measured(before, after, n_neighbors=neighbours)), 6)


def class_share_abroad(
    values: NDArray[np.float64], labels: NDArray[np.intp], groups: NDArray[np.str_]
) -> float | None:
    """Return how often the nearest sample of another group has the same class.

    High where classes look alike whatever group they come from, near chance where the samples
    merely recognise their own group.

    Parameters
    ----------
    values : ndarray of float64, shape (sample, feature)
    labels : ndarray of intp, shape (sample,)
    groups : ndarray of str, shape (sample,)

    Returns
    -------
    float or None
        Of classes with several groups; None where there is none.

    Examples
    --------
    >>> values = np.array([[0.0], [0.1], [5.0], [5.1]])
    >>> class_share_abroad(values, np.array([0, 0, 1, 1]), np.array(["a", "b", "c", "d"]))
    1.0
    """
    several = [label for label in np.unique(labels) if len(np.unique(groups[labels == label])) > 1]
    counted = np.isin(labels, several)
    if not counted.any():
        return None
    squares = (values**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2.0 * values @ values.T
    distances[groups[:, None] == groups[None]] = np.inf
    nearest = distances.argmin(axis=1)
    return float((labels[nearest] == labels)[counted].mean())


def _two(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    return axes[:, :2] if axes.shape[1] > 1 else np.hstack([axes, np.zeros_like(axes)])


def _tsne(values: NDArray[np.float64], settings: Mapping[str, Any]) -> NDArray[np.float64]:
    from sklearn.manifold import TSNE

    perplexity = float(min(settings["neighbours"], (len(values) - 1) / 3))
    fitted = TSNE(2, perplexity=perplexity, init="pca", random_state=settings["seed"])
    points: NDArray[np.float64] = np.asarray(fitted.fit_transform(values), dtype=np.float64)
    return points


def _umap(values: NDArray[np.float64], settings: Mapping[str, Any]) -> NDArray[np.float64]:
    import warnings

    neighbours = min(int(settings["neighbours"]), len(values) - 1)
    with warnings.catch_warnings():
        # It misses a library that we do not use, and says that a seed means one thread.
        warnings.simplefilter("ignore", ImportWarning)
        warnings.simplefilter("ignore", UserWarning)
        from umap import UMAP

        fitted = UMAP(n_neighbors=neighbours, random_state=settings["seed"], n_jobs=1)
        points: NDArray[np.float64] = np.asarray(fitted.fit_transform(values), dtype=np.float64)
    return points


_METHODS: Final[
    Mapping[str, Callable[[NDArray[np.float64], Mapping[str, Any]], NDArray[np.float64]]]
] = {"tsne": _tsne, "umap": _umap}
