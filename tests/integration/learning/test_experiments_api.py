"""Experiments and predictions over REST, as a signed-in person."""

import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest

from sonde.app.asgi import build_server
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.ports import Ports
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import person, with_toys
from tests.unit.learning.toy_problem import toy_windows

pytestmark = [pytest.mark.integration, pytest.mark.anyio]
ASK = {
    "dataset": "lonely",
    "model": "random-forest",
    "hyper_parameters": {"n_trees": 15},
    "title": "By REST",
}


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


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "Ada")


@pytest.fixture(scope="module")
def client(client_of: Callable[[Actor], httpx.AsyncClient], ada: Actor) -> httpx.AsyncClient:
    return client_of(ada)


async def test_choices_tell_everything_that_can_be_trained(client: httpx.AsyncClient) -> None:
    choices = (await client.get("/learning/choices")).json()
    assert {model["name"] for model in choices["models"]} >= {
        "random-forest",
        "minirocket",
        "rbf-svm",
    }
    assert choices["models"][0]["hyper_parameters"][0]["name"] == "n_trees"
    assert any(policy["is_leaky"] for policy in choices["split_policies"])
    assert {problem["ref"] for problem in choices["problems"]} >= {"tones", "lonely"}
    offered = await client.get("/learning/problems", params={"dataset": "tones"})
    assert offered.json()["honest_policy"] == "group-k-fold"
    nowhere = await client.get("/learning/problems", params={"dataset": "nothing"})
    assert nowhere.status_code == 404


async def test_train_look_predict_and_delete(client: httpx.AsyncClient, outside: Ports) -> None:
    made = await client.post("/experiments", json=ASK, headers={"Idempotency-Key": "k1"})
    assert made.status_code == 201, made.text
    again = await client.post("/experiments", json=ASK, headers={"Idempotency-Key": "k1"})
    assert again.json()["summary"]["id"] == made.json()["summary"]["id"]
    summary = made.json()["summary"]
    assert (summary["state"], summary["policy"]) == ("queued", "group-k-fold")
    path = f"/experiments/{summary['id']}"
    early = await client.post(f"{path}/predictions", files={"file": b"x"})
    assert (early.status_code, early.json()["code"]) == (409, "conflict")

    run_job(outside, summary["job_id"], "test worker")
    found = (await client.get(path)).json()
    assert found["result"]["certificate"]["notes"] == ["healthy: 1 bearing, divided by record"]
    assert found["result"]["evaluation"]["macro_f1"] == found["summary"]["macro_f1"]
    sure = (await client.get(f"{path}/intervals")).json()
    assert [one["name"] for one in sure["classes"]] == found["result"]["evaluation"]["class_names"]

    content = io.BytesIO()
    np.save(content, toy_windows(np.full(4, 3), 3.0, np.random.default_rng(2)))
    told = await client.post(
        f"{path}/predictions",
        files={"file": ("../ball.npy", content.getvalue())},
        data={"given": json.dumps({"sampling_rate_hz": 256})},
    )
    assert told.status_code == 200, told.text
    assert told.json()["verdict"] == "ball"
    assert told.json()["verdict_title"] == "ball"
    assert told.json()["file_name"] == "ball.npy"
    assert told.json()["assumptions"] == {"sampling rate": "256 Hz"}
    for given in ("[]", '{"sampling_rate_hz": "fast"}', '{"colour": 1}', "no JSON"):
        bad = await client.post(f"{path}/predictions", files={"file": b"x"}, data={"given": given})
        assert (bad.status_code, bad.json()["code"]) == (422, "invalid")
    broken = await client.post(f"{path}/predictions", files={"file": ("a.npy", b"x")})
    assert (broken.status_code, broken.json()["code"]) == (422, "unreadable")

    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404


async def test_lists_are_paged(client: httpx.AsyncClient) -> None:
    for number in range(3):
        await client.post("/experiments", json={**ASK, "title": f"Page {number}"})
    first = (await client.get("/experiments", params={"limit": 2})).json()
    second = (
        await client.get("/experiments", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    titles = [row["title"] for row in (*first["items"], *second["items"])]
    assert titles[:3] == ["Page 2", "Page 1", "Page 0"]
    assert second["next_cursor"] is None


async def test_wrong_requests_are_told_why(
    client: httpx.AsyncClient, client_of: Callable[[Actor], httpx.AsyncClient], outside: Ports
) -> None:
    leaking = await client.post(
        "/experiments", json={**ASK, "dataset": "tones", "split": {"policy": "leave-one-load-out"}}
    )
    assert (leaking.status_code, leaking.json()["code"]) == (422, "leaking")
    assert leaking.json()["details"]["leaks"][0]["kind"] == "same group"
    allowed = await client.post(
        "/experiments",
        json={
            **ASK,
            "dataset": "tones",
            "split": {"policy": "leave-one-load-out", "allow_leaks": True},
        },
    )
    assert allowed.status_code == 201
    for changes, status in (
        ({"dataset": "nothing"}, 404),
        ({"model": "oracle"}, 422),
        ({"owner_id": "me"}, 422),
        ({"seed": -1}, 422),
        ({"split": {"policy": "by-colour"}}, 422),
    ):
        refused = await client.post("/experiments", json={**ASK, **changes})
        assert refused.status_code == status, refused.text
    viewer = client_of(person(outside, "Vera", Role.VIEWER))
    assert (await viewer.post("/experiments", json=ASK)).status_code == 403


async def test_check_02_other_peoples_experiments_are_not_there(
    client: httpx.AsyncClient, client_of: Callable[[Actor], httpx.AsyncClient], outside: Ports
) -> None:
    made = (await client.post("/experiments", json=ASK)).json()["summary"]["id"]
    stranger = client_of(person(outside, "Bob"))
    assert (await stranger.get(f"/experiments/{made}")).status_code == 404
    assert (await stranger.delete(f"/experiments/{made}")).status_code == 404
    asked = await stranger.post(f"/experiments/{made}/predictions", files={"file": b"x"})
    assert asked.status_code == 404
    assert (await stranger.get("/experiments")).json()["items"] == []
