"""Trading on the real database: one command, one transaction, one truth."""

import json
import threading
from dataclasses import replace
from decimal import Decimal

import pytest

from sonde.markets.core.engine.account import Account
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.risk.findings import Recommendation, RiskBlock
from sonde.markets.core.risk.kill_switch import Stage
from sonde.markets.core.sides import Side
from sonde.markets.core.ticket import Amount, AmountKind
from sonde.markets.core.trades import TradeState
from sonde.markets.core.wishes import Level
from sonde.markets.services import (
    account_money,
    accounts,
    desks,
    kill_switch,
    risk_settings,
    safety,
    trade_history,
    trade_prices,
    trading,
)
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.services import idempotency
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.trading_data import (
    AT_ONCE,
    BTC,
    START_MS,
    WISH,
    market,
    quote,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def trader(people):
    return people("Tess")


@pytest.fixture
def desk(ports, trader):
    return TradingDesk(ports, trader)


class TradingDesk:
    """A person with an account; each call is a unit of work."""

    def __init__(self, ports, trader):
        self.ports, self.trader = ports, trader
        self.account_id = self(accounts.first).id

    def __call__(self, service, *given, **named):
        with unit_of_work(self.ports):
            return service(self.trader, *given, **named)

    def on(self, service, *given, **named):
        return self(service, self.account_id, *given, **named)

    def open(self, wish=WISH, at=None, **named):
        seen = at or market(50_000)
        return self.on(trading.open_trade, wish, seen, conditions=AT_ONCE, **named).trade.id

    def price(self, price, second):
        with unit_of_work(self.ports):
            return trade_prices.take_quote(self.account_id, BTC.key, quote(price, second))

    def trade(self, trade_id):
        return self.on(trade_history.get, trade_id)

    def money(self):
        return self.on(account_money.balance)

    def check_ledger(self):
        """What closed trades made is what the account has more or less."""
        money = self.money()
        made = sum(one.net_units(10) for one in self.on(trade_history.newest))
        assert money.balance.held == money.balance.margin == 0
        assert money.balance.cash == money.start_units + made


def test_a_trade_from_the_ticket_to_its_target(desk):
    trade_id = desk.open()
    assert desk.trade(trade_id).state is TradeState.PENDING
    (opened,) = desk.price(50_000, 1)
    assert (opened.state, opened.opened_ms) == (TradeState.OPEN, START_MS + 1000)
    (shown,) = desk.on(trading.positions)
    assert shown.live.gross_units == 0
    newest = {BTC.key: quote(50_500, 1)}
    (shown_later,) = desk.on(trading.positions, newest)
    assert shown_later.live.gross_units == desk.money().currency.units_of(10)
    worth = desk.on(account_money.balance, newest).balance.equity
    assert worth - desk.money().balance.equity == shown_later.live.gross_units
    assert shown.live.fees_units == 2 * opened.fees_units
    (closed,) = desk.price(51_000, 2)
    assert (closed.state, closed.exit_reason) == (TradeState.CLOSED, "target")
    assert desk.on(trading.positions) == []
    desk.check_ledger()
    figures = desk.on(trade_history.analytics)
    assert (figures.overall.n, figures.overall.wins) == (1, 1)
    assert figures.overall.net == pytest.approx(20 - 1 - 1.02)
    assert "target" in desk.on(trade_history.export)


def test_defect_11_every_action_on_a_trade_does_what_it_says(desk):
    trade_id = desk.open(is_active=False)
    assert not desk.trade(trade_id).is_placed
    desk.on(trading.activate, trade_id, market(50_000, 1))
    desk.price(50_000, 2)
    assert desk.trade(trade_id).state is TradeState.OPEN
    changes = trading.Changes(stop=Level(Decimal(3)))
    desk.on(trading.modify, trade_id, changes, market(50_000, 3))
    assert desk.trade(trade_id).stop_ticks == 4_850_000
    desk.on(trading.close, trade_id, market(50_100, 4), Decimal("0.5"))
    desk.price(50_100, 5)
    assert desk.trade(trade_id).open_steps == 1_000
    desk.on(trading.close, trade_id, market(50_200, 6))
    desk.price(50_200, 7)
    closed = desk.trade(trade_id)
    assert (closed.state, closed.exit_reason) == (TradeState.CLOSED, "manual")
    assert closed.net_units(10) > 0
    desk.check_ledger()
    waiting = desk.open(at=market(50_000, 8), is_active=False)
    desk.on(trading.cancel, waiting, START_MS + 9_000)
    assert desk.trade(waiting).state is TradeState.CANCELLED


def test_an_illegal_move_is_a_conflict_and_changes_nothing(desk):
    trade_id = desk.open(is_active=False)
    before = (desk.money(), desk.trade(trade_id), len(desk.on(trade_history.ledger)))
    for move in (
        lambda: desk.on(trading.close, trade_id, market(50_000, 1)),
        lambda: desk.on(trading.close, trade_id, market(50_000, 1), Decimal("0.5")),
    ):
        with pytest.raises(Conflict, match="pending"):
            move()
    assert (desk.money(), desk.trade(trade_id), len(desk.on(trade_history.ledger))) == before
    desk.on(trading.cancel, trade_id, START_MS)
    for move in (
        lambda: desk.on(trading.cancel, trade_id, START_MS),
        lambda: desk.on(trading.activate, trade_id, market(50_000, 1)),
        lambda: desk.on(trading.modify, trade_id, trading.Changes(), market(50_000, 1)),
    ):
        with pytest.raises(Conflict, match="cancelled"):
            move()


def test_acceptance_safety_check_is_the_gate_of_the_engine(desk):
    risky = replace(WISH, amount=Amount(Decimal(4000), AmountKind.CURRENCY))
    checked = desk.on(safety.check, risky, market(50_000))
    assert checked.report.recommendation is Recommendation.REJECT
    with pytest.raises(RiskBlock) as refused:
        desk.open(risky)
    assert refused.value.details["rules"] == [one.code for one in checked.report.blocks]
    assert desk.on(trade_history.newest) == []
    desk.on(risk_settings.change, {"max_position_percent": 50})
    assert desk.on(safety.check, risky, market(50_000)).report.blocks == ()
    desk.open(risky)


def test_the_check_shows_what_the_trade_will_cost(desk):
    checked = desk.on(safety.check, WISH, market(50_000))
    desk.open()
    (opened,) = desk.price(50_000, 1)
    assert opened.fees_units == checked.preview.fee_units
    assert desk.money().balance.margin == checked.preview.margin_units


def test_an_old_price_or_none_opens_nothing(desk):
    for seen in (market(50_000, now_ms=START_MS + 61_000), market(50_000, quote=None)):
        wish = replace(WISH, entry_price=Decimal(49_000))
        with pytest.raises(RiskBlock, match="price"):
            desk.open(wish, seen)


def test_somebody_else_cannot_touch_a_trade(desk, other_actor, ports, people):
    trade_id = desk.open()
    colleague = people("Ida", workspace_id=desk.trader.workspace_id)
    for person, error in ((other_actor, NotFound), (colleague, Forbidden)):
        with pytest.raises(error), unit_of_work(ports):
            trading.close(person, desk.account_id, trade_id, market(50_000, 1))
    with pytest.raises(NotFound), unit_of_work(ports):
        trade_history.account_of(other_actor, trade_id)


def test_trades_of_another_account_are_not_found(desk):
    trade_id = desk.open()
    other = desk(accounts.open_account, "Other").id
    with pytest.raises(NotFound):
        desk(trading.close, other, trade_id, market(50_000, 1))


def test_acceptance_a_repeated_click_opens_one_trade(desk):
    request = json.dumps({"symbol": BTC.key, "amount": 1000}).encode()
    answers = []

    def click():
        def do():
            view = trading.open_trade(
                desk.trader, desk.account_id, WISH, market(50_000), conditions=AT_ONCE
            )
            return 200, {"trade_id": view.trade.id}

        with unit_of_work(desk.ports):
            answers.append(idempotency.once(desk.trader, "one-click", request, do))

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len({answer[1]["trade_id"] for answer in answers}) == 1
    assert len(desk.on(trade_history.newest)) == 1


def test_commands_on_one_account_follow_each_other(desk):
    done, refused = [], []

    def click(number):
        try:
            done.append(desk.open(replace(WISH, tag=str(number))))
        except RiskBlock as error:
            refused.append(error.details["rules"])

    threads = [threading.Thread(target=click, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # 1,000 each: the third would be more than a quarter of 10,000 in one position
    assert (len(done), len(refused)) == (2, 6)
    entries = desk.on(trade_history.ledger)
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))


def test_reset_set_and_transfer(desk):
    desk.open()
    desk.price(50_000, 1)
    with pytest.raises(Conflict, match="close or cancel"):
        desk.on(account_money.set_balance, Decimal(100), START_MS)
    money = desk.on(account_money.set_balance, Decimal(20_000), START_MS)
    assert money.amount(money.balance.cash) == 20_000
    other = desk(accounts.open_account, "Other", start=Decimal(0)).id
    gave, took = desk(account_money.transfer, desk.account_id, other, Decimal("1234.5"), START_MS)
    assert took.amount(took.balance.cash) == Decimal("1234.5")
    assert gave.amount(gave.balance.cash) == Decimal("18765.5")
    with pytest.raises(Conflict, match="free"):
        desk(account_money.transfer, other, desk.account_id, Decimal(2000), START_MS)
    assert desk.on(safety.check, WISH, market(50_000)).report.found("drawdown").measured < 2
    money = desk.on(account_money.reset, START_MS)
    assert money.amount(money.balance.cash) == 10_000
    (gone,) = desk.on(trade_history.newest)
    assert (gone.state, gone.exit_reason) == (TradeState.CANCELLED, "reset")
    desk.open(at=market(40_000, 5))
    desk.price(40_000, 6)
    assert len(desk.on(trading.positions)) == 1


def test_leverage_changes_only_in_a_quiet_account(desk):
    trade_id = desk.open()
    desk.price(50_000, 1)
    with pytest.raises(Conflict, match="leverage"):
        desk.open(replace(WISH, leverage=Decimal(3)), market(50_000, 2))
    desk.on(trading.close, trade_id, market(50_000, 3))
    desk.price(50_000, 4)
    before = desk.money().balance.cash
    desk.open(replace(WISH, leverage=Decimal(3)), market(50_000, 5))
    desk.price(50_000, 6)
    (shown,) = desk.on(trading.positions)
    assert shown.trade.leverage == 3
    fee = shown.trade.fees_units
    assert desk.money().balance.cash == before - fee
    assert desk.on(trade_history.analytics).overall.n == 1


def test_the_kill_switch_closes_everything(desk):
    desk.open()
    desk.price(50_000, 1)
    desk.open(replace(WISH, entry_price=Decimal(49_000)), market(50_000, 2))
    desk.on(kill_switch.press, Stage.CLOSE_ALL, "news", START_MS + 3000)
    desk.price(50_000, 4)
    assert {one.exit_reason for one in desk.on(trade_history.newest)} == {"kill switch"}
    with pytest.raises(RiskBlock, match="kill switch"):
        desk.open(at=market(50_000, 5))
    desk.check_ledger()


def test_an_exit_is_possible_under_every_limit(desk):
    trade_id = desk.open()
    desk.price(50_000, 1)
    desk.on(risk_settings.change, {"max_drawdown": "0.01", "max_open_trades": 1})
    desk.on(trading.close, trade_id, market(49_900, 2))
    desk.price(49_900, 3)
    assert desk.trade(trade_id).state is TradeState.CLOSED
    with pytest.raises(RiskBlock, match="halted"):
        desk.open(at=market(50_000, 4))


def test_quiet_prices_are_not_written_down(desk):
    desk.open()
    desk.price(50_000, 1)
    count = len(desk.on(trade_history.ledger))
    for second in range(2, 12):
        desk.price(50_000 + second, second)
    assert len(desk.on(trade_history.ledger)) <= count + 2
    assert desk.price(49_400, 12)[0].exit_reason == "stop"


def test_old_trades_are_pruned_and_the_journal_stays(desk):
    trade_id = desk.open(is_active=False)
    desk.on(trading.cancel, trade_id, START_MS)
    count = len(desk.on(trade_history.ledger))
    assert desk.on(trade_history.prune, START_MS) == 0
    assert desk.on(trade_history.prune, START_MS + 1) == 1
    assert desk.on(trade_history.newest) == []
    assert len(desk.on(trade_history.ledger)) == count


def test_shorts_earn_from_falling_prices(desk):
    trade_id = desk.open(replace(WISH, side=Side.SHORT, leverage=Decimal(2)))
    desk.price(50_000, 1)
    (closed,) = desk.price(49_000, 2)
    assert (closed.id, closed.exit_reason) == (trade_id, "target")
    assert closed.net_units(10) > 0
    desk.check_ledger()


def test_a_part_outside_its_range_is_refused(desk):
    trade_id = desk.open()
    desk.price(50_000, 1)
    with pytest.raises(Invalid, match="part"):
        desk.on(trading.close, trade_id, market(50_000, 2), Decimal("1.5"))


def bar(minute, low, high):
    """A closed minute, in ticks, that opens and closes at its low."""
    start = START_MS + minute * 60_000
    return Bar(start, low * 100, high * 100, low * 100, low * 100, 0)


def take_bars(desk, *bars):
    with unit_of_work(desk.ports):
        return trade_prices.take_bars(desk.account_id, BTC.key, bars, 60_000)


def test_bars_that_were_missed_are_replayed_once(desk):
    trade_id = desk.open()
    assert desk.on(accounts.get) is not None
    with unit_of_work(desk.ports):
        assert list(trade_prices.accounts_trading(BTC.key)).count(desk.account_id) == 1
    (opened,) = take_bars(desk, bar(1, 50_000, 50_100), bar(2, 50_000, 50_100))
    assert (opened.id, opened.state) == (trade_id, TradeState.OPEN)
    missed = (bar(2, 50_000, 50_100), bar(3, 49_400, 50_100))
    (stopped,) = take_bars(desk, *missed)
    assert (stopped.exit_reason, stopped.exit_price(BTC)) == ("stop", Decimal(49_400))
    assert take_bars(desk, *missed) == ()
    desk.check_ledger()
    with unit_of_work(desk.ports):
        assert desk.account_id not in trade_prices.accounts_trading(BTC.key)


def test_funding_is_paid_by_the_trade(desk):
    desk.open()
    desk.price(50_000, 1)
    with unit_of_work(desk.ports):
        trade_prices.take_funding(desk.account_id, BTC.key, START_MS + 2_000, 100_000)
    desk.price(50_000, 120)
    (shown,) = desk.on(trading.positions)
    assert shown.trade.funding_units == desk.money().currency.units_of("0.1")
    desk.on(trading.close, shown.trade.id, market(50_000, 121))
    desk.price(50_000, 122)
    desk.check_ledger()


def test_prices_of_what_an_account_does_not_trade_change_nothing(desk):
    with unit_of_work(desk.ports):
        assert trade_prices.take_quote(desk.account_id, "x:Y", quote(1, 1)) == ()
        assert trade_prices.take_bars(desk.account_id, "x:Y", [bar(1, 1, 2)], 60_000) == ()
        trade_prices.take_funding(desk.account_id, "x:Y", 1, 1)


def test_a_long_journal_is_read_from_its_newest_snapshot(desk, monkeypatch):
    monkeypatch.setattr(desks, "_LONG", 6)
    first = desk.open()
    desk.price(50_000, 1)
    desk.open(replace(WISH, tag="second"))
    desk.price(50_000, 70)
    with unit_of_work(desk.ports):
        opened = desks.seen(desk.trader, desk.account_id)
    assert opened.begins_with_snapshot
    assert len(opened.entries) < 12
    assert len(opened.standing().trades) == 2
    desk.on(trading.close, first, market(50_000, 71))
    desk.price(50_000, 72)
    # another instrument: the snapshot does not know it, the journal does
    other = replace(BTC, symbol="ETHUSDT", base="ETH")
    third = desk.open(at=replace(market(50_000, 73), instrument=other))
    assert {one.trade.symbol for one in desk.on(trading.positions)} == {BTC.key, other.key}
    desk.on(trading.cancel, third, START_MS + 74_000)
    desk.price(51_100, 75)
    desk.check_ledger()
    assert desk.on(trade_history.analytics).overall.n == 2


def test_a_snapshot_of_another_version_is_passed_over(desk, monkeypatch):
    monkeypatch.setattr(desks, "_LONG", 3)
    desk.open()
    desk.price(50_000, 1)
    before = desk.money()

    def refuse(_account, _saved):
        raise Conflict("The snapshot is of another version of the engine.")

    monkeypatch.setattr(Account, "load", refuse)
    assert desk.money() == before
