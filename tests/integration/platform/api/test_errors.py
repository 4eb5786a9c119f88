"""Promise 31: errors say what is wrong and nothing else."""

import pytest

from sonde.platform.api import errors as rendering
from sonde.platform.core import errors

pytestmark = pytest.mark.integration

SECRET = "/srv/secret/path.py line 3: password=hunter2"


def _break(*_positional, **_named):
    raise ZeroDivisionError(SECRET)


@pytest.fixture
def services():
    """Every function of every service that a route or a page can reach."""
    import importlib
    import inspect
    import pkgutil

    found = []
    for storey in ("platform", "learning", "bearings"):
        package = importlib.import_module(f"sonde.{storey}.services")
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            found += [
                (module, name)
                for name, thing in vars(module).items()
                if inspect.isfunction(thing)
                and thing.__module__ == module.__name__
                and next(iter(inspect.signature(thing).parameters), "") == "actor"
            ]
    return found


def test_check_31_no_route_tells_more_than_a_request_id(web, actor, services, monkeypatch):
    assert len(services) > 30
    paths = ("/api/v1/session", "/api/v1/jobs", "/api/v1/notifications", "/api/v1/datasets",
             "/api/v1/experiments", "/api/v1/datasets/01ARZ3NDEKTSV4RRFFQ69G5FAV")  # fmt: skip
    with web.signed_in(actor) as client:
        for module, name in services:
            monkeypatch.setattr(module, name, _break)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 500, path
            body = answer.json()
            assert body["code"] == "internal"
            assert set(body) == {"code", "message", "details", "request_id"}
            assert body["request_id"] == answer.headers["x-request-id"]
            for told in ("hunter2", "Traceback", "ZeroDivision", "/srv", ".py"):
                assert told not in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound(), 404),
        (errors.Invalid("x"), 422),
        (errors.Unreadable("x"), 422),
        (errors.TooLarge("x"), 413),
        (errors.Forbidden(), 403),
        (errors.SignedOut(), 401),
        (errors.Conflict("x"), 409),
        (errors.RateLimited(retry_after_s=9), 429),
        (errors.Unavailable(), 503),
        (ValueError(SECRET), 500),
    ],
)
def test_check_31_every_error_has_its_status_and_one_shape(error, status):
    answer = rendering.answer_to(error, "id")
    assert answer.status_code == status
    assert b"hunter2" not in answer.body
    if status in {429, 503}:
        assert answer.headers["retry-after"]


def test_details_are_plain_whatever_was_put_in():
    from pathlib import Path

    answer = rendering.answer_to(errors.Invalid("x", path=Path("a"), many={1}), "id")
    assert b'"many":[1]' in answer.body
    answer = rendering.answer_to(errors.Invalid("\ud800", rate=float("inf")), "id")
    assert b'"rate":"inf"' in answer.body


def test_half_a_character_is_refused_and_nothing_breaks(web, actor):
    with web.signed_in(actor) as client:
        client.headers["Origin"] = web.url
        for path, body in (
            ("notifications/read", b'{"ids": ["\\ud800"]}'),
            ("feature-sets", b'{"name": "x", "names": ["\\ud800"]}'),
        ):
            answer = client.post(f"/api/v1/{path}", content=body)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), path


def test_malformed_requests_name_the_field(web):
    with web.anonymous() as client:
        answer = client.post("/api/v1/session", json={"email": "x"})
        assert answer.status_code == 422
        assert "password" in answer.json()["message"]
        assert client.post("/api/v1/session", content=b"{").status_code == 422
