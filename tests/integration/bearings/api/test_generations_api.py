"""Generations over REST: choices, preview, start once, list, configurations."""

import pytest

from sonde.platform.tasks.running import run_job

pytestmark = pytest.mark.integration

CONFIG = {"preset": "quick", "classes": ["sain", "jeu"], "per_class": 2, "duration_s": 0.2}


@pytest.fixture
def client(web, actor):
    with web.signed_in(actor) as client:
        yield client


def test_acceptance_simulate_over_rest(web, client):
    body = {"name": "By REST", "config": CONFIG}
    key = {"Idempotency-Key": "one"}
    first = client.post("/api/v1/generations", json=body, headers=key)
    assert first.status_code == 201, first.text
    again = client.post("/api/v1/generations", json=body, headers=key)
    assert again.json() == first.json()
    generation = first.json()
    assert generation["n_signals"] == 4
    assert generation["config"]["classes"] == ["healthy", "clearance"]
    assert run_job(web.ports, generation["job_id"], "test") == "succeeded"
    found = client.get(f"/api/v1/generations/{generation['id']}").json()
    assert client.get(f"/api/v1/datasets/{found['dataset_id']}").json()["n_recordings"] == 4
    listed = client.get("/api/v1/generations").json()["items"]
    assert [one["id"] for one in listed] == [generation["id"]]
    taken = client.post("/api/v1/generations", json=body)
    assert taken.status_code == 409


def test_a_bad_configuration_names_its_field(client):
    body = {"name": "Bad", "config": {"noise": {"pinc": True}}}
    answer = client.post("/api/v1/generations", json=body)
    assert answer.status_code == 422
    assert "pinc" in answer.text


def test_a_preview_shows_the_signal_and_the_size(client):
    wish = {"config": {**CONFIG, "per_class": 130}, "class_key": "clearance", "index": 1}
    answer = client.post("/api/v1/generations/preview", json=wish)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["label"], body["n_signals"]) == ("clearance", 260)
    (channel,) = body["channels"]
    assert len(channel["time_s"]) == len(channel["values"]) > 100
    assert len(channel["frequency_hz"]) == len(channel["amplitude"]) > 100


def test_configurations_are_kept_by_name(client, web, other_actor):
    place = "/api/v1/generation-configs/My set"
    assert client.put(place, json={"config": CONFIG}).status_code == 200
    assert client.get(place).json()["config"]["classes"] == ["healthy", "clearance"]
    assert [one["name"] for one in client.get("/api/v1/generation-configs").json()] == ["My set"]
    with web.signed_in(other_actor) as other:
        assert other.get(place).status_code == 404
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404


def test_presets_and_classes_are_listed(client):
    choices = client.get("/api/v1/generation-choices").json()
    assert {"eleven-classes", "original-v2"} <= {one["name"] for one in choices["presets"]}
    assert [one["id"] for one in choices["fault_classes"]] == list(range(11))


def test_a_generation_is_cancelled_by_its_own_route(client):
    made = client.post("/api/v1/generations", json={"name": "No more", "config": CONFIG}).json()
    assert client.post(f"/api/v1/generations/{made['id']}/cancel").status_code == 200
    assert client.get(f"/api/v1/jobs/{made['job_id']}").json()["state"] == "cancelled"
