"""Backtests over REST: the paths, hostile bodies, two people, one effect under one key."""

import pytest

from sonde.platform.tasks.running import run_job
from tests.integration.markets.backtest_data import store

pytestmark = pytest.mark.integration
API = "/api/v1/markets"
ASKED = {
    "symbol": "BTCUSDT",
    "strategy": "sma-cross",
    "settings": {"fast": 5, "slow": 20},
    "initial_balance": 5000,
    "start_date": "2024-01-02",
    "end_date": "2024-02-15",
    "data": [],
}


@pytest.fixture(scope="module")
def done(web, ports, actor):
    """A finished backtest, as its owner sees it."""
    store(ports, actor)
    with web.signed_in(actor) as client:
        answer = client.post(f"{API}/backtest", json=ASKED)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["state"], made["results"]) == ("queued", None)
        assert run_job(ports, made["job_id"], "test worker") == "succeeded"
        return client.get(f"{API}/backtests/{made['backtest_id']}").json()


def test_a_backtest_by_the_names_that_dashboards_know(web, actor, done):
    with web.signed_in(actor) as client:
        (only,) = client.get(
            f"{API}/backtest/results", params={"backtest_id": done["backtest_id"]}
        ).json()["items"]
        listed = client.get(f"{API}/backtest/results").json()["items"]
    assert only == done
    assert (done["state"], done["results"]["start"]) == ("succeeded", "5000.00000000")
    assert done["source"]["bars"] == 44 * 24
    assert listed[0]["backtest_id"] == done["backtest_id"]
    assert listed[0]["results"] is None
    assert listed[0]["summary"]["trades"] == done["summary"]["trades"]


def test_trades_equity_and_comparison(web, actor, done):
    with web.signed_in(actor) as client:
        path = f"{API}/backtests/{done['backtest_id']}"
        page = client.get(f"{path}/trades", params={"limit": 3}).json()
        more = client.get(
            f"{path}/trades", params={"limit": 200, "cursor": page["next_cursor"]}
        ).json()
        line = client.get(f"{path}/equity", params={"points": 100}).json()
        alone = client.get(f"{API}/backtests/compare", params={"id": done["backtest_id"]})
    assert [each["number"] for each in page["items"]] == [1, 2, 3]
    assert 3 + len(more["items"]) == done["summary"]["trades"]
    assert len(line["equity"]) <= 100
    assert line["n_bars"] == 44 * 24
    assert (alone.status_code, alone.json()["code"]) == (422, "invalid")


def test_the_same_key_asks_once(web, actor, done):
    with web.signed_in(actor) as client:
        both = [
            client.post(f"{API}/backtest", json=ASKED, headers={"Idempotency-Key": "once-only-1"})
            for _ in range(2)
        ]
    assert {answer.status_code for answer in both} == {201}
    assert both[0].json()["backtest_id"] == both[1].json()["backtest_id"]


@pytest.mark.parametrize(
    "change",
    [
        {"symbol": ""},
        {"symbol": "x" * 500},
        {"strategy": "../../etc"},
        {"settings": {"fast": "many"}},
        {"settings": {"fast": 1e308}},
        {"settings": []},
        {"start_date": "yesterday"},
        {"start_date": "9999-12-31", "end_date": "0001-01-01"},
        {"initial_balance": -1},
        {"initial_balance": "1e999"},
        {"initial_balance": "NaN"},
        {"size": 7},
        {"leverage": 125},
        {"leverage": "Infinity"},
        {"taker_fee": 2},
        {"volume_share": 0},
        {"latency_ms": 10**12},
        {"timeframe": "7 moons"},
        {"data": [[1, 2, 3]]},
        {"also": ["BTCUSDT"]},
        {"also": ["nothing:at all"]},
        {"also": ["X"] * 30},
        {"limits": {"luck": 1}},
        {"limits": {"cooldown_minutes": -1}},
        {"limits": {"cooldown_minutes": "NaN"}},
        {"unknown": True},
    ],
    ids=str,
)
def test_hostile_bodies_get_a_sentence(web, actor, done, change):
    with web.signed_in(actor) as client:
        answer = client.post(f"{API}/backtest", json={**ASKED, **change})
    assert answer.status_code in {404, 422}, answer.text
    assert answer.json()["message"].endswith(".")


