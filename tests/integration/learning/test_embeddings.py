"""Maps, activations, saliency and filters of trained models, as jobs that are kept."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from plotly.utils import PlotlyJSONEncoder

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import accept_training
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import analyses, experiments
from sonde.learning.services.analyses import Analysis
from sonde.learning.ui.visualization.page import show
from sonde.learning.ui.visualization.state import TABS
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.registry_data import train
from tests.integration.learning.toy_source import with_toys

pytestmark = pytest.mark.integration
torch.set_num_threads(1)


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def network(outside: Ports, actor: Actor) -> str:
    """A small network that learned for one epoch."""
    config = ModelConfig("cnn-1d", 0, {}, accept_training({"epochs": 1}))
    split = SplitConfig("stratified-group-hold-out", test_fraction=0.34)
    with unit_of_work(outside):
        made = experiments.create(actor, NewExperiment("tones", "pair", config, split))
    assert run_job(outside, made.summary.job_id, "test worker") == "succeeded"
    return made.id


def answered(outside: Ports, actor: Actor, kind: str, which: str, **params: Any) -> Analysis:
    with unit_of_work(outside):
        asked = analyses.ask(actor, kind, [which], params)
    assert asked.job is not None
    assert run_job(outside, asked.job.id, "test worker") == "succeeded"
    with unit_of_work(outside):
        return analyses.get(actor, asked.id)


def refused(outside: Ports, actor: Actor, kind: str, which: str, **params: Any) -> str:
    with unit_of_work(outside):
        asked = analyses.ask(actor, kind, [which], params)
    assert asked.job is not None
    assert run_job(outside, asked.job.id, "test worker") == "failed"
    with unit_of_work(outside):
        return analyses.get(actor, asked.id).error


def test_acceptance_embeddings_features_of_any_model_are_mapped_and_kept(
    outside: Ports, actor: Actor
) -> None:
    forest = train(outside, actor, "weak")
    found = answered(outside, actor, "embedding", forest, method="pca").result
    assert found is not None
    assert len(found["x"]) == len(found["labels"]) == 96
    assert 0.5 < found["trustworthiness"] <= 1.0
    assert found["explained"][0] >= found["explained"][1] > 0
    assert 0.0 <= found["class_share_abroad"] <= 1.0
    assert found["chance"] == 0.25
    with unit_of_work(outside):
        again = analyses.ask(actor, "embedding", [forest], {"method": "pca"})
    assert again.state is JobState.SUCCEEDED
    assert again.result == found
    told = refused(outside, actor, "embedding", forest, of="representation")
    assert "has no layers to look into" in told


def test_acceptance_embeddings_look_into_a_network(
    outside: Ports, actor: Actor, network: str
) -> None:
    last = answered(outside, actor, "embedding", network, of="representation").result
    assert last is not None
    assert last["has_seen_all"] is True
    maps = answered(outside, actor, "activations", network, sample=2).result
    assert maps is not None
    names = [one["name"] for one in maps["layers"]]
    assert maps["layer"] in names
    assert len(maps["map"]) == len(maps["rows"])
    layer = answered(outside, actor, "embedding", network, of="layer", layer=maps["layer"])
    assert layer.result is not None
    assert layer.result["n_values"] <= maps["n_rows"]
    saliency = answered(outside, actor, "saliency", network, sample=1)
    with unit_of_work(outside):
        arrays = analyses.arrays(actor, saliency.id)
    assert arrays["window"].shape == arrays["gradient"].shape == (256,)
    assert float(np.sum(arrays["spectrum"])) == pytest.approx(1.0, abs=1e-4)
    filters = answered(outside, actor, "filters", network).result
    assert filters is not None
    assert filters["peaks_hz"] == sorted(filters["peaks_hz"])
    assert max(filters["peaks_hz"]) <= 128.0
    with unit_of_work(outside):
        for tab in TABS:
            said = {"of": "representation"} if tab == "embedding" else {"sample": "1"}
            query = {"experiment": network, "tab": tab, **said}
            view = show(PageRequest(actor, "/visualization", {}, query))
            assert "learning-visualization-body" in json.dumps(view.body, cls=PlotlyJSONEncoder)
    assert "There is no sample 99999" in refused(outside, actor, "saliency", network, sample=99999)
