"""Data sets and imports over REST, through the real gate."""

from pathlib import Path

import pytest
from sqlalchemy import text

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import session as current_session
from sonde.platform.tasks.running import run_job

pytestmark = pytest.mark.integration
API = "/api/v1"


def run_queued(ports) -> None:
    """Do what a worker does."""
    with ports.database.transaction():
        session = current_session()
        waiting = list(session.scalars(text("select id from jobs where state = 'queued'")))
    for job_id in waiting:
        run_job(ports, job_id, "test", end=lambda: None)


def parts(folder: Path) -> list:
    return [
        ("files", (path.relative_to(folder).name, path.read_bytes()))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "labels.csv"
    ]


@pytest.fixture
def client(web, actor):
    with web.signed_in(actor) as client:
        client.headers["Origin"] = web.url
        yield client


@pytest.fixture
def stranger(web, other_actor):
    with web.signed_in(other_actor) as client:
        client.headers["Origin"] = web.url
        yield client


def test_upload_look_correct_store_and_delete(client, stranger, ports, folder) -> None:
    made = client.post(
        f"{API}/imports",
        data={"name": "By REST", "designation": "6205", "label": "inner"},
        files=parts(folder),
    )
    assert made.status_code == 201, made.text
    place = f"{API}/imports/{made.json()['id']}"
    assert made.json()["state"] == "reading"
    assert client.post(f"{place}/store").status_code == 409
    run_queued(ports)
    seen = client.get(place).json()
    assert seen["state"] == "ready"
    numbers = {row["file"]: number for number, row in enumerate(seen["rows"])}
    assert seen["rows"][numbers["broken.mat"]]["refused"]
    assert stranger.get(place).status_code == 404
    change = {"rows": {numbers["two.mat"]: {"bearing": "B2", "speed_rpm": 1800}}}
    corrected = client.patch(place, json=change).json()
    assert corrected["rows"][numbers["two.mat"]]["speed_rpm"] == 1800
    wrong = client.patch(place, json={"rows": {0: {"speed_rpm": "fast"}}})
    assert (wrong.status_code, wrong.json()["details"]["field"]) == (422, "speed_rpm")
    dataset = client.post(f"{place}/store").json()
    assert dataset["n_recordings"] == 3
    assert client.delete(place).status_code == 409
    there = f"{API}/datasets/{dataset['id']}"
    assert client.get(there).json() == dataset
    assert dataset["id"] in [each["id"] for each in client.get(f"{API}/datasets").json()["items"]]
    first = client.get(f"{there}/recordings", params={"limit": 2}).json()
    rest = client.get(f"{there}/recordings", params={"cursor": first["next_cursor"]}).json()
    assert len(first["items"]) + len(rest["items"]) == 3
    assert rest["next_cursor"] is None
    assert client.patch(there, json={"name": "Renamed"}).json()["name"] == "Renamed"
    for answer in (
        stranger.get(there),
        stranger.get(f"{there}/recordings"),
        stranger.patch(there, json={"name": "Mine"}),
        stranger.delete(there),
    ):
        assert answer.status_code == 404
    assert client.delete(there).status_code == 204
    assert client.get(there).status_code == 404


def test_an_import_can_be_left(client, folder) -> None:
    made = client.post(f"{API}/imports", data={"name": "Left"}, files=parts(folder)).json()
    place = f"{API}/imports/{made['id']}"
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404
    assert client.get(f"{API}/imports/{new_id()}").status_code == 404


def test_nobody_is_refused_by_accident_and_anonymous_always(web, client, folder) -> None:
    unknown = {"name": "x", "designation": "0000"}
    answer = client.post(f"{API}/imports", data=unknown, files=parts(folder)[:1])
    assert answer.status_code == 404
    with web.anonymous() as nobody:
        for path in ("/datasets", "/imports/x", f"/datasets/{new_id()}/recordings"):
            assert nobody.get(API + path).status_code == 401
