"""From signals to a model: extract, look, study, save what was chosen, and train on it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.features.study import StudyConfig
from sonde.bearings.services import feature_sets, feature_studies, features
from sonde.platform.core.actor import Actor
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.browser.test_every_page import check
from tests.conftest import wait_until
from tests.integration.bearings.feature_data import make_dataset


@pytest.fixture(scope="module")
def dataset(ports: Ports, actor: Actor) -> Dataset:
    with unit_of_work(ports):
        return make_dataset(actor, "Journey", n_samples=8192)


@pytest.mark.usefixtures("worker")
def test_acceptance_features_from_signals_to_a_set_that_can_be_trained_on(
    visitor: Callable[..., Any], actor: Actor, dataset: Dataset
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit(f"/feature-engineering?dataset={dataset.id}&names=RMS,Kurtosis,CrestFactor")
    expect(page.get_by_text("3 chosen")).to_be_visible()

    # Search and choose: the address follows.
    page.get_by_placeholder("Name, formula, source").fill("randall bpfo")
    page.get_by_label("Outer race lines").check()
    expect(page.get_by_text("4 chosen")).to_be_visible()
    page.get_by_placeholder("Name, formula, source").fill("")
    assert "EnvelopeBPFO" in page.url

    # A band of one's own.
    page.get_by_role("button", name=re.compile("Own bands")).click()
    page.get_by_role("button", name="Define a band").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("second_harmonic")
    form.get_by_label("From").fill("110")
    form.get_by_label("To", exact=True).fill("130")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("5 chosen")).to_be_visible()
    expect(form).not_to_be_visible()

    page.get_by_role("button", name="Extract 5 features of 18 recordings").click()
    expect(page.get_by_role("link", name="healthy 0.npy")).to_be_visible()
    page.get_by_role("tab", name="Distributions").click()
    page.get_by_role("textbox", name="Feature", exact=True).click()
    page.get_by_role("option", name="second harmonic").click()
    expect(page.get_by_text(re.compile("highest for Misalignment"))).to_be_visible()
    person.settle()
    assert "feature=own%3Asecond_harmonic" in page.url

    page.reload()
    page.wait_for_selector(".sonde-chart-summary")
    expect(page.get_by_text(re.compile("highest for Misalignment"))).to_be_visible()
    page.get_by_role("tab", name="Correlation").click()
    expect(page.get_by_text(re.compile("5 features, alike ones"))).to_be_visible()

    page.get_by_role("tab", name="Selection").click()
    page.get_by_label("Features to keep").fill("2")
    page.wait_for_url(re.compile("n=2"))
    person.settle()
    page.get_by_label("Folds").fill("3")
    page.wait_for_url(re.compile("folds=3"))
    person.settle()
    page.get_by_role("button", name="Find out").click()
    expect(page.get_by_role("heading", name="Chosen: 2 of 5")).to_be_visible()
    expect(page.get_by_text(re.compile("^Honest: no bearing"))).to_be_visible()
    page.get_by_label("Save as a set").fill("Best two")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Best two: experiments can learn from it.")).to_be_visible()

    page.get_by_role("tab", name="Sets").click()
    page.get_by_role("link", name="Train on it").click()
    expect(page.get_by_role("textbox", name="Features", exact=True)).to_have_value(
        "Best two · 2 features"
    )
    expect(page.get_by_role("button", name=re.compile("(Start|Queue) training"))).to_be_enabled()


def test_the_page_without_values_dark_and_narrow(
    visitor: Callable[..., Any], actor: Actor, dataset: Dataset
) -> None:
    person = visitor(actor, dark=True, narrow=True)
    person.visit(f"/feature-engineering?dataset={dataset.id}&names=advanced&tab=importance")
    expect(person.page.get_by_role("button", name=re.compile("Extract 16"))).to_be_visible()
    width = person.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 420
    person.visit(f"/feature-engineering?dataset={dataset.id}&names=none")
    expect(person.page.get_by_text("No feature is chosen")).to_be_visible()


def _finish(ports: Ports, actor: Actor, job_id: str) -> None:
    """Run a job, or wait for the worker of this module, which may have taken it first."""

    def state() -> JobState:
        with unit_of_work(ports):
            return jobs.get(actor, job_id).state

    run_job(ports, job_id, "test worker")
    wait_until(lambda: state().is_final)
    assert state() is JobState.SUCCEEDED


def test_every_tab_is_whole_for_everybody(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, dataset: Dataset, tmp_path: Path
) -> None:
    names = ("RMS", "Kurtosis", "Harmonic2X1X", "VelocityRMS")
    with unit_of_work(ports):
        job = features.ensure(actor, dataset.id, names)
        feature_sets.save(actor, "Seen by everybody", names)
    if job is not None:
        _finish(ports, actor, job.id)
    config = StudyConfig("selection", "variance", names, n_features=2, n_folds=3)
    with unit_of_work(ports):
        started = feature_studies.start(actor, dataset.id, config).job
    _finish(ports, actor, started.id)
    person = visitor(actor)
    address = f"/feature-engineering?dataset={dataset.id}&names={','.join(names)}&folds=3&n=2"
    for tab in ("table", "selection&selection=variance", "sets"):
        check(person, f"{address}&tab={tab}", tmp_path, tab.split("&", maxsplit=1)[0])
