"""Maps, activations, saliency and filters of trained models, as jobs that are kept."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import typer
from plotly.utils import PlotlyJSONEncoder
from typer.testing import CliRunner, Result

from sonde.learning.api.visualize_command import visualize
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import accept_training
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import analyses, experiments, visualizations
from sonde.learning.services.analyses import Analysis
from sonde.learning.ui.visualization.page import show
from sonde.learning.ui.visualization.showing import picked
from sonde.learning.ui.visualization.state import TABS, of_query
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services.local import LOCAL, LocalAccess
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


def test_acceptance_embeddings_pictures_of_samples_are_drawn_by_the_source(
    outside: Ports, actor: Actor
) -> None:
    forest = train(outside, actor, "weak")
    drawn = answered(outside, actor, "picture", forest, sample=7)
    assert drawn.result is not None
    assert (drawn.result["view"], drawn.result["title"]) == ("folded", "Folded")
    with unit_of_work(outside):
        arrays = analyses.arrays(actor, drawn.id)
        offered = visualizations.views(actor, forest)
        worth = visualizations.worth_a_look(actor, forest)
    assert arrays["values"].shape == (16, 16)
    assert arrays["values"].ravel() == pytest.approx(arrays["window"])
    assert [one.key for one in offered] == ["folded"]
    assert {one.class_name for one in worth} == {"healthy", "inner", "outer", "ball"}
    told = refused(outside, actor, "picture", forest, view="cwt")
    assert "no view 'cwt' of these samples; choose one of folded" in told


def test_acceptance_embeddings_features_are_weighed_on_samples_never_seen(
    outside: Ports, actor: Actor
) -> None:
    forest = train(outside, actor, "strong")
    found = answered(outside, actor, "features", forest, repeats=2).result
    assert found is not None
    assert found["eats_features"] is True
    assert found["n_tested"] == 96
    assert len(found["lost"]) == len(found["names"]) == 8
    assert max(row["lost"] for row in found["lost"]) > 0.0
    for row in found["lost"]:
        assert row["interval"][0] <= row["lost"] + 1e-9 <= row["interval"][1] + 2e-9
    alike = answered(outside, actor, "features", forest, look="correlation").result
    assert alike is not None
    assert sorted(alike["order"]) == list(range(8))
    spread = answered(outside, actor, "features", forest, look="distributions").result
    assert spread is not None
    assert [one["n_samples"] for one in spread["classes"]] == [24, 24, 24, 24]
    with unit_of_work(outside):
        for look in ("importance", "correlation", "distributions"):
            said = {"look": look} | ({"repeats": "2"} if look == "importance" else {})
            query = {"experiment": forest, "tab": "features", **said}
            drawn = json.dumps(
                show(PageRequest(actor, "/visualization", {}, query)).body, cls=PlotlyJSONEncoder
            )
            assert {"importance": "surely missed", "correlation": "say nearly the same"}.get(
                look, "How it is spread"
            ) in drawn


def test_what_only_networks_have_is_refused_before_a_job_begins(
    outside: Ports, actor: Actor
) -> None:
    forest = train(outside, actor, "weak")
    with unit_of_work(outside):
        for what in ("activations", "saliency", "filters", "layers"):
            with pytest.raises(Invalid, match="Random forest is no network"):
                analyses.ask(actor, what, [forest], {})
        view = show(
            PageRequest(actor, "/visualization", {}, {"experiment": forest, "tab": "filters"})
        )
        drawn = json.dumps(view.body, cls=PlotlyJSONEncoder)
    assert "is no network" in drawn
    assert f"/visualization?experiment={forest}&tab=features" in drawn


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
    listed = answered(outside, actor, "layers", network).result
    assert listed is not None
    assert [one["name"] for one in listed["layers"]] == names
    layer = answered(outside, actor, "embedding", network, of="layer", layer=maps["layer"])
    assert layer.result is not None
    assert layer.result["n_values"] <= maps["n_rows"]
    deepest = answered(outside, actor, "embedding", network, of="layer").result
    assert deepest is not None
    assert deepest["layer"] in names
    windows = answered(outside, actor, "features", network).result
    assert windows is not None
    assert windows["lost"] == []
    answered(outside, actor, "picture", network, sample=1)
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
            sample = "2" if tab == "activations" else "1"
            said = {"of": "representation"} if tab == "embedding" else {"sample": sample}
            query = {"experiment": network, "tab": tab, **said}
            view = show(PageRequest(actor, "/visualization", {}, query))
            assert "sonde-chart-summary" in json.dumps(view.body, cls=PlotlyJSONEncoder)
        state = of_query({"experiment": network, "of": "representation"})
        drawn = json.dumps(picked(actor, state, 2), cls=PlotlyJSONEncoder)
        assert f"experiment={network}&tab=saliency&sample=2" in drawn
        assert picked(actor, state, 99999) is None
    assert "There is no sample 99999" in refused(outside, actor, "saliency", network, sample=99999)


@pytest.fixture
def terminal(outside: Ports, actor: Actor) -> Iterator[Callable[..., Result]]:
    as_email = f"{actor.user_id.lower()}@example.org"
    token = LOCAL.set(LocalAccess(lambda: outside, as_email))
    app = typer.Typer()
    app.command("visualize")(visualize)
    app.callback()(lambda: None)
    yield lambda *words: CliRunner().invoke(app, ["visualize", *words])
    LOCAL.reset(token)


def test_every_look_is_taken_in_the_terminal(
    outside: Ports, actor: Actor, network: str, terminal: Callable[..., Result], tmp_path: Path
) -> None:
    asked: list[tuple[str, dict[str, str]]] = [(what, {}) for what in visualizations.QUESTIONS]
    asked += [("features", {"look": "correlation"}), ("features", {"look": "distributions"})]
    for what, params in asked:
        with unit_of_work(outside):
            known = analyses.ask(actor, what, [network], params)
        if known.job is not None and known.state is JobState.QUEUED:
            run_job(outside, known.job.id, "test worker")
        settings = [word for name, value in params.items() for word in ("--set", f"{name}={value}")]
        told = terminal(network, "--what", what, *settings)
        assert told.exit_code == 0, told.output
        assert len(told.stdout.splitlines()) > 4
        again = json.loads(terminal(network, "--what", what, *settings, "--json").stdout)
        assert again["kind"] == what
    file = tmp_path / "saliency.npz"
    assert terminal(network, "--what", "saliency", "--arrays", str(file)).exit_code == 0
    with np.load(file) as written:
        assert written["gradient"].shape == (256,)
    for words, sentence in (
        (("--what", "oracle"), "choose one of embedding"),
        (("--what", "embedding", "--arrays", str(file)), "has no arrays"),
        (("--what", "saliency", "--arrays", str(tmp_path / "no" / "a.npz")), "There is no folder"),
    ):
        told = terminal(network, *words)
        assert told.exit_code == 2
        assert sentence in told.stderr
