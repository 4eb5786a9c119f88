"""Managing data sets: names, tags, versions, trash, parts, merging, figures, lineage."""

from dataclasses import replace
from datetime import timedelta

import h5py
import numpy as np
import pytest
from sqlalchemy import text

from sonde.bearings.core.datasets import ARCHIVED, DatasetChange, DatasetQuery
from sonde.bearings.core.merging import BearingNames
from sonde.bearings.core.recording_query import Range, RecordingQuery, SortKey
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.services import (
    dataset_changes,
    dataset_facts,
    datasets,
    derivations,
    generations,
    imports,
    trash,
)
from sonde.bearings.services.derivations import NewName
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.problems import DatasetProblems
from sonde.bearings.services.uploads import Upload
from sonde.learning.services import experiments
from sonde.platform.core.actor import Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobState
from sonde.platform.core.quota import Quota
from sonde.platform.persistence.database import session as current_session
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.make_datasets import new_recordings, plan_of, store

pytestmark = pytest.mark.integration


@pytest.fixture
def ada(people):
    return people("Ada")


def done(ports, actor, job):
    """Do what a worker does, and return the job as it ended."""
    assert run_job(ports, job.id, "test", end=lambda: None) in {"succeeded", "failed"}
    with unit_of_work(ports):
        return jobs.get(actor, job.id)


def made_by(ports, actor, job):
    """Return the data set that a job made."""
    ended = done(ports, actor, job)
    assert ended.state is JobState.SUCCEEDED, ended.error
    with unit_of_work(ports):
        return datasets.get(actor, ended.link.rpartition("/")[2])


def samples_of(actor, dataset):
    """Return every stored signal by its content hash, in its bytes."""
    with h5py.File(datasets.signal_file(dataset)) as file:
        return {
            one.content_hash: np.asarray(file[one.signal_path]).tobytes()
            for one in datasets.recordings(actor, dataset.id)
        }


def test_acceptance_manage_rename_describe_tag(ports, ada):
    with unit_of_work(ports):
        first = store(ada, "Rename me", tags=("Old",), description="as found")
        store(ada, "Taken")
    assert (first.tags, first.description) == (("old",), "as found")
    with unit_of_work(ports):
        wanted = DatasetChange(" New name ", "Two\nlines", ("Pump  House", "pump house", "2026"))
        changed = dataset_changes.change(ada, first.id, wanted, seen_revision=first.revision)
    assert (changed.name, changed.description) == ("New name", "Two\nlines")
    assert changed.tags == ("pump house", "2026")
    for bad in (
        DatasetChange(name=" "),
        DatasetChange(name="a\x00b"),
        DatasetChange(description="x" * 5000),
        DatasetChange(tags=("a,b",)),
        DatasetChange(tags=("x" * 41,)),
        DatasetChange(tags=tuple(str(number) for number in range(21))),
    ):
        with unit_of_work(ports), pytest.raises(Invalid):
            dataset_changes.change(ada, first.id, bad)
    with unit_of_work(ports), pytest.raises(Conflict, match="already"):
        dataset_changes.rename(ada, first.id, "Taken")


def test_two_people_who_edit_lose_nothing(ports, ada, people):
    boss = people("Boss", Role.ADMIN, workspace_id=ada.workspace_id)
    with unit_of_work(ports):
        seen = store(ada, "Edited by two")
    with unit_of_work(ports):
        wanted = DatasetChange(tags=("hers",))
        dataset_changes.change(ada, seen.id, wanted, seen_revision=seen.revision)
    wanted = DatasetChange(tags=("his",))
    with unit_of_work(ports), pytest.raises(Conflict, match="after you looked"):
        dataset_changes.change(boss, seen.id, wanted, seen_revision=seen.revision)
    with unit_of_work(ports):
        assert datasets.get(ada, seen.id).tags == ("hers",)
        dataset_changes.change(boss, seen.id, DatasetChange(tags=("his",)), seen_revision=2)


def test_only_owner_and_administrator_change(ports, ada, people):
    with unit_of_work(ports):
        own = store(ada, "Hers")
    colleague = people("Colleague", workspace_id=ada.workspace_id)
    viewer = people("Viewer", Role.VIEWER, workspace_id=ada.workspace_id)
    stranger = people("Stranger")
    query, new = RecordingQuery(), NewName("Copy")
    for who, error in ((colleague, Forbidden), (viewer, Forbidden), (stranger, NotFound)):
        for change in (
            lambda who: dataset_changes.rename(who, own.id, "Mine"),
            lambda who: dataset_changes.set_archived(who, own.id, archived=True),
            lambda who: trash.delete(who, own.id),
        ):
            with unit_of_work(ports), pytest.raises(error):
                change(who)
    for who, error in ((viewer, Forbidden), (stranger, NotFound)):
        with unit_of_work(ports), pytest.raises(error):
            derivations.start_subset(who, own.id, query, new)
    with unit_of_work(ports), pytest.raises(Forbidden):
        store(colleague, "Hers", as_new_version=True)


