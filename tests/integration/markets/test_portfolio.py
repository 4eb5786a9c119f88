"""What the dashboard and analytics read of an account, on the real database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import event

from sonde.markets.core.indicators.catalogue import INDICATORS
from sonde.markets.core.ticket import Amount, AmountKind
from sonde.markets.services import (
    account_analytics,
    accounts,
    desk_charts,
    portfolio,
    replays,
    trade_history,
    trading,
    watch_lists,
)
from sonde.markets.ui.home import home_cards
from sonde.markets.ui.palette import palette
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, store
from tests.integration.markets.trading_data import AT_ONCE, BTC, START_MS, WISH, market, quote

pytestmark = pytest.mark.integration
SMALL = replace(WISH, amount=Amount(Decimal(100), AmountKind.CURRENCY))


@pytest.fixture
def trader(people):
    return people("Paula")


@pytest.fixture
def ask(ports, trader):
    def asked(service, *given, **named):
        with unit_of_work(ports):
            return service(trader, *given, **named)

    return asked


def test_a_trade_is_held_marked_and_measured(ports, ask, people):
    account_id = ask(accounts.first).id
    empty = ask(account_analytics.look, account_id)
    assert empty.trades.overall.n == 0
    assert empty.holding.reason == "no trades"

    ask(trading.open_trade, account_id, WISH, market(50_000), conditions=AT_ONCE)
    before = ask(portfolio.version, account_id)
    with unit_of_work(ports):
        from sonde.markets.services import trade_prices

        trade_prices.take_quote(account_id, BTC.key, quote(50_000, 1))
    held = ask(portfolio.look, account_id)
    assert held.version > before
    (position,) = held.positions
    (mark,) = ask(portfolio.marks, account_id, BTC.key)
    assert mark.closed_ms is None
    assert mark.stop < mark.entry < mark.target
    assert ask(portfolio.marks, account_id, "replay:ETHUSDT") == ()

    ask(trading.close, account_id, position.trade.id, market(50_500, 2))
    with unit_of_work(ports):
        trade_prices.take_quote(account_id, BTC.key, quote(50_500, 3))
    assert ask(portfolio.look, account_id).positions == ()
    (mark,) = ask(portfolio.marks, account_id, BTC.key)
    assert mark.closed_ms is not None
    found = ask(account_analytics.look, account_id)
    assert found.trades.overall.n == 1
    assert found.trades.balance[-1] == pytest.approx(10_000 + float(mark.net))
    assert found.holding.reason == f"no stored prices of {BTC.key} over the time of its trades"
    with unit_of_work(ports), pytest.raises(NotFound):
        portfolio.look(people("Stranger"), account_id)


def test_the_chart_ends_with_the_newest_bar_and_indicators_know_what_was_before(ports, ask, trader):
    series = store(ports, trader, n=900)
    found = ask(desk_charts.look, series.instrument.key, "1h", ("sma", "rsi"))
    assert found.timeframes == ("1h", "4h", "1d")
    assert found.view.candles.n == desk_charts.SHOWN
    assert int(found.view.candles.open_time_ms[-1]) == series.last_ms
    assert found.view.span[1] > series.last_ms + HOUR_MS
    sma = found.view.indicators["sma"]["sma"]
    assert sma[-1] == pytest.approx(found.view.candles.close[-20:].mean())
    assert sma[0] == sma[0]  # bars before the first shown one are known
    with pytest.raises(Invalid, match="at most 6"):
        ask(desk_charts.look, series.instrument.key, "1h", tuple(INDICATORS)[:7])
    assert ask(desk_charts.look, series.instrument.key, "1m").reason.startswith("No 1m bar")


def test_longer_bars_are_made_of_stored_ones_and_the_newest_grows_with_every_bar(
    ports, ask, trader
):
    series = store(ports, trader, n=900)
    key, replay_id = series.instrument.key, ask(replays.create, [series.id]).id
    ask(replays.seek, replay_id, BEGIN_MS + 402 * HOUR_MS)
    ask(replays.play, replay_id)
    before = ask(desk_charts.look, key, "4h")
    bars = before.view.candles
    assert int(bars.open_time_ms[-1]) == BEGIN_MS + 396 * HOUR_MS
    hours = ask(desk_charts.look, key, "1h").view.candles
    assert bars.close[-1] == hours.close[-3]
    assert before.growing.open_time_ms == BEGIN_MS + 400 * HOUR_MS
    assert before.growing.open == hours.open[-2]
    assert before.growing.close == hours.close[-1]
    assert before.growing.high == max(hours.high[-2:])
    ask(replays.seek, replay_id, BEGIN_MS + 403 * HOUR_MS)
    after = ask(desk_charts.look, key, "4h")
    assert after.view.candles.n == bars.n
    assert after.growing.close != before.growing.close
    assert after.growing.volume == pytest.approx(3 * 10.5)
    # at its end the bar is over, and none grows until the next price
    ask(replays.seek, replay_id, BEGIN_MS + 404 * HOUR_MS)
    over = ask(desk_charts.look, key, "4h")
    assert int(over.view.candles.open_time_ms[-1]) == BEGIN_MS + 400 * HOUR_MS
    assert over.growing is None


def test_old_trades_are_counted_before_they_are_let_go_and_the_ledger_keeps_them(ask):
    account_id = ask(accounts.first).id
    ask(trading.open_trade, account_id, WISH, market(50_000), conditions=AT_ONCE)
    (held,) = ask(portfolio.look, account_id).positions
    ask(trading.cancel, account_id, held.trade.id, START_MS)
    entries = len(ask(trade_history.ledger, account_id))
    assert ask(trade_history.count_ended, account_id, START_MS) == 0
    assert ask(trade_history.count_ended, account_id, START_MS + 1) == 1
    assert ask(trade_history.prune, account_id, START_MS + 1) == 1
    assert ask(trade_history.newest, account_id) == []
    assert len(ask(trade_history.ledger, account_id)) == entries


def test_what_is_watched_is_remembered_and_home_and_search_know_it(ports, ask, trader):
    assert ask(watch_lists.chosen) == ()
    series = store(ports, trader, n=200)
    key = series.instrument.key
    assert ask(watch_lists.chosen) == (key,)
    assert ask(watch_lists.choose, []) == ()
    assert ask(watch_lists.choose, [key, "gone:XUSDT"]) == (key,)
    (line,) = ask(watch_lists.look, [key])
    assert line.quote.price is not None
    assert line.change is not None
    assert [one.label for one in ask(palette, "btc prices")] == [series.key]
    (card,) = ask(home_cards)
    assert "/markets" in str(card.content)


def test_a_look_at_an_account_asks_no_more_of_the_database_with_more_trades(ports, ask):
    account_id, asked = ask(accounts.first).id, []

    def statements():
        asked.clear()
        ask(portfolio.look, account_id)
        return len(asked)

    def note(*_told):
        asked.append(1)

    event.listen(ports.database.engine, "before_cursor_execute", note)
    try:
        ask(trading.open_trade, account_id, SMALL, market(50_000), conditions=AT_ONCE)
        one = statements()
        for second in range(1, 8):
            wish = market(50_000, second)
            ask(trading.open_trade, account_id, SMALL, wish, conditions=AT_ONCE)
        assert statements() == one
        assert one <= 25
    finally:
        event.remove(ports.database.engine, "before_cursor_execute", note)
