"""Prices over REST: stored, examined, drawn, replayed, collected; always with their source."""

import numpy as np
import pytest

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import price_store
from sonde.platform.services.work import unit_of_work
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, columns, text

pytestmark = pytest.mark.integration
AREA = "/api/v1/markets"


@pytest.fixture(scope="module")
def series_id(ports, actor):
    """Three hundred hours of BTCUSDT, one of them missing."""
    rows = np.delete(np.arange(300), 100)
    bars = columns(BEGIN + HOUR * rows, np.round(100 + 10 * np.sin(rows / 9), 2))
    source = Provenance("binance", "file", "btc.csv", "ab" * 32, 0)
    instrument = inferred_instrument("BTCUSDT", bars, venue="binance")
    with unit_of_work(ports):
        candles = bars.candles(instrument, Timeframe("1h"), source)
        return price_store.append_candles(actor, candles, is_inferred=True).series.id


@pytest.fixture(scope="module")
def client(web, actor, series_id):
    with web.signed_in(actor) as client:
        yield client


def test_the_status_is_measured(client):
    assert client.get(f"{AREA}/health").json() == {"status": "ok"}
    first = client.get(f"{AREA}/system/status").json()
    again = client.get(f"{AREA}/system/status").json()
    assert first["status"] == "ok"
    assert {one["name"] for one in first["components"]} == {
        "Database",
        "Job queue",
        "Cache",
        "Files",
    }
    assert first["resources"]["n_cpus"] == again["resources"]["n_cpus"]
    assert first["resources"]["peak_memory_mb"] > 10


def test_a_price_names_its_source_and_nothing_is_made_up(client):
    found = client.get(f"{AREA}/price", params={"symbol": "btcusdt"}).json()
    assert (found["symbol"], found["feed"], found["is_stale"]) == ("binance:BTCUSDT", "file", True)
    assert float(found["price"]) == pytest.approx(100 + 10 * np.sin(299 / 9), abs=0.01)
    assert found["reason"].startswith("The last price is")
    nothing = client.get(f"{AREA}/price", params={"symbol": "NOPE"}).json()
    assert nothing["price"] is None
    assert "No feed and no stored candle" in nothing["reason"]


def test_indicators_are_numbers_or_null_with_the_reason(client):
    found = client.get(f"{AREA}/features/indicators", params={"symbol": "btcusdt"}).json()
    assert (found["status"], found["timeframe"], len(found["indicators"])) == ("ok", "1h", 23)
    assert set(found["reasons"]) == {
        name for name, value in found["indicators"].items() if value is None
    }
    assert found["regime"]["words"]
    nothing = client.get(f"{AREA}/features/indicators", params={"symbol": "NOPE"}).json()
    assert (nothing["status"], nothing["indicators"]) == ("unavailable", {})
    assert nothing["reason"]
    bad = client.get(f"{AREA}/features/indicators", params={"symbol": "x", "timeframe": "7m"})
    assert bad.status_code == 422


def test_candles_are_read_in_pages_or_drawn_with_fewer(client, series_id):
    path = f"{AREA}/series/{series_id}/candles"
    times, from_ms = [], 0
    while from_ms is not None:
        page = client.get(path, params={"from_ms": from_ms, "limit": 120}).json()
        times += page["time_ms"]
        from_ms = page["next_from_ms"]
    assert len(times) == len(set(times)) == 299
    drawn = client.get(path, params={"points": 50}).json()
    whole = client.get(path).json()
    assert (drawn["bars_each"], len(drawn["close"])) == (6, 50)
    assert max(drawn["high"]) == max(whole["high"])
    assert min(drawn["low"]) == min(whole["low"])
    assert sum(drawn["volume"]) == pytest.approx(sum(whole["volume"]))


def test_a_series_is_examined(client, series_id):
    (listed,) = client.get(f"{AREA}/series").json()["items"]
    assert (listed["id"], listed["n_bars"]) == (series_id, 299)
    assert client.get(f"{AREA}/series/{series_id}").json() == listed
    gaps = client.get(f"{AREA}/series/{series_id}/gaps").json()
    assert (gaps["n_missing"], gaps["n_gaps"]) == (1, 1)
    assert "1 bar is missing" in gaps["gaps"][0]["words"]
    assert client.get(f"{AREA}/series/{series_id}/statistics").json()["n_missing"] == 1
    assert client.get(f"{AREA}/series/{series_id}/outliers").status_code == 200
    instruments = client.get(f"{AREA}/instruments").json()
    assert [(one["symbol"], one["taker_fee"]) for one in instruments] == [("BTCUSDT", "0.001")]


def test_longer_bars_are_made_and_deleted(client, series_id):
    made = client.post(f"{AREA}/series/{series_id}/resample", json={"timeframe": "4h"})
    assert made.status_code == 201
    other = made.json()["id"]
    assert made.json()["timeframe"] == "4h"
    assert client.delete(f"{AREA}/series/{other}").status_code == 204
    assert client.get(f"{AREA}/series/{other}").status_code == 404


def test_a_file_is_uploaded_for_a_job_to_read(client):
    form = {"symbol": "ETHUSDT", "venue": "binance"}
    answer = client.post(f"{AREA}/imports", data=form, files={"file": ("e.csv", text().encode())})
    assert answer.status_code == 201, answer.text
    staged = answer.json()
    assert (staged["state"], staged["file_name"]) == ("waiting", "e.csv")
    assert client.get(f"{AREA}/imports/{staged['id']}").json()["job_id"] == staged["job_id"]
    assert client.get(f"{AREA}/imports").json()["items"][0]["id"] == staged["id"]
    bad = client.post(
        f"{AREA}/imports", data={**form, "columns": "time"}, files={"file": ("e.csv", b"1")}
    )
    assert bad.status_code == 422


def test_a_replay_is_steered_and_is_then_the_price(client, series_id):
    made = client.post(f"{AREA}/replay", json={"series_ids": [series_id], "speed": 0.1})
    assert made.status_code == 201, made.text
    path = f"{AREA}/replay/{made.json()['id']}"
    turned = client.patch(path, json={"position_ms": BEGIN + 50 * HOUR, "action": "play"}).json()
    assert turned["is_playing"]
    found = client.get(f"{AREA}/price", params={"symbol": "BTCUSDT"}).json()
    assert (found["feed"], found["is_stale"]) == ("replay", False)
    features = client.get(f"{AREA}/features/indicators", params={"symbol": "BTCUSDT"}).json()
    assert (features["feed"], features["n_bars"]) == ("replay", 50)
    over = client.get(f"{path}/candles", params={"series_id": series_id}).json()
    assert len(over["close"]) == 50
    assert client.patch(path, json={"action": "pause"}).json()["is_playing"] is False
    assert client.patch(path, json={"speed": -1}).status_code == 422
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_collecting_is_started_counted_and_stopped(client):
    path = f"{AREA}/ml/data_collection"
    assert client.get(f"{path}/stats").json()["running"] is False
    started = client.post(f"{path}/start", json={"symbol": "btcusdt", "timeframe": "1h"})
    assert started.status_code == 201, started.text
    found = client.get(f"{path}/stats").json()
    assert (found["running"], found["total_rows"]) == (True, 299)
    assert client.post(f"{path}/stop").json()["running"] is False
    assert client.post(f"{path}/stop", json={"collection_id": "x"}).status_code == 404
    assert client.get(f"{AREA}/feeds").json() == []
    off = client.post(f"{AREA}/feeds", json={"name": "binance", "is_on": False})
    assert off.status_code == 403