def test_acceptance_manage_trash_hides_frees_the_name_and_restores(ports, ada):
    with unit_of_work(ports):
        gone = store(ada, "Gone")
        first = datasets.recordings(ada, gone.id)[0]
        trash.delete(ada, gone.id)
    with unit_of_work(ports):
        assert datasets.list_datasets(ada).items == ()
        assert datasets.overview(ada).n_datasets == datasets.overview(ada).n_recordings == 0
        assert DatasetProblems().choices(ada) == ()
        for look in (datasets.get, datasets.recordings, trash.delete, dataset_facts.statistics):
            with pytest.raises(NotFound):
                look(ada, gone.id)
        for look in (datasets.get_recording, datasets.read_samples):
            with pytest.raises(NotFound):
                look(ada, first.id)
        assert [one.id for one in trash.list_trash(ada).items] == [gone.id]
        again = store(ada, "Gone", seed=8)
        with pytest.raises(Conflict, match="another name"):
            trash.restore(ada, gone.id)
        back = trash.restore(ada, gone.id, name="Back again")
    assert (back.name, back.state, back.trashed_at) == ("Back again", "live", None)
    with unit_of_work(ports):
        names = {one.name for one in datasets.list_datasets(ada).items}
        assert names == {"Gone", "Back again"}
        assert len(datasets.read_samples(ada, first.id)) == 512
        trash.delete(ada, again.id)
        assert trash.restore(ada, again.id).name == "Gone"


def test_acceptance_manage_after_thirty_days_nothing_is_left(ports, ada):
    with unit_of_work(ports):
        old, young = store(ada, "Old"), store(ada, "Young", seed=9)
        dataset_facts.statistics(ada, old.id)
        for one in (old, young):
            trash.delete(ada, one.id)
    with ports.database.transaction():
        session = current_session()
        session.execute(
            text("update bearings_datasets set trashed_at = :at where id = :id"),
            {"at": ports.clock() - timedelta(days=30, minutes=1), "id": old.id},
        )
    with unit_of_work(ports):
        job = jobs.enqueue(ada, kind="bearings.dataset_sweep", params={}, title="Sweep")
    assert done(ports, ada, job).result["datasets"] == 1
    with unit_of_work(ports), pytest.raises(NotFound):
        trash.get(ada, old.id)
    with ports.database.transaction():
        session = current_session()
        left = session.scalar(
            text("select count(*) from bearings_recordings where dataset_id = :id"),
            {"id": old.id},
        )
    assert left == 0
    assert not ports.files.exists(old.file_key)
    assert ports.files.exists(young.file_key)
    assert ports.cache.get(f"bearings:dataset:{old.id}:statistics") is None
    with unit_of_work(ports):
        trash.remove(ada, young.id)
    assert not ports.files.exists(young.file_key)


def test_acceptance_manage_versions_by_content(ports, ada):
    with unit_of_work(ports):
        first = store(ada, "Series", tags=("kept",))
    with unit_of_work(ports), pytest.raises(Conflict, match="new version"):
        store(ada, "Series", seed=2)
    with unit_of_work(ports):
        second = store(ada, "Series", seed=2, as_new_version=True)
        same = store(ada, "Series", seed=2, as_new_version=True)
        twin = store(ada, "Twin", seed=2)
    assert (first.version, second.version) == (1, 2)
    assert second.series_id == first.series_id == first.id
    assert second.tags == ("kept",)
    assert same.id == second.id
    assert twin.content_hash == second.content_hash
    with unit_of_work(ports):
        assert [one.id for one in datasets.same_content(ada, twin)] == [second.id]
        assert datasets.find(ada, "Series").id == second.id
        listed = [one.id for one in datasets.list_datasets(ada).items]
        assert first.id not in listed
        assert second.id in listed
        assert [one.version for one in dataset_facts.versions(ada, first.id)] == [2, 1]
        dataset_changes.rename(ada, first.id, "Renamed series")
        assert datasets.get(ada, second.id).name == "Renamed series"
        trash.delete(ada, second.id)
        assert datasets.find(ada, "Renamed series").id == first.id
        third = store(ada, "Renamed series", seed=3, as_new_version=True)
        assert third.version == 3
        assert trash.restore(ada, second.id).version == 2


def test_acceptance_manage_archived_is_usable_but_not_offered(ports, ada):
    with unit_of_work(ports):
        kept = store(ada, "Shelf")
        dataset_changes.set_archived(ada, kept.id, archived=True)
        assert datasets.list_datasets(ada).items == ()
        assert DatasetProblems().choices(ada) == ()
        archived = datasets.list_datasets(ada, DatasetQuery(states=(ARCHIVED,))).items
        assert [one.id for one in archived] == [kept.id]
        assert experiments.describe_problem(ada, "datasets", kept.id)["recordings"] == 9
        dataset_changes.set_archived(ada, kept.id, archived=False)
        assert len(DatasetProblems().choices(ada)) == 1


