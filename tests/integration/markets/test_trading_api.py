"""Trading over REST, by the names that the seed gave: true answers, true status codes."""

import csv
import dataclasses
import io
from decimal import Decimal

import numpy as np
import pytest

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import price_store, replays
from sonde.platform.services.work import unit_of_work
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, columns

pytestmark = pytest.mark.integration
AREA = "/api/v1/markets"
TICKET = {"symbol": "BTCUSDT", "direction": "LONG", "amount": 500, "tp_pct": 2, "sl_pct": 1}


@pytest.fixture(scope="module")
def replay(ports, actor):
    """A replay that stands near its 200th hour and plays slowly."""
    close = np.round(50_000 + 200 * np.sin(np.arange(300) / 9), 2)
    bars = columns(BEGIN + HOUR * np.arange(300), close)
    source = Provenance("binance", "file", "btc.csv", "ab" * 32, 0)
    inferred = inferred_instrument("BTCUSDT", bars, venue="binance")
    instrument = dataclasses.replace(inferred, step=Decimal("0.00001"))
    with unit_of_work(ports):
        candles = bars.candles(instrument, Timeframe("1h"), source)
        series = price_store.append_candles(actor, candles).series
        made = replays.create(actor, [series.id], speed=0.1)
        replays.seek(actor, made.id, BEGIN + 200 * HOUR)
        return replays.play(actor, made.id)


@pytest.fixture(scope="module")
def client(web, actor, replay):
    with web.signed_in(actor) as client:
        yield client


def test_defect_10_the_fields_of_the_dashboard_are_the_fields_of_the_trade(client):
    answer = client.post(f"{AREA}/trade", json=TICKET)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    trade = told["trade"]
    assert (told["status"], trade["direction"], trade["status"]) == ("success", "LONG", "pending")
    assert float(trade["sl_price"]) < 50_200
    assert float(trade["tp_price"]) > float(trade["sl_price"]) > 49_000
    assert client.get(f"{AREA}/trades/{told['trade_id']}").json() == trade
    orders = client.get(f"{AREA}/trades/{told['trade_id']}/orders").json()
    assert {one["role"] for one in orders} >= {"entry"}
    assert len(client.get(f"{AREA}/orders").json()) >= 1
    (position,) = client.get(f"{AREA}/positions").json()
    assert position["trade_id"] == told["trade_id"]
    cancelled = client.post(f"{AREA}/trades/{told['trade_id']}/cancel")
    assert cancelled.json()["trade"]["status"] == "cancelled"
    assert client.post(f"{AREA}/trades/{told['trade_id']}/cancel").status_code == 409


def test_defect_12_a_replay_fills_the_entry_and_its_stop_or_target(client, replay):
    trade_id = client.post(f"{AREA}/trade", json={**TICKET, "sl_pct": 0.5}).json()["trade_id"]
    path = f"{AREA}/replay/{replay.id}"
    client.patch(path, json={"position_ms": BEGIN + 203 * HOUR})
    opened = client.get(f"{AREA}/trades").json()["items"][0]
    assert (opened["trade_id"], opened["status"]) == (trade_id, "open"), opened
    (position,) = client.get(f"{AREA}/positions").json()
    assert float(position["live_fees"]) > 0
    closing = client.post(f"{AREA}/trades/{trade_id}/close", params={"close_price": 1}).json()
    assert "not used" in closing["message"]
    client.patch(path, json={"position_ms": BEGIN + 206 * HOUR})
    closed = client.get(f"{AREA}/trades/{trade_id}").json()
    assert (closed["status"], closed["exit_reason"]) == ("closed", "manual")
    balance = client.get(f"{AREA}/virtual_balance").json()
    assert float(balance["pnl"]) == pytest.approx(float(closed["pnl"]))
    client.post(f"{AREA}/virtual_balance/reset")
    client.delete(f"{AREA}/trades/cleanup", params={"older_than_days": 0})


