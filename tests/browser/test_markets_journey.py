"""The desk through the browser, on a replay: look, follow, hold, and what it was worth."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.markets.core.sides import Side
from sonde.markets.core.ticket import Amount, AmountKind
from sonde.markets.core.wishes import Level, Wish
from sonde.markets.services import accounts, desk_views, market_views, replays, trading
from sonde.markets.services.trading import Conditions
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, store

KEY, OTHER = "binance:BTCUSDT", "binance:ETHUSDT"
BURST = """
async ([symbol, count]) => {
  const ends = JSON.parse(document.querySelector('[data-grows]').dataset.grows);
  const bar_ms = ends.bar_ms, at_ms = ends.last_ms + bar_ms + 1;
  const desk = window.sondePrices, before = {...desk.counts};
  const chart = document.querySelector('#markets-dashboard-chart .js-plotly-plot');
  let drawn = 0;
  chart.on('plotly_afterplot', () => { drawn += 1; });
  const told = (n) => desk.hear({symbol, price: (100 + n / 100).toFixed(2), at_ms, age_ms: 0,
                                 is_stale: false, feed: 'replay'});
  for (let n = 0; n < count; n += 1) {
    for (let each = 0; each < 4; each += 1) { told(n); }
    await new Promise((done) => setTimeout(done, 20));
  }
  // the bar that was over is drawn anew, and its price is heard; ours is the newest again
  const isBusy = () => document.querySelector('[data-dash-is-loading=true]');
  do { await new Promise((done) => setTimeout(done, 700)); } while (isBusy());
  told(count - 1);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return {heard: desk.counts.heard - before.heard, frames: desk.counts.frames - before.frames,
          drawn,
          candle: document.querySelector('.sonde-live-candle').dataset.close,
          shown: document.querySelector('#markets-dashboard-price').textContent};
}
"""


# What the page and the sidebar say of one price and one equity, in one moment.
SIDE_BY_SIDE = """
(symbol) => ({
  prices: [...document.querySelectorAll(`[data-price='${symbol}']`)].map((one) => one.textContent),
  equity: [document.querySelector('#markets-desk-money [data-moves]'),
           document.querySelector('#markets-dashboard-portfolio [data-moves]')].map(
             (one) => one.textContent),
})
"""


@dataclass
class Market:
    """A person's replay and account; each call is a unit of work."""

    ports: Ports
    actor: Actor
    replay_id: str = ""

    def __call__(self, service: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with unit_of_work(self.ports):
            return service(self.actor, *given, **named)

    def open(self) -> str:
        """Open a trade at the price of the replay."""
        wish = Wish(
            Side.LONG,
            Amount(Decimal(500), AmountKind.CURRENCY),
            stop=Level(Decimal(30)),
            target=Level(Decimal(40)),
        )
        account_id = self(accounts.first).id
        market = self(market_views.tradable, KEY)
        at_once = Conditions(latency_ms=0)
        return self(trading.open_trade, account_id, wish, market, conditions=at_once).trade.id

    def go_on(self, bars: float) -> None:
        """Move the replay so many bars on."""
        position_ms = self(replays.get, self.replay_id).position_ms
        self(replays.seek, self.replay_id, position_ms + round(bars * HOUR_MS))


@pytest.fixture(scope="module")
def market(ports: Ports, actor: Actor) -> Market:
    """A replay of two symbols that plays, 400 hours after its beginning."""
    series = [store(ports, actor, symbol=key.partition(":")[2]) for key in (KEY, OTHER)]
    made = Market(ports, actor)
    made.replay_id = made(replays.create, [one.id for one in series]).id
    made(replays.seek, made.replay_id, BEGIN_MS + 400 * HOUR_MS)
    made(replays.play, made.replay_id)
    return made


def test_the_dashboard_follows_a_replay_from_price_to_position(
    visitor: Callable[..., Any], actor: Actor, market: Market
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/markets")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    price = page.locator("#markets-dashboard-price")
    expect(price).to_have_text(re.compile(r"^\d+(\.\d+)?$"))
    expect(page.locator("#markets-dashboard-readings").get_by_text("ADX")).to_be_visible()
    expect(page.locator("#markets-dashboard-positions")).to_contain_text("No open position")
    expect(page.locator("#markets-dashboard-watched").get_by_text(OTHER)).to_be_visible()

    market.open()
    positions = page.locator("#markets-dashboard-positions")
    expect(positions.get_by_text("long", exact=True)).to_be_visible()
    market.go_on(1)  # the entry fills at the next bar
    summary = page.locator("#markets-dashboard-chart-summary")
    expect(summary).to_contain_text("1 trade of the account in view, 1 of them open")
    result, before = positions.locator("[data-result-symbol]"), price.inner_text()
    said = result.inner_text()
    market.go_on(7)
    for _ in range(20):  # whoever tells it first, all places show it
        shown = page.evaluate(SIDE_BY_SIDE, KEY)
        assert len(shown["prices"]) == 4  # page, watch list, position, sidebar
        assert len(set(shown["prices"])) == 1
        assert len(set(shown["equity"])) == 1
        page.wait_for_timeout(100)
    expect(price).not_to_have_text(before)
    expect(result).not_to_have_text(said)
    expect(page.locator("#markets-dashboard-live-state")).to_have_text(re.compile("^follows"))
    person.settle()

    def act(name: str) -> None:
        positions.get_by_role("button", name=name).click()

    act(f"Stop, target long {KEY}")
    stop = page.locator("#markets-trade-edit-stop")
    expect(stop).to_be_visible()
    stop.fill(f"{Decimal(stop.input_value()) + 5}")
    moved = stop.input_value()
    page.locator("#markets-trade-edit-save").click()
    expect(positions).to_contain_text(moved)
    act(f"Close part long {KEY}")
    page.locator("#markets-trade-edit-part").fill("40")
    page.locator("#markets-trade-edit-reduce").click()
    expect(page.get_by_text("closes at the next price").first).to_be_visible()
    size = positions.locator("td").nth(2)
    before = size.inner_text()
    market.go_on(1)
    expect(size).not_to_have_text(before)
    person.settle()
    act(f"Close long {KEY}")
    person.settle()
    market.go_on(1)
    expect(positions).to_contain_text("No open position")
    person.settle()


def test_two_hundred_prices_a_second_are_drawn_once_a_frame_and_leave_the_chart_alone(
    visitor: Callable[..., Any], actor: Actor, market: Market
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/markets")
    page.wait_for_selector("#markets-dashboard-chart .js-plotly-plot .main-svg")
    person.settle()
    page.locator("#markets-desk-live").uncheck(force=True)
    expect(page.locator("#markets-dashboard-live-state")).to_have_text("real time is off")
    person.settle()
    told = page.evaluate(BURST, [KEY, 50])
    assert 201 <= told["heard"] <= 210  # and what the server drew meanwhile
    assert 1 <= told["frames"] <= 61  # four prices come at a time; one is drawn
    assert told["drawn"] == 0
    assert told["shown"] == told["candle"] == "100.49"  # the candle grows with every price
    expect(page.locator(".sonde-price-line")).to_have_count(1)
    page.locator("#markets-desk-live").check(force=True)
    person.settle()


def test_bars_indicators_and_symbols_are_chosen(
    visitor: Callable[..., Any], actor: Actor, market: Market
) -> None:
    person = visitor(actor)
    page = person.page
    person.visit("/markets")
    chart = page.locator("#markets-dashboard-chart")
    page.locator("#markets-dashboard-show").click()
    page.get_by_role("option", name="Relative strength index").click()
    page.keyboard.press("Escape")
    expect(chart.get_by_text("RSI", exact=True)).to_be_visible()
    assert "rsi" in page.url
    person.settle()
    page.locator("#markets-dashboard-watched").get_by_role("button", name=OTHER).click()
    expect(page.get_by_role("heading", name=OTHER)).to_be_visible()
    person.settle()
    page.locator("#markets-dashboard-watched").get_by_role("button", name=KEY).click()
    expect(page.get_by_role("heading", name=KEY)).to_be_visible()
    person.settle()


def test_analytics_tell_every_figure_or_why_not(
    visitor: Callable[..., Any], actor: Actor, market: Market
) -> None:
    person = visitor(actor)
    page = person.page
    account_id = market(accounts.first).id
    if not market(trading.positions, account_id):
        market.open()
    market.go_on(5)
    for held in market(desk_views.positions, account_id):
        market(trading.close, account_id, held.trade.id, market(market_views.tradable, KEY))
    market.go_on(1)
    market(desk_views.positions, account_id)
    person.visit("/markets/analytics")
    expect(page.get_by_text("Net result")).to_be_visible()
    expect(page.get_by_text("needs 30 days").first).to_be_visible()
    expect(page.locator("#markets-analytics-equity-summary")).to_contain_text("fees paid")
    page.get_by_role("tab", name="Days", exact=False).click()
    page.get_by_role("tab", name="Exit reason").click()
    person.settle()
    with page.expect_download(timeout=20_000) as started:
        page.get_by_role("link", name="Export CSV").click()
    assert started.value.suggested_filename == "trades.csv"
    page.get_by_role("button", name="Prune old trades").click()
    page.locator("#markets-analytics-before").fill("2100-01-01")
    expect(page.locator("#markets-analytics-prune-words")).to_contain_text("ended before that")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("No closed trade yet")).to_be_visible()
    person.settle()
