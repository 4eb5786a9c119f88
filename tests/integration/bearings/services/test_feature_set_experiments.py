"""A saved set of features is trained on, and what is predicted later is measured the same way."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.bearings.core.features.measuring import Circumstances
from sonde.bearings.core.features.sets import FeatureChoice, measure_windows
from sonde.bearings.services import feature_sets, own_features
from sonde.bearings.services.problems import DatasetProblems
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments, predictions
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.jobs import JobState
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.feature_data import RATE_HZ, make_dataset, signal_of

pytestmark = pytest.mark.integration
WINDOW = {"window": 1024}
GIVEN = {"sampling_rate_hz": RATE_HZ, "speed_rpm": 3600.0}


@pytest.fixture(scope="module")
def dataset(ports, actor):
    with unit_of_work(ports):
        return make_dataset(actor, "Sets in use")


@pytest.fixture(scope="module")
def saved(ports, actor):
    with unit_of_work(ports):
        own_features.define(actor, {"name": "harmonics", "low": 0.9, "high": 2.1, "scale": "order"})
        return feature_sets.save(
            actor, "Few", ["Kurtosis", "own:harmonics", "EnvelopeBPFO", "SpectralEntropy"]
        )


def _load(actor, dataset, **options):
    return DatasetProblems().load(actor, dataset.id, {**WINDOW, **options})


def test_a_problem_with_a_set_has_its_features_names_and_recipe(ports, actor, dataset, saved):
    with unit_of_work(ports):
        problem = _load(actor, dataset, feature_set=saved.id)
        by_name = _load(actor, dataset, feature_set="Few")
        plain = _load(actor, dataset)
        described = DatasetProblems().describe(actor, dataset.id)
    assert problem.feature_names == saved.choice.names
    assert problem.feature_recipe == by_name.feature_recipe == saved.recipe
    assert plain.feature_recipe == "bearing-windows-1"
    found = problem.read_features(np.array([0, 5]))
    windows = problem.read_windows(np.array([0, 5]))[:, 0]
    about = Circumstances(RATE_HZ, 3600.0, None, "g")
    rest = FeatureChoice(("Kurtosis", "own:harmonics", "SpectralEntropy"), saved.choice.own)
    np.testing.assert_allclose(found[:, [0, 1, 3]], measure_windows(windows, [about] * 2, rest))
    option = described["options"][0]
    assert option["name"] == "feature_set"
    assert [saved.id, "Few · 4 features"] in option["values"]


def test_acceptance_features_a_model_of_a_saved_set_predicts_an_upload(
    ports, actor, dataset, saved, tmp_path
):
    wanted = NewExperiment(
        "datasets",
        dataset.id,
        ModelConfig("random-forest", 0, {"n_trees": 20}),
        SplitConfig("", n_folds=2),
        options={**WINDOW, "feature_set": saved.id},
    )
    with unit_of_work(ports):
        made = experiments.create(actor, wanted)
    run_job(ports, made.summary.job_id, "test worker")
    with unit_of_work(ports):
        found = experiments.get(actor, made.id)
        assert found.summary.state is JobState.SUCCEEDED, found.summary.error
        assert found.result.feature_recipe == saved.recipe
        assert found.result.n_features == 4
        assert found.summary.macro_f1 > 0.8
        # The model keeps what it needs, whatever becomes of the set.
        feature_sets.delete(actor, saved.id)
        opened = predictions.open_model(actor, made.id)
    for label in ("misalignment", "healthy"):
        path = tmp_path / f"{label}.npy"
        np.save(path, signal_of(label, 999, 4096))
        told = predictions.ask(opened, path, path.name, GIVEN)
        assert told.verdict == label
        assert told.n_windows == 4
    card = opened.bundle.card
    newer = {**card.source_options["features"], "digest": "of other versions"}
    outdated = replace(
        opened,
        bundle=replace(
            opened.bundle,
            card=replace(card, source_options={**card.source_options, "features": newer}),
        ),
    )
    with pytest.raises(Conflict, match="train it again"):
        predictions.ask(outdated, path, path.name, GIVEN)


def test_a_set_that_cannot_be_measured_is_refused_before_the_training(
    ports, actor, other_actor, dataset
):
    with unit_of_work(ports):
        unknown = make_dataset(actor, "No bearing, no unit", 1, designation="", unit="unknown")
        lines = feature_sets.save(actor, "Lines", ["EnvelopeBPFI"])
        speed = feature_sets.save(actor, "Velocity", ["VelocityRMS"])
        with pytest.raises(Invalid, match="the bearing is unknown"):
            _load(actor, unknown, feature_set=lines.id)
        with pytest.raises(Invalid, match="the unit is not declared"):
            _load(actor, unknown, feature_set=speed.id)
        with pytest.raises(NotFound, match="set of features"):
            _load(actor, dataset, feature_set="no such")
        with pytest.raises(NotFound):
            DatasetProblems().load(other_actor, dataset.id, {"feature_set": lines.id})
