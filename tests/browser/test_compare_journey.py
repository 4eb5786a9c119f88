"""From three trained models to a verdict that a colleague can open."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.browser.test_every_page import check

FORESTS = {"Ten trees": 10, "Twenty trees": 20, "Fifty trees": 50}


def train(ports: Ports, actor: Actor, title: str, trees: int, policy: str = "group-k-fold") -> str:
    """Train a forest and return its experiment's id."""
    model = ModelConfig("random-forest", trees, {"n_trees": trees})
    split = SplitConfig(policy, n_folds=3)
    with unit_of_work(ports):
        made = experiments.create(actor, NewExperiment("tones", "tones", model, split, title))
    assert run_job(ports, made.summary.job_id, "browser-test") == "succeeded"
    return made.id


@pytest.fixture(scope="module")
def forests(ports: Ports, actor: Actor) -> list[str]:
    return [train(ports, actor, title, trees) for title, trees in FORESTS.items()]


@pytest.fixture(scope="module")
def leaky(ports: Ports, actor: Actor) -> str:
    return train(ports, actor, "Too good", 10, "random-windows")


def test_acceptance_compare_from_choosing_to_a_link_for_a_colleague(
    visitor: Callable[..., Any], actor: Actor, forests: list[str]
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit("/compare")
    expect(page.get_by_text("Which is better?")).to_be_visible()

    # Two are chosen; the address follows and the verdict stands there in a sentence.
    for title in list(FORESTS)[:2]:
        page.get_by_role("textbox", name="Experiments").click()
        page.get_by_role("option", name=title).click()
        expect(page.locator(".mantine-Pill-root", has_text=title)).to_be_visible()
        person.settle()
    expect(page.locator(".sonde-compare-sentence")).to_contain_text("has the highest macro-F1")
    assert f"ids={forests[0]}" in page.url
    expect(page.get_by_text("with these 12 bearings").first).to_be_visible()
    page.get_by_text("How this was tested").click()
    expect(page.get_by_text("McNemar on verdicts")).to_be_visible()

    # Three: each against each, and the critical-difference diagram.
    person.visit(f"/compare?ids={','.join(forests)}")
    expect(page.get_by_text("Each against each")).to_be_visible()
    expect(page.locator("#learning-compare-ranks")).to_be_visible()

    # Every tab; the address keeps the tab and what is chosen in it.
    page.get_by_role("tab", name="Metrics").click()
    expect(page.get_by_text("Every metric")).to_be_visible()
    page.get_by_role("tab", name="Folds and curves").click()
    expect(page.locator("#learning-compare-folds")).to_be_visible()
    page.get_by_role("tab", name="Confusion").click()
    expect(page.locator("#learning-compare-confusion")).to_be_visible()
    page.get_by_role("tab", name="Classes and slices").click()
    page.get_by_role("textbox", name="By").click()
    page.get_by_role("option", name="load").click()
    expect(page.get_by_text("The experiments differ most for")).to_be_visible()
    page.wait_for_url(re.compile("by=load"))
    page.get_by_role("tab", name="What differs").click()
    expect(page.get_by_role("cell", name="Seed", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="Data set", exact=True)).not_to_be_visible()
    page.get_by_label("Show what is the same, too").click(force=True)
    expect(page.get_by_role("cell", name="Data set", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("cell", name="Data set", exact=True)).to_be_visible()

    # As files, then kept under a name: its address shows the same to a colleague.
    with page.expect_download() as download:
        page.get_by_text("PDF", exact=True).click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    # ... also after the address moved on without a visit
    page.get_by_role("tab", name="Verdict").click()
    expect(page.get_by_text("Each against each")).to_be_visible()
    expect(page).not_to_have_url(re.compile("tab="))
    page.get_by_role("button", name="Keep and share").click()
    page.get_by_role("textbox", name="Name").fill("How many trees")
    page.get_by_role("textbox", name="Note").fill("Fifty are enough.")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("heading", name="How many trees")).to_be_visible()
    link = page.url
    assert re.search(r"/compare/[0-9A-Z]{26}$", link)
    colleague = visitor(actor)
    colleague.visit(link.removeprefix(person.url))
    expect(colleague.page.get_by_text("Fifty are enough.")).to_be_visible()
    expect(colleague.page.get_by_text("Each against each")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("menuitem", name="Delete this comparison").click()
    expect(page.get_by_text("Which is better?")).to_be_visible()


def test_acceptance_compare_a_refusal_says_why(
    visitor: Callable[..., Any], actor: Actor, forests: list[str], leaky: str
) -> None:
    person = visitor(actor)
    path = f"/compare?ids={forests[0]},{leaky}"
    person.visit(path)
    expect(person.page.get_by_text("These experiments cannot be compared")).to_be_visible()
    expect(person.page.get_by_text("is leaky: the score of Too good is too good")).to_be_visible()
    assert person.page.get_by_role("tab").count() == 0


@pytest.mark.parametrize("tab", ["verdict", "slices"])
def test_every_tab_is_whole_for_everybody(
    tourist: Any, forests: list[str], tmp_path: Path, tab: str
) -> None:
    check(tourist, f"/compare?ids={','.join(forests)}&tab={tab}", tmp_path, tab)
