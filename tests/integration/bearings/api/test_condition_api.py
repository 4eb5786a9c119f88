"""Machines over REST and from the terminal: the tree, measurements, rights, hostile files."""

import io
from json import loads

import numpy as np
import pytest

from tests.integration.bearings.machine_data import START, signal

pytestmark = pytest.mark.integration


def _npy(samples):
    target = io.BytesIO()
    np.save(target, samples)
    return target.getvalue()


@pytest.fixture(scope="module")
def client(web, actor):
    """A signed-in analyst."""
    with web.signed_in(actor) as found:
        yield found


@pytest.fixture(scope="module")
def places(client):
    """The ids of a plant, a machine, a point and a channel."""
    ids = [""]
    for kind, name, details in (
        ("plant", "Works", {}),
        ("machine", "Pump", {"speed_rpm": 1480, "machine_group": "2", "support": "rigid"}),
        ("point", "Drive end", {"bearing": "6205"}),
        ("channel", "Radial", {"unit": "g"}),
    ):
        body = {"kind": kind, "name": name, "parent_id": ids[-1], "details": details}
        answer = client.post("/api/v1/condition/machines", json=body)
        assert answer.status_code == 201, answer.text
        ids.append(answer.json()["id"])
    return ids[1:]


def _send(client, channel_id, content, key=None, **fields):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1/condition/channels/{channel_id}/measurements",
        files={"file": ("a.npy", content)},
        data=fields,
        headers=headers,
    )


def test_acceptance_condition_a_recording_is_posted(client, places):
    *_, channel_id = places
    fields = {"taken_at": START.isoformat(), "sampling_rate_hz": 4096}
    answer = _send(client, channel_id, _npy(signal()), "first", **fields)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert found["figures"]["RMS"] == pytest.approx(1.0, abs=0.05)
    assert (found["unit"], found["speed_rpm"]) == ("g", 1480)
    again = _send(client, channel_id, _npy(signal()), "first", **fields)
    assert (again.status_code, again.json()) == (201, found)
    assert _send(client, channel_id, _npy(signal(2)), "first", **fields).status_code == 409
    assert _send(client, channel_id, _npy(signal()), **fields).status_code == 409
    listed = client.get(f"/api/v1/condition/channels/{channel_id}/measurements").json()
    assert [one["id"] for one in listed] == [found["id"]]


@pytest.mark.parametrize(
    ("content", "fields", "why"),
    [
        (b"", {"sampling_rate_hz": 4096}, "empty"),
        (b"\x93NUMPY garbage", {"sampling_rate_hz": 4096}, ""),
        (b"PK\x03\x04 no zip", {"sampling_rate_hz": 4096}, ""),
        (_npy(np.array([{"a": 1}], dtype=object)), {"sampling_rate_hz": 4096}, ""),
        (_npy(np.full(4096, np.nan)), {"sampling_rate_hz": 4096}, ""),
        (_npy(signal()[:10]), {"sampling_rate_hz": 4096}, ""),
        (_npy(signal()), {}, "sampling rate"),
        (_npy(signal()), {"sampling_rate_hz": -1}, ""),
        (_npy(signal()), {"sampling_rate_hz": 4096, "taken_at": "2026-01-01"}, ""),
        (
            _npy(signal()),
            {"sampling_rate_hz": 4096, "taken_at": "2999-01-01T00:00Z"},
            "future",
        ),
    ],
)
def test_a_recording_that_makes_no_sense_is_refused(client, places, content, fields, why):
    answer = _send(client, places[-1], content, **fields)
    assert answer.status_code == 422, answer.text
    assert why in answer.text


def test_huge_files_are_refused(client, places, monkeypatch):
    from sonde.bearings.api import condition

    monkeypatch.setattr(condition, "MAX_BYTES", 1000)
    answer = _send(client, places[-1], _npy(signal()), sampling_rate_hz=4096)
    assert answer.status_code in {413, 422}
    assert "at most" in answer.text


def test_the_tree_is_read_changed_and_pruned(client, places):
    plant_id, machine_id, *_ = places
    found = client.get("/api/v1/condition/machines").json()
    assert {one["id"] for one in found} >= set(places)
    url = f"/api/v1/condition/machines/{machine_id}"
    assert client.patch(url, json={"name": "Pump 2"}).json()["name"] == "Pump 2"
    assert client.patch(url, json={"details": {"color": "red"}}).status_code == 422
    body = {"kind": "machine", "name": "Fan", "parent_id": plant_id}
    fan = client.post("/api/v1/condition/machines", json=body).json()["id"]
    assert client.post("/api/v1/condition/machines", json=body).status_code == 409
    assert client.delete(f"/api/v1/condition/machines/{fan}").status_code == 204
    assert client.get(f"/api/v1/condition/machines/{fan}").status_code == 404