def test_a_key_opens_one_trade_however_often_it_is_sent(client):
    before = len(client.get(f"{AREA}/trades").json()["items"])
    headers = {"Idempotency-Key": "one-click"}
    waiting = {**TICKET, "activate": False}
    answers = [client.post(f"{AREA}/trade", json=waiting, headers=headers) for _ in range(3)]
    assert {one.json()["trade_id"] for one in answers} == {answers[0].json()["trade_id"]}
    assert len(client.get(f"{AREA}/trades").json()["items"]) == before + 1
    other = client.post(f"{AREA}/trade", json=TICKET, headers=headers)
    assert other.status_code == 409
    trade_id = answers[0].json()["trade_id"]
    changed = client.patch(f"{AREA}/trades/{trade_id}", json={"sl_pct": 3})
    assert changed.status_code == 200, changed.text
    closed = client.post(f"{AREA}/trades/{trade_id}/close", params={"close_price": 1})
    assert (closed.status_code, closed.json()["code"]) == (409, "conflict")
    active = client.post(f"{AREA}/trades/{trade_id}/activate")
    assert active.json()["trade"]["is_placed"] is True
    assert client.post(f"{AREA}/trades/{trade_id}/activate").status_code == 409
    assert client.post(f"{AREA}/trades/{trade_id}/cancel").status_code == 200
    assert client.get(f"{AREA}/trades/recent").json()[0]["trade_id"] == trade_id


def test_defect_05_the_check_is_measured_and_is_the_gate(client):
    risky = {**TICKET, "amount": 4000}
    found = client.post(f"{AREA}/safety/check", json=risky).json()
    assert (found["trade_approved"], found["recommendation"]) == (False, "REJECT")
    again = client.post(f"{AREA}/safety/check", json=risky).json()
    names = ("code", "verdict", "limit")
    assert [[one[name] for name in names] for one in found["safety_checks"]] == [
        [one[name] for name in names] for one in again["safety_checks"]
    ]
    refused = client.post(f"{AREA}/trade", json=risky)
    assert (refused.status_code, refused.json()["code"]) == (409, "risk_block")
    blocks = [one["code"] for one in found["safety_checks"] if one["verdict"] == "block"]
    assert refused.json()["details"]["rules"] == blocks
    fine = client.post(f"{AREA}/safety/check", json=TICKET).json()
    assert fine["errors"] == []
    assert float(fine["preview"]["fee"]) == pytest.approx(0.5, rel=0.05)
    assert fine["quick_amounts"][-1]["label"] == "max"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"direction": "sideways"}, 422),
        ({"amount": -1}, 422),
        ({"amount": "nan"}, 422),
        ({"sl_price": 1, "sl_pct": 1}, 422),
        ({"price": 5}, 422),
        ({"symbol": "NOPE"}, 404),
        ({"account_id": "nobody"}, 404),
        ({"direction": "SHORT"}, 409),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, changes, status):
    answer = client.post(f"{AREA}/trade", json={**TICKET, **changes})
    assert answer.status_code == status, answer.text
    assert answer.json()["message"]


def test_defect_13_money_changes_by_postings_only(client):
    found = client.get(f"{AREA}/virtual_balance").json()
    assert (found["balance"], found["currency"]) == ("10000.00000000", "USDT")
    put = client.post(f"{AREA}/virtual_balance/set", json={"balance": 12_500.5}).json()
    assert put["balance"] == "12500.50000000"
    assert client.post(f"{AREA}/virtual_balance/set", json={"balance": -1}).status_code == 422
    other = client.post(f"{AREA}/accounts", json={"name": "Other", "start": 0}).json()
    mine = client.get(f"{AREA}/accounts").json()[0]
    moved = {"from_account_id": mine["id"], "to_account_id": other["id"], "amount": "500.5"}
    both = client.post(f"{AREA}/virtual_balance/transfer", json=moved).json()
    assert [one["balance"] for one in both] == ["12000.00000000", "500.50000000"]
    assert client.post(f"{AREA}/virtual_balance/reset").json()["balance"] == "10000.00000000"
    ledger = client.get(f"{AREA}/ledger", params={"limit": 200}).json()
    assert [one["seq"] for one in ledger["items"]] == list(range(1, len(ledger["items"]) + 1))
    why = [one["facts"].get("why") for one in ledger["items"] if one["kind"] == "posting"]
    assert why == ["opening", "reset", "set", "transfer", "reset"]
    page = client.get(f"{AREA}/ledger", params={"limit": 2}).json()
    assert page["next_after"] == 2
    renamed = client.patch(f"{AREA}/accounts/{other['id']}", json={"name": "Third"})
    assert renamed.json()["name"] == "Third"
    assert client.delete(f"{AREA}/accounts/{other['id']}").status_code == 204


