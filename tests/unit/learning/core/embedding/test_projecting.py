"""Maps of samples: seeded, and honest about how far they can be trusted."""

import os
import subprocess
import sys

import numpy as np
import pytest

from sonde.learning.core.embedding.projecting import (
    class_share_abroad,
    principal_axes,
    project,
    standardised,
    trustworthiness,
)
from sonde.platform.core.errors import Invalid

SETTINGS = {"neighbours": 10, "seed": 3}


def clusters(n: int = 20) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(3), n)
    centres = 12.0 * np.eye(3, 8)
    return centres[labels] + random.normal(size=(3 * n, 8)), labels


def test_acceptance_embeddings_pca_is_the_eigenvalue_problem() -> None:
    values = standardised(clusters()[0])
    axes, shares = principal_axes(values)
    eigenvalues = np.sort(np.linalg.eigvalsh(np.cov(values.T)))[::-1]
    assert shares == pytest.approx(eigenvalues / eigenvalues.sum())
    assert np.cov(axes.T).diagonal() == pytest.approx(eigenvalues)
    found = project(values, "pca", SETTINGS)
    assert found.points == pytest.approx(axes[:, :2])
    assert found.explained == pytest.approx(tuple(shares[:2]))


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_acceptance_embeddings_are_repeatable_and_keep_clusters(method: str) -> None:
    values, labels = clusters()
    first, second = (project(standardised(values), method, SETTINGS) for _ in range(2))
    assert np.array_equal(first.points, second.points)
    assert first.trustworthiness > 0.7
    centres = np.array([first.points[labels == label].mean(axis=0) for label in range(3)])
    apart = np.linalg.norm(first.points[:, None] - centres[None], axis=2)
    assert (apart.argmin(axis=1) == labels).mean() > 0.95


UMAP = """
import numpy as np
from sonde.learning.core.embedding.projecting import project, standardised
labels = np.repeat(np.arange(3), 5)
values = 12.0 * np.eye(3, 8)[labels] + np.random.default_rng(0).normal(size=(15, 8))
settings = {"neighbours": 4, "seed": 3}
first, second = (project(standardised(values), "umap", settings).points for _ in range(2))
assert np.array_equal(first, second)
centres = np.array([first[labels == label].mean(axis=0) for label in range(3)])
apart = np.linalg.norm(first[:, None] - centres[None], axis=2)
assert (apart.argmin(axis=1) == labels).all()
"""


def test_acceptance_embeddings_by_umap_are_repeatable_and_keep_clusters() -> None:
    # Compiling takes UMAP half a minute; fifteen samples take it none and are not compiled for.
    plain = os.environ | {"NUMBA_DISABLE_JIT": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", UMAP], env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_noise_in_the_plane_is_not_trusted() -> None:
    values = clusters()[0]
    noise = np.random.default_rng(1).normal(size=(len(values), 2))
    assert trustworthiness(values, noise) < 0.6
    assert trustworthiness(values[:, :2], values[:, :2]) == 1.0


def test_samples_that_only_know_their_group_are_told_apart_from_classes() -> None:
    random = np.random.default_rng(2)
    groups = np.repeat([f"g{number}" for number in range(24)], 5)
    labels = np.repeat(np.arange(24) % 2, 5)
    places = np.repeat(random.normal(size=(24, 4)) * 20.0, 5, axis=0)
    recognise_groups = places + random.normal(size=(120, 4)) * 0.1
    share = class_share_abroad(recognise_groups, labels, groups)
    assert share is not None
    assert share < 0.8
    by_class = labels[:, None] * 40.0 + random.normal(size=(120, 4))
    assert class_share_abroad(by_class, labels, groups) == 1.0
    assert class_share_abroad(by_class, labels, np.zeros(120, dtype=str)) is None


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_twelve_samples_make_a_map(method: str) -> None:
    found = project(standardised(clusters(4)[0]), method, SETTINGS)
    assert found.points.shape == (12, 2)
    assert 0.0 < found.trustworthiness <= 1.0


def test_what_cannot_be_mapped_is_refused() -> None:
    with pytest.raises(Invalid, match="at least 12 samples"):
        project(np.zeros((5, 3)), "pca", SETTINGS)
    with pytest.raises(Invalid, match="0 such features"):
        project(standardised(np.ones((50, 3))), "pca", SETTINGS)
