"""Jobs and notifications over REST, on the whole application."""

import pytest

from sonde.platform.core.errors import Conflict
from sonde.platform.services import events, jobs, leases
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def kind(ports):
    return next(kind for part in ports.parts.every for kind in part.jobs()).name


@pytest.fixture
def job(ports, actor, kind):
    with unit_of_work(ports):
        return jobs.enqueue(actor, kind=kind, params={"name": "CWRU"}, title="Import CWRU")


@pytest.fixture(scope="module")
def client(web, actor):
    with web.signed_in(actor) as client:
        yield client


def test_a_job_is_listed_looked_at_and_cancelled(client, job):
    listed = client.get("/api/v1/jobs", params={"limit": 1}).json()
    assert [one["id"] for one in listed["items"]] == [job.id]
    found = client.get(f"/api/v1/jobs/{job.id}").json()
    assert found["title"] == "Import CWRU"
    assert found["state"] == "queued"
    assert found["params"] == {"name": "CWRU"}
    cancelled = client.post(f"/api/v1/jobs/{job.id}/cancel")
    assert cancelled.json()["state"] == "cancelled"
    again = client.post(f"/api/v1/jobs/{job.id}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, Conflict.code)
    history = client.get(f"/api/v1/jobs/{job.id}/events").json()["items"]
    assert [event["name"] for event in history] == ["queued", "cancelled"]
    assert client.post(f"/api/v1/jobs/{job.id}/retry").json()["state"] == "queued"


def test_the_list_goes_on_from_its_cursor_and_is_filtered(client, ports, actor, kind):
    with unit_of_work(ports):
        made = [jobs.enqueue(actor, kind=kind, params={}, title=f"{n}").id for n in range(3)]
    first = client.get("/api/v1/jobs", params={"limit": 2}).json()
    rest = client.get("/api/v1/jobs", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert client.get("/api/v1/jobs", params={"state": "succeeded"}).json()["items"] == []
    assert client.get("/api/v1/jobs", params={"state": "odd"}).status_code == 422
    assert client.get("/api/v1/jobs", params={"limit": 1000}).status_code == 422


def test_other_peoples_jobs_are_not_there(web, job, other_actor):
    with web.signed_in(other_actor) as stranger:
        for method, path in (
            ("GET", f"/api/v1/jobs/{job.id}"),
            ("GET", f"/api/v1/jobs/{job.id}/events"),
            ("POST", f"/api/v1/jobs/{job.id}/cancel"),
            ("POST", f"/api/v1/jobs/{job.id}/retry"),
        ):
            answer = stranger.request(method, path)
            assert answer.status_code == 404, path
        assert stranger.get("/api/v1/jobs").json()["items"] == []


def test_a_failed_job_tells_its_owner(client, ports, job, actor):
    from sonde.platform.core.jobs import LeaseTiming

    with unit_of_work(ports):
        lease = leases.take(job.id, "w1", LeaseTiming())
        leases.fail(lease, "The file cannot be read.", "unreadable")
    found = client.get(f"/api/v1/jobs/{job.id}").json()
    assert (found["error"], found["error_code"]) == ("The file cannot be read.", "unreadable")
    told = client.get("/api/v1/notifications", params={"unread": True}).json()
    assert told["unread"] == 1
    assert told["items"][0]["body"] == "The file cannot be read."
    answer = client.post("/api/v1/notifications/read", json={"ids": [told["items"][0]["id"]]})
    assert answer.json() == {"marked": 1}
    with unit_of_work(ports):
        events.emit(actor, kind="k", title="Another")
    assert client.post("/api/v1/notifications/read", json={}).json() == {"marked": 1}
    assert client.get("/api/v1/notifications").json()["unread"] == 0
