"""Projections: closed form, the same again, and how far to trust them."""

import numpy as np
import pytest

from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.core.projections import (
    Method,
    Projection,
    ProjectionSettings,
    pca,
    project,
    standardised,
    trust,
)
from sonde.platform.core.errors import Invalid


def _clouds(n: int = 20, width: int = 6) -> np.ndarray:
    rng = np.random.default_rng(5)
    return np.concatenate([rng.normal(6 * kind, 1.0, (n, width)) for kind in range(3)])


def test_pca_finds_the_axes_of_an_ellipse_turned_by_30_degrees():
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    phase = 2 * np.pi * np.arange(400) / 400
    along = np.stack([5 * np.cos(phase), 2 * np.sin(phase)], axis=1)
    points, explained = pca(along @ turn, 2)
    assert np.abs(points) == pytest.approx(np.abs(along), abs=1e-4)
    assert explained == pytest.approx((25 / 29, 4 / 29))


def test_pca_keeps_distances_when_it_keeps_all_dimensions():
    values = np.random.default_rng(1).normal(size=(30, 3))
    points, explained = pca(values, 3)
    ours = np.linalg.norm(points[:, None] - points, axis=-1)
    theirs = np.linalg.norm(values[:, None] - values, axis=-1)
    assert ours == pytest.approx(theirs, abs=1e-5)
    assert sum(explained) == pytest.approx(1.0)
    flat, shares = pca(values[:, :2], 3)
    assert flat[:, 2].tolist() == [0.0] * 30
    assert shares[2] == 0.0


def test_standardising_leaves_out_what_has_gaps_or_stands_still():
    values = np.random.default_rng(2).normal(size=(40, 4))
    values[:, 1] = 3.0
    values[:20, 2] = np.nan
    values[7, 3] = np.inf
    found = standardised(FeatureTable(tuple("abcd"), tuple(map(str, range(40))), values))
    assert found.names == ("a", "d")
    assert found.left_out == ("b", "c")
    assert 7 not in found.places
    assert len(found.places) == 39
    assert found.values.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert found.values.std(axis=0) == pytest.approx([1, 1])


def test_too_little_is_refused():
    small = FeatureTable(("a", "b"), tuple("xyz"), np.arange(6.0).reshape(3, 2))
    with pytest.raises(Invalid, match="at least 10"):
        standardised(small)
    flat = FeatureTable(("a", "b"), tuple(map(str, range(12))), np.ones((12, 2)))
    with pytest.raises(Invalid, match="vary"):
        standardised(flat)
    with pytest.raises(Invalid, match="10 to 4,000"):
        project(np.ones((3, 2)), ProjectionSettings())


@pytest.mark.parametrize(
    "wrong",
    [{"dimensions": 4}, {"seed": -1}, {"perplexity": 1}, {"neighbours": 1}, {"min_dist": 1.0}],
)
def test_settings_that_no_projection_can_have(wrong):
    with pytest.raises(Invalid):
        ProjectionSettings(**wrong)


def test_a_setting_of_another_method_changes_nothing():
    one = ProjectionSettings(method=Method.PCA, perplexity=5.0, seed=3)
    assert one.meaning == ProjectionSettings(method=Method.PCA).meaning
    two = ProjectionSettings(method=Method.TSNE, perplexity=5.0)
    assert two.meaning != ProjectionSettings(method=Method.TSNE).meaning


@pytest.mark.parametrize("method", [Method.TSNE, Method.UMAP])
def test_the_same_seed_gives_the_same_picture_and_neighbours_stay(method):
    values, heard = _clouds(), []
    settings = ProjectionSettings(method=method, seed=4, perplexity=8.0, neighbours=8)
    first = project(values, settings, heard.append)
    assert isinstance(first, Projection)
    assert first.points.tolist() == project(values, settings).points.tolist()
    assert first.trustworthiness > 0.85
    assert heard == sorted(heard)
    assert heard[0] == 0.0
    assert len(heard) >= 5
    centres = [first.points[20 * kind : 20 * kind + 20].mean(axis=0) for kind in range(3)]
    spread = max(first.points[20 * kind : 20 * kind + 20].std() for kind in range(3))
    assert np.linalg.norm(centres[0] - centres[2]) > spread


def test_whoever_hears_can_end_it():
    class StopError(Exception):
        pass

    def stop(fraction):
        if fraction > 0.1:
            raise StopError

    with pytest.raises(StopError):
        project(_clouds(), ProjectionSettings(method=Method.TSNE, perplexity=8.0), stop)


def test_trust_is_one_for_the_truth_and_half_by_chance():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(200, 2))
    assert trust(values, values.astype(np.float32)) == 1.0
    by_chance = trust(values, rng.normal(size=(200, 2)).astype(np.float32))
    assert 0.4 < by_chance < 0.6


def test_trust_is_what_scikit_learn_says():
    from sklearn.manifold import trustworthiness

    rng = np.random.default_rng(1)
    for n in (12, 25, 700):
        values = rng.normal(size=(n, 7))
        points = (values[:, :2] + 0.3 * rng.normal(size=(n, 2))).astype(np.float32)
        neighbours = min(10, (n - 1) // 2)
        theirs = trustworthiness(values, points, n_neighbors=neighbours)
        assert trust(values, points) == pytest.approx(theirs, abs=1e-9)
