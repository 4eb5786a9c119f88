"""Imports on the real database: what is stored, what is refused, and that nothing stays behind."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io

from sonde.bearings.core.understanding.given import Given
from sonde.bearings.services import dataset_changes, datasets, imports, trash
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.uploads import Upload
from sonde.bearings.tasks import imports as task
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobCancelled
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from tests.hostile.make_corpus import FOREIGN_NAMES, make_corpus

pytestmark = pytest.mark.integration


def person(name: str, role: Role = Role.ADMIN) -> Actor:
    workspace = new_id()
    return Actor(new_id(), name, role, workspace, frozenset({workspace}))


@pytest.fixture
def ada() -> Actor:
    return person("Ada")


class Run:
    """A job's run without a lease, which has tests of its own."""

    job_id = "job"
    attempt = 1

    def __init__(self, outside, actor: Actor, stop_at: str = "") -> None:
        self.outside, self.actor, self.stop_at, self.phases = outside, actor, stop_at, []

    def progress(self, phase: str, fraction: float, message: str = "") -> None:
        self.phases.append((phase, message))
        if self.stop_at and self.stop_at in message:
            raise JobCancelled

    def check(self) -> None: ...

    def work(self):
        return unit_of_work(self.outside)


def read(outside, actor: Actor, import_id: str, stop_at: str = "") -> Run:
    run = Run(outside, actor, stop_at)
    outcome = task.run(run, {"import_id": import_id})
    with unit_of_work(outside):
        outcome.effect()
    run.result = outcome.result
    return run


def stage(ports, actor: Actor, folder: Path, name: str = "Mine") -> str:
    from sonde.bearings.services.scanning import label_table_in

    wish = ImportWish(name, "6205-2RS", Given(labels=label_table_in(folder)))
    with unit_of_work(ports):
        return imports.stage_folder(actor, wish, folder).id


def test_a_folder_becomes_a_sealed_data_set(ports, ada, folder):
    import_id = stage(ports, ada, folder)
    run = read(ports, ada, import_id)
    assert run.result == {"files": 5, "recordings": 5, "ready": 3}
    with unit_of_work(ports):
        waiting = imports.get(ada, import_id)
    by_file = {row.file: row for row in waiting.rows}
    assert by_file["broken.mat"].refused
    assert by_file["copy.mat"].refused == "It holds the same samples as one.mat."
    assert by_file["faulty/two.mat"].label == "inner"
    assert by_file["faulty/two.mat"].bearing == "B"
    with unit_of_work(ports):
        imports.correct(ada, import_id, {0: {"load": "2 hp"}, 2: {"unit": "g"}})
        dataset = imports.commit(ada, import_id)
    with unit_of_work(ports):
        stored = datasets.recordings(ada, dataset.id)
        assert datasets.get(ada, dataset.id) == dataset
        first = next(each for each in stored if each.file == "faulty/three.mat")
        samples = datasets.read_samples(ada, first.id, start=10, stop=20)
        assert imports.get(ada, import_id).dataset_id == dataset.id
        assert imports.waiting(ada) == ()
    assert dataset.n_recordings == len(stored) == 3
    assert dataset.designation == "6205-2RS"
    assert first.sampling_rate_hz == 12000
    expected = scipy.io.loadmat(folder / first.file)["x"].ravel()[10:20]
    np.testing.assert_array_equal(samples, expected.astype(np.float32))


def test_nothing_half_stored_remains(ports, ada, folder):
    before = set(ports.files.keys())
    import_id = stage(ports, ada, folder)
    with pytest.raises(JobCancelled):
        read(ports, ada, import_id, stop_at="two.mat")
    read(ports, ada, import_id)
    assert set(ports.files.keys()) - before == {f"signals/{import_id}.h5"}
    with unit_of_work(ports):
        imports.discard(ada, import_id)
    assert set(ports.files.keys()) == before
    with unit_of_work(ports), pytest.raises(NotFound):
        imports.get(ada, import_id)


def test_a_taken_name_stores_nothing_and_the_import_waits_on(ports, ada, folder):
    first, second = stage(ports, ada, folder), stage(ports, ada, folder)
    for import_id in (first, second):
        read(ports, ada, import_id)
    with unit_of_work(ports):
        dataset = imports.commit(ada, first)
    with pytest.raises(Conflict), unit_of_work(ports):
        imports.commit(ada, second)
    with unit_of_work(ports):
        assert imports.get(ada, second).state == "ready"
        assert len(datasets.list_datasets(ada).items) == 1
        with pytest.raises(Conflict):
            imports.discard(ada, first)
        imports.discard(ada, second)
        other = dataset_changes.rename(ada, dataset.id, "  Other ")
        assert other.name == "Other"
        assert datasets.find(ada, "Other").id == datasets.find(ada, dataset.id).id
        with pytest.raises(NotFound):
            datasets.find(ada, "Mine")


def test_deleting_a_data_set_removes_its_signals_and_what_was_computed(ports, ada, folder):
    import_id = stage(ports, ada, folder)
    read(ports, ada, import_id)
    with unit_of_work(ports):
        dataset = imports.commit(ada, import_id)
        recording = datasets.list_recordings(ada, dataset.id, limit=1)
    assert recording.next_cursor
    ports.cache.set(f"bearings:dataset:{dataset.id}:spectrum", b"x", 60)
    with unit_of_work(ports):
        trash.delete(ada, dataset.id)
        trash.remove(ada, dataset.id)
    assert ports.cache.get(f"bearings:dataset:{dataset.id}:spectrum") is None
    assert not ports.files.exists(dataset.file_key)
    with unit_of_work(ports):
        for look in (datasets.get, datasets.recordings, trash.delete):
            with pytest.raises(NotFound):
                look(ada, dataset.id)
        with pytest.raises(NotFound):
            datasets.get_recording(ada, recording.items[0].id)


