"""Managing data sets over REST, through the real gate."""

import io

import numpy as np
import pytest

from sonde.bearings.services import datasets
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.make_datasets import store

pytestmark = pytest.mark.integration
API = "/api/v1/datasets"


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


def stored(ports, actor, name, n=9, **more):
    with unit_of_work(ports):
        return store(actor, name, n, **more).id


def worked(ports, client, answer):
    """Do what a worker does with the job of an answer; return the job as it ended."""
    assert answer.status_code == 201, answer.text
    job_id = answer.json()["id"]
    run_job(ports, job_id, "test", end=lambda: None)
    return client.get(f"/api/v1/jobs/{job_id}").json()


def test_acceptance_manage_over_rest(ports, client, stranger, actor):
    source = stored(ports, actor, "By REST", 12, tags=("a",))
    there = f"{API}/{source}"
    seen = client.get(there)
    assert seen.headers["ETag"] == '"1"'
    changed = client.patch(
        there,
        json={"description": "written", "tags": ["Pump", "pump"]},
        headers={"If-Match": seen.headers["ETag"]},
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["tags"], changed.headers["ETag"]) == (["pump"], '"2"')
    late = client.patch(there, json={"tags": []}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["details"]["revision"]) == (409, 2)
    assert client.patch(there, json={}, headers={"If-Match": "x"}).status_code == 422
    assert client.patch(there, json={"owner": "me"}).status_code == 422
    assert [one["id"] for one in client.get(API, params={"tag": "pump"}).json()["items"]] == [
        source
    ]
    assert client.get(API, params={"text": "written"}).json()["items"][0]["id"] == source
    assert client.get(API, params={"origin": "sample"}).json()["items"] == []
    assert client.post(f"{there}/archive").json()["state"] == "archived"
    assert client.get(API, params={"tag": "pump"}).json()["items"] == []
    archived = client.get(API, params={"state": "archived"}).json()["items"]
    assert [one["id"] for one in archived] == [source]
    assert client.post(f"{there}/unarchive").json()["state"] == "live"
    for path in ("", "/versions", "/lineage", "/statistics", "/exports", "/recordings"):
        assert stranger.get(there + path).status_code == 404
        assert client.get(there + path).status_code == 200, path
    figures = client.get(f"{there}/statistics").json()["statistics"]
    assert figures["whole"]["n_recordings"] == 12


def test_recordings_are_searched(ports, client, stranger, actor):
    source = stored(ports, actor, "Searched", 20)
    wish = {
        "filter": {"labels": ["inner"], "ranges": [{"key": "rms", "low": 2.0, "high": None}]},
        "sort": "rms",
        "descending": True,
        "limit": 2,
    }
    found = client.post(f"{API}/{source}/recordings/search", json=wish).json()
    assert len(found["items"]) == 2 < found["total"]
    assert {one["label"] for one in found["items"]} == {"inner"}
    for bad in (
        {"filter": {"nonsense": 1}},
        {"filter": {"ranges": [{"key": "label"}]}},
        {"filter": {"labels": 7}},
        {"filter": {"ranges": [{"key": "rms", "low": "x"}]}},
        {"filter": {"text": 7}},
        {"filter": {"speeds_rpm": ["fast"]}},
        {"limit": 5000},
        {"sort": "nonsense"},
    ):
        answer = client.post(f"{API}/{source}/recordings/search", json=bad)
        assert answer.status_code == 422, (bad, answer.text)
    assert stranger.post(f"{API}/{source}/recordings/search", json={}).status_code == 404


def test_trash_and_restore(ports, client, stranger, actor):
    source = stored(ports, actor, "Thrown away")
    there = f"{API}/{source}"
    assert client.delete(there).status_code == 204
    assert client.get(there).status_code == 404
    assert source in [one["id"] for one in client.get(f"{API}/trash").json()["items"]]
    assert stranger.get(f"{API}/trash").json()["items"] == []
    assert stranger.post(f"{there}/restore").status_code == 404
    assert client.post(f"{there}/restore", json={"name": "Back"}).json()["name"] == "Back"
    assert client.delete(there).status_code == 204
    assert stranger.delete(f"{API}/trash/{source}").status_code == 404
    assert client.delete(f"{API}/trash/{source}").status_code == 204
    assert client.post(f"{there}/restore").status_code == 404


def test_subset_merge_and_compare(ports, client, stranger, actor):
    one, two = stored(ports, actor, "Left"), stored(ports, actor, "Right", seed=12)
    wish = {"name": "Only inner", "filter": {"labels": ["inner"]}}
    part = worked(ports, client, client.post(f"{API}/{one}/subset", json=wish))
    assert client.get(f"/api/v1{part['link']}").json()["classes"] == ["inner"]
    assert client.post(f"{API}/{one}/subset", json=wish).status_code == 409
    again = wish | {"as_new_version": True, "filter": {"labels": ["outer"]}}
    newer = worked(ports, client, client.post(f"{API}/{one}/subset", json=again))
    versions = client.get(f"/api/v1{newer['link']}/versions").json()["items"]
    assert [each["version"] for each in versions] == [2, 1]
    both = {"name": "Both", "datasets": [one, two], "bearings": "apart"}
    key = {"Idempotency-Key": "merge-once"}
    first = client.post(f"{API}/merge", json=both, headers=key)
    assert client.post(f"{API}/merge", json=both, headers=key).json()["id"] == first.json()["id"]
    merged = worked(ports, client, first)
    assert client.get(f"/api/v1{merged['link']}").json()["n_recordings"] == 18
    lineage = client.get(f"/api/v1{merged['link']}/lineage").json()
    assert {each["id"] for each in lineage["sources"]} == {one, two}
    compared = client.get(f"{API}/compare", params={"ids": f"{one},{two}"}).json()
    assert compared["n_shared_signals"] == 0
    assert len(compared["shared_bearings"]) == 6
    assert client.get(f"{API}/compare", params={"ids": one}).status_code == 422
    assert stranger.get(f"{API}/compare", params={"ids": f"{one},{two}"}).status_code == 404
    theirs = {"name": "Mine", "datasets": [one, two]}
    assert stranger.post(f"{API}/merge", json=theirs).status_code == 404


def test_acceptance_manage_an_export_is_downloaded(ports, client, stranger, actor):
    source = stored(ports, actor, "Größe", 4)
    answer = client.post(f"{API}/{source}/exports", json={"format": "npz"})
    job = worked(ports, client, answer)
    (export,) = client.get(f"{API}/{source}/exports").json()["items"]
    assert job["result"]["download"] == f"{API}/exports/{export['id']}/file"
    file = client.get(job["result"]["download"])
    assert file.headers["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.npz"
    assert file.headers["Cache-Control"] == "private, no-store"
    with np.load(io.BytesIO(file.content)) as arrays, unit_of_work(ports):
        first = datasets.recordings(actor, source)[0]
        np.testing.assert_array_equal(arrays["r000001"][0], datasets.read_samples(actor, first.id))
    assert stranger.get(job["result"]["download"]).status_code == 404
    assert client.delete(f"{API}/exports/{export['id']}").status_code == 204
    assert client.get(job["result"]["download"]).status_code == 404
    assert client.post(f"{API}/{source}/exports", json={"format": "x"}).status_code == 422
    assert client.get(f"{API}/exports/{new_id()}").status_code == 404
