"""Features of data sets: extracted once, kept by data and version, seen by whom they concern."""

import numpy as np
import pytest

from sonde.bearings.core.features.catalogue import signal_features
from sonde.bearings.core.features.registry import DEFAULT_NAMES
from sonde.bearings.core.features.study import StudyConfig
from sonde.bearings.services import (
    datasets,
    feature_extraction,
    feature_sets,
    feature_studies,
    features,
    own_features,
    trash,
)
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.jobs import JobState, WorkerLeaves
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.feature_data import RATE_HZ, make_dataset, signal_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def dataset(ports, actor):
    with unit_of_work(ports):
        return make_dataset(actor, "Features")


def _extracted(ports, actor, dataset_id, names=()):
    with unit_of_work(ports):
        job = features.ensure(actor, dataset_id, names)
    if job is not None:
        run_job(ports, job.id, "test worker")
    with unit_of_work(ports):
        return features.table(actor, dataset_id, names)


def test_the_36_are_extracted_by_a_job_and_equal_the_plain_function(ports, actor, dataset):
    with unit_of_work(ports), pytest.raises(Conflict, match="not extracted yet"):
        features.table(actor, dataset.id)
    table = _extracted(ports, actor, dataset.id)
    assert table.names == DEFAULT_NAMES
    assert table.values.shape == (18, 36)
    expected = signal_features(signal_of("healthy", 0), RATE_HZ, 60.0)
    np.testing.assert_array_equal(table.values[0], expected)
    with unit_of_work(ports):
        assert features.ensure(actor, dataset.id) is None
        assert features.extraction(actor, dataset.id).is_ready
        assert table.recording_ids == tuple(
            one.id for one in datasets.recordings(actor, dataset.id)
        )


def test_two_people_asking_at_once_compute_once(ports, people, actor):
    other = people("Barbara", workspace_id=actor.workspace_id)
    with unit_of_work(ports):
        dataset = make_dataset(actor, "Asked twice", 1)
    with unit_of_work(ports):
        first = features.ensure(actor, dataset.id)
    with unit_of_work(ports):
        second = features.ensure(other, dataset.id)
        assert second.id == first.id
        jobs.cancel(actor, first.id)
    with unit_of_work(ports):
        third = features.ensure(actor, dataset.id)
        assert third.id != first.id
        assert features.extraction(actor, dataset.id).job.id == third.id
    run_job(ports, third.id, "test worker")
    with unit_of_work(ports):
        assert jobs.get(actor, third.id).state is JobState.SUCCEEDED
        assert features.table(other, dataset.id).values.shape == (6, 36)


def test_rights_and_mistakes(ports, viewer, other_actor, actor, dataset):
    with unit_of_work(ports):
        with pytest.raises(NotFound):
            features.table(other_actor, dataset.id)
        with pytest.raises(NotFound):
            features.ensure(viewer, dataset.id)
        with pytest.raises(Invalid, match="did you mean RMS"):
            features.ensure(actor, dataset.id, ["RNS"])
        unseen = make_dataset(actor, "Only looked at", 1)
    from dataclasses import replace

    guest = replace(viewer, workspace_ids=frozenset({actor.workspace_id}))
    with unit_of_work(ports), pytest.raises(Forbidden):
        features.ensure(guest, unseen.id)


def test_own_features_are_versioned_and_only_what_changed_is_computed_again(
    ports, actor, other_actor, dataset
):
    with unit_of_work(ports):
        own = own_features.define(
            actor, {"name": "shaft", "low": 50, "high": 130, "quantity": "peak"}
        )
        with pytest.raises(Conflict):
            own_features.define(actor, {"name": "shaft", "low": 1, "high": 2})
        with pytest.raises(NotFound):
            own_features.get(other_actor, own.id)
    names = ("RMS", "own:shaft", "VelocityRMS")
    first = _extracted(ports, actor, dataset.id, names)
    assert np.isfinite(first.values).all()
    with unit_of_work(ports):
        changed = own_features.change(actor, own.id, {"name": "shaft", "low": 50, "high": 70})
        assert changed.band.version == 2
        again = features.ensure(actor, dataset.id, names)
        assert [block["names"] for block in again.params["blocks"]] == [["own:shaft"]]
    run_job(ports, again.id, "test worker")
    with unit_of_work(ports):
        second = features.table(actor, dataset.id, names)
        own_features.delete(actor, own.id)
        with pytest.raises(Invalid, match="own:shaft"):
            features.table(actor, dataset.id, names)
    assert not np.allclose(first.column("own:shaft"), second.column("own:shaft"))
    np.testing.assert_array_equal(first.column("RMS"), second.column("RMS"))


