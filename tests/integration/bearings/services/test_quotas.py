"""Promise 23: nobody keeps more files or bytes than the quota says, whichever way they come in."""

import io
from dataclasses import replace

import numpy as np
import pytest

from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.persistence.signal_files import samples_hash, writing
from sonde.bearings.services import datasets, imports, quotas
from sonde.bearings.services.datasets import DatasetPlan
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.uploads import Upload
from sonde.platform.core.actor import Role
from sonde.platform.core.errors import TooLarge
from sonde.platform.core.quota import Quota
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.services.test_imports_service import person, read

pytestmark = pytest.mark.integration


def upload(seed: int, n: int = 1000) -> Upload:
    content = io.BytesIO()
    np.save(content, np.random.default_rng(seed).standard_normal(n))
    return Upload(f"{seed}_healthy_1500rpm_12k.npy", content.getvalue())


@pytest.fixture
def ada():
    return person("Ada", Role.ANALYST)


def test_check_23_filling_the_quota_of_files_ends_at_the_quota(ports, ada):
    small = replace(ports, quota=Quota(files=5, n_bytes=1 << 30))

    def fill(turn: int) -> int:
        with unit_of_work(small):
            pair = [upload(2 * turn), upload(2 * turn + 1)]
            staged = imports.stage_uploads(ada, ImportWish(f"Set {turn}"), pair)
        read(small, ada, staged.id)
        with unit_of_work(small):
            return imports.commit(ada, staged.id).n_recordings

    assert [fill(0), fill(1)] == [2, 2]
    with pytest.raises(TooLarge, match="You keep 4 of 5 recordings, and this would be 2 more"):
        fill(2)
    with unit_of_work(small):
        assert quotas.used(ada).files == 4
        assert imports.stage_uploads(ada, ImportWish("One"), [upload(99)])
        with pytest.raises(TooLarge):
            imports.stage_uploads(ada, ImportWish("Too many"), [upload(100)])
        other = person("Bob", Role.ANALYST)
        assert imports.stage_uploads(other, ImportWish("His own"), [upload(101)])


def test_check_23_bytes_count_when_expanded_too(ports, ada):
    small = replace(ports, quota=Quota(files=100, n_bytes=12_000))
    with unit_of_work(small), pytest.raises(TooLarge, match="MB more"):
        imports.stage_uploads(ada, ImportWish("Large"), [upload(1, 4000)])
    content = io.BytesIO()
    np.savez_compressed(content, x=np.tile(np.arange(8.0), 4000), fs=12_000.0, rpm=1500.0)
    packed = Upload("healthy.npz", content.getvalue())
    assert packed.n_bytes < 6000
    with unit_of_work(small):
        staged = imports.stage_uploads(ada, ImportWish("Expands"), [packed])
    with pytest.raises(TooLarge, match="more room than is left"):
        read(small, ada, staged.id)


def test_check_23_what_is_made_otherwise_counts_as_well(ports, ada, tmp_path):
    samples = np.random.default_rng(4).standard_normal((1, 500)).astype(np.float32)
    path = tmp_path / "signals.h5"
    with writing(path) as writer:
        place = writer.add(samples, channels=("DE",))
    recording = NewRecording(
        file="a",
        signal_path=place,
        channels=("DE",),
        n_samples=500,
        sampling_rate_hz=1000.0,
        speed_rpm=600.0,
        label="healthy",
        bearing="A",
        lineage="a",
        content_hash=samples_hash(samples),
    )
    plan = DatasetPlan("Made", "generation", "", (recording, replace(recording, file="b")))
    small = replace(ports, quota=Quota(files=1, n_bytes=1 << 30))
    with unit_of_work(small):
        key = datasets.store_signals(path)
        with pytest.raises(TooLarge):
            datasets.create_sealed(ada, plan, file_key=key)
