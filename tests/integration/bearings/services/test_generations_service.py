"""Generations through the real jobs: shared by workers, resumed, cancelled, stored once."""

import threading
from contextlib import suppress
from dataclasses import replace

import h5py
import pytest

from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.settings import Augmentation
from sonde.bearings.persistence import generation_parts
from sonde.bearings.services import datasets, generation_files, generation_job, generations
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

pytestmark = pytest.mark.integration

CONFIG = GenerationConfig(
    classes=("healthy", "misalignment", "cavitation"),
    per_class=4,
    duration_s=0.1,
    seed=7,
    augmentation=Augmentation(ratio=0.5),
)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Divide into parts of two signals, so that there is something to share."""
    monkeypatch.setattr("sonde.bearings.core.generations._PART_BYTES", 2 * 2048 * 4)


def _start(ports, actor, name, config=CONFIG):
    with unit_of_work(ports):
        job = generations.start(actor, config, name)
        (found,) = (one for one in generations.recent(actor) if one.job_id == job.id)
        return job, found


def _helper(ports, actor, parent_id):
    with unit_of_work(ports):
        return next(
            job
            for job in jobs.list_jobs(actor, limit=100).items
            if job.params.get("parent_id") == parent_id
        )


def _parts_left(ports, generation):
    prefix = f"{generation_files.PREFIX}{generation.id}/"
    return list(ports.files.keys(prefix))


def _content(ports, actor, name):
    with unit_of_work(ports):
        dataset = datasets.find(actor, name)
        return dataset, datasets.recordings(actor, dataset.id), datasets.signal_file(dataset)


def test_acceptance_simulate_one_job_makes_the_whole_data_set(ports, actor):
    job, generation = _start(ports, actor, "Alone")
    assert run_job(ports, job.id, "test") == "succeeded"
    dataset, recordings, path = _content(ports, actor, "Alone")
    assert dataset.origin == "generation"
    assert dataset.made_from["generation"] == generation.id
    assert dataset.made_from["config_hash"] == CONFIG.content_hash
    assert GenerationConfig.from_json(dataset.made_from["config"]) == CONFIG
    assert len(recordings) == CONFIG.n_signals == 18
    with h5py.File(path) as file:
        for index, recording in enumerate(recordings):
            made = simulate(CONFIG, index)
            assert (file[recording.signal_path][...] == made.samples).all()
            assert recording.severity == made.severity
            assert recording.conditions["class_id"] in {0, 1, 5}
            assert recording.conditions["generation_index"] == index
            assert recording.statistics.rms > 0
    assert _parts_left(ports, generation) == []
    with unit_of_work(ports):
        assert generations.get(actor, generation.id).dataset_id == dataset.id
        assert jobs.get(actor, job.id).link == job.link


def test_copies_stay_with_their_parents_bearing(ports, actor):
    _start_and_run(ports, actor, "Copies")
    _, recordings, _ = _content(ports, actor, "Copies")
    copies = [one for one in recordings if "augmentation" in one.conditions]
    assert len(copies) == 6
    for copy in copies:
        parent = recordings[copy.conditions["augmented_from"]]
        assert (copy.bearing, copy.label) == (parent.bearing, parent.label)
        assert copy.lineage == parent.file != copy.file
        assert copy.content_hash != parent.content_hash


def _start_and_run(ports, actor, name, config=CONFIG):
    job, generation = _start(ports, actor, name, config)
    assert run_job(ports, job.id, "test") == "succeeded"
    return generation


def test_acceptance_simulate_two_workers_make_the_same_as_one(ports, actor):
    _start_and_run(ports, actor, "By one")
    job, generation = _start(ports, actor, "By two")
    parent = threading.Thread(target=run_job, args=(ports, job.id, "first"))
    helper_began = threading.Event()
    took = []
    original = generation_job._take

    def take(shared):
        if shared.job.job_id != job.id:
            helper_began.set()
        elif not helper_began.wait(10):
            raise AssertionError("no helper came")
        part = original(shared)
        took.append((shared.job.job_id == job.id, part))
        return part

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generation_job, "_take", take)
        parent.start()
        while True:
            with suppress(StopIteration):
                helper = _helper(ports, actor, job.id)
                break
        assert run_job(ports, helper.id, "second") == "succeeded"
        parent.join(30)
    assert {mine for mine, part in took if part is not None} >= {False}
    one, two = _content(ports, actor, "By one"), _content(ports, actor, "By two")
    assert one[0].content_hash == two[0].content_hash
    assert one[2].read_bytes() == two[2].read_bytes()
    assert _parts_left(ports, generation) == []


def test_it_goes_on_after_a_worker_died(ports, actor, monkeypatch):
    job, generation = _start(ports, actor, "Killed")
    made = []
    original = generation_job.write_part

    class _Killed(BaseException):
        pass

    def write(config, part, target, done):
        if len(made) == 3:
            raise _Killed
        made.append(part.number)
        original(config, part, target, done)

    monkeypatch.setattr(generation_job, "write_part", write)
    monkeypatch.setattr(generation_job, "CLAIM_S", 0.0)
    with pytest.raises(_Killed):
        run_job(ports, job.id, "first")
    assert len(_parts_left(ports, generation)) == 3
    with unit_of_work(ports):
        from sqlalchemy import text

        from sonde.platform.persistence.database import session

        session().execute(
            text("update jobs set state = 'queued', lease_token = lease_token + 1 where id = :id"),
            {"id": job.id},
        )
    monkeypatch.setattr(generation_job, "write_part", original)
    again = []
    monkeypatch.setattr(
        generation_job,
        "write_part",
        lambda config, part, target, done: (
            again.append(part.number),
            original(config, part, target, done),
        ),
    )
    assert run_job(ports, job.id, "second") == "succeeded"
    assert sorted(made + again) == list(range(9))
    assert _content(ports, actor, "Killed")[0].n_recordings == 18
    assert _parts_left(ports, generation) == []


def test_a_cancelled_generation_stops_its_workers_and_leaves_no_files(ports, actor, monkeypatch):
    job, generation = _start(ports, actor, "Cancelled")
    original = generation_job.write_part

    def write(config, part, target, done):
        original(config, part, target, done)
        if part.number == 2:
            with unit_of_work(ports):
                generations.cancel(actor, generation.id)

    monkeypatch.setattr(generation_job, "write_part", write)
    assert run_job(ports, job.id, "test") == "JobCancelled"
    assert run_job(ports, _helper(ports, actor, job.id).id, "test") == "succeeded"
    assert _parts_left(ports, generation) == []
    with unit_of_work(ports), pytest.raises(NotFound):
        datasets.find(actor, "Cancelled")
    monkeypatch.setattr(generation_job, "write_part", original)
    with unit_of_work(ports):
        jobs.retry(actor, job.id)
    assert run_job(ports, job.id, "test") == "succeeded"
    assert _content(ports, actor, "Cancelled")[0].n_recordings == 18


def test_a_full_disk_is_told_before_any_work(ports, actor, monkeypatch):
    monkeypatch.setattr(generation_files, "_ROOM", 1e15)
    job, generation = _start(ports, actor, "No room")
    assert run_job(ports, job.id, "test") == "failed"
    with unit_of_work(ports):
        assert "GB are free" in jobs.get(actor, job.id).error
    assert _parts_left(ports, generation) == []


def test_a_void_claim_changes_nothing(ports, actor):
    _, generation = _start(ports, actor, "Claims")
    with unit_of_work(ports):
        first = generation_parts.take(generation.id, -1.0)
        second = generation_parts.take(generation.id, 60.0)
        assert (first.number, second.number) == (0, 0)
        assert not generation_parts.keep(generation.id, first, 1, 60.0)
        assert not generation_parts.finish(generation.id, first, "a")
        assert generation_parts.keep(generation.id, second, 1, 60.0)
        assert generation_parts.n_done(generation.id) == 1
        assert generation_parts.finish(generation.id, second, "b")
        assert generation_parts.file_keys(generation.id)[:2] == ("b", "")
        assert generation_parts.take(generation.id, 60.0).number == 1


def test_configurations_are_kept_by_name_and_by_person(unit, actor, other_actor):
    generations.save_config(actor, "mine", CONFIG)
    changed = replace(CONFIG, seed=8)
    generations.save_config(actor, "mine", changed)
    assert generations.load_config(actor, "mine") == changed
    assert [one.name for one in generations.list_configs(actor)] == ["mine"]
    with pytest.raises(NotFound):
        generations.load_config(other_actor, "mine")
    generations.delete_config(actor, "mine")
    with pytest.raises(NotFound):
        generations.load_config(actor, "mine")


def test_what_cannot_be_generated_is_refused_at_once(unit, actor, viewer):
    with pytest.raises(Forbidden):
        generations.start(viewer, CONFIG, "No")
    with pytest.raises(Invalid, match="name"):
        generations.start(actor, CONFIG, " ")
    for much in (replace(CONFIG, per_class=10_000, duration_s=60.0), _many()):
        with pytest.raises(TooLarge, match="choose fewer"):
            generations.start(actor, much, "Much")
    rolling = GenerationConfig.from_json({"kind": "rolling", "rolling": {"designation": "none"}})
    with pytest.raises((NotFound, Invalid)):
        generations.start(actor, rolling, "Unknown bearing")


def _many():
    return replace(CONFIG, per_class=10_000, augmentation=Augmentation(ratio=5.0))


def test_a_taken_name_is_refused_before_any_work(ports, actor):
    _start_and_run(ports, actor, "Taken")
    with unit_of_work(ports), pytest.raises(Conflict):
        generations.start(actor, CONFIG, "Taken")


def test_others_do_not_see_it(ports, actor, other_actor):
    _, generation = _start(ports, actor, "Private")
    with unit_of_work(ports):
        with pytest.raises(NotFound):
            generations.get(other_actor, generation.id)
        assert generation.id not in {one.id for one in generations.recent(other_actor)}


def test_acceptance_simulate_the_eleven_classes_are_rows(unit):
    rows_of_classes = generations.fault_classes()
    assert [row["id"] for row in rows_of_classes] == list(range(11))
    assert rows_of_classes[3] == {
        "id": 3, "key": "clearance", "title": "Bearing clearance", "french": "jeu",
    }  # fmt: skip


def test_the_preview_is_the_very_signal_of_the_generation():
    shown = generations.preview(CONFIG, "cavitation", 2)
    assert (shown.samples == simulate(CONFIG, 14).samples).all()
    assert generations.estimate(CONFIG).n_bytes == CONFIG.n_bytes
