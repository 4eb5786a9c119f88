"""Automatic trading through the page: a strategy starts on a replay, says why it trades, stops."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.markets.services import replays
from sonde.markets.services.automations import asking
from sonde.markets.services.paper_running import PaperRunner
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.browser.test_every_page import OVERFLOW, barriers
from tests.integration.markets.backtest_data import HOUR_MS, store


@pytest.fixture
def runner(ports: Ports, actor: Actor) -> Iterator[None]:
    """Prices of 400 hours, and the process that trades for strategies."""
    store(ports, actor)
    made = PaperRunner(ports, "journey")
    thread = threading.Thread(target=lambda: asyncio.run(made.run()), daemon=True)
    thread.start()
    yield
    made.end()
    thread.join(20)


def go_on(ports: Ports, actor: Actor, hours: int) -> None:
    """Move the replay of the strategy so many hours on."""
    with unit_of_work(ports):
        (one,) = asking.mine(actor)
        at_ms = replays.get(actor, one.replay_id).position_ms
        replays.seek(actor, one.replay_id, at_ms + hours * HOUR_MS)


def test_a_strategy_starts_on_a_replay_says_why_it_trades_and_stops(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, runner: None
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/markets/automation")
    listed = page.locator("#markets-automation-list")
    expect(listed).to_contain_text("No strategy trades yet")
    page.locator("#markets-automation-strategy").click()
    page.get_by_role("option", name="SMA cross", exact=False).first.click()
    expect(page.locator("#markets-automation-about")).to_contain_text("moving average")
    person.settle()
    fields = page.locator("#markets-automation-parameters")
    fields.get_by_label("Fast period").fill("5")
    fields.get_by_label("Slow period").fill("20")
    page.get_by_role("button", name="Start trading").click()

    expect(listed).to_contain_text("running")
    go_on(ports, actor, 150)
    signals = page.locator("#markets-automation-signals")
    expect(signals).to_contain_text("fast mean crossed above slow")
    expect(signals.get_by_text("entered", exact=True).first).to_be_visible()
    expect(listed).to_contain_text("decided up to")
    listed.get_by_role("button", name=re.compile("^Stop: ")).click()
    expect(listed).to_contain_text("stopped")
    expect(listed.get_by_role("button", name=re.compile("^Remove: "))).to_be_visible()
    person.settle()
    assert barriers(person) == []
    person.look(dark=True, narrow=True)
    page.wait_for_timeout(350)  # colours fade
    assert barriers(person) == []
    assert page.evaluate(OVERFLOW) <= 0
