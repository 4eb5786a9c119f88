"""Prices of a live feed reach the trades of every account, extremes between two looks included."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from sonde.markets.core.feeds.events import Book, Tick, Top
from sonde.markets.core.trades import TradeState
from sonde.markets.services import accounts, trade_history, trading
from sonde.markets.services.live_trading import PassingPrices, show
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.trading_data import AT_ONCE, BTC, START_MS, WISH, market

pytestmark = pytest.mark.integration


def test_defect_12_a_stop_is_hit_between_two_looks(ports, people):
    opened = []
    for name in ("One", "Two"):
        trader = people(name)
        with unit_of_work(ports):
            account_id = accounts.first(trader).id
            trade = trading.open_trade(
                trader, account_id, WISH, market(50_000), conditions=AT_ONCE
            ).trade
        opened.append((trader, account_id, trade.id))
    passing = PassingPrices("live replay")
    passing.note(Top(BTC.key, START_MS, *[Decimal(one) for one in (49_999, 50_001, 1, 1)]))
    for second, price in ((1, 50_000), (2, 50_100)):
        passing.note(Tick(BTC.key, START_MS + 1000 * second, Decimal(price), Decimal(1)))
    assert show(ports, passing.taken()) == 2
    for second, price in ((3, 50_000), (4, 49_000), (5, 50_050)):
        passing.note(Tick(BTC.key, START_MS + 1000 * second, Decimal(price), Decimal(1)))
    assert show(ports, passing.taken()) == 2
    for trader, account_id, trade_id in opened:
        with unit_of_work(ports):
            trade = trade_history.get(trader, account_id, trade_id)
        assert (trade.state, trade.exit_reason) == (TradeState.CLOSED, "stop")
        assert trade.closed_ms == START_MS + 4000
    assert show(ports, passing.taken()) == 0


def test_a_market_order_walks_the_live_book_and_no_level_twice(ports, people):
    """Half of it fits on two levels of a quarter each; the rest waits for the next book."""
    trader = people("Walker")
    passing = PassingPrices("live replay")
    with unit_of_work(ports):
        account_id = accounts.first(trader).id
        opened = trading.open_trade(trader, account_id, WISH, market(50_000)).trade

    def told(second, *asks):
        at_ms = START_MS + 1000 * second
        if asks:
            levels = tuple((Decimal(price), Decimal(amount)) for price, amount in asks)
            passing.note(Book(BTC.key, at_ms, ((Decimal(49_990), Decimal(1)),), levels))
        passing.note(Tick(BTC.key, at_ms, Decimal(50_000), Decimal(1)))
        show(ports, passing.taken())
        with unit_of_work(ports):
            trade = trade_history.get(trader, account_id, opened.id)
        return trade.filled_steps, trade.entry_price(BTC)

    steps = opened.wanted_steps
    level = BTC.quantity_of(steps // 4)
    assert told(2, (50_000, level), (50_010, level))[0] == 2 * (steps // 4)
    assert told(3)[0] == 2 * (steps // 4), "the book is used up; a price alone fills nothing"
    filled, price = told(4, (50_000, level), (50_020, 10))
    assert filled == steps
    assert Decimal(50_000) < price < Decimal(50_020)


def test_prices_that_nobody_waits_for_cost_one_question(ports):
    passing, asked = PassingPrices("live replay"), []
    for number in range(10):
        passing.note(Tick(f"nobody:S{number}", START_MS, Decimal(5), Decimal(1)))

    def note(*_told):
        asked.append(1)

    event.listen(ports.database.engine, "before_cursor_execute", note)
    try:
        assert show(ports, passing.taken()) == 0
    finally:
        event.remove(ports.database.engine, "before_cursor_execute", note)
    assert len(asked) <= 2