def test_check_22_uploads_are_stored_under_random_names_whatever_they_are_called(
    ports, ada, folder
):
    content = (folder / "one.mat").read_bytes()
    files = [Upload(name, content) for name in FOREIGN_NAMES]
    files.append(Upload("105.mat", content))
    files.append(Upload("labels.csv", b"file,label\n105.mat,normal\n"))
    with unit_of_work(ports):
        staged = imports.stage_uploads(ada, ImportWish("Uploads"), files)
    keys = list(ports.files.keys("uploads/"))
    assert len(keys) == len(FOREIGN_NAMES) + 1
    assert all(len(key) == len("uploads/") + 26 for key in keys)
    read(ports, ada, staged.id)
    with unit_of_work(ports):
        rows = imports.get(ada, staged.id).rows
        (good,) = [row for row in rows if row.goes_in]
        assert (good.file, good.label) == ("105.mat", "healthy")
        imports.commit(ada, staged.id)
    assert list(ports.files.keys("uploads/")) == []


def test_acceptance_import_hostile_files_are_refused_and_sound_ones_beside_them_read(
    ports, ada, tmp_path
):
    root = tmp_path / "corpus"
    root.mkdir()
    names = {path.name for path in make_corpus(root) if not path.is_dir()}
    sound = ["a_healthy.npy", "m_healthy.npy", "z_healthy.npy"]
    for name in sound:
        np.save(root / name, np.random.default_rng(len(name) + ord(name[0])).standard_normal(500))
    import_id = stage(ports, ada, root, "Hostile")
    read(ports, ada, import_id)
    with unit_of_work(ports):
        rows = imports.get(ada, import_id).rows
        assert names <= {row.file for row in rows}
        assert [row.file for row in rows if not row.refused] == sound
        imports.fill(ada, import_id, "sampling_rate_hz", 12_000)
        imports.fill(ada, import_id, "speed_rpm", 1500)
        assert imports.commit(ada, import_id).n_recordings == len(sound)


def test_two_people_see_only_what_is_theirs(ports, ada, folder):
    import_id = stage(ports, ada, folder)
    read(ports, ada, import_id)
    bob = person("Bob")
    colleague = replace(ada, user_id=new_id(), role=Role.ANALYST)
    viewer = replace(ada, user_id=new_id(), role=Role.VIEWER)
    with unit_of_work(ports):
        for action in (imports.get, imports.commit, imports.discard):
            with pytest.raises(NotFound):
                action(bob, import_id)
        dataset = imports.commit(ada, import_id)
        (recording, *_rest) = datasets.recordings(viewer, dataset.id)
        for look in (datasets.get, datasets.recordings, trash.delete):
            with pytest.raises(NotFound):
                look(bob, dataset.id)
        with pytest.raises(NotFound):
            datasets.read_samples(bob, recording.id)
        for someone in (colleague, viewer):
            with pytest.raises(Forbidden):
                trash.delete(someone, dataset.id)
        with pytest.raises(Forbidden):
            imports.stage_folder(colleague, ImportWish("Other"), folder)
        with pytest.raises(Forbidden):
            imports.stage_uploads(viewer, ImportWish("Other"), [Upload("a.npy", b"")])
        with pytest.raises(Invalid):
            datasets.read_samples(ada, recording.id, channel="none")
        overview = datasets.overview(ada)
        assert (overview.n_datasets, overview.n_recordings) == (1, 3)
        assert overview.n_recordings_before == 0
        assert dict(overview.classes)["inner"] == 2
        assert datasets.overview(bob).n_recordings == 0


def test_what_is_left_out_is_not_in_the_stored_file(ports, ada, folder):
    import_id = stage(ports, ada, folder)
    read(ports, ada, import_id)
    with unit_of_work(ports):
        imports.correct(ada, import_id, {0: {"left_out": True}})
        dataset = imports.commit(ada, import_id)
    with unit_of_work(ports):
        stored = datasets.recordings(ada, dataset.id)
        with h5py.File(datasets.signal_file(dataset)) as file:
            assert len(file["signals"]) == len(stored) == 2
        for recording in stored:
            expected = scipy.io.loadmat(folder / recording.file)["x"].ravel()
            samples = datasets.read_samples(ada, recording.id)
            np.testing.assert_array_equal(samples, expected.astype(np.float32))
    assert not ports.files.exists(f"signals/{import_id}.h5")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\nb"])
def test_names_are_checked(ports, ada, folder, name):
    with pytest.raises(Invalid), unit_of_work(ports):
        imports.stage_folder(ada, ImportWish(name), folder)


def test_wishes_are_checked(ports, ada, tmp_path):
    with unit_of_work(ports):
        with pytest.raises(NotFound):
            imports.stage_folder(ada, ImportWish("x"), tmp_path / "none")
        with pytest.raises(Invalid):
            imports.stage_uploads(ada, ImportWish("x"), [])
        staged = imports.stage_uploads(ada, ImportWish("x"), [Upload("a.npy", b"no")])
        with pytest.raises(Conflict):
            imports.correct(ada, staged.id, {0: {"label": "x"}})
        imports.discard(ada, staged.id)
        assert jobs.get(ada, staged.job_id).state.value == "cancelled"
