"""Features of data sets: extracted once, kept by data and version, seen by whom they concern."""

import numpy as np
import pytest

from sonde.bearings.core.features.catalogue import signal_features
from sonde.bearings.core.features.registry import DEFAULT_NAMES
from sonde.bearings.services import datasets, features
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.jobs import JobState
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
