"""Market data through the page: import, look closer, find a gap, resample, replay, delete."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.platform.core.actor import Actor
from tests.browser.test_every_page import OVERFLOW, barriers

HOUR_MS = 3_600_000
START_MS = 1_704_067_200_000  # 2024-01-01
MISSING = range(700, 706)


def written(path: Path, symbol_price: float, *, broken_row: int | None = None) -> Path:
    """Write 1,000 hours of candles without six of them; one row's high may be wrong."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", "open", "high", "low", "close", "volume"])
        for k in range(1000):
            if k in MISSING:
                continue
            first = symbol_price * (1 + 0.05 * math.sin(k / 40))
            last = symbol_price * (1 + 0.05 * math.sin((k + 1) / 40))
            high, low = max(first, last) * 1.001, min(first, last) * 0.999
            high = low if k == broken_row else high
            prices = [f"{value:.2f}" for value in (first, high, low, last)]
            table.writerow([START_MS + k * HOUR_MS, *prices, f"{10 + k % 7}.5"])
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "hours.csv", 40_000.0)


def import_file(page: Any, symbol: str, path: Path) -> None:
    page.fill("#markets-data-import-symbol", symbol)
    page.set_input_files("#markets-data-import-file input[type=file]", path)
    expect(page.locator("#markets-data-import-chosen")).to_have_text(path.name)
    page.get_by_role("button", name="Import", exact=True).click()


def test_market_data_from_a_file_to_its_end(
    visitor: Callable[..., Any], actor: Actor, worker: None, file: Path
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/markets/data")
    expect(page.get_by_text("Nothing is collected")).to_be_visible()
    import_file(page, "JRNUSDT", file)
    expect(page.locator("#markets-data-import-list").get_by_text("stored")).to_be_visible()
    page.locator("#markets-data-grid").get_by_role("link", name="JRNUSDT").click()

    expect(page.get_by_role("heading", name="JRNUSDT 1h")).to_be_visible()
    summary = page.locator("#markets-data-chart-summary")
    expect(summary).to_contain_text("From 2024-01-01 00:00 UTC on")
    page.get_by_role("tab", name="Gaps (1)").click()
    page.get_by_role("button", name="6 bars are missing").click()
    expect(summary).to_contain_text("candles of 1h each")
    expect(summary).not_to_contain_text("2024-01-01")
    assert "mark=" in page.url
    place = page.url
    person.visit(place.removeprefix(person.url))
    expect(summary).not_to_contain_text("2024-01-01")
    page.get_by_role("button", name="Show all").click()
    expect(summary).to_contain_text("From 2024-01-01 00:00 UTC on")
    assert "from=" not in page.url
    person.settle()

    page.locator("#markets-data-show").click()
    page.get_by_role("option", name="Relative strength index").click()
    page.keyboard.press("Escape")
    expect(page.locator("#markets-data-chart").get_by_text("RSI", exact=True)).to_be_visible()
    person.settle()

    for dark in (True, False):
        person.look(dark=dark, narrow=dark)
        page.wait_for_timeout(350)  # colours fade
        assert page.evaluate(OVERFLOW) <= 0
        assert barriers(person) == []
    page.get_by_role("button", name="Resample").click()
    expect(page.get_by_role("heading", name="JRNUSDT 2h")).to_be_visible()
    person.settle()
    page.get_by_role("button", name="Delete this series").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="Market data")).to_be_visible()
    expect(page.locator("#markets-data-grid").get_by_text("2h")).to_have_count(0)
    person.settle()


def test_a_bad_file_is_told_by_row_and_column(
    visitor: Callable[..., Any], actor: Actor, worker: None, tmp_path: Path
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/markets/data")
    import_file(page, "BADUSDT", written(tmp_path / "bad.csv", 40_000.0, broken_row=40))
    said = page.locator("#markets-data-import-list")
    expect(said.get_by_text("Row 42, column high").first).to_be_visible()
    expect(said.get_by_text("refused")).to_be_visible()
    person.settle()


def test_a_replay_is_made_played_and_moved(
    visitor: Callable[..., Any], actor: Actor, worker: None, tmp_path: Path
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/markets/data")
    import_file(page, "RPLUSDT", written(tmp_path / "replayed.csv", 100.0))
    expect(page.locator("#markets-data-grid").get_by_role("link", name="RPLUSDT")).to_be_visible()
    page.locator("#markets-data-replay-series").click()
    page.get_by_role("option", name="file:RPLUSDT 1h").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Make a replay").click()
    page.get_by_role("button", name="Play: RPLUSDT").click()
    expect(page.get_by_text("playing", exact=True)).to_be_visible()
    page.get_by_role("button", name="Pause: RPLUSDT").click()
    expect(page.get_by_role("button", name="Play: RPLUSDT")).to_be_visible()
    page.get_by_label("Go to (UTC)").fill("2024-01-05 12:00")
    page.get_by_role("button", name="Set: RPLUSDT").click()
    expect(page.get_by_text("2024-01-05 12:00 UTC")).to_be_visible()
    page.get_by_role("button", name="Remove: RPLUSDT").click()
    expect(page.get_by_text("No replay")).to_be_visible()
    person.settle()
