"""A trained model from every side: curves by themselves, robustness as a job, all of it a link."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import evaluations, experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from tests.browser.test_every_page import check
from tests.conftest import wait_until


def train(ports: Ports, actor: Actor, title: str, trees: int) -> str:
    model = ModelConfig("random-forest", 1, {"n_trees": trees})
    with unit_of_work(ports):
        made = experiments.create(actor, NewExperiment("tones", "tones", model, title=title))
    done(ports, actor, made.summary.job_id)
    return made.id


def done(ports: Ports, actor: Actor, job_id: str) -> None:
    """Wait until the worker beside the test has done a job."""

    def is_done() -> bool:
        with unit_of_work(ports):
            return jobs.get(actor, job_id).state is JobState.SUCCEEDED

    wait_until(is_done, 60.0)


@pytest.fixture(scope="module")
def trained(ports: Ports, actor: Actor, worker: None) -> str:
    """A finished experiment, and another one tested on the same samples."""
    train(ports, actor, "Small forest", 12)
    return train(ports, actor, "Large forest", 30)


@pytest.fixture
def patient() -> Iterator[None]:
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=60_000)


@pytest.mark.usefixtures("patient")
def test_acceptance_evaluate_from_curves_to_robustness(
    visitor: Callable[..., Any], actor: Actor, trained: str
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit(f"/evaluation?experiment={trained}")
    expect(page.get_by_text(re.compile("The mean area is 0"))).to_be_visible()
    expect(page.get_by_text(re.compile("96 held-out samples of 12 bearings"))).to_be_visible()

    page.get_by_role("tab", name="Errors").click()
    expect(page.get_by_role("heading", name="Confident mistakes")).to_be_visible()
    page.get_by_role("tab", name="Calibration").click()
    expect(page.get_by_text(re.compile("On average the model tells"))).to_be_visible()

    # A longer question is asked, followed and kept.
    page.get_by_role("tab", name="Robustness").click()
    expect(page.get_by_text("Nobody asked this yet")).to_be_visible()
    page.get_by_role("textbox", name="Change", exact=True).click()
    page.get_by_role("option", name="Gain").click()
    page.wait_for_url(re.compile("change=gain"))
    person.settle()
    page.get_by_role("button", name="Find out").click()
    expect(page.get_by_text(re.compile("Untouched the models reach"))).to_be_visible()
    expect(page.get_by_role("heading", name="Gain: score")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Gain: score")).to_be_visible()

    # Two models beside each other.
    page.get_by_role("tab", name="Architectures").click()
    page.get_by_role("textbox", name="Beside it").click()
    page.get_by_role("option", name=re.compile("Small forest")).click()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(f"experiment={trained}(,|%2C)"))
    person.settle()
    page.get_by_role("button", name="Find out").click()
    expect(page.get_by_text(re.compile(r"\d of 2 (is|are) on the front"))).to_be_visible()
    assert person.problems == []


@pytest.mark.parametrize("tab", ["errors", "sets", "unseen"])
def test_every_tab_is_whole_in_light_and_dark(
    visitor: Callable[..., Any],
    ports: Ports,
    actor: Actor,
    trained: str,
    tab: str,
    tmp_path: Path,
) -> None:
    kind = {"sets": "prediction-sets"}.get(tab, tab)
    with unit_of_work(ports):
        asked = evaluations.ask(actor, kind, [trained], {})
    if asked.job is not None:
        done(ports, actor, asked.job.id)
    person = visitor(actor)
    check(person, f"/evaluation?experiment={trained}&tab={tab}", tmp_path, tab)
    assert person.page.locator(".sonde-chart-summary").count() >= 1
    assert person.problems == []