def test_defect_15_risk_settings_locks_and_the_switch_do_what_they_say(client):
    found = client.get(f"{AREA}/risk_settings").json()
    assert (found["max_drawdown"], found["stoploss"], found["position_size"]) == (
        "1000",
        "1",
        "100",
    )
    changed = client.post(f"{AREA}/risk_settings", json={"stoploss": 2.5, "max_open_trades": 3})
    assert (changed.json()["version"], changed.json()["stoploss"]) == (2, "2.5")
    late = client.post(f"{AREA}/risk_settings", params={"version": 1}, json={"stoploss": 3})
    assert late.status_code == 409
    bad = client.post(f"{AREA}/risk_settings", json={"stoploss": 150})
    assert (bad.status_code, "between" in bad.json()["message"]) == (422, True)
    assert client.post(f"{AREA}/risk_settings", json={"nonsense": 1}).status_code == 422
    lock = client.post(f"{AREA}/locks", json={"symbol": "BTCUSDT", "reason": "news"}).json()
    assert [one["id"] for one in client.get(f"{AREA}/locks").json()] == [lock["id"]]
    refused = client.post(f"{AREA}/trade", json=TICKET)
    assert refused.json()["details"]["rules"] == ["lock"]
    assert client.delete(f"{AREA}/locks/{lock['id']}").status_code == 204
    assert client.delete(f"{AREA}/locks/{lock['id']}").status_code == 404
    pressed = client.post(f"{AREA}/kill_switch", json={"stage": "close_all", "reason": "enough"})
    assert pressed.json()["stage"] == "close_all"
    assert client.post(f"{AREA}/trade", json=TICKET).status_code == 409
    assert client.post(f"{AREA}/kill_switch", json={"stage": "off"}).json()["stage"] == "off"
    assert client.get(f"{AREA}/kill_switch").json()["stage"] == "off"


