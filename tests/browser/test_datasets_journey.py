"""Managing data sets in the browser: tag, narrow, store a part, export, delete, undo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.browser.test_every_page import check
from tests.integration.bearings.make_datasets import store


@pytest.fixture(scope="module")
def dataset_id(ports: Ports, actor: Actor) -> str:
    """One data set of three classes with severities and findings."""
    with unit_of_work(ports):
        return store(actor, "Pump 7", 24, n_samples=2048).id


def test_acceptance_manage_journey(
    visitor: Callable[..., Any],
    ports: Ports,
    actor: Actor,
    dataset_id: str,
    worker: None,
    tmp_path: Path,
) -> None:
    person = visitor(actor, dark=True)
    page = person.page
    expect.set_options(timeout=60_000)

    person.visit(f"/datasets/{dataset_id}")
    tags = page.get_by_role("textbox", name="Tags")
    tags.fill("plant a")
    tags.press("Enter")
    expect(page.get_by_text("Saved")).to_be_visible()
    page.locator("#bearings-dataset-signals").scroll_into_view_if_needed()
    page.get_by_role("textbox", name="Search recordings").fill("inner")
    expect(page.locator("#bearings-dataset-count")).to_have_text("8 of 24")
    assert "q=inner" in page.url

    page.get_by_role("button", name="Store as a new data set").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The 8 of 24 recordings")
    dialog.get_by_label("Name of the new data set").fill("Inner races there")
    dialog.get_by_role("button", name="Store", exact=True).click()
    expect(dialog.get_by_role("link", name="Open result")).to_be_visible()
    dialog.get_by_role("link", name="Open result").click()
    expect(page.get_by_role("heading", name="Inner races there")).to_be_visible()

    page.get_by_role("button", name="Export").click()
    page.get_by_label("NumPy (.npz)").click()
    page.get_by_role("dialog").get_by_role("button", name="Export").click()
    link = page.get_by_role("link", name="Inner races there.npz")
    with page.expect_download() as downloading:
        link.click()
    saved = tmp_path / "part.npz"
    downloading.value.save_as(saved)
    with np.load(saved) as arrays:
        assert len(arrays.files) == 9
    page.keyboard.press("Escape")

    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Renamed there")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="Renamed there")).to_be_visible()

    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Renamed there is in the trash")).to_be_visible()
    expect(page.get_by_role("link", name="Renamed there")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Renamed there")).to_be_visible()

    page.get_by_role("textbox", name="Search data sets").fill("pump")
    expect(page.get_by_role("link", name="Renamed there")).to_have_count(0)
    page.get_by_text("Table", exact=True).click()
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(1)
    assert "look=table" in page.url
    page.reload()
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(1)
    person.settle()
    with unit_of_work(ports):
        assert "plant a" in datasets.get(actor, dataset_id).tags


def test_two_are_chosen_merged_and_compared(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, worker: None
) -> None:
    with unit_of_work(ports):
        for number in (1, 2):
            store(actor, f"Half {number}", 6, seed=20 + number)
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit("/datasets?q=hal")
    for number in (1, 2):
        page.get_by_role("checkbox", name=f"Choose Half {number}").click()
    expect(page.get_by_text("2 data sets chosen")).to_be_visible()
    page.get_by_role("button", name="Merge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Equal names of bearings")
    dialog.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("link", name="Half 2 + Half 1")).to_be_visible()
    person.visit("/datasets?q=hal")
    page.get_by_role("checkbox", name="Choose Half 1", exact=True).click()
    page.get_by_role("checkbox", name="Choose Half 2", exact=True).click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare data sets")).to_be_visible()
    expect(page.get_by_text("They overlap")).to_be_visible()
    person.settle()


@pytest.mark.parametrize("path", ["/datasets?look=table", "/datasets/{id}"])
def test_pages_with_data_keep_what_every_page_promises(
    visitor: Callable[..., Any], actor: Actor, dataset_id: str, tmp_path: Path, path: str
) -> None:
    person = visitor(actor)
    check(person, path.format(id=dataset_id), tmp_path, "datasets")
