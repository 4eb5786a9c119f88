"""Strategies that trade by themselves: in a replay, bar by bar, once, whoever runs them."""

import pytest

from sonde.markets.core.trades import TradeState
from sonde.markets.services import account_money, locks, paper_running, replays
from sonde.markets.services.automations import asking, stepping
from sonde.markets.services.automations.asking import NewAutomation
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.services import notifications
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.automation_data import Desk
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS

pytestmark = pytest.mark.integration


def _killed(person, automation_id):
    """Take a strategy along, and die before anything is committed."""
    stepping.step(person, automation_id)
    raise RuntimeError("killed")


@pytest.fixture
def desk(ports, people):
    return Desk(ports, people("Tess"))


def test_a_strategy_trades_through_the_gate_at_the_bar_after_its_decision(desk):
    made = desk.started()
    desk.hours(200)
    assert desk.round() == 1
    trades, signals = desk.trades(made), desk.signals(made)
    assert len(trades) > 2
    assert {one.tag for one in trades} == {"sma-cross"}
    assert {one.state for one in trades[:-1]} == {TradeState.CLOSED}
    entered = [one for one in signals if one.outcome == "entered"]
    assert [one.trade_id for one in entered] == [one.id for one in trades]
    assert [one.opened_ms for one in trades] == [one.bar_ms + HOUR_MS for one in entered]
    left = [one for one in signals if one.outcome == "left"]
    closed = [one for one in trades if one.closed_ms]
    assert [one.closed_ms for one in closed] == [one.bar_ms + HOUR_MS for one in left][
        -len(closed) :
    ]
    assert entered[0].facts["reason"] == "fast mean crossed above slow"
    assert desk(asking.get, made.automation_id).decided_ms == BEGIN_MS + 300 * HOUR_MS


def test_a_decision_acts_once_however_often_one_looks_and_whoever_dies(desk, people, ports):
    made = desk.started()
    other = Desk(ports, people("Una"))
    twin = other.started()
    for _ in range(10):
        desk.hours(15)
        desk.round()
        with pytest.raises(RuntimeError):
            desk(_killed, made.automation_id)
    other.hours(150)
    other.round()
    told = [
        (one.opened_ms, one.closed_ms, one.entry_weight, one.exit_weight)
        for one in desk.trades(made)
    ]
    assert told == [
        (one.opened_ms, one.closed_ms, one.entry_weight, one.exit_weight)
        for one in other.trades(twin)
    ]
    assert [one.bar_ms for one in desk.signals(made)] == [one.bar_ms for one in other.signals(twin)]


def test_a_runner_that_was_replaced_changes_nothing_any_more(desk):
    made = desk.started()
    desk.hours(150)
    old, new = desk.runner("old"), desk.runner("new")
    token = old.take()
    assert new.take() is None
    old.drop(token)
    later = new.take()
    assert later is not None
    with pytest.raises(paper_running.LeaseGone):
        old.round(token)
    with pytest.raises(paper_running.LeaseGone):
        old._worked(token, lambda: pytest.fail("this writes"), "")
    assert desk.trades(made) == []
    new.drop(later)


def test_what_the_rules_forbid_is_held_back_and_logged(desk):
    made = desk.started()
    wanted = locks.NewLock("", None, None, "news")
    desk(locks.add, made.account_id, wanted, 1)
    desk.hours(150)
    desk.round()
    outcomes = {one.outcome for one in desk.signals(made) if "enter" in one.wish}
    assert outcomes == {"blocked"}
    assert desk.trades(made) == []
    assert desk(account_money.balance, made.account_id).balance.equity == 10_000 * 10**8


def test_start_stop_and_what_is_refused(desk, people, viewer):
    made = desk.strategy()
    grace = people("Grace")
    for act in (asking.get, asking.start, asking.stop, asking.remove):
        with pytest.raises(NotFound), unit_of_work(desk.ports):
            act(grace, made.automation_id)
    with pytest.raises(Forbidden), unit_of_work(desk.ports):
        asking.create(viewer, NewAutomation("BTCUSDT", "sma-cross"))
    with pytest.raises(Conflict, match="account of its own"):
        desk.strategy(account_id=made.account_id)
    with pytest.raises(Invalid):
        desk.strategy(settings={"fast": 50, "slow": 20})
    with pytest.raises(NotFound):
        desk.strategy(strategy="nosuch")
    with pytest.raises(Conflict):
        desk(asking.stop, made.automation_id)
    desk(asking.start, made.automation_id)
    for act in (asking.start, asking.remove):
        with pytest.raises(Conflict):
            desk(act, made.automation_id)
    desk(asking.stop, made.automation_id)
    desk(replays.play, desk.replay.id)
    desk.hours(150)
    desk.round()
    assert desk.signals(made) == []
    desk(asking.remove, made.automation_id)
    assert desk(asking.mine) == []


def test_a_strategy_whose_replay_is_gone_stops_and_says_why(desk):
    made = desk.started()
    second = desk(replays.create, desk.replay.series_ids)
    desk(replays.play, second.id)
    desk(replays.remove, desk.replay.id)
    desk.round()
    found = desk(asking.get, made.automation_id)
    assert not found.is_running
    assert "replay" in found.reason
    told = desk(notifications.list_notifications).items
    assert told[0].kind == "markets.automation_stopped"
