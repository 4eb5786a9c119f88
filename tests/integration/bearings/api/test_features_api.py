"""Features over REST and from the terminal."""

import io

import h5py
import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from sonde.bearings.api.feature_commands import FEATURES
from sonde.bearings.core.features.catalogue import signal_features
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.feature_data import RATE_HZ, make_dataset, signal_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def dataset(ports, actor):
    with unit_of_work(ports):
        return make_dataset(actor, "Over REST", 2)


@pytest.fixture(scope="module")
def client(web, actor):
    with web.signed_in(actor) as client:
        yield client


def _extract(client, ports, dataset, names):
    path = f"/api/v1/features/datasets/{dataset.id}"
    answer = client.post(f"{path}/extraction", json={"names": names}).json()
    if answer["job"]:
        run_job(ports, answer["job"]["id"], "test worker")
    assert client.get(f"{path}/extraction", params={"names": names}).json()["is_ready"]
    return path


def test_acceptance_features_over_rest(client, ports, dataset):
    known = client.get("/api/v1/features").json()
    assert [one["name"] for one in known[:3]] == ["RMS", "Kurtosis", "Skewness"]
    path = f"/api/v1/features/datasets/{dataset.id}"
    early = client.get(f"{path}/table")
    assert early.status_code == 409
    assert early.json()["code"] == "conflict"
    names = ["RMS", "Kurtosis", "VelocityRMS", "Order1X"]
    _extract(client, ports, dataset, names)
    page = client.get(f"{path}/table", params={"names": names, "limit": 5}).json()
    assert page["names"] == names
    assert len(page["items"]) == 5
    rest = client.get(
        f"{path}/table", params={"names": names, "limit": 50, "cursor": page["next_cursor"]}
    ).json()
    assert len(rest["items"]) == 7
    assert rest["next_cursor"] is None
    spread = client.get(f"{path}/distribution", params={"name": "Kurtosis"}).json()
    assert [one["label"] for one in spread] == ["cavitation", "healthy", "misalignment"]
    map_ = client.get(f"{path}/correlation", params={"names": names}).json()
    assert len(map_["values"]) == len(map_["names"]) == 4
    asked = {"question": "importance", "method": "anova", "names": names, "n_folds": 2}
    started = client.post(f"{path}/studies", json=asked).json()
    run_job(ports, started["job"]["id"], "test worker")
    assert client.post(f"{path}/studies", json=asked).json()["result"]["unit"] == "F"
    assert client.post(f"{path}/studies", json={**asked, "method": "x"}).status_code == 422
    assert client.get(f"{path}/table", params={"names": ["nothing"]}).status_code == 422


def test_acceptance_features_are_exported_as_csv_parquet_and_hdf5(client, ports, dataset):
    names = ["RMS", "Order1X"]
    path = _extract(client, ports, dataset, names)

    def file(kind):
        answer = client.get(f"{path}/file", params={"names": names, "format": kind})
        assert answer.status_code == 200
        assert "Over REST features" in answer.headers["content-disposition"]
        return io.BytesIO(answer.content)

    csv, parquet = pl.read_csv(file("csv")), pl.read_parquet(file("parquet"))
    assert csv.columns == parquet.columns
    assert csv["label"].to_list() == parquet["label"].to_list()
    with h5py.File(file("hdf5")) as found:
        assert [one.decode() for one in found["names"][:]] == names
        np.testing.assert_array_equal(found["values"][:, 0], parquet["RMS"].to_numpy())
        assert found["recordings/label"][0].decode() == csv["label"][0]
        assert found["features/formula"][0].decode() == "sqrt(mean(x^2))"
    np.testing.assert_allclose(csv["RMS"].to_numpy(), parquet["RMS"].to_numpy())


def test_own_features_and_sets_over_rest(client):
    band = {"name": "gear", "low": 500, "high": 900, "quantity": "kurtosis"}
    own = client.post("/api/v1/own-features", json=band).json()
    assert own["column"] == "own:gear"
    assert client.post("/api/v1/own-features", json=band).status_code == 409
    place = f"/api/v1/own-features/{own['id']}"
    assert client.put(place, json={**band, "high": 950}).json()["version"] == 2
    assert client.put(place, json={**band, "high": 1}).status_code == 422
    made = client.post("/api/v1/feature-sets", json={"name": "A", "names": ["RMS", "own:gear"]})
    assert made.status_code == 201
    place = f"/api/v1/feature-sets/{made.json()['id']}"
    assert client.patch(place, json={"name": "B"}).json()["name"] == "B"
    assert client.get(place).json()["own"][0]["high"] == 950
    assert [one["name"] for one in client.get("/api/v1/feature-sets").json()] == ["B"]
    assert client.delete(place).status_code == 204
    assert client.delete(f"/api/v1/own-features/{own['id']}").status_code == 204
    assert client.get("/api/v1/own-features").json() == []


def _sonde(*words):
    return CliRunner().invoke(FEATURES, list(words))


def test_acceptance_features_from_the_terminal(tmp_path):
    listed = _sonde("list", "-f", "time")
    assert listed.output.splitlines()[0].startswith("RMS [x] (time): sqrt(mean(x^2))")
    assert len(_sonde("list").output.splitlines()) == 65
    path = tmp_path / "one.npy"
    np.save(path, signal_of("misalignment", 1))
    asked = ("extract", str(path), "--sampling-rate", str(RATE_HZ), "--rpm", "3600")
    shown = _sonde(*asked)
    assert shown.exit_code == 0, shown.output
    assert len(shown.output.splitlines()) == 36
    expected = signal_features(signal_of("misalignment", 1), RATE_HZ, 60.0)[0]
    assert f"{expected:.6g}" in shown.output.splitlines()[0]
    lines = _sonde(*asked, "--bearing", "6205", "-f", "bearing lines", "--json")
    assert '"EnvelopeBPFO": ' in lines.output
    for words, sentence in (
        (("extract", "no.npy"), "There is no file"),
        (("list", "-f", "RNS"), "did you mean RMS"),
        (("dataset", "x", "--out", "x.doc"), ".parquet"),
    ):
        refused = _sonde(*words)
        assert refused.exit_code == 2
        assert sentence in refused.output
