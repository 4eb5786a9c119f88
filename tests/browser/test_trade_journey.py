"""Trading through the page: ticket, positions, history; and every control of the desk's sidebar."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.markets.services import accounts, desk_choices, replays
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.browser.test_every_page import OVERFLOW, barriers
from tests.integration.markets.desk_data import BTC, ETH, stored
from tests.unit.markets.core.prices.samples import BEGIN, HOUR

CHECK, HELD, PAST = (
    "#markets-trade-ticket-check",
    "#markets-trade-positions",
    "#markets-trade-history",
)
# One bar in two seconds; no price is further than 0.4 % from another, so no stop is hit.
SPEED = 1_800.0


@pytest.fixture(scope="module")
def replay(ports: Ports, actor: Actor) -> replays.Replay:
    """Two instruments are stored; a replay of one waits near its 200th hour."""
    with unit_of_work(ports):
        stored(actor, "ETHUSDT", 3_000.0)
        series = stored(actor, "BTCUSDT", 50_000.0)
        accounts.first(actor)
        accounts.open_account(actor, "Second", start=Decimal(777))
        made = replays.create(actor, [series.id], speed=SPEED)
        return replays.seek(actor, made.id, BEGIN + 200 * HOUR)


@pytest.fixture
def playing(ports: Ports, actor: Actor, replay: replays.Replay) -> Iterator[None]:
    with unit_of_work(ports):
        replays.play(actor, replay.id)
        desk_choices.choose(actor, symbol=BTC, filters=(), is_live=True)
    yield
    with unit_of_work(ports):
        replays.pause(actor, replay.id)


@pytest.fixture
def desk(visitor: Callable[..., Any], actor: Actor, playing: None) -> Any:
    """The page of trading, with its first safety check."""
    person = visitor(actor)
    person.visit("/markets/trade")
    expect(person.page.locator(CHECK)).to_contain_text("APPROVE")
    return person


def choose(page: Any, name: str, option: str) -> None:
    page.locator(name).click()
    page.get_by_role("option", name=option, exact=True).click()


def stands_while_prices_move(page: Any, button: Any) -> None:
    """A row is not drawn anew at a price: its button keeps the focus, and a click meets it."""
    button.focus()
    mark = page.locator(HELD).locator("[data-result-mark]")
    for _ in range(2):
        before = mark.get_attribute("data-result-mark")
        expect(mark).not_to_have_attribute("data-result-mark", before)
    expect(button).to_be_focused()


def test_without_a_price_the_ticket_says_why_and_what_to_do(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, replay: replays.Replay
) -> None:
    with unit_of_work(ports):
        desk_choices.choose(actor, symbol=ETH)
    person = visitor(actor)
    page = person.page
    person.visit("/markets/trade")
    check = page.locator(CHECK)
    expect(check).to_contain_text("The only price of binance:ETHUSDT is a stored candle")
    expect(check.get_by_role("link", name="Replays and feeds")).to_be_visible()
    expect(page.get_by_role("button", name="Open trade")).to_be_disabled()
    expect(page.locator("#markets-desk-market")).to_contain_text("stored candle of")
    person.settle()


def test_a_short_from_the_ticket_to_its_history(desk: Any) -> None:
    page = desk.page
    held, past, check = page.locator(HELD), page.locator(PAST), page.locator(CHECK)
    preview = page.locator("#markets-trade-ticket-preview")
    page.locator("#markets-trade-ticket-side").get_by_text("Short").click()
    expect(check).to_contain_text("trade it as a perpetual")
    expect(page.get_by_role("button", name="Open trade")).to_be_disabled()
    page.locator("#markets-trade-ticket-as").get_by_text("Perpetual").click()
    page.get_by_label("Leverage (1 to 20)").fill("4")
    page.get_by_role("button", name="Amount 250").click()
    expect(preview).to_contain_text(re.compile(r"Liquidation\s*6\d,\d{3}\.\d\d"))
    expect(preview).to_contain_text(re.compile(r"Margin\s*62\.\d+ USDT"))
    expect(check).to_contain_text("replay BTCUSDT")
    page.get_by_role("button", name="Open trade").dblclick()
    expect(held.get_by_text("short 4x")).to_be_visible()
    expect(held).to_contain_text(re.compile(r"[-+]\d+\.\d\d %"))
    page.get_by_role("button", name="Open as pending").click()
    said = page.locator("#markets-trade-ticket-said")
    expect(said).to_contain_text("has opened its trade already")
    expect(held.locator("tbody tr")).to_have_count(1)
    stands_while_prices_move(page, held.get_by_role("button", name="Close"))
    page.locator("#markets-trade-ticket-side").get_by_text("Long").click()
    expect(check).to_contain_text("All trades of a symbol look the same way")

    held.get_by_role("button", name="Change").click()
    page.locator("#markets-trade-edit-stop").fill("")
    page.locator("#markets-trade-edit-target").fill("45000")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(held).to_contain_text(re.compile(r"none\s*45,000"))
    held.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Close this part").click()
    expect(held).to_contain_text(re.compile(r"0\.002[45]\d* BTC"))
    held.get_by_role("button", name="Close").click()
    expect(held).to_contain_text("Nothing is open")
    expect(past.get_by_role("gridcell", name="closed")).to_have_count(1)
    with page.expect_download() as file:
        page.get_by_role("link", name="Download the trades").click()
    assert file.value.path().read_text().count("binance:BTCUSDT") == 1
    desk.settle()


def test_orders_wait_are_activated_and_taken_back(desk: Any) -> None:
    page = desk.page
    held, check = page.locator(HELD), page.locator(CHECK)
    choose(page, "#markets-trade-ticket-type", "Limit")
    page.locator("#markets-trade-ticket-amount").fill("much")
    expect(check).to_contain_text("The amount is a number")
    page.locator("#markets-trade-ticket-amount").fill("300")
    expect(check).to_contain_text("A limit order needs its limit price")
    page.locator("#markets-trade-ticket-price").fill("45000")
    expect(page.locator("#markets-trade-ticket-preview")).to_contain_text("at 45,000.00")
    page.get_by_role("button", name="Open as pending").click()
    expect(held).to_contain_text("waits to be activated")
    held.get_by_role("button", name="Activate").click()
    expect(held).to_contain_text("waits to fill")
    held.get_by_role("button", name="Cancel").click()
    expect(held).to_contain_text("Nothing is open")
    page.locator("#markets-trade-history-state").get_by_text("Cancelled").click()
    expect(page.locator(PAST).get_by_role("gridcell", name="cancelled")).to_have_count(1)

    choose(page, "#markets-trade-ticket-type", "Stop")
    expect(page.locator("#markets-trade-ticket-words")).to_contain_text("run to the trigger")
    page.locator("#markets-trade-ticket-trigger").fill("45000")
    expect(check).to_contain_text("lies above the price")
    page.locator("#markets-trade-ticket-trigger").fill("55000")
    page.locator("#markets-trade-ticket-stop-kind").get_by_text("trailing %").click()
    page.locator("#markets-trade-ticket-stop").fill("2")
    page.get_by_text("More: how long it holds").click()
    choose(page, "#markets-trade-ticket-holds", "for so many minutes")
    expect(check).to_contain_text("for how many minutes")
    page.locator("#markets-trade-ticket-minutes").fill("6000")
    expect(check).to_contain_text("APPROVE")
    page.get_by_role("button", name="Open trade").click()
    expect(held).to_contain_text("pending stop: waits to fill")
    expect(held).to_contain_text("trails")
    held.get_by_role("button", name="Cancel").click()
    expect(held).to_contain_text("Nothing is open")

    page.get_by_label("what fills first").fill("45000")  # or a limit order, whichever fills first
    expect(check).to_contain_text("APPROVE")
    page.get_by_role("button", name="Open trade").click()
    expect(held.locator("tbody tr")).to_have_count(2)
    expect(held).to_contain_text("pending: waits to fill")
    held.get_by_role("button", name="Cancel").first.click()
    expect(held.locator("tbody tr")).to_have_count(1)
    held.get_by_role("button", name="Cancel").click()
    expect(held).to_contain_text("Nothing is open")
    desk.settle()


def test_defect_15_every_control_of_the_sidebar_changes_something(desk: Any) -> None:
    page = desk.page
    check, preview = page.locator(CHECK), page.locator("#markets-trade-ticket-preview")

    # signal filters: the ticket's confidence; least confidence: a rule of the check
    page.get_by_role("checkbox", name="MACD").check()
    expect(page.locator("#markets-desk-votes")).to_contain_text("its signal line")
    expect(preview).to_contain_text("Confidence")
    page.get_by_role("slider").press("End")
    expect(check).to_contain_text("at least 1 is asked for")
    page.get_by_role("slider").press("Home")
    expect(check).to_contain_text("No least confidence is set")

    # real time: prices stand still without it
    live = page.get_by_role("switch", name="Real time")
    live.click()
    expect(live).not_to_be_checked()
    desk.settle()
    page.wait_for_timeout(1_500)  # what had been asked for before is answered
    before = page.locator("#markets-desk-market").inner_text()
    page.wait_for_timeout(1_500)
    assert page.locator("#markets-desk-market").inner_text() == before
    live.click()
    expect(page.locator("#markets-desk-market")).not_to_have_text(before)

    # risk settings and their history; kill switch; locks
    page.get_by_label("Position size (USDT)").fill("400")
    page.get_by_role("button", name="Save risk settings").click()
    expect(preview).to_contain_text(re.compile(r"Value\s*(399\.\d+|400) USDT"))
    page.locator("#markets-desk-risk-past-open").click()
    expect(page.locator("#markets-desk-risk-past")).to_contain_text("100 to 400")
    page.get_by_role("button", name="Stop entries").click()
    expect(check).to_contain_text("REJECT")
    expect(page.get_by_role("button", name="Open trade")).to_be_disabled()
    page.get_by_role("button", name="Release").click()
    expect(check).to_contain_text("APPROVE")
    page.get_by_text("Add a lock").click()
    page.get_by_label("Why", exact=True).fill("holidays")
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(check).to_contain_text("REJECT")
    page.get_by_role("button", name="Remove the lock: holidays").click()
    expect(check).to_contain_text("APPROVE")

    # balance, account, symbol
    money = page.locator("#markets-desk-money")
    page.get_by_label("Set the cash to (USDT)").fill("5000")
    page.get_by_role("button", name="Set balance").click()
    expect(money).to_contain_text("5,000 USDT")
    page.get_by_role("button", name="Reset account").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(money).to_contain_text("10,000 USDT")
    choose(page, "#markets-desk-account", "Second")
    expect(money).to_contain_text("777 USDT")
    choose(page, "#markets-desk-symbol", ETH)
    expect(page.get_by_role("heading", name="Ticket: ETHUSDT")).to_be_visible()
    desk.settle()


def test_at_420_pixels_in_the_dark_the_desk_folds_and_nothing_is_in_the_way(
    visitor: Callable[..., Any], actor: Actor, playing: None
) -> None:
    person = visitor(actor, dark=True, narrow=True)
    page = person.page
    person.visit("/markets/trade")
    expect(page.locator("#markets-desk-body")).to_be_hidden()
    page.get_by_role("button", name="Desk: symbol, account").click()
    expect(page.locator("#markets-desk-symbol")).to_be_visible()
    choose(page, "#markets-trade-ticket-type", "Stop-limit")
    page.get_by_text("More: how long it holds").click()
    expect(page.locator("#markets-trade-ticket-trigger")).to_be_visible()
    person.settle()
    assert page.evaluate(OVERFLOW) <= 0
    assert barriers(person) == []
    person.look(dark=False, narrow=False)
    page.wait_for_timeout(350)  # colours fade
    assert barriers(person) == []
