"""Paper beside backtest, trade by trade; and automatic trading over REST."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sonde.markets.core.trades import TradeState
from sonde.markets.services import account_money, locks, replays
from sonde.markets.services.automations import asking, parity
from sonde.platform.core.errors import Conflict, Invalid
from tests.integration.markets.automation_data import AT_ONCE, FAST, Desk
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS

pytestmark = pytest.mark.integration


@pytest.fixture
def desk(ports, people):
    return Desk(ports, people("Tess"))


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


def test_spot_prices_traded_as_a_perpetual_go_short_as_in_their_backtest(desk):
    with pytest.raises(Invalid, match="at most 1"):
        desk.strategy(terms=replace(AT_ONCE, leverage=Decimal(3)))
    terms = replace(AT_ONCE, leverage=Decimal(3), kind="perpetual")
    made = desk.started(terms=terms, settings={**FAST, "sides": "both"})
    desk.hours(210)
    desk.round()
    report = desk(parity.compare, made.automation_id)
    assert report.found.differences == ()
    assert report.n_paper == report.n_backtest == report.found.identical > 4
    assert {one.side.value for one in desk.trades(made)} == {"long", "short"}


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