def test_lists_are_searched_by_text_tag_and_origin(ports, ada):
    with unit_of_work(ports):
        pump = store(ada, "Pump 7", tags=("pump", "plant a"), description="after overhaul")
        fan = store(ada, "Fan", tags=("fan",), origin="generation", seed=3)

        def found(**wanted):
            return [one.id for one in datasets.list_datasets(ada, DatasetQuery(**wanted)).items]

        assert found(text="PUMP overhaul") == [pump.id]
        assert found(text="100%") == []
        assert found(tag="plant a") == [pump.id]
        assert found(origin="generation") == [fan.id]
        assert found(tag="fan", text="pump") == []
        assert datasets.tags(ada) == ("fan", "plant a", "pump")


def test_acceptance_manage_subset_holds_what_was_chosen_and_nothing_else(ports, ada):
    with unit_of_work(ports):
        source = store(ada, "Source", 24, tags=("t",))
        query = RecordingQuery(
            labels=("inner", "outer"), ranges=(Range(SortKey.RMS, 2.0, None),), sessions=("day 1",)
        )
        job = derivations.start_subset(ada, source.id, query, NewName("Part"))
    part = made_by(ports, ada, job)
    with unit_of_work(ports):
        expected = datasets.find_recordings(ada, source.id, query).rows
        kept = datasets.recordings(ada, part.id)
        assert 0 < len(kept) == len(expected) < 24
        for new, old in zip(kept, expected, strict=True):
            named = {"id": old.id, "dataset_id": old.dataset_id, "signal_path": old.signal_path}
            assert replace(new, **named) == old
        whole, some = samples_of(ada, source), samples_of(ada, part)
        assert some == {each: whole[each] for each in some}
        assert (part.origin, part.tags, part.designation) == ("subset", ("t",), "6205-2RS")
        lineage = dataset_facts.lineage(ada, part.id)
        assert [one.id for one in lineage.sources] == [source.id]
        assert part.made_from["filter"]["labels"] == ["inner", "outer"]
        assert [one.id for one in dataset_facts.lineage(ada, source.id).derived] == [part.id]
    with h5py.File(ports.files.local_path(part.file_key)) as file:
        assert len(file["signals"]) == len(kept)
    with unit_of_work(ports), pytest.raises(Invalid, match="No recording"):
        derivations.start_subset(
            ada, source.id, RecordingQuery(labels=("none",)), NewName("Nothing")
        )
    with unit_of_work(ports), pytest.raises(Conflict):
        derivations.start_subset(ada, source.id, query, NewName("Part"))


def test_a_name_that_is_taken_meanwhile_fails_the_job_and_leaves_no_file(ports, ada):
    with unit_of_work(ports):
        source = store(ada, "Busy", 6)
        query = RecordingQuery(labels=("inner",))
        job = derivations.start_subset(ada, source.id, query, NewName("Soon taken"))
        store(ada, "Soon taken", seed=5)
    ended = done(ports, ada, job)
    assert ended.state is JobState.FAILED
    assert "Soon taken" in ended.error
    assert not ports.files.exists(f"signals/{job.id}.h5")


def test_acceptance_manage_merge_keeps_labels_and_explains_bearings(ports, ada):
    with unit_of_work(ports):
        one = store(ada, "One", 6)
        two = store(ada, "Two", 9, seed=11)
        preview = derivations.preview_merge(ada, (one.id, two.id))
        assert preview.shared_bearings == ("B00", "B01", "B10", "B11", "B20", "B21")
        same = derivations.start_merge(ada, (one.id, two.id), NewName("M"), BearingNames.SAME)
        apart = derivations.start_merge(ada, (one.id, two.id), NewName("A"), BearingNames.APART)
    together, separate = made_by(ports, ada, same), made_by(ports, ada, apart)
    assert (together.n_recordings, together.n_bearings) == (15, 6)
    assert (separate.n_recordings, separate.n_bearings) == (15, 12)
    assert separate.made_from["datasets"] == [one.id, two.id]
    with unit_of_work(ports):
        every = {**samples_of(ada, one), **samples_of(ada, two)}
        assert samples_of(ada, together) == samples_of(ada, separate) == every
        labels = {r.content_hash: r.label for each in (one, two)
                  for r in datasets.recordings(ada, each.id)}  # fmt: skip
        assert {r.content_hash: r.label for r in datasets.recordings(ada, separate.id)} == labels
        named = {r.bearing for r in datasets.recordings(ada, separate.id)}
        assert {"One: B00", "Two: B00"} <= named
        sources = dataset_facts.lineage(ada, separate.id).sources
        assert {source.id for source in sources} == {one.id, two.id}
        again = derivations.preview_merge(ada, (one.id, together.id))
        assert (again.n_copies, len(again.recordings)) == (6, 15)


