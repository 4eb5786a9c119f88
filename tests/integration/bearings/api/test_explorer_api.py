"""Exploring over REST."""

import json

import pytest

from sonde.bearings.services import features
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.make_datasets import store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def place(ports, actor):
    """The routes of a data set of thirty recordings whose features are extracted."""
    with unit_of_work(ports):
        stored = store(actor, "Over REST", 30, n_samples=2048)
        job = features.ensure(actor, stored.id)
    assert run_job(ports, job.id, "test") == "succeeded"
    return f"/api/v1/datasets/{stored.id}/explorer"


def test_an_overview_of_what_a_filter_keeps(web, actor, place):
    with web.signed_in(actor) as client:
        whole = client.get(place).json()
        wanted = json.dumps({"labels": ["inner"], "speed": {"low": 1515}, "per_class": 3})
        part = client.get(place, params={"filter": wanted}).json()
    assert (whole["n"], whole["n_total"], len(whole["classes"])) == (30, 30, 3)
    assert [one["label"] for one in part["classes"]] == ["inner"]
    assert part["n"] == 3
    assert part["classes"][0]["speed_low_rpm"] >= 1515


@pytest.mark.parametrize(
    "wrong", ["{", "[]", '{"colour": ["red"]}', '{"speed": {"low": 9, "high": 1}}']
)
def test_a_filter_that_makes_no_sense_is_told(web, actor, place, wrong):
    with web.signed_in(actor) as client:
        answer = client.get(place, params={"filter": wrong})
    assert answer.status_code == 422
    assert answer.json()["message"].endswith(".")


def test_spectra_distributions_and_comparison(web, actor, place):
    with web.signed_in(actor) as client:
        found = client.get(f"{place}/spectra", params={"kind": "cepstrum", "top": 0.02}).json()
        spreads = client.get(f"{place}/distributions", params={"name": "Kurtosis"}).json()
        compared = client.get(f"{place}/comparison", params={"names": ["RMS", "Kurtosis"]}).json()
        unknown = client.get(f"{place}/distributions", params={"name": "Charm"})
    assert found["job"] is None
    assert len(found["axis"]) == len(found["classes"][0]["mean"])
    assert [one["n"] for one in spreads] == [10, 10, 10]
    assert compared["names"] == ["RMS", "Kurtosis"]
    assert len(compared["z"]) == 3
    assert unknown.status_code == 422


def test_a_projection_is_asked_for_made_and_read(web, ports, actor, place):
    wish = {"method": "tsne", "perplexity": 5, "filter": {"labels": ["inner", "outer"]}}
    with web.signed_in(actor) as client:
        asked = {"asked": json.dumps(wish)}
        assert client.get(f"{place}/projections", params=asked).json()["job"] is None
        started = client.post(f"{place}/projections", json=wish)
        assert started.status_code == 202
        job_id = started.json()["job"]["id"]
        assert client.get(f"{place}/projections", params=asked).json()["job"]["id"] == job_id
        assert run_job(ports, job_id, "test") == "succeeded"
        found = client.get(f"{place}/projections", params=asked).json()
        again = client.post(f"{place}/projections", json=wish).json()
        at_once = client.post(f"{place}/projections", json={"dimensions": 3}).json()
        wrong = client.get(f"{place}/projections", params={"asked": '{"dimensions": 7}'})
    assert len(found["points"]) == 20
    assert len(found["points"][0]["place"]) == 2
    assert 0.5 < found["trustworthiness"] <= 1
    assert again == found
    assert len(at_once["points"][0]["place"]) == 3
    assert len(at_once["explained"]) == 3
    assert wrong.status_code == 422
    assert "dimensions" in wrong.json()["message"]


def test_others_get_nothing_even_when_it_is_kept(web, actor, other_actor, place):
    paths = ("", "/spectra", "/distributions", "/comparison", "/projections")
    for path in paths:
        with web.signed_in(actor) as client:
            assert client.get(place + path).status_code == 200
        with web.signed_in(other_actor) as client:
            assert client.get(place + path).status_code == 404
