"""Inference over the wire: our own paths, and the Open Inference Protocol as others speak it."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import numpy as np
import pytest

import sonde
from sonde.learning.core.bundle import load
from sonde.learning.core.calibrated import Calibration
from sonde.learning.services import promotion, registry
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.learning.registry_data import trained
from tests.integration.learning.toy_source import with_toys
from tests.unit.learning.toy_problem import toy_features, toy_windows

pytestmark = pytest.mark.integration
WINDOWS = toy_windows(np.array([0, 1, 2, 3, 1]), 3.0, np.random.default_rng(5))
CLASSES = ["healthy", "inner", "outer", "ball"]


@pytest.fixture(scope="module")
def ports(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def done(ports: Ports, actor: Actor) -> Mapping[str, str]:
    found = trained(ports, actor, "weak", "strong", "windows")
    with unit_of_work(ports):
        registry.register(actor, found["weak"], "tones")
        registry.register(actor, found["strong"], "tones")
        registry.register(actor, found["windows"], "waves")
        promotion.promote(actor, "tones", "1")
    return found


@pytest.fixture
def client(web: Any, actor: Actor, done: Mapping[str, str]) -> Iterator[httpx.Client]:
    with web.signed_in(actor) as opened:
        yield opened


def expected(ports: Ports, actor: Actor, name: str, version: str, inputs: Any) -> Any:
    """Ask the registered model itself, without any protocol between."""
    with unit_of_work(ports):
        _, content = registry.bundle_bytes(actor, name, version)
    return load(content).fitted.predict_proba(inputs)


def carried(ports: Ports, actor: Actor, name: str, version: str) -> Calibration:
    """Return the calibration that the registered file carries."""
    with unit_of_work(ports):
        chosen, content = registry.bundle_bytes(actor, name, version)
    found = load(content).card.calibration
    assert found is not None
    assert chosen.calibration == found
    return found


def features() -> list[list[float]]:
    return toy_features(WINDOWS).tolist()


def tensor(**changes: Any) -> dict[str, Any]:
    flat = np.array(features())
    one = {
        "name": "features",
        "shape": list(flat.shape),
        "datatype": "FP64",
        "data": flat.ravel().tolist(),
    }
    return {"inputs": [one | changes]}


def test_acceptance_registry_open_inference_protocol_describes_server_and_models(
    client: httpx.Client,
) -> None:
    assert client.get("/v2").json() == {
        "name": "sonde",
        "version": sonde.__version__,
        "extensions": [],
    }
    assert client.get("/v2/health/live").json() == {"live": True}
    ready = client.get("/v2/health/ready")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    described = client.get("/v2/models/tones").json()
    assert [one["name"] for one in described["outputs"]] == [
        *("probabilities", "label", "class_name"),
        *("raw_probabilities", "prediction_set", "reject"),
    ]
    assert described | {"outputs": described["outputs"][:3]} == {
        "name": "tones",
        "versions": ["1", "2", "champion"],
        "platform": "sonde_random-forest",
        "inputs": [{"name": "features", "datatype": "FP64", "shape": [-1, 8]}],
        "outputs": [
            {"name": "probabilities", "datatype": "FP64", "shape": [-1, 4]},
            {"name": "label", "datatype": "INT64", "shape": [-1]},
            {"name": "class_name", "datatype": "BYTES", "shape": [-1]},
        ],
    }
    assert client.get("/v2/models/tones/versions/2").json()["platform"] == "sonde_rbf-svm"
    assert client.get("/v2/models/waves").json()["inputs"] == [
        {"name": "windows", "datatype": "FP32", "shape": [-1, 1, 256]}
    ]
    for path in ("tones", "tones/versions/champion", "tones/versions/2"):
        assert client.get(f"/v2/models/{path}/ready").json() == {"name": "tones", "ready": True}


def test_acceptance_registry_open_inference_protocol_infers(
    client: httpx.Client, ports: Ports, actor: Actor
) -> None:
    wanted_here = expected(ports, actor, "tones", "2", np.array(features()))
    labels = wanted_here.argmax(axis=1).tolist()
    wanted = tensor() | {"id": "42"}
    answer = client.post("/v2/models/tones/versions/2/infer", json=wanted)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["model_name"], told["model_version"], told["id"]) == ("tones", "2", "42")
    outputs = {one["name"]: one for one in told["outputs"]}
    assert list(outputs)[:3] == ["probabilities", "label", "class_name"]
    assert told["parameters"] == {"calibrated": True, "set_coverage": 0.9}
    assert outputs["class_name"]["data"] == [CLASSES[label] for label in labels]
    assert outputs["label"] == {
        "name": "label",
        "datatype": "INT64",
        "shape": [5],
        "data": labels,
    }
    tensors = {name: np.array(one["data"]).reshape(one["shape"]) for name, one in outputs.items()}
    assert tensors["raw_probabilities"] == pytest.approx(wanted_here)
    unit = carried(ports, actor, "tones", "2").windows
    assert tensors["probabilities"] == pytest.approx(unit.mend(wanted_here))
    assert tensors["probabilities"].argmax(axis=1).tolist() == labels
    assert (outputs["prediction_set"]["datatype"], outputs["reject"]["shape"]) == ("BOOL", [5])
    assert (tensors["prediction_set"] == unit.sets(unit.mend(wanted_here))).all()
    assert tensors["prediction_set"][np.arange(5), labels].all()
    champion = client.post("/v2/models/tones/infer", json=tensor()).json()
    assert champion["model_version"] == "1"
    assert "id" not in champion
    by_alias = client.post("/v2/models/tones/versions/champion/infer", json=tensor()).json()
    assert by_alias == champion


def test_windows_go_in_nested_or_flat_and_outputs_can_be_chosen(
    client: httpx.Client, ports: Ports, actor: Actor
) -> None:
    one = {"name": "windows", "shape": [5, 1, 256], "datatype": "FP32"}
    wanted = {"outputs": [{"name": "class_name"}]}
    answers = [
        client.post("/v2/models/waves/infer", json={"inputs": [one | {"data": data}], **wanted})
        for data in (WINDOWS.ravel().tolist(), WINDOWS.tolist())
    ]
    first, second = (answer.json() for answer in answers)
    assert first == second
    assert [one["name"] for one in first["outputs"]] == ["class_name"]
    labels = expected(ports, actor, "waves", "1", WINDOWS).argmax(axis=1)
    assert first["outputs"][0]["data"] == [CLASSES[label] for label in labels]


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ([], "is a JSON object"),
        ({"inputs": []}, "exactly one input"),
        (tensor(name="windows"), "takes 'features'"),
        (tensor(datatype="FP32"), "has the type FP64"),
        (tensor(shape=[5, 9]), "[-1, 8]"),
        (tensor(shape=[6, 8]), "40 numbers"),
        (tensor(shape="5 8"), "whole numbers"),
        (tensor(data=["a"] * 40), "no number"),
        (tensor(data=[[1.0], [1.0, 2.0]]), "different lengths"),
        (tensor(data=[]), "something in it"),
        (tensor(data=[float("nan")] * 40), "no finite"),
        (tensor() | {"id": 42}, "is a string"),
        (tensor() | {"outputs": [{"name": "logits"}]}, "no output 'logits'"),
    ],
)
def test_the_protocol_says_what_is_wrong(
    client: httpx.Client, request_: Any, sentence: str
) -> None:
    import json

    answer = client.post("/v2/models/tones/infer", content=json.dumps(request_))
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert sentence in answer.json()["error"]


def test_the_protocol_has_errors_of_its_own_shape(client: httpx.Client, web: Any) -> None:
    for path in ("/v2/models/none", "/v2/models/tones/versions/9", "/v2/repository/index"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert list(answer.json()) == ["error"]
    elsewhere = client.delete("/v2/models/tones")
    assert elsewhere.status_code == 404
    assert elsewhere.json()["error"].startswith("There is no DELETE /v2/models/tones in")
    assert client.post("/v2/models/tones/infer", content=b"{").status_code == 400
    with web.anonymous() as nobody:
        for answer in (
            nobody.get("/v2/health/live"),
            nobody.post("/v2/models/tones/infer", json=tensor()),
        ):
            assert answer.status_code == 401
            assert answer.json() == {"error": "Sign in first."}
            assert answer.headers["www-authenticate"] == 'Cookie realm="Sonde"'
    abroad = client.post("/v2/models/tones/infer", json={}, headers={"Origin": "https://a.b"})
    assert abroad.status_code == 403
    assert abroad.json() == {"error": "This request comes from another site."}


def test_acceptance_registry_arrays_and_files_over_rest_are_logged(
    client: httpx.Client, ports: Ports, actor: Actor
) -> None:
    answer = client.post(
        "/api/v1/models/tones/predict?version=latest", json={"features": features()}
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["version"], told["class_names"]) == (2, CLASSES)
    here = expected(ports, actor, "tones", "2", np.array(features()))
    assert told["raw_probabilities"] == pytest.approx(here)
    unit = carried(ports, actor, "tones", "2").windows
    assert told["probabilities"] == pytest.approx(unit.mend(here))
    assert told["is_calibrated"]
    assert told["calibration"].startswith("Calibrated on 24 held-out recordings of 12 bearings")
    assert all(
        verdict in one
        for verdict, one in zip(told["verdicts"], told["prediction_sets"], strict=True)
    )
    assert told["verdicts"] == [CLASSES[label] for label in here.argmax(axis=1)]
    content = io.BytesIO()
    np.save(content, toy_windows(np.array([2, 2]), 3.0, np.random.default_rng(1)))
    file = client.post(
        "/api/v1/models/waves/predictions",
        files={"file": ("machine.npy", content.getvalue())},
        data={"given": '{"sampling_rate_hz": 256}'},
    ).json()
    assert file["experiment_title"] == "waves version 1"
    assert file["is_calibrated"]
    if file["is_unlike_training"]:
        assert (file["prediction_set"], file["is_rejected"]) == (None, True)
    else:
        assert file["verdict"] in file["prediction_set"]
    (logged,) = client.get("/api/v1/models/waves/predictions?limit=1").json()["items"]
    assert (logged["way"], logged["caller"], logged["version"]) == ("rest", "Ada", 1)
    assert logged["answered"]["name"] == "machine.npy"
    assert logged["answered"]["verdict"] == file["verdict"]
    assert len(logged["answered"]["input_hash"]) == 64
    assert logged["answered"]["latency_ms"] > 0
    (newest,) = client.get("/api/v1/models/tones/predictions?limit=1").json()["items"]
    assert newest["answered"]["input_hash"] == told["input_hash"]
    counts = client.get("/api/v1/models/waves/verdicts").json()
    assert file["verdict"] in {one["verdict"] for one in counts}


def test_what_a_model_does_not_take_is_told(client: httpx.Client) -> None:
    for document in ({"windows": []}, {}, [1], {"features": [[1, 2]]}):
        answer = client.post("/api/v1/models/tones/predict", json=document)
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == "invalid"
    assert client.post("/api/v1/models/tones/predict", content=b"[[[").status_code == 422


def test_the_registry_over_rest(client: httpx.Client, done: Mapping[str, str]) -> None:
    made = client.post("/api/v1/models", json={"name": "spare", "experiment_id": done["weak"]})
    assert made.status_code == 201, made.text
    assert made.json()["number"] == 1
    client.post("/api/v1/models", json={"name": "spare", "experiment_id": done["strong"]})
    path = "/api/v1/models/spare"
    assert client.put(f"{path}/aliases/challenger", json={"version": "2"}).json()["aliases"] == {
        "challenger": 2
    }
    assert client.post(f"{path}/promotion", json={"version": "1"}).json()["aliases"] == {
        "challenger": 2,
        "champion": 1,
    }
    judged = client.get(f"{path}/promotion", params={"version": "challenger"}).json()
    assert judged["is_allowed"] is True
    client.post(f"{path}/promotion", json={"version": "challenger"})
    refused = client.post(f"{path}/promotion", json={"version": "1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert client.post(f"{path}/rollback", json={}).json()["aliases"] == {"champion": 1}
    kinds = [one["kind"] for one in client.get(f"{path}/history").json()]
    assert kinds == ["rolled back", "removed", "promoted", "promoted", "set"]
    bundle = client.get(f"{path}/versions/champion/bundle")
    assert "spare-1.safetensors" in bundle.headers["content-disposition"]
    assert client.get(f"{path}/versions/1/certificate").json()["policy"] == "group-k-fold"
    client.patch(path, json={"description": "For tones"})
    assert client.post(f"{path}/archive", json={}).json()["is_archived"] is True
    listed = client.get("/api/v1/models", params={"archived": True}).json()["items"]
    assert {one["name"]: one["description"] for one in listed}["spare"] == "For tones"