def test_merging_refuses_contradictions(ports, ada, tmp_path):
    with unit_of_work(ports):
        one = store(ada, "Says one", 6)
        made = new_recordings(tmp_path / "s.h5", 6)
        other = [replace(made[0], label="outer"), *made[1:]]
        key = datasets.store_signals(tmp_path / "s.h5")
        two = datasets.create_sealed(ada, plan_of("Says other", other), file_key=key)
        with pytest.raises(Conflict, match="different classes"):
            derivations.preview_merge(ada, (one.id, two.id))
        for bad in ((one.id,), (one.id, one.id)):
            with pytest.raises(Invalid):
                derivations.preview_merge(ada, bad)
        with pytest.raises(NotFound):
            derivations.preview_merge(ada, (one.id, new_id()))


def test_acceptance_manage_statistics_and_comparison(ports, ada):
    with unit_of_work(ports):
        one = store(ada, "Left", 21)
        two = store(ada, "Right", 12)
        found = dataset_facts.statistics(ada, one.id)
        assert dataset_facts.statistics(ada, one.id) == found
        rows = datasets.recordings(ada, one.id)
    assert found.whole.n_recordings == 21
    assert found.whole.duration_s == pytest.approx(sum(r.duration_s for r in rows))
    assert [part.name for part in found.classes] == ["healthy", "inner", "outer"]
    inner = [r for r in rows if r.label == "inner"]
    part = found.classes[1]
    assert (part.n_recordings, part.n_bearings) == (len(inner), len({r.bearing for r in inner}))
    assert part.rms.high == max(r.statistics.rms for r in inner)
    assert part.kurtosis.low == min(r.statistics.kurtosis for r in inner)
    assert part.mean_rms == pytest.approx(np.mean([r.statistics.rms for r in inner]))
    assert (part.speed_rpm.low, part.speed_rpm.high) == (1500.0, 1530.0)
    assert found.findings == (("clipped at …", 3),)
    assert dict(found.severity_counts) == {"nominal": 7, "mild": 7, "severe": 7}
    assert len(found.bearings) == 6
    with unit_of_work(ports):
        both = dataset_facts.compare(ada, one.id, two.id)
        assert (both.n_shared, both.n_shared_labels) == (12, 12)
        assert len(both.shared_bearings) == 6
        with pytest.raises(Invalid):
            dataset_facts.compare(ada, one.id, one.id)


def test_acceptance_manage_importing_and_generating_again_makes_a_version(ports, ada, tmp_path):
    np.save(tmp_path / "one.npy", np.random.default_rng(1).standard_normal(4096))

    def bring(**more):
        given = Given(sampling_rate_hz=12000.0, speed_rpm=1500.0, label="inner")
        wish = ImportWish("Brought", "", given, **more)
        files = [Upload("one.npy", (tmp_path / "one.npy").read_bytes())]
        with unit_of_work(ports):
            staged = imports.stage_uploads(ada, wish, files)
            job = jobs.get(ada, staged.job_id)
        done(ports, ada, job)
        with unit_of_work(ports):
            return imports.commit(ada, staged.id)

    first = bring()
    with pytest.raises(Conflict, match="new version"):
        bring()
    assert bring(as_new_version=True).id == first.id
    np.save(tmp_path / "one.npy", np.random.default_rng(2).standard_normal(4096))
    second = bring(as_new_version=True)
    assert (second.version, second.series_id) == (2, first.id)


def test_acceptance_manage_generating_again_makes_a_version(ports, ada):
    config = GenerationConfig(classes=("healthy", "wear"), per_class=2, duration_s=0.1, seed=3)

    def make(seed, **more):
        with unit_of_work(ports):
            job = generations.start(ada, replace(config, seed=seed), "Made", **more)
        assert done(ports, ada, job).state is JobState.SUCCEEDED
        with unit_of_work(ports):
            return datasets.find(ada, "Made")

    first = make(3)
    with unit_of_work(ports), pytest.raises(Conflict):
        generations.start(ada, config, "Made")
    assert make(3, as_new_version=True).id == first.id
    assert make(4, as_new_version=True).version == 2


def test_what_the_quota_has_no_room_for_is_refused_before_it_is_copied(ports, ada):
    with unit_of_work(ports):
        source = store(ada, "Full", 9)
    small = replace(ports, quota=Quota(10, 1 << 30))
    query, new = RecordingQuery(labels=("inner",)), NewName("Too much")
    with unit_of_work(small), pytest.raises(TooLarge):
        derivations.start_subset(ada, source.id, query, new)