def test_trends_limits_and_events_are_read(client, places):
    _, machine_id, _, channel_id = places
    base = f"/api/v1/condition/channels/{channel_id}"
    for hour in range(1, 21):
        taken_at = START.replace(hour=hour).isoformat()
        content = _npy(signal(1.0 if hour < 15 else 5.0, hour))
        assert _send(
            client, channel_id, content, taken_at=taken_at, sampling_rate_hz=4096
        ).is_success
    band = client.put(f"{base}/bands/RMS", json={"kind": "fixed", "warning": 2, "alarm": 4})
    assert band.json()["state"] == "alarm"
    assert client.put(f"{base}/bands/RMS", json={"kind": "fixed"}).status_code == 422
    assert client.get(f"{base}/bands").json()[0]["alarm"] == 4
    trend = client.get(f"{base}/trend", params={"feature": "RMS"}).json()
    assert (trend["unit"], trend["states"][-1]) == ("g", "alarm")
    zone = client.get(f"{base}/trend", params={"feature": "VelocityRMS"}).json()
    assert zone["zone"] in {"A", "B", "C", "D"}
    since = {"feature": "RMS", "from": START.replace(hour=10).isoformat()}
    assert client.get(f"{base}/trend", params=since).json()["n_measured"] == 11
    assert client.get(f"{base}/trend", params={"feature": "x"}).status_code == 422
    health = client.get(f"{base}/health", params={"n_baseline": 10}).json()
    assert health["values"][-1] > 3
    life = client.get(f"{base}/remaining-life", params={"feature": "RMS"}).json()
    assert life["sentence"]
    events = client.get(f"/api/v1/condition/machines/{machine_id}/events").json()
    assert [one["kind"] for one in events] == ["alarm"]
    url = f"/api/v1/condition/machines/{machine_id}/events"
    assert client.post(url, json={"kind": "maintenance", "text": "greased"}).status_code == 204
    noted = client.get(url).json()[0]
    assert noted["by"] == "Ada"
    assert client.delete(f"/api/v1/condition/events/{noted['id']}").status_code == 204
    assert client.delete(f"/api/v1/condition/events/{events[0]['id']}").status_code == 403
    report = client.get(f"/api/v1/condition/machines/{machine_id}/report.pdf")
    assert report.headers["content-type"] == "application/pdf"
    assert report.content.startswith(b"%PDF-")
    assert client.delete(f"{base}/bands/RMS").status_code == 204


def test_viewers_and_others_change_nothing(web, viewer, other_actor, places, tmp_path):
    *_, channel_id = places
    plant = {"kind": "plant", "name": "Mine"}
    with web.signed_in(viewer) as client:
        assert client.post("/api/v1/condition/machines", json=plant).status_code == 403
        assert client.get("/api/v1/condition/machines").json() == []
        assert client.get("/api/v1/condition/folders").status_code == 403
    with web.signed_in(other_actor) as client:
        assert _send(client, channel_id, _npy(signal()), sampling_rate_hz=4096).status_code == 404
        body = {"channel_id": channel_id, "path": str(tmp_path)}
        assert client.post("/api/v1/condition/folders", json=body).status_code == 403


def test_folders_are_watched_over_rest(web, admin, tmp_path):
    with web.signed_in(admin) as client:
        parent = ""
        for kind in ("plant", "machine", "point", "channel"):
            body = {"kind": kind, "name": "W", "parent_id": parent}
            parent = client.post("/api/v1/condition/machines", json=body).json()["id"]
        body = {"channel_id": parent, "path": str(tmp_path), "sampling_rate_hz": 4096}
        made = client.post("/api/v1/condition/folders", json=body)
        assert made.status_code == 201, made.text
        assert client.post("/api/v1/condition/folders", json=body).status_code == 409
        assert [one["id"] for one in client.get("/api/v1/condition/folders").json()] == [
            made.json()["id"]
        ]
        url = f"/api/v1/condition/folders/{made.json()['id']}"
        assert client.delete(url).status_code == 204
        assert client.delete(url).status_code == 404


@pytest.fixture
def told(ports, monkeypatch):
    """Run a command as the administrator and return what it says."""
    from typer.testing import CliRunner

    from sonde.bearings.api.machines_command import MACHINES
    from sonde.platform.services.local import LOCAL, LocalAccess

    token = LOCAL.set(LocalAccess(lambda: ports))

    def run(*words, status=0):
        answer = CliRunner().invoke(MACHINES, list(words))
        assert answer.exit_code == status, answer.output
        return answer.output

    yield run
    LOCAL.reset(token)


def test_machines_from_the_terminal(told, admin, tmp_path):
    place = "Hall/Fan/DE/Radial"
    told("add", place, "--set", "unit=g")
    assert "already" in told("add", place, status=2)
    file = tmp_path / "fan_2026-01-05T06-30.npy"
    np.save(file, signal())
    given = ("feed", place, str(file), "--sampling-rate", "4096", "--rpm", "1500")
    assert "2026-01-05 06:30, measured" in told(*given)
    assert "already" in told(*given)
    listed = [loads(line) for line in told("list", "--json").splitlines()]
    assert {"path": place, "state": "normal"}.items() <= listed[-1].items() or any(
        one["path"] == place for one in listed
    )
    out = tmp_path / "fan.pdf"
    told("report", "Hall/Fan", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF-")
    assert "no 'Hall/Nothing'" in told("report", "Hall/Nothing", status=2)
