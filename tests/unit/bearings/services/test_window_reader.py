"""A data set as a problem: mixed rates, an unknown bearing, and every sample where it should be."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.persistence.signal_files import writing
from sonde.bearings.services.problems import problem_of, window_reader
from sonde.learning.core.certificate import certify
from sonde.learning.core.fingerprints import window_fingerprints
from sonde.learning.core.splits.catalogue import plan_folds
from sonde.learning.core.splits.policy import SplitConfig
from sonde.platform.core.errors import Invalid

RATES_HZ = {"slow": 12_000.0, "fast": 48_000.0}


def _recording(number: int, label: str, rate: float, seconds: float, path: str) -> StoredRecording:
    return StoredRecording(
        id=f"{number:02d}",
        dataset_id="d",
        file=f"{number}.npy",
        signal_path=path,
        channels=("DE",),
        n_samples=round(rate * seconds),
        sampling_rate_hz=rate,
        speed_rpm=1500.0 + 100 * (number % 2),
        label=label,
        bearing=f"bearing {number // 2}",
        lineage=f"measurement {number}",
        content_hash=f"{number}",
    )


def _dataset(designation: str) -> Dataset:
    return Dataset(
        id="d",
        workspace_id="w",
        owner_id="u",
        owner_name="Ada",
        name="Mixed",
        origin="import",
        designation=designation,
        content_hash="abc",
        file_key="",
        size_bytes=0,
        n_recordings=12,
        n_bearings=6,
        classes=("healthy", "inner"),
        created_at=datetime.now(UTC),
    )


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[StoredRecording]]:
    """Twelve recordings of six bearings; the last two were sampled four times as fast."""
    path = tmp_path_factory.mktemp("signals") / "signals.h5"
    random = np.random.default_rng(4)
    rows = []
    with writing(path) as writer:
        for number in range(12):
            rate = RATES_HZ["fast" if number >= 10 else "slow"]
            samples = random.normal(size=(1, round(2.5 * rate))).astype(np.float32)
            place = writer.add(samples, channels=("DE",))
            label = "healthy" if number % 4 < 2 else "inner"
            rows.append(_recording(number, label, rate, 2.5, place))
    return path, rows


@pytest.mark.parametrize(
    ("designation", "n_features", "recipe"),
    [("6205-2RS", 126, "bearing-windows-1"), ("", 26, "bearing-windows-1-shape")],
)
def test_an_unknown_bearing_leaves_only_the_shape(stored, designation, n_features, recipe):
    path, rows = stored
    dataset = _dataset(designation)
    reader = window_reader(dataset, rows, path, {})
    every = np.arange(len(reader.position))
    problem = problem_of(dataset, reader, window_fingerprints(reader.windows(every)))
    assert problem.feature_recipe == recipe
    assert len(problem.feature_names) == n_features
    values = problem.read_features(every[::-1])
    assert values.shape == (24, n_features)
    assert np.isfinite(values).all()
    np.testing.assert_allclose(problem.read_features(every[:3])[::-1], values[-3:], atol=1e-6)


def test_windows_of_other_rates_are_resampled_and_keep_their_order(stored):
    path, rows = stored
    reader = window_reader(_dataset(""), rows, path, {"window": 6000})
    assert reader.cut.sampling_rate_hz == 12_000.0
    mixed = np.array([len(reader.position) - 1, 0, len(reader.position) - 5, 1])
    windows = reader.windows(mixed)
    assert windows.shape == (4, 1, 6000)
    for row, index in enumerate(mixed):
        np.testing.assert_array_equal(windows[row], reader.windows(np.array([index]))[0])
    assert 0.3 < windows[0].std() < 0.7, "three quarters of the noise lie above the new band"


def test_the_default_split_of_such_a_data_set_is_honest(stored):
    path, rows = stored
    dataset = _dataset("")
    reader = window_reader(dataset, rows, path, {"overlap": 0.5})
    every = np.arange(len(reader.position))
    problem = problem_of(dataset, reader, window_fingerprints(reader.windows(every)))
    assert problem.honest_policy == "group-k-fold"
    assert problem.protocols == {}
    assert set(problem.attributes) == {"speed"}
    config = SplitConfig(problem.honest_policy, n_folds=3)
    assert certify(problem, plan_folds(problem, config), config).is_honest
    leaky = SplitConfig("random-windows")
    assert not certify(problem, plan_folds(problem, leaky), leaky).is_honest


def test_a_window_longer_than_every_recording_is_refused(stored):
    path, rows = stored
    with pytest.raises(Invalid, match="as long as"):
        window_reader(_dataset(""), rows, path, {"window": 40_000})
