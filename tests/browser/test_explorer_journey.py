"""Exploring a data set of eleven classes: filter, look from every side, go to a signal."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.simulate.describing import simulate_recording
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.persistence.signal_files import writing
from sonde.bearings.services import datasets, features
from sonde.bearings.services.explorer import keeping
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

CONFIG = GenerationConfig(
    per_class=8, sampling_rate_hz=5120.0, duration_s=0.8, records_per_bearing=2
)
_SHARE = re.compile(r"(\d+) % of the answers")


def _store(actor: Actor, folder: Path, name: str, numbers: range) -> Dataset:
    path = folder / f"{name}.h5"
    new = []
    with writing(path) as writer:
        for number in numbers:
            recording, samples = simulate_recording(CONFIG, number)
            rate = CONFIG.sampling_rate_hz
            place = writer.add(samples, channels=recording.channels, sampling_rate_hz=rate)
            new.append(replace(recording, signal_path=place))
    plan = datasets.DatasetPlan(name, "generation", "", tuple(new))
    return datasets.create_sealed(actor, plan, file_key=datasets.store_signals(path))


@pytest.fixture(scope="module")
def eleven(ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Eight signals of each of the eleven classes, features extracted."""
    folder = tmp_path_factory.mktemp("eleven")
    with unit_of_work(ports):
        stored = _store(actor, folder, "Eleven", range(CONFIG.n_signals))
        job = features.ensure(actor, stored.id)
    assert job is not None
    assert run_job(ports, job.id, "test") == "succeeded"
    return stored


@pytest.fixture(scope="module")
def bare(ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Sixteen signals of two classes, without features."""
    with unit_of_work(ports):
        return _store(actor, tmp_path_factory.mktemp("bare"), "Bare", range(16))


def _open(person: Any, tab: str) -> None:
    person.page.get_by_role("tab", name=tab, exact=True).click()
    person.settle()


def test_exploring_eleven_classes(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, eleven: Dataset, worker: None
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit(f"/data-explorer?dataset={eleven.id}")
    number = page.locator("#bearings-explorer-count")
    expect(number).to_have_text("All 88 signals")
    expect(page.get_by_role("cell", name="Oil whirl", exact=True).first).to_be_visible()

    page.locator("#bearings-explorer-labels").click()
    page.get_by_role("option", name=re.compile("Oil whirl")).click()
    page.get_by_role("option", name=re.compile("^Wear \\(")).click()
    page.keyboard.press("Escape")
    page.get_by_label("Sample size").fill("5")
    page.get_by_role("button", name="Apply").click()
    expect(number).to_have_text("10 of 88 signals")
    person.settle()
    assert "class=oil_whirl%7Cwear" in page.url
    assert "n=5" in page.url
    page.reload()
    page.wait_for_selector("#bearings-explorer-count")
    expect(number).to_have_text("10 of 88 signals")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(number).to_have_text("All 88 signals")
    assert "class=" not in page.url

    _open(person, "Spectra")
    expect(page.get_by_text("Means over 88 signals of 11 classes")).to_be_visible()
    page.get_by_text("Envelope", exact=True).click()
    expect(page.get_by_text("Squared envelope spectrum of each class").first).to_be_visible()
    assert "kind=envelope" in page.url

    _open(person, "Compare features")
    expect(page.get_by_text("Class means lie furthest apart in")).to_be_visible()

    _open(person, "Distributions")
    expect(page.get_by_text("has the highest median")).to_be_visible()
    page.locator("#bearings-explorer-panel .boxlayer .trace").nth(3).locator("path.box").click(
        force=True
    )
    expect(page.get_by_text("in front of all that the filter keeps")).to_be_visible()
    assert "of=" in page.url

    _open(person, "Scatter matrix")
    expect(page.get_by_text("88 signals in 6 pairs of features")).to_be_visible()

    _open(person, "Projection")
    expect(page.get_by_text("trustworthiness").first).to_be_visible()
    page.get_by_text("t-SNE", exact=True).click()
    page.get_by_role("button", name="Calculate projection").click()
    expect(page.get_by_text("t-SNE of").first).to_be_visible(timeout=60_000)
    person.settle()
    page.locator("#bearings-explorer-panel .scatterlayer .points path").first.click(force=True)
    page.wait_for_url(re.compile("/signal-viewer/"))
    page.go_back()
    person.settle()
    expect(page.get_by_text("t-SNE of").first).to_be_visible()

    _open(person, "Signals")
    expect(page.get_by_role("gridcell", name="healthy").first).to_be_visible()
    share = _SHARE.search(page.locator("#bearings-explorer-foot").inner_text())
    assert share is not None
    assert int(share[1]) > 50
    with unit_of_work(ports):
        assert keeping.reads(datasets.get(actor, eleven.id)).rate > 0.5


def test_features_are_extracted_from_the_explorer(
    visitor: Callable[..., Any], actor: Actor, bare: Dataset, worker: None
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit(f"/data-explorer?dataset={bare.id}&tab=compare")
    page.get_by_role("button", name="Extract the 36 features").click()
    expect(page.get_by_text("Class means lie furthest apart in")).to_be_visible(timeout=60_000)


def test_a_filter_that_keeps_nothing_says_why(
    visitor: Callable[..., Any], actor: Actor, bare: Dataset, eleven: Dataset
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit(f"/data-explorer?dataset={bare.id}&speed=90000_&class=healthy")
    expect(page.get_by_text("The filter keeps nothing")).to_be_visible()
    expect(page.get_by_text("at once: class, speed")).to_be_visible()
    person.visit(f"/data-explorer?dataset={bare.id}&speed=9_1")
    expect(page.get_by_text("beyond its end 1")).to_be_visible()
    person.visit("/data-explorer")
    page.get_by_role("link", name="Bare").click()
    expect(page.locator("#bearings-explorer-count")).to_have_text("All 16 signals")
    page.locator("#bearings-explorer-dataset").click()
    page.get_by_role("option", name="Eleven").click()
    expect(page.locator("#bearings-explorer-count")).to_have_text("All 88 signals")
