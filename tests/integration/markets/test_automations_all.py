"""Strategies that trade by themselves: in a replay, bar by bar, once, whoever runs them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sonde.markets.core.automating import AutomationTerms
from sonde.markets.core.ticket import AmountKind
from sonde.markets.core.trades import TradeState
from sonde.markets.services import (
    account_money,
    locks,
    paper_running,
    replays,
    trade_history,
)
from sonde.markets.services.automations import asking, parity, stepping
from sonde.markets.services.automations.asking import NewAutomation
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.services import notifications
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, store

pytestmark = pytest.mark.integration

AT_ONCE = AutomationTerms(Decimal(150), AmountKind.CURRENCY, Decimal(1), 0)
FAST = {"fast": 5, "slow": 20}


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        return self.at


class Desk:
    """A person with a replay of an hour a second, and a strategy in it."""

    def __init__(self, ports, person, n_bars=400):
        self.clock = Clock()
        self.ports = replace(ports, clock=self.clock)
        self.person = person
        series = store(self.ports, person, n_bars)
        self.replay = self(replays.create, [series.id], speed=3600.0)
        self(replays.seek, self.replay.id, BEGIN_MS + 100 * HOUR_MS)

    def __call__(self, service, *given, **named):
        with unit_of_work(self.ports):
            return service(self.person, *given, **named)

    def strategy(self, terms=AT_ONCE, **named):
        wanted = NewAutomation("BTCUSDT", "sma-cross", FAST, replay_id=self.replay.id, terms=terms)
        return self(asking.create, replace(wanted, **named))

    def started(self, **named):
        made = self.strategy(**named)
        self(asking.start, made.automation_id)
        self(replays.play, self.replay.id)
        return made

    def hours(self, count):
        """Let the replay go on; nobody has looked at it yet."""
        self.clock.at += timedelta(seconds=count)

    def runner(self, name="one"):
        return paper_running.PaperRunner(self.ports, name)

    def round(self):
        """Let a runner of its own go round once."""
        runner = self.runner()
        token = runner.take()
        try:
            return runner.round(token)
        finally:
            runner.drop(token)

    def trades(self, made):
        return list(reversed(self(trade_history.newest, made.account_id)))

    def signals(self, made):
        return list(reversed(self(asking.signals, made.automation_id, limit=200)))


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


def test_a_replay_that_goes_back_needs_a_fresh_account(desk):
    made = desk.started()
    desk.hours(150)
    desk.round()
    desk(asking.stop, made.automation_id)
    desk(replays.seek, desk.replay.id, BEGIN_MS + 100 * HOUR_MS)
    with pytest.raises(Conflict, match="reset the account"):
        desk(asking.start, made.automation_id)
    before = [one.opened_ms for one in desk.trades(made) if one.state is TradeState.CLOSED]
    desk(account_money.reset, made.account_id, 0)
    desk(asking.start, made.automation_id)
    desk.hours(150)
    desk.round()
    again = [one.opened_ms for one in desk.trades(made) if one.state is TradeState.CLOSED]
    assert again[: len(before)] == before
    assert len(again) == 2 * len(before)


def test_acceptance_paper_replay_equals_its_backtest_trade_by_trade(desk):
    made = desk.started()
    for _ in range(3):
        desk.hours(70)
        desk.round()
    report = desk(parity.compare, made.automation_id)
    assert report.n_paper == report.n_backtest == report.found.identical > 2
    assert report.found.differences == ()
    assert report.net_paper == report.net_backtest != 0


def test_differences_of_parity_are_explained(desk):
    made = desk.started()
    desk.hours(70)
    desk.round()
    lock = desk(locks.add, made.account_id, locks.NewLock("", None, None, "news"), 1)
    desk.hours(100)
    desk.round()
    desk(locks.remove, made.account_id, lock.id, 1)
    desk.hours(70)
    desk.round()
    report = desk(parity.compare, made.automation_id)
    assert report.n_paper < report.n_backtest
    assert report.found.unexplained == ()
    told = {(one.kind, one.explanation.partition(":")[0]) for one in report.found.differences}
    assert told == {("missing", "held back")}


def test_automatic_trading_over_rest(web, actor, ports):
    area = "/api/v1/markets/auto_trading"
    desk = Desk(ports, actor)
    desk.clock.at = datetime.now(UTC)
    with web.signed_in(actor) as client:
        asked = {
            "symbol": "BTCUSDT",
            "strategy": "sma-cross",
            "settings": FAST,
            "replay_id": desk.replay.id,
            "amount": "150",
            "latency_ms": 0,
        }
        answers = [
            client.post(area, json=asked, headers={"Idempotency-Key": "made-once"})
            for _ in range(2)
        ]
        assert {one.status_code for one in answers} == {201}, answers[0].text
        assert answers[0].json() == answers[1].json()
        made = answers[0].json()
        one = f"{area}/{made['automation_id']}"
        assert client.get(f"{one}/parity").status_code == 409
        assert client.post(f"{one}/start").json()["is_running"] is True
        assert client.post(f"{one}/start").status_code == 409
        assert client.delete(one).status_code == 409
        assert client.get(f"{area}/status").json() == {"enabled": True, "running": 1, "total": 1}
        desk(replays.set_speed, desk.replay.id, 1_000_000.0)
        desk(replays.play, desk.replay.id)
        desk.clock.at += timedelta(seconds=10)
        desk.round()
        assert client.get(one).json()["decided_at"] == "2024-01-17T16:00:00Z"
        told = client.get(f"{one}/signals", params={"limit": 3}).json()
        assert len(told["items"]) == 3
        assert {signal["outcome"] for signal in told["items"]} <= {"entered", "left"}
        older = client.get(f"{area}/signals", params={"before": told["next_before"]}).json()
        assert older["items"][0]["bar_time"] < told["items"][-1]["bar_time"]
        found = client.get(f"{one}/parity").json()
        assert (found["unexplained"], found["differences"]) == (0, [])
        assert found["paper_trades"] == found["identical"] > 3
        assert client.post(f"{one}/stop").json()["is_running"] is False
        assert client.delete(one).status_code == 204
        assert client.get(one).status_code == 404
        bad = client.post(area, json={**asked, "amount_kind": "percent", "amount": 101})
        assert bad.status_code == 422
