"""Trainings over REST: families, metrics, log, files, controls, repetition."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sonde.app.asgi import build_server
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.tasks.running import run_job
from tests.integration.learning.slow_model import SlowModel, listed
from tests.integration.learning.toy_source import person, with_toys

pytestmark = [pytest.mark.integration, pytest.mark.anyio]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def client_of(outside: Ports) -> Callable[[Actor], httpx.AsyncClient]:
    server = build_server(outside, secure=False)

    def client_of(actor: Actor) -> httpx.AsyncClient:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            REQUEST.set(RequestScope("request", outside, actor, "key"))
            await server(scope, receive, send)

        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8050/api/v1"
        )

    return client_of


async def test_a_family_is_asked_for_followed_controlled_and_repeated(
    outside: Ports, client_of: Callable[[Actor], httpx.AsyncClient]
) -> None:
    client = client_of(person(outside, "RestAda"))
    ask = {
        "dataset": "tones",
        "model": "slow",
        "seeds": [4, 5],
        "training": {"epochs": 3},
        "device": "cpu",
        "notes": "By REST.",
    }
    with listed(SlowModel()):
        family = await client.post("/experiments/families", json=ask)
        assert family.status_code == 201, family.text
        first, second = family.json()["experiments"]
        assert {first["summary"]["family_id"]} == {family.json()["family_id"]}
        assert [one["model"]["seed"] for one in (first, second)] == [4, 5]
        assert first["model"]["training"]["device"] == "cpu"
        assert first["model"]["training"]["epochs"] == 3
        assert first["summary"]["notes"] == "By REST."
        path = f"/experiments/{first['summary']['id']}"
        paused = await client.post(f"{path}/control", json={"action": "pause"})
        assert (paused.json()["state"], paused.json()["wish"]) == ("queued", "pause")
        await client.post(f"{path}/control", json={"action": "resume"})
        run_job(outside, first["summary"]["job_id"], "test worker")
        again = await client.post(f"{path}/rerun")
        assert again.status_code == 201, again.text
    run = (await client.get(f"{path}/run")).json()
    assert (run["state"], run["parts"][0]["name"]) == ("succeeded", "fold 1")
    metrics = (await client.get(f"{path}/metrics")).json()
    assert {"train/loss", "fold/macro_f1"} <= {metric["key"] for metric in metrics}
    asked = {"key": ["train/loss", "fold/macro_f1"]}
    curves = (await client.get(f"{path}/metrics/curves", params=asked)).json()
    assert {curve["key"] for curve in curves} == set(asked["key"])
    assert curves[-1]["steps"] == [1, 2, 3, 4, 5]
    table = (await client.get(f"{path}/metrics.csv", params={"key": "train/loss"})).text
    assert table.count("\n") == 1 + 5 * 5
    lines = (await client.get(f"{path}/log", params={"text": "asked to"})).json()
    assert [line["text"] for line in lines] == [
        "RestAda asked to pause.",
        "RestAda asked to go on.",
    ]
    assert "fold 1/centres.bin" in (await client.get(f"{path}/files")).json()
    name = {"name": "fold 1/centres.bin"}
    assert len((await client.get(f"{path}/files/content", params=name)).content) > 100
    missing = await client.get(f"{path}/files/content", params={"name": "x"})
    assert missing.status_code == 404
    for method, end, body, status in (
        ("POST", "control", {"action": "pause"}, 409),
        ("POST", "control", {"action": "explode"}, 422),
        ("GET", "log?level=loud", None, 422),
        ("GET", "metrics/curves?points=1", None, 422),
    ):
        refused = await client.request(method, f"{path}/{end}", json=body)
        assert refused.status_code == status, refused.text
    wrong = await client.post("/experiments", json={"dataset": "tones", "training": {"x": 1}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    stranger = client_of(person(outside, "RestBob"))
    for end in ("run", "metrics", "metrics/curves", "metrics.csv", "log", "files"):
        assert (await stranger.get(f"{path}/{end}")).status_code == 404
    assert (await stranger.post(f"{path}/rerun")).status_code == 404
