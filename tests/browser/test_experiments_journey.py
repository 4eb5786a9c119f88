"""The list of experiments in a browser: search, filter, group, tag, undo, choose, compare, keep."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from sonde.learning.services import tags
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.learning.listed_experiments import add, tell

QUERY = "#learning-experiments-query"
FAMILY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture(scope="module")
def filled(ports: Ports, actor: Actor) -> None:
    """A hundred and thirty experiments of two models."""
    with unit_of_work(ports):
        for number in range(125):
            add(actor, f"Forest {number}", score=0.6 + number / 1000, seed=number)
        for seed in range(3):
            one = add(actor, f"ResNet seed {seed}", score=0.95 + seed / 100, model="resnet-18",
                      family_id=FAMILY, seed=seed)  # fmt: skip
            tell(actor, one, "validation/loss", {step: 1.0 / step for step in range(1, 21)})
            tags.attach(actor, [one], ["baseline", "night run"])
        add(actor, "Leaky one", score=0.999, is_honest=False)
        add(actor, "No end", finished_at=None)


def _rows(page: Page) -> Any:
    return page.locator(".ag-center-cols-container .ag-row")


def _search(page: Page, text: str) -> None:
    field = page.locator(QUERY)
    field.fill(text)
    page.wait_for_timeout(300)
    field.press("Escape")


def test_acceptance_search_the_list_in_a_browser(
    visitor: Callable[..., Any], actor: Actor, filled: None
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/experiments")
    count = page.locator("#learning-experiments-count")
    expect(count).to_have_text("130 experiments")
    _search(page, "tag:baseline macro_f1:>0.955")
    expect(count).to_have_text("2 experiments")
    assert "q=tag%3Abaseline" in page.url
    _search(page, "tag:baseline (")
    error = page.locator("#learning-experiments-error")
    expect(error).to_contain_text("Character 15 of the search")
    _search(page, "")
    expect(error).to_have_text("")
    # completions: the field, then the values that are in use
    page.locator(QUERY).press_sequentially("tag:ni")
    page.get_by_role("option", name=re.compile("night run")).click()
    expect(page.locator(QUERY)).to_have_value('tag:"night run"')
    expect(count).to_have_text("3 experiments")
    # the controls write the search
    page.locator("#learning-experiments-status").click()
    page.get_by_role("option", name="completed").click()
    expect(page.locator(QUERY)).to_have_value('tag:"night run" status:completed')
    page.keyboard.press("Escape")
    # sorted by a click, and the address is a link
    page.locator(".ag-header-cell", has_text="Macro-F1").click()
    expect(_rows(page).first).to_contain_text("ResNet seed 0")
    expect(page).to_have_url(re.compile("sort=macro_f1"))
    page.reload()
    person.settle()
    expect(count).to_have_text("3 experiments")
    expect(_rows(page).first).to_contain_text("ResNet seed 0")


def test_chosen_ones_are_tagged_taken_back_and_survive_pages(
    visitor: Callable[..., Any], actor: Actor, filled: None
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/experiments?q=model%3Aresnet*")
    bar = page.locator("#learning-experiments-bar")
    expect(bar).to_be_hidden()
    for number in range(2):
        _rows(page).nth(number).locator("input[type=checkbox]").check()
    expect(bar).to_contain_text("2 experiments chosen")
    expect(bar.get_by_label(re.compile("Do not choose ResNet"))).to_have_count(2)
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_role("textbox", name="Tags").fill("fresh")
    page.get_by_role("textbox", name="Tags").press("Enter")
    page.get_by_role("button", name="Give").click()
    note = page.locator("#learning-experiments-undo")
    expect(note).to_contain_text("2 experiments are tagged")
    expect(page.locator(".sonde-tag", has_text="fresh")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".sonde-tag", has_text="fresh")).to_have_count(0)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#learning-experiments-count")).to_have_text("1 experiment")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#learning-experiments-count")).to_have_text("3 experiments")
    # elsewhere and back: the tray is still there
    person.visit("/experiments?q=status%3Afailed")
    expect(bar).to_contain_text("2 experiments chosen")
    expect(page.get_by_role("button", name="Compare")).to_be_enabled()
    page.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()


def test_families_are_grouped_and_searches_are_kept(
    visitor: Callable[..., Any], actor: Actor, filled: None
) -> None:
    person = visitor(actor, dark=True)
    page = person.page
    columns = "title,macro_f1,best.validation%2Floss,loss@10"
    person.visit(f"/experiments?q=has%3Afamily&group=family&columns={columns}")
    expect(_rows(page)).to_have_count(1)
    expect(_rows(page).first).to_contain_text("0.960 ± 0.025 (n = 3)")
    page.get_by_role("button", name="ResNet seed 0").click()
    expect(_rows(page)).to_have_count(3)
    expect(_rows(page).first).to_contain_text("0.1")
    page.get_by_role("button", name="Save search").click()
    page.get_by_label("Name").fill("Family")
    page.get_by_label("Tell me when").check()
    page.get_by_role("button", name="Save", exact=True).click()
    kept = page.locator(".sonde-saved-link", has_text="Family")
    expect(kept).to_be_visible()
    assert f"family:{FAMILY}" in unquote(kept.get_attribute("href") or "")
    page.get_by_role("button", name="Tags", exact=True).click()
    expect(page.locator(".sonde-tag-list li").first).to_contain_text("experiments")
    page.keyboard.press("Escape")
    page.get_by_label("Change the search Family").click()
    page.get_by_role("menuitem", name="Pin it").click()
    expect(page.locator(".sonde-saved.is-pinned")).to_have_count(1)
    page.get_by_label("Change the search Family").click()
    page.get_by_role("menuitem", name="Forget it").click()
    expect(kept).to_have_count(0)
