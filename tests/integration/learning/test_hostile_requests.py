"""Requests that nobody honest would send: each is refused with a sentence, none breaks the site."""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import numpy as np
import pytest

from sonde.learning.core.experiment_document import document_of
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import registry
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.learning.registry_data import trained
from tests.integration.learning.toy_source import with_toys
from tests.unit.learning.toy_problem import toy_windows

pytestmark = pytest.mark.integration
JSON = {"Content-Type": "application/json"}
ULID = "01J00000000000000000000000"


@pytest.fixture(scope="module")
def ports(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def done(ports: Ports, actor: Actor) -> Mapping[str, str]:
    found = trained(ports, actor, "weak", "windows")
    with unit_of_work(ports):
        registry.register(actor, found["weak"], "tones")
        registry.register(actor, found["windows"], "waves")
    return found


@pytest.fixture
def client(web: Any, actor: Actor, done: Mapping[str, str]) -> Iterator[httpx.Client]:
    with web.signed_in(actor) as opened:
        yield opened


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "text"),
    [
        ("-macro_f1", cursor("-macro_f1", "abc", ULID, False)),
        ("-macro_f1", cursor("-macro_f1", "2026-01-01T00:00:00+00:00", ULID, True)),
        ("-macro_f1", cursor("-macro_f1", float("nan"), ULID, False)),
        ("-macro_f1", cursor("-macro_f1", 10**60, ULID, False)),
        ("seed", cursor("seed", "x", ULID, False)),
        ("seed", cursor("seed", 1e300, ULID, False)),
        ("seed", cursor("seed", True, ULID, False)),
        ("title", cursor("title", 3.5, ULID, False)),
        ("title", cursor("title", "\0", ULID, False)),
        ("title", cursor("title", "\ud800", ULID, False)),
        ("-finished", cursor("-finished", "yesterday", ULID, False)),
        ("-finished", cursor("-finished", "2026-01-01", ULID, True)),
        ("-finished", cursor("-finished", 3, ULID, False)),
        ("best.loss", cursor("best.validation/loss", "x", ULID, False)),
        ("loss@3", cursor("validation/loss@3", "x", ULID, False)),
        ("", cursor("-created", "x", ULID, False)),
        ("", cursor([[[[]]]], {}, [], None)),
        ("", "=" * 50),
        ("", "é"),
    ],
)
def test_a_cursor_that_somebody_made_leads_nowhere(
    client: httpx.Client, sort: str, text: str
) -> None:
    answer = client.get("/api/v1/experiments", params={"sort": sort, "cursor": text})
    assert answer.status_code in {200, 422}, answer.text


def test_a_template_holds_what_can_be_kept(client: httpx.Client) -> None:
    document = document_of(NewExperiment("tones", "tones", ModelConfig("rbf-svm")))
    for options in ({"a": "\0"}, {"a": "\ud800"}, {"a": "x" * 200_000}):
        wrong = json.dumps({"name": "T", "document": {**document, "options": options}})
        answer = client.put("/api/v1/experiment-templates", content=wrong, headers=JSON)
        assert answer.status_code in {413, 422}, answer.text
        assert "Configurations" in answer.text
    wrong = json.dumps({"name": "T", "document": {**document, "split": {"n_folds": "many"}}})
    answer = client.put("/api/v1/experiment-templates", content=wrong, headers=JSON)
    assert (answer.status_code, "n_folds" in answer.text) == (422, True)


def test_what_is_said_of_a_file_is_no_endless_nest(
    client: httpx.Client, done: Mapping[str, str]
) -> None:
    content = io.BytesIO()
    np.save(content, toy_windows(np.array([1]), 1.0, np.random.default_rng(0)))
    for path in (f"/api/v1/experiments/{done['weak']}", "/api/v1/models/tones"):
        answer = client.post(
            f"{path}/predictions",
            files={"file": ("a.npy", content.getvalue())},
            data={"given": "[" * 2000},
        )
        assert (answer.status_code, "JSON object" in answer.text) == (422, True)


def test_a_name_and_an_id_that_cannot_be_kept_break_nothing(client: httpx.Client) -> None:
    content = io.BytesIO()
    np.save(content, toy_windows(np.array([1]), 1.0, np.random.default_rng(0)))
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\x00b.n\x00py"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + content.getvalue() + b"\r\n--x--\r\n"
    )
    answer = client.post(
        "/api/v1/models/tones/predictions",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code < 500, answer.text
    one = {"name": "features", "datatype": "FP64", "shape": [1, 8], "data": [0.0] * 8}
    for wrong in ("\0", "\ud800"):
        request = json.dumps({"id": wrong, "inputs": [one]})
        assert client.post("/v2/models/tones/infer", content=request).status_code == 400


def test_one_long_text_among_numbers_is_refused_quickly(client: httpx.Client) -> None:
    data = [[0.0] * 8 for _ in range(200)] + [["x" * 1_000_000] * 8]
    answer = client.post("/api/v1/models/tones/predict", content=json.dumps({"features": data}))
    assert (answer.status_code, "no number" in answer.text) == (422, True)


def test_a_setting_of_an_analysis_holds_what_can_be_printed(
    client: httpx.Client, done: Mapping[str, str]
) -> None:
    asked = {
        "kind": "embedding",
        "experiments": [done["weak"]],
        "params": {"of": "layer", "layer": "a\0"},
    }
    answer = client.post("/api/v1/analyses", content=json.dumps(asked), headers=JSON)
    assert (answer.status_code, "printed" in answer.text) == (422, True)


def test_an_estimate_and_rivals_over_rest(client: httpx.Client, done: Mapping[str, str]) -> None:
    told = client.post("/api/v1/experiments/estimate", json={"dataset": "tones", "model": "k-nn"})
    assert told.status_code == 200, told.text
    assert told.json()["certificate"]["leaks"] == []
    assert told.json()["work"]["n_fits"] > 1
    leaky = {"dataset": "tones", "split": {"policy": "random-windows"}}
    assert client.post("/api/v1/experiments/estimate", json=leaky).json()["certificate"]["leaks"]
    found = client.get(f"/api/v1/experiments/{done['weak']}/rivals").json()
    assert done["weak"] not in {one["id"] for one in found}
