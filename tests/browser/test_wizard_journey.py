"""Configure an experiment in every part, keep it as a template, begin again from it and start."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work


def test_acceptance_wizard_a_deep_model_is_configured_kept_and_started(
    visitor: Callable[..., Any], ports: Ports, actor: Actor
) -> None:
    person = visitor(actor)
    person.visit("/experiment/new?source=tones&ref=tones")
    page: Page = person.page
    expect(page.get_by_text("Honest: no")).to_be_visible()
    expect(page.get_by_label("Epochs", exact=True)).not_to_be_visible()
    page.get_by_role("radio", name="CNN", exact=True).click()
    epochs = page.get_by_label("Epochs", exact=True)
    expect(epochs).to_be_visible()
    epochs.fill("2")
    cost = page.locator("#learning-new-cost")
    expect(cost).to_contain_text("Parameters")
    before = cost.inner_text()
    page.get_by_label("Width", exact=True).locator("visible=true").fill("8")
    expect(cost).not_to_have_text(before, use_inner_text=True)
    page.get_by_text("Title, notes, tags and seeds").click()
    page.get_by_label("Seeds", exact=True).fill("0-1")
    page.get_by_label("Notes", exact=True).fill("a small one")
    page.get_by_text("Exact configuration").click()
    expect(page.locator("#learning-new-review")).to_contain_text('"epochs": 2')
    page.get_by_text("Keep as a template").click()
    page.get_by_label("Name", exact=True).fill("Small network")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept as Small network.")).to_be_visible()

    person.visit("/experiment/new")
    page.get_by_role("link", name="Small network").click()
    expect(page.get_by_text("From the template Small network.")).to_be_visible()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("2")
    page.get_by_text("Title, notes, tags and seeds").click()
    page.get_by_label("Seeds", exact=True).fill("0-1")
    start = page.get_by_role("button", name=re.compile("(Start|Queue) training"))
    expect(start).to_be_enabled()
    start.click()
    page.wait_for_url(re.compile(r"/experiments\?q=family"))
    expect(page.get_by_text("2 experiments", exact=True)).to_be_visible()
    person.visit("/experiment/new")
    page.get_by_text("Keep as a template").click()
    page.get_by_role("button", name="Delete the template Small network").click()
    expect(page.get_by_text("Small network is deleted.")).to_be_visible()
    expect(page.get_by_role("link", name="Small network")).to_have_count(0)
    with unit_of_work(ports):
        made = experiments.list_experiments(actor, limit=2).items
        first = experiments.get(actor, made[0].id)
        for one in made:
            experiments.delete(actor, one.id)
    assert {one.seed for one in made} == {0, 1}
    assert first.model.training.epochs == 2
    assert first.model.values["width"] == 8
