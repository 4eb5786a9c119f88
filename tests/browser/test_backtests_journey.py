"""Backtests through the page: ask, look closer, doubt, search, compare, delete."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.markets.services.backtests import asking, results
from sonde.markets.services.backtests.asking import Wish
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.markets.backtest_data import store

PATH = "/markets/backtests"


@pytest.fixture(scope="module")
def prices(ports: Ports, actor: Actor) -> Any:
    """Two months of hours that go up and down, of two symbols."""
    store(ports, actor, symbol="ETHUSDT", seed=2)
    return store(ports, actor)


def finished(ports: Ports, actor: Actor, kind: str = "backtest", **wish: Any) -> str:
    """Ask for a study and compute it at once; the browser only looks at it."""
    with unit_of_work(ports):
        asked = asking.ask(actor, kind, Wish(symbol="BTCUSDT", strategy="sma-cross", **wish))
    # the worker of this module may have taken it first
    run_job(ports, asked.job_id, "test worker")
    for _ in range(200):
        with unit_of_work(ports):
            if results.get(actor, asked.backtest_id).state.value == "succeeded":
                return asked.backtest_id
        time.sleep(0.1)
    raise AssertionError("the run did not succeed")


def fill(page: Any, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).fill(value)


def test_a_backtest_from_the_form_to_its_trades(
    visitor: Callable[..., Any], actor: Actor, worker: None, prices: Any
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit(PATH)
    expect(page.get_by_text("No run yet")).to_be_visible()
    fill(page, "Fast period", "5")
    fill(page, "Slow period", "20")
    page.get_by_label("Further symbols").first.click()
    page.get_by_role("option", name="binance:ETHUSDT").click()
    page.keyboard.press("Escape")
    page.get_by_text("Money and size of an entry").click()
    fill(page, "Size", "40")
    page.get_by_text("Risk rules", exact=True).click()
    fill(page, "Pause after an exit, min", "3000")
    page.get_by_text("Costs, liquidity and latency").click()
    fill(page, "Fee, %", "0.1")
    page.get_by_role("button", name="Run", exact=True).click()

    expect(page.get_by_role("heading", name="Backtest: SMA cross on")).to_be_visible()
    expect(page.locator("#markets-backtests-equity-summary")).to_contain_text("1,500 bars")
    expect(page.get_by_text("What costs took")).to_be_visible()
    expect(page.get_by_text("Held back by the risk rules")).to_be_visible()
    expect(page.locator("#markets-backtests-candles-summary")).to_contain_text("trades between")
    expect(page.get_by_text("The same trades in another order").first).to_be_visible()
    expect(page.locator("#markets-backtests-trades").get_by_text("long").first).to_be_visible()
    page.locator("#markets-backtests-candles-symbol").get_by_text("ETHUSDT").click()
    candles = page.locator("#markets-backtests-candles-panel")
    expect(candles.get_by_label("Trades on binance:ETHUSDT")).to_be_visible()
    person.settle()

    page.get_by_role("link", name="Look-ahead analysis").click()
    expect(page.get_by_label("Cuts", exact=True)).to_be_visible()
    expect(page.get_by_label("Fast period", exact=True)).to_have_value("5")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("It does not know the future")).to_be_visible()
    person.settle()


def test_runs_are_found_compared_and_deleted(
    visitor: Callable[..., Any], actor: Actor, ports: Ports, prices: Any
) -> None:
    one = finished(ports, actor, settings={"fast": 5, "slow": 20})
    two = finished(ports, actor, settings={"fast": 10, "slow": 40})
    finished(
        ports, actor, "sweep", study={"axes": {"fast": [5, 10, 15], "slow": [20, 40]}, "draws": 1}
    )
    person = visitor(actor)
    page = person.page
    person.visit(f"{PATH}?kind=sweep")
    grid = page.locator("#markets-backtests-grid")
    grid.get_by_role("link", name="SMA cross, BTCUSDT: fast of").first.click()
    expect(page.get_by_text("tries are counted")).to_be_visible()
    expect(page.locator("#markets-backtests-map-0 .js-plotly-plot")).to_be_visible()
    person.settle()

    person.visit(f"{PATH}?kind=backtest")
    for row in (one, two):
        grid.locator(f"[row-id='{row}'] input[type=checkbox]").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="Compare backtests")).to_be_visible()
    expect(page.get_by_text("a day beyond run 1")).to_be_visible()
    person.settle()

    person.visit(f"{PATH}?kind=backtest")
    grid.locator(f"[row-id='{two}'] input[type=checkbox]").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(grid.locator(f"[row-id='{two}']")).to_have_count(0)
    expect(grid.locator(f"[row-id='{one}']").first).to_be_visible()
    person.settle()