def test_a_killed_extraction_goes_on_where_it_saved_and_leaves_no_pieces(ports, actor, monkeypatch):
    with unit_of_work(ports):
        dataset = make_dataset(actor, "Killed", 1)
        job = features.ensure(actor, dataset.id, ["RMS"])
    monkeypatch.setattr(feature_extraction, "_SAVE_EVERY_S", -1.0)
    measured: list[str] = []
    real = feature_extraction._measured

    def dying(plan, recording):
        if len(measured) == 4:
            measured.append("dead")
            raise WorkerLeaves
        measured.append(recording.id)
        return real(plan, recording)

    monkeypatch.setattr(feature_extraction, "_measured", dying)
    run_job(ports, job.id, "first worker")
    run_job(ports, job.id, "second worker")
    assert len(measured) == 7
    assert len(set(measured)) == 7
    with unit_of_work(ports):
        assert features.table(actor, dataset.id, ["RMS"]).values.shape == (6, 1)
    left = list(ports.files.keys(features.folder(dataset.id)))
    assert len(left) == 1


def test_acceptance_features_studies_are_made_once_in_grouped_folds(ports, actor, dataset):
    names = ("RMS", "Kurtosis", "CrestFactor", "SpectralEntropy", "Harmonic2X1X", "EnvelopePeak")
    _extracted(ports, actor, dataset.id, names)
    for question, method in (("importance", "anova"), ("selection", "mrmr")):
        config = StudyConfig(question, method, names, n_features=2, n_folds=3)
        with unit_of_work(ports):
            assert feature_studies.look(actor, dataset.id, config).job is None
            started = feature_studies.start(actor, dataset.id, config)
            assert feature_studies.start(actor, dataset.id, config).job.id == started.job.id
        run_job(ports, started.job.id, "test worker")
        with unit_of_work(ports):
            found = feature_studies.look(actor, dataset.id, config).result
            assert feature_studies.start(actor, dataset.id, config).job is None
        assert found["is_honest"]
        assert len(found["folds"]) == 3
        assert found["n_recordings"] == 18
    assert len(found["chosen"]) == 2
    assert np.mean(found["scores"]) > 0.9


def test_a_study_without_features_says_what_to_do(ports, actor):
    with unit_of_work(ports):
        dataset = make_dataset(actor, "Unstudied", 1)
        config = StudyConfig("importance", "forest", ("RMS", "Kurtosis"))
        with pytest.raises(Conflict, match="not extracted yet"):
            feature_studies.start(actor, dataset.id, config)


def test_sets_are_saved_renamed_deleted_by_their_owner(ports, actor, other_actor, admin):
    with unit_of_work(ports):
        own_features.define(actor, {"name": "gear", "low": 500, "high": 900})
        made = feature_sets.save(actor, "Best two", ["Kurtosis", "own:gear"], {"method": "mrmr"})
        assert made.choice.own[0].low == 500
        assert feature_sets.find(actor, "Best two").id == made.id
        with pytest.raises(Conflict):
            feature_sets.save(actor, "Best two", ["RMS"])
        with pytest.raises(Invalid):
            feature_sets.save(actor, "", ["RMS"])
        with pytest.raises(Invalid):
            feature_sets.save(actor, "None", [])
        with pytest.raises(NotFound):
            feature_sets.get(other_actor, made.id)
        assert feature_sets.rename(actor, made.id, "Two").recipe.startswith("set Two ")
        feature_sets.delete(actor, made.id)
        assert feature_sets.list_sets(actor) == ()


def test_what_was_extracted_goes_with_the_data_set(ports, actor):
    with unit_of_work(ports):
        dataset = make_dataset(actor, "To be removed", 1)
    _extracted(ports, actor, dataset.id, ["RMS"])
    assert list(ports.files.keys(features.folder(dataset.id)))
    with unit_of_work(ports):
        trash.delete(actor, dataset.id)
    with unit_of_work(ports):
        trash.remove(actor, dataset.id)
    assert not list(ports.files.keys(features.folder(dataset.id)))