def test_somebody_else_finds_nothing(web, other_actor, viewer, done):
    path = f"{API}/backtests/{done['backtest_id']}"
    with web.signed_in(other_actor) as client:
        for answer in (
            client.get(path),
            client.get(f"{path}/trades"),
            client.get(f"{path}/equity"),
            client.delete(path),
            client.get(f"{API}/backtest/results", params={"backtest_id": done["backtest_id"]}),
            client.get(f"{API}/backtests/compare", params={"id": [done["backtest_id"], "x"]}),
            client.post(f"{API}/backtest", json=ASKED),
        ):
            assert answer.status_code == 404, answer.text
        assert client.get(f"{API}/backtest/results").json()["items"] == []
    with web.signed_in(viewer) as client:
        assert client.post(f"{API}/backtest", json=ASKED).status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sweeps", {}),
        ("sweeps", {"axes": {"fast": [5]}, "bounds": {"slow": [20, 30]}}),
        ("sweeps", {"axes": {"nothing": [5]}}),
        ("sweeps", {"axes": {"fast": [5]}, "measure": "luck"}),
        ("sweeps", {"bounds": {"fast": [9, 5]}}),
        ("sweeps", {"bounds": {"fast": [-1e308, 1e308]}}),
        ("sweeps", {"bounds": {"sides": [1, 2]}}),
        ("sweeps", {"bounds": {"nothing": [1, 2]}}),
        ("sweeps", {"axes": {"fast": [5, "x"]}}),
        ("sweeps", {"axes": {"fast": [5]}, "settings": {"slow": 4}}),
        ("sweeps", {"axes": {"fast": list(range(2, 200)), "slow": list(range(2, 200))}}),
        ("walk-forwards", {"axes": {"fast": [5]}}),
        ("walk-forwards", {"axes": {"fast": [5]}, "train": 1, "test": 5}),
        ("analyses", {"kind": "palm-reading"}),
        ("analyses", {"kind": "look-ahead", "cuts": 10**9}),
        ("analyses", {"kind": "recursive", "starts": [0]}),
    ],
)
def test_hostile_studies_get_a_sentence(web, actor, done, path, body):
    asked = {"symbol": "BTCUSDT", "strategy": "sma-cross", **body}
    with web.signed_in(actor) as client:
        answer = client.post(f"{API}/backtests/{path}", json=asked)
    assert answer.status_code == 422, answer.text
    assert answer.json()["message"].endswith(".")


def test_hostile_queries_get_an_answer(web, actor, done):
    path = f"{API}/backtests/{done['backtest_id']}"
    with web.signed_in(actor) as client:
        for query in ("kind=%00", "symbol=%00%ff", "cursor=%00", "limit=-1", "backtest_id=%00"):
            answer = client.get(f"{API}/backtest/results?{query}")
            assert answer.status_code in {200, 404, 422}, (query, answer.text)
        for address in (
            f"{path}/trades?cursor=%00",
            f"{path}/equity?points=9",
            f"{API}/backtests/%00",
        ):
            assert client.get(address).status_code in {404, 422}, address


def test_a_sweep_is_asked_for_over_rest(web, ports, actor, done):
    asked = {"symbol": "BTCUSDT", "strategy": "sma-cross", "axes": {"fast": [3, 5], "slow": [20]}}
    with web.signed_in(actor) as client:
        made = client.post(f"{API}/backtests/sweeps", json=asked)
        assert made.status_code == 201, made.text
        assert run_job(ports, made.json()["job_id"], "test worker") == "succeeded"
        path = f"{API}/backtests/{made.json()['backtest_id']}"
        found = client.get(path).json()
        assert client.get(f"{path}/trades").status_code == 409
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == 404
    assert found["results"]["n_cells"] == 2
    assert found["results"]["maps"][0]["x_values"] == [3, 5]


def test_limits_are_asked_for_over_rest(web, ports, actor, done):
    asked = {**ASKED, "limits": {"cooldown_minutes": 3000}}
    with web.signed_in(actor) as client:
        made = client.post(f"{API}/backtest", json=asked)
        assert made.status_code == 201, made.text
        assert run_job(ports, made.json()["job_id"], "test worker") == "succeeded"
        path = f"{API}/backtests/{made.json()['backtest_id']}"
        found = client.get(path).json()
        assert client.delete(path).status_code == 204
    assert found["asked"]["assumptions"]["limits"] == {"cooldown_minutes": "3000"}
    assert found["results"]["held_back"]["rules"]["cooldown"] > 0
