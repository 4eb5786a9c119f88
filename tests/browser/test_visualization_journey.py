"""A person maps samples, colours them by group, and looks into a network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import expect

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import accept_training
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import analyses, experiments, visualizations
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.browser.test_every_page import check
from tests.conftest import wait_until

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def network(ports: Ports, actor: Actor) -> str:
    """A small network that learned for one epoch."""
    config = ModelConfig("cnn-1d", 0, {}, accept_training({"epochs": 1}))
    split = SplitConfig("stratified-group-hold-out", test_fraction=0.34)
    with unit_of_work(ports):
        made = experiments.create(actor, NewExperiment("tones", "pair", config, split))
    assert run_job(ports, made.summary.job_id, "test") == "succeeded"
    return made.id


def test_acceptance_embeddings_a_map_is_asked_for_and_coloured(
    visitor: Callable[..., Any], actor: Actor, network: str, worker: None
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit(f"/visualization?experiment={network}")
    expect(page.get_by_text("Nobody looked at this yet")).to_be_visible()
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("trustworthiness", exact=False).first).to_be_visible(timeout=60_000)
    page.get_by_role("textbox", name="Colour").click()
    page.get_by_role("option", name="Bearing").click()
    person.settle()
    assert "colour=group" in page.url
    page.reload()
    expect(page.get_by_text("trustworthiness", exact=False).first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("textbox", name="Colour")).to_have_value("Bearing")
    page.get_by_role("tab", name="Filters").click()
    expect(page.get_by_text("filters of", exact=False).first).to_be_visible(timeout=60_000)


def test_acceptance_embeddings_a_sample_is_chosen_and_looked_at_from_every_side(
    visitor: Callable[..., Any], actor: Actor, network: str, worker: None
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit(f"/visualization?experiment={network}&tab=picture")
    expect(page.get_by_text("Lines.")).to_be_visible(timeout=60_000)
    page.get_by_role("textbox", name="Examples").click()
    page.get_by_role("option", name="surest right").last.click()
    page.wait_for_url("**sample=**")
    person.settle()
    sample = page.url.partition("sample=")[2].partition("&")[0]
    expect(page.get_by_role("textbox", name="Sample", exact=True)).to_have_value(sample)
    expect(page.get_by_text(f"sample {sample} of").first).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Activations").click()
    expect(page.get_by_text("the strongest (filter")).to_be_visible(timeout=60_000)
    expect(page.get_by_text(f"Sample {sample} of").first).to_be_visible()
    person.settle()
    page.get_by_role("textbox", name="Layer").click()
    page.get_by_role("option").nth(3).click()
    page.wait_for_url("**layer=**")
    assert f"sample={sample}" in page.url
    # a setting that makes no sense is told, and the page begins anew
    person.visit(f"/visualization?experiment={network}&tab=picture&sample=none")
    page.get_by_role("link", name="Start again without settings").click()
    expect(page.get_by_text("Lines.")).to_be_visible(timeout=60_000)
    assert person.problems == []


def test_every_look_is_whole_for_everybody(
    tourist: Any, ports: Ports, actor: Actor, network: str, worker: None, tmp_path: Path
) -> None:
    for what in visualizations.QUESTIONS:
        with unit_of_work(ports):
            asked = visualizations.ask(actor, what, network, {})

        def is_answered(which: str = asked.id) -> bool:
            with unit_of_work(ports):
                return analyses.get(actor, which).result is not None

        wait_until(is_answered, 60, 0.2)
        check(tourist, f"/visualization?experiment={network}&tab={what}", tmp_path, what)
