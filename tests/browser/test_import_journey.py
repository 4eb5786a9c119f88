"""Importing recordings through the page: choose, check, correct, store."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from playwright.sync_api import Page, expect

from sonde.platform.core.actor import Actor


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two sound recordings, one without its speed, a broken one, and a label table."""
    rng = np.random.default_rng(11)
    for name, facts in (
        ("healthy_1.mat", {"rpm": 1500.0}),
        ("inner_1.mat", {"rpm": 1500.0}),
        ("inner_2.mat", {}),
    ):
        values = {"x": rng.standard_normal(6000), "fs": 12000.0, **facts}
        scipy.io.savemat(tmp_path / name, values)
    (tmp_path / "broken.mat").write_bytes(b"no recording at all")
    (tmp_path / "labels.csv").write_text("file,bearing\nhealthy_1.mat,N\ninner_1.mat,A\n")
    return sorted(path for path in tmp_path.iterdir() if path.is_file())


def cell(page: Page, file: str, column: str) -> Any:
    """Return one cell of the review, by the file's name."""
    row = page.locator(".ag-row", has=page.get_by_text(file, exact=True)).first
    number = row.get_attribute("row-id")
    return page.locator(f'.ag-row[row-id="{number}"] [col-id="{column}"]').first


def test_import_through_the_page(
    visitor: Callable[..., Any], actor: Actor, worker: None, files: list[Path]
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/datasets")
    page.get_by_role("link", name="Import recordings").first.click()
    expect(page.get_by_text("Folder on the server")).to_have_count(0)
    page.fill("#bearings-import-name", "Spring campaign")
    page.fill("#bearings-import-bearing", "6205-2RS")
    page.set_input_files("#bearings-import-upload input[type=file]", files)
    expect(page.get_by_text("5 files: ")).to_be_visible()
    page.get_by_role("button", name="Read the files").click()

    store = page.get_by_role("button", name="Store the data set")
    expect(store).to_be_visible(timeout=60_000)
    expect(page.get_by_text("2 ready")).to_be_visible()
    expect(page.get_by_text("1 lack something")).to_be_visible()
    expect(page.get_by_text("1 refused")).to_be_visible()
    expect(page.get_by_text("Lacks speed.")).to_be_visible()

    speed = cell(page, "inner_2.mat", "speed_rpm")
    speed.click()
    page.keyboard.type("1480")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 ready")).to_be_visible()

    store.click()
    expect(page.get_by_role("heading", name="Spring campaign")).to_be_visible()
    expect(page.get_by_text("3 recordings of 3 physical bearings")).to_be_visible()
    expect(page.get_by_role("link", name="Train on this")).to_be_visible()
    person.settle()


def test_a_wrong_cell_is_put_back_and_missing_values_are_filled_in(
    visitor: Callable[..., Any], actor: Actor, worker: None, files: list[Path]
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/datasets/import")
    page.fill("#bearings-import-name", "Second try")
    page.set_input_files("#bearings-import-upload input[type=file]", files)
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_role("button", name="Store the data set")).to_be_visible(timeout=60_000)

    bearing = cell(page, "inner_1.mat", "bearing")
    bearing.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("x" * 90)
    page.keyboard.press("Enter")
    expect(page.get_by_text("At most 80 printable characters.")).to_be_visible()
    expect(cell(page, "inner_1.mat", "bearing")).to_have_text("A")

    page.fill("#bearings-review-value", "1510")
    page.get_by_role("button", name="Fill in where missing").click()
    expect(page.get_by_text("3 ready")).to_be_visible()
    expect(cell(page, "inner_2.mat", "speed_rpm")).to_have_text("1510")

    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Datasets")).to_be_visible()
    expect(page.get_by_text("Second try")).to_have_count(0)
    person.settle()


def test_acceptance_import_page_layouts_shaping_findings_and_recent_imports(
    visitor: Callable[..., Any], actor: Actor, worker: None, tmp_path: Path
) -> None:
    rng = np.random.default_rng(12)
    for minute in (1, 2):
        rows = np.clip(rng.standard_normal((4096, 2)), -1.5, 1.5)
        lines = ["Horizontal_vibration_signals,Vertical_vibration_signals"]
        lines += [f"{across:.5f},{up:.5f}" for across, up in rows]
        (tmp_path / f"{minute}.csv").write_text("\n".join(lines))
    (tmp_path / "3.csv").write_text("no,numbers\n" * 20)
    person = visitor(actor)
    page = person.page
    person.visit("/datasets/import?preset=xjtu")
    expect(page.get_by_text("time counts from 1 January 1970")).to_be_visible()
    page.get_by_role("textbox", name="Layout of the files").click()
    page.get_by_role("option", name="Recognise the layout").click()
    expect(page.get_by_text("Each file is recognised by its name")).to_be_visible()
    page.fill("#bearings-import-name", "Run one")
    page.set_input_files("#bearings-import-upload input[type=file]", sorted(tmp_path.iterdir()))
    page.get_by_text("For files that do not say it themselves").click()
    page.fill("#bearings-import-speed", "2100")
    page.fill("#bearings-import-label", "healthy")
    page.fill("#bearings-import-session", "May")
    page.get_by_text("Target rate, length and scale").click()
    page.fill("#bearings-import-resample", "12800")
    page.fill("#bearings-import-length", "1024")
    page.get_by_text("Every piece of it").click()
    page.get_by_role("button", name="Read the files").click()

    expect(page.get_by_text("4 ready")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("4 clipped")).to_be_visible()
    expect(page.get_by_text("1 refused")).to_be_visible()
    assert cell(page, "1.csv window 2", "sampling_rate_hz").inner_text() == "12800"
    person.settle()
    person.visit("/datasets/import")
    row = page.get_by_role("row", name="Run one")
    expect(row.get_by_text("waits for you")).to_be_visible()
    row.get_by_text("1 refused").click()
    expect(row.get_by_text("This text file is no table of numbers.")).to_be_visible()
    expect(page.get_by_text("of 500,000 used")).to_be_visible()
    row.get_by_role("link", name="Run one").click()
    page.get_by_role("button", name="Store the data set").click()
    expect(page.get_by_role("heading", name="Run one")).to_be_visible()
    person.settle()
