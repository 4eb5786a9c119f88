"""From the score to the signals behind its errors, its conditions, its curves and its archive."""

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments, results
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work


@pytest.fixture
def trained(ports: Ports, actor: Actor, worker: None) -> Iterator[str]:
    """An experiment that errs: a stump of a forest."""
    config = ModelConfig("random-forest", 0, {"n_trees": 10, "max_depth": 1})
    with unit_of_work(ports):
        made = experiments.create(
            actor, NewExperiment("tones", "tones", config, SplitConfig(""), title="Stump")
        )
    until = time.monotonic() + 60.0
    while True:
        with unit_of_work(ports):
            if experiments.get(actor, made.id).result is not None:
                break
        assert time.monotonic() < until, "nobody trained it"
        time.sleep(0.2)
    yield made.id
    with unit_of_work(ports):
        experiments.delete(actor, made.id)


def test_acceptance_result_leads_from_the_score_to_what_is_behind_it(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, trained: str
) -> None:
    person = visitor(actor)
    person.visit(f"/experiment/{trained}/results")
    page: Page = person.page
    expect(page.locator(".sonde-hero-value")).to_be_visible()
    with unit_of_work(ports):
        n_errors, listed = results.samples(actor, trained)
    assert n_errors
    first = listed[0].sample
    cell = page.get_by_role("link", name=f"of {first.label} told as {first.told}: show them")
    cell.click()
    expect(page.get_by_text(f"{first.label} told as {first.told}", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("tab=samples"))
    page.get_by_role("link", name="Show all errors").click()
    expect(page.get_by_text(re.compile(rf"{n_errors:,} held-out window"))).to_be_visible()
    page.get_by_role("tab", name="Conditions").click()
    expect(page.get_by_text("By load", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("tab=conditions"))
    page.reload()
    expect(page.get_by_text("By load", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Probabilities").click()
    expect(page.get_by_text("ROC", exact=False).first).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Origin and export").click()
    expect(page.get_by_text("Provenance", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything as one archive").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert "recompute.ipynb" in archive.namelist()
    page.get_by_role("link", name="Train another").click()
    expect(page.get_by_text("As Stump.")).to_be_visible(timeout=60_000)
