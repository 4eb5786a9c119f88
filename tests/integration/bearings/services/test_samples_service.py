"""The sample project through the real jobs: simulated, stored, trained, judged, asked."""

from dataclasses import replace

import h5py
import numpy as np
import pytest
import scipy.io

from sonde.bearings.core.simulate.sample import sample_plan
from sonde.bearings.services import datasets, samples
from sonde.bearings.services.problems import DatasetProblems
from sonde.learning.services import experiments, predictions
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

pytestmark = pytest.mark.integration


def _small_plan():
    plan = sample_plan()
    return replace(plan, recordings=plan.recordings[::4] + plan.recordings[3::4])


@pytest.fixture(scope="module")
def loaded(ports, actor):
    """The sample project, run by the real runner; the training's job is done as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples, "sample_plan", _small_plan)
        for _ in range(2):
            with unit_of_work(ports):
                job = jobs.enqueue(actor, kind="bearings.sample", params={}, title="Sample")
            assert run_job(ports, job.id, "test") == "succeeded"
    with unit_of_work(ports):
        (experiment,) = experiments.recent(actor)
    assert run_job(ports, experiment.job_id, "test") == "succeeded"
    with unit_of_work(ports):
        return experiments.get(actor, experiment.id), datasets.find(actor, samples.NAME)


def test_it_is_loaded_once_with_four_classes_and_several_bearings(ports, actor, loaded):
    _, dataset = loaded
    assert dataset.classes == ("ball", "healthy", "inner", "outer")
    assert dataset.n_bearings == 16
    with unit_of_work(ports):
        assert len(datasets.list_datasets(actor).items) == 2


def test_acceptance_simulate_the_sample_holds_eleven_classes_of_journal_bearings(
    ports, actor, loaded
):
    with unit_of_work(ports):
        dataset = datasets.find(actor, samples.JOURNAL_NAME)
        recordings = datasets.recordings(actor, dataset.id)
    assert (dataset.n_recordings, len(dataset.classes)) == (110, 11)
    assert {one.conditions["class_id"] for one in recordings} == set(range(11))
    assert {one.n_samples for one in recordings} == {20_480}


def test_the_model_is_judged_honestly_and_is_worth_something(loaded):
    experiment, _ = loaded
    result = experiment.result
    assert result.certificate.is_honest
    assert result.certificate.group_noun == "bearing"
    assert result.evaluation.macro_f1 > 0.7
    assert result.leaky is not None


def test_others_do_not_see_it(ports, other_actor, loaded):
    _, dataset = loaded
    with unit_of_work(ports):
        assert DatasetProblems().choices(other_actor) == ()
        with pytest.raises(NotFound):
            DatasetProblems().load(other_actor, dataset.id, {})


def test_windows_are_what_was_stored(ports, actor, loaded):
    _, dataset = loaded
    with unit_of_work(ports):
        problem = DatasetProblems().load(actor, dataset.id, {"window": 6000, "overlap": 0.5})
        path = datasets.signal_file(dataset)
    with h5py.File(path) as file:
        first = file["/signals/000001"][0]
    windows = problem.read_windows(np.array([1, 0]))
    assert windows.shape == (2, 1, 6000)
    np.testing.assert_array_equal(windows[0, 0], first[3000:9000])
    assert problem.spans[1].tolist() == [3000, 9000]
    assert problem.read_features(np.array([0])).shape == (1, len(problem.feature_names))
    assert set(problem.attributes) == {"fault_size", "load", "speed"}


@pytest.mark.parametrize(
    "options",
    [{"window": 10}, {"overlap": 1.0}, {"window": "x"}, {"channel": "FE"}, {"window": 10**6}],
)
def test_bad_cuts_are_refused(ports, actor, loaded, options):
    with unit_of_work(ports), pytest.raises(Invalid):
        DatasetProblems().load(actor, loaded[1].id, options)


def test_an_upload_is_read_and_judged_with_evidence_from_physics(ports, actor, loaded, tmp_path):
    experiment, dataset = loaded
    with unit_of_work(ports):
        recording = next(
            one
            for one in datasets.recordings(actor, dataset.id)
            if one.label == "outer" and one.bearing.endswith("-4")
        )
        samples_ = datasets.read_samples(actor, recording.id)
        opened = predictions.open_model(actor, experiment.id)
    path = tmp_path / "unknown.mat"
    scipy.io.savemat(path, {"x": samples_, "fs": 12000.0})
    with pytest.raises(Invalid) as caught:
        predictions.ask(opened, path, "unknown.mat", {})
    assert caught.value.details["field"] == "rpm"
    told = predictions.ask(opened, path, "unknown.mat", {"speed_rpm": recording.speed_rpm})
    assert told.verdict == "outer"
    assert told.evidence["verdict"] == "outer"
    assert sum(row.probability for row in told.classes) == pytest.approx(1.0)
    assert told.is_unlike_training is False
    short = tmp_path / "short.mat"
    scipy.io.savemat(short, {"x": samples_[:3000], "fs": 12000.0, "rpm": 1500.0})
    with pytest.raises(Invalid, match="needs at least"):
        predictions.ask(opened, short, "short.mat", {})


def test_the_wizard_learns_what_there_is(ports, actor, loaded):
    with unit_of_work(ports):
        described = DatasetProblems().describe(actor, loaded[1].id)
        choices = DatasetProblems().choices(actor)
    assert described["bearings"] == 16
    assert described["protocols"] == []
    assert sorted(one.n_groups for one in choices) == [16, 110]


def test_a_person_can_ask_for_it_but_no_viewer(ports, other_actor, viewer):
    with unit_of_work(ports):
        job = samples.start(other_actor)
        assert (job.kind, job.owner_id) == ("bearings.sample", other_actor.user_id)
        jobs.cancel(other_actor, job.id)
    with unit_of_work(ports), pytest.raises(Forbidden):
        samples.start(viewer)
