"""Looking at recordings over REST: views, exports, uploads, zones, models; nobody else's."""

import io
from collections.abc import Sequence

import numpy as np
import pytest

from sonde.bearings.services import datasets
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings import make_datasets
from tests.integration.bearings.signal_data import SHAFT_HZ, rolling, store

pytestmark = pytest.mark.integration
BPFO_HZ = 3.5848 * SHAFT_HZ
VIEWS = ("signal", "spectrum", "envelope-spectrum", "cepstrum", "orders", "average", "kurtogram",
         "time-frequency", "coherence", "bicoherence", "orbit", "features")  # fmt: skip
FILES = ("signal.csv", "signal.npy", "signal.wav", "sound.wav")


@pytest.fixture(scope="module")
def ids(ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """Four recordings: outer race, healthy, a shaft by two probes, one without unit."""
    return store(ports, actor, tmp_path_factory.mktemp("signals"))


@pytest.fixture(scope="module")
def client(web, actor):
    """The analyst's own client."""
    with web.signed_in(actor) as opened:
        yield opened


def get(client, path: str, **query: object):
    """Return what a route below the recordings answers."""
    answer = client.get(f"/api/v1/recordings/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_there_over_rest(client, ids: Sequence[str], view: str) -> None:
    assert get(client, f"{ids[2]}/{view}").json()


@pytest.mark.parametrize("what", [*VIEWS, *FILES, "zone", "diagnosis"])
def test_acceptance_look_only_at_ones_own(web, other_actor, ids: Sequence[str], what: str) -> None:
    with web.signed_in(other_actor) as stranger:
        answer = stranger.get(f"/api/v1/recordings/{ids[0]}/{what}")
        assert answer.status_code == 404
        assert stranger.get("/api/v1/recordings").json() == {"items": []}


def test_acceptance_look_exports_are_the_stored_samples(
    client, ports: Ports, actor: Actor, ids: Sequence[str]
) -> None:
    with unit_of_work(ports):
        stored = datasets.read_samples(actor, ids[0], channel="FE")
    npy = np.load(io.BytesIO(get(client, f"{ids[0]}/signal.npy", channel="FE").content))
    assert npy.tobytes() == stored.tobytes()
    wav = get(client, f"{ids[0]}/signal.wav", channel="FE").content
    assert wav.endswith(stored.tobytes())
    table = get(client, f"{ids[0]}/signal.csv", channel="FE", start_s=1, stop_s=1.5)
    assert table.headers["content-disposition"].endswith('filename="outer-7-FE.csv"')
    times, values = np.loadtxt(io.StringIO(table.text), delimiter=",", skiprows=1).T
    first = round(times[0] * 12_000)
    assert np.array_equal(values.astype(np.float32), stored[first : first + len(values)])
    heard = get(client, f"{ids[0]}/sound.wav")
    assert heard.headers["content-type"] == "audio/wav"
    for span in ({"start_s": "inf"}, {"start_s": 1e308}, {"stop_s": 1e308}):
        assert get(client, f"{ids[0]}/signal.csv", channel="FE", **span).status_code == 200
    assert heard.content[:4] == b"RIFF"


def test_acceptance_look_fault_lines_stand_where_they_should(client, ids: Sequence[str]) -> None:
    found = get(client, f"{ids[0]}/envelope-spectrum", low_hz=1500, high_hz=5500).json()
    values = np.array(found["values"])
    skip = int(5 / found["resolution_hz"])
    assert (values[skip:].argmax() + skip) * found["resolution_hz"] == pytest.approx(
        BPFO_HZ, rel=0.03
    )
    orders = get(client, f"{ids[2]}/orders", speed="tacho").json()
    assert np.argmax(orders["values"]) * orders["step"] == pytest.approx(1.0, abs=0.01)
    assert orders["facts"]["speed_from"] == "tacho"
    average = get(client, f"{ids[2]}/average").json()
    assert average["facts"]["share"] > 0.95
    orbit = get(client, f"{ids[2]}/orbit", order=1).json()
    assert orbit["direction"] == "forward"
    assert orbit["channels"] == ["X", "Y"]


def test_acceptance_look_spectrum_is_integrated_where_the_unit_is_known(
    client, ids: Sequence[str]
) -> None:
    velocity = get(client, f"{ids[0]}/spectrum", quantity="velocity").json()
    assert velocity["unit"] == "mm/s"
    refused = client.get(f"/api/v1/recordings/{ids[3]}/spectrum", params={"quantity": "velocity"})
    assert refused.status_code == 422
    assert "unit of this channel is unknown" in refused.json()["message"]
    declared = get(client, f"{ids[3]}/spectrum", quantity="velocity", unit="g").json()
    assert declared["unit"] == "mm/s"
    own = get(client, f"{ids[0]}/spectrum", unit="mil").json()
    assert own["unit"] == get(client, f"{ids[0]}/spectrum").json()["unit"]


def test_acceptance_look_zone_needs_unit_group_and_support(client, ids: Sequence[str]) -> None:
    declared = {"group": "2", "support": "rigid"}
    zone = get(client, f"{ids[0]}/zone", **declared).json()
    assert zone["zone"] in "ABCD"
    assert zone["band_hz"] == [10.0, 1000.0]
    for recording, query, reason in (
        (ids[0], {}, "machine group is not declared"),
        (ids[0], {"group": "1"}, "support is not declared"),
        (ids[3], declared, "unit of this channel is unknown"),
        (ids[2], declared, "displacement"),
    ):
        refused = client.get(f"/api/v1/recordings/{recording}/zone", params=query)
        assert refused.status_code == 422
        assert reason in refused.json()["message"]


def test_acceptance_look_search_by_id_and_name(client, ids: Sequence[str]) -> None:
    def found(text: str) -> list[str]:
        answer = client.get("/api/v1/recordings", params={"text": text})
        return [one["id"] for one in answer.json()["items"]]

    assert found(ids[2]) == [ids[2]]
    assert found("OUTER_7") == [ids[0]]
    assert found("healthy bare") == [ids[3]]
    assert found("100%") == []
    assert len(found("")) == 4


def test_acceptance_look_at_an_upload_for_an_hour(
    web, client, other_actor, ids: Sequence[str]
) -> None:
    samples = rolling()[0][1][0]
    content = io.BytesIO()
    np.save(content, samples)

    def bring(data: bytes, **said: object):
        files = {"file": ("brought.npy", data)}
        return client.post("/api/v1/recordings", files=files, data=said)

    refused = bring(content.getvalue())
    assert refused.status_code == 422
    assert "never guessed" in refused.json()["message"]
    facts = {"sampling_rate_hz": 12_000, "speed_rpm": 1800, "unit": "g", "bearing": "6205"}
    made = bring(content.getvalue(), **facts)
    assert made.status_code == 201
    upload_id = made.json()["id"]
    assert made.json()["kept_s"] == 3600
    npy = np.load(io.BytesIO(get(client, f"{upload_id}/signal.npy").content))
    assert np.array_equal(npy, samples)
    assert get(client, f"{upload_id}/diagnosis").json()["verdict"] == "outer"
    with web.signed_in(other_actor) as stranger:
        assert stranger.get(f"/api/v1/recordings/{upload_id}/signal").status_code == 404
    assert bring(b"\x93NUMPY nonsense", **facts).status_code == 422
    assert bring(bytes(10_000_001), **facts).status_code in {413, 422}
    assert bring(content.getvalue(), **(facts | {"bearing": "nonsense"})).status_code == 404


def test_acceptance_look_predict_with_any_finished_model(
    ports: Ports, actor: Actor, client, web, other_actor, ids: Sequence[str]
) -> None:
    with unit_of_work(ports):
        trained_on = make_datasets.store(actor, "To learn from", 12, n_samples=2048)
        config = ModelConfig("random-forest", 0, {"n_trees": 10})
        wanted = NewExperiment("datasets", trained_on.id, config, options={"window": 1024})
        made = experiments.create(actor, wanted)
    path = f"/api/v1/recordings/{ids[0]}/predictions"
    asked = {"experiment_id": made.summary.id}
    assert client.post(path, json=asked).status_code == 409
    assert run_job(ports, made.summary.job_id, "test") == "succeeded"
    told = client.post(path, json=asked)
    assert told.status_code == 200, told.text
    assert {one["name"] for one in told.json()["classes"]} == {"healthy", "inner", "outer"}
    assert told.json()["evidence"]["verdict"] == "outer"
    with web.signed_in(other_actor) as stranger:
        assert stranger.post(path, json=asked).status_code == 404