def test_defect_02_analytics_come_from_the_trades(client):
    found = client.get(f"{AREA}/trades/analytics").json()
    assert found["overview"]["total_trades"] == found["performance"]["n"] == 0
    assert found["performance"]["win_rate"]["value"] is None
    assert found["performance"]["win_rate"]["reason"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{AREA}/export").text)))
    listed = client.get(f"{AREA}/trades", params={"limit": 1}).json()
    assert listed["items"][0]["trade_id"] == rows[0]["id"]
    cleaned = client.delete(f"{AREA}/trades/cleanup", params={"older_than_days": 0}).json()
    assert cleaned["deleted"] == len(rows)
    assert client.get(f"{AREA}/trades").json()["items"] == []


def test_spot_prices_are_traded_as_a_perpetual_with_leverage_and_its_liquidation(client):
    short = {**TICKET, "direction": "SHORT", "kind": "perpetual", "leverage": 4}
    found = client.post(f"{AREA}/safety/check", json=short).json()
    assert (found["trade_approved"], found["errors"]) == (True, [])
    price = float(found["preview"]["price"])
    assert float(found["preview"]["liquidation_price"]) == pytest.approx(price * 1.25 / 1.005)
    assert float(found["preview"]["margin"]) == pytest.approx(500 / 4, rel=0.01)
    trade = client.post(f"{AREA}/trade", json=short).json()["trade"]
    assert (trade["traded_as"], trade["leverage"], trade["direction"]) == (
        "perpetual",
        "4",
        "SHORT",
    )
    # beside it: neither other terms nor the other side, said before anything is sent
    for other, words in (
        ({**TICKET, "kind": "spot"}, "is traded as perpetual with leverage 4"),
        ({**short, "direction": "LONG"}, "All trades of a symbol look the same way"),
    ):
        told = client.post(f"{AREA}/safety/check", json=other).json()
        assert told["trade_approved"] is False
        assert words in told["errors"][-1]
        refused = client.post(f"{AREA}/trade", json=other)
        assert (refused.status_code, words in refused.json()["message"]) == (409, True)
    client.post(f"{AREA}/trades/{trade['trade_id']}/cancel")
    assert client.post(f"{AREA}/safety/check", json=TICKET).json()["trade_approved"] is True


ORDERS = (
    ({"order_type": "stop", "trigger_price": 51_000}, "stop", "51000"),
    ({"trigger_price": 51_000, "entry_price": 51_010}, "stop_limit", "51000"),
    ({"order_type": "if_touched", "trigger_price": 49_000}, "if_touched", "49000"),
    ({"order_type": "trailing", "trail_pct": 1.5}, "trailing", None),
    ({"entry_price": 49_000, "post_only": True}, "limit", None),
    ({"entry_price": 49_000, "time_in_force": "GTD", "good_for_minutes": 90}, "limit", None),
)


@pytest.mark.parametrize(("changes", "order", "trigger"), ORDERS)
def test_every_order_of_the_engine_is_asked_for_in_a_ticket(client, changes, order, trigger):
    made = client.post(f"{AREA}/trade", json={**TICKET, **changes})
    assert made.status_code == 201, made.text
    trade = made.json()["trade"]
    assert (trade["order_type"], trade["status"]) == (order, "pending")
    told = trade["trigger_price"]
    assert (None if told is None else float(told)) == (trigger and float(trigger))
    assert trade["time_in_force"] == changes.get("time_in_force", "GTC")
    assert (trade["expires_time"] is None) is ("good_for_minutes" not in changes)
    orders = client.get(f"{AREA}/trades/{trade['trade_id']}/orders").json()
    assert [one["kind"] for one in orders if one["role"] == "entry"] == ["accepted"]
    done = client.post(f"{AREA}/trades/{trade['trade_id']}/cancel")
    assert done.json()["trade"]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"order_type": "stop"}, "needs the price that sets it off"),
        ({"trigger_price": 40_000}, "lies above the price"),
        ({"order_type": "market", "post_only": True}, "Only a limit order can be post-only"),
        ({"time_in_force": "GTD"}, "for how many minutes"),
        ({"sl_trailing_pct": 1}, "stands still or trails"),
        ({"kind": "perpetual", "leverage": 50}, "50"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_a_sentence(client, changes, words):
    answer = client.post(f"{AREA}/trade", json={**TICKET, **changes})
    assert answer.status_code in (409, 422), answer.text
    assert words in answer.json()["message"]


def test_a_stop_or_target_is_taken_away_and_a_stop_trails(client):
    made = client.post(f"{AREA}/trade", json={**TICKET, "activate": False}).json()["trade"]
    path = f"{AREA}/trades/{made['trade_id']}"
    trails = client.patch(path, json={"sl_trailing_pct": 2}).json()["trade"]
    assert float(trails["sl_trailing"]) == pytest.approx(1_000, rel=0.01)
    none = client.patch(path, json={"remove": ["stop", "target"]}).json()["trade"]
    assert (none["sl_price"], none["sl_trailing"], none["tp_price"]) == (None, None, None)
    back = client.patch(path, json={"sl_pct": 1}).json()["trade"]
    assert float(back["sl_price"]) < 50_200
    both = client.patch(path, json={"sl_pct": 1, "remove": ["stop"]})
    assert (both.status_code, "not both" in both.json()["message"]) == (422, True)
    client.post(f"{path}/cancel")


def test_of_two_entries_one_is_wanted_and_a_key_opens_them_once(client):
    ticket = {**TICKET, "entry_price": 49_000}
    asked = {**ticket, "or_entry": {"trigger_price": 51_000}}
    first, again = (
        client.post(f"{AREA}/trade", json=asked, headers={"Idempotency-Key": "either-1"})
        for _ in range(2)
    )
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    ids = [first.json()[name] for name in ("trade_id", "other_trade_id")]
    trades = [client.get(f"{AREA}/trades/{one}").json() for one in ids]
    assert [one["order_type"] for one in trades] == ["limit", "stop"]
    assert [one["status"] for one in trades] == ["pending", "pending"]
    assert len({one["quantity"] for one in trades}) == 1  # what fills leaves nothing of the other
    assert Decimal(trades[0]["quantity"]) == round(Decimal(500) / 51_000 - Decimal("0.000005"), 5)
    client.post(f"{AREA}/trades/{ids[0]}/cancel")
    assert client.get(f"{AREA}/trades/{ids[1]}").json()["status"] == "pending"
    client.post(f"{AREA}/trades/{ids[1]}/cancel")
    for wrong in ({**asked, "activate": False}, {**ticket, "or_entry": {}}):
        answer = client.post(f"{AREA}/trade", json=wrong)
        assert answer.status_code == 422, answer.text
