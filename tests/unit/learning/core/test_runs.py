"""Curves thinned without losing an extremum, and what provenance says."""

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from sonde.learning.core import provenance
from sonde.learning.core.provenance import Code, code_version, environment, split_hash
from sonde.learning.core.runs import Curve, thinned
from tests.unit.learning.toy_problem import toy_problem


def curve(values: np.ndarray) -> Curve:
    steps = np.arange(len(values), dtype=np.int64)
    return Curve("", "loss", "", steps, values, steps * 1.0, len(values))


@given(
    arrays(np.float64, some.integers(1, 700), elements=some.floats(-1e9, 1e9)),
    some.integers(4, 120),
)
def test_thinning_keeps_extrema_order_and_ends(values: np.ndarray, n_points: int) -> None:
    thin = thinned(curve(values), n_points)
    assert len(thin.steps) <= n_points
    assert thin.values.min() == values.min()
    assert thin.values.max() == values.max()
    assert (np.diff(thin.steps) > 0).all()
    assert (thin.steps[0], thin.steps[-1]) == (0, len(values) - 1)
    np.testing.assert_array_equal(thin.values, values[thin.steps])
    assert thin.n_points == len(values)


def test_thinning_passes_over_what_is_no_number() -> None:
    values = np.full(1000, np.nan)
    values[[3, 500, 998]] = [1.0, -2.0, 7.0]
    assert {3, 500, 998} <= set(thinned(curve(values), 100).steps.tolist())


def test_a_split_hash_tells_folds_apart() -> None:
    folds = tuple(
        provenance.Fold(name, np.arange(4), np.arange(start, start + 2))
        for name, start in (("a", 4), ("b", 6))
    )
    assert split_hash(folds) == split_hash(tuple(replace(fold) for fold in folds))
    assert split_hash(folds) != split_hash(folds[::-1])
    assert len(toy_problem()) > 0


def test_code_is_named_by_its_commit_and_whether_it_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*words: str) -> str:
        told = subprocess.run(
            ["git", "-C", str(tmp_path), *words], capture_output=True, text=True, check=True
        )
        return told.stdout.strip()

    git("init", "-q")
    (tmp_path / "a.py").write_text("1")
    git("add", "a.py")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one")
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "core" / "provenance.py"))
    code_version.cache_clear()
    clean = code_version()
    (tmp_path / "a.py").write_text("2")
    code_version.cache_clear()
    dirty = code_version()
    code_version.cache_clear()
    assert clean == Code(clean.version, git("rev-parse", "HEAD"), False)
    assert dirty == replace(clean, is_dirty=True)
    assert dirty.words.endswith("with changes")
    assert Code("1.0").words == "1.0"


def test_the_environment_names_libraries_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    found = environment("cpu")
    assert found.device == "cpu"
    assert found.threads >= 1
    assert dict(found.libraries)["numpy"] == np.__version__
