"""The gate before the whole application: who passes, from where, and with which headers."""

import json
import socket

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from sonde.platform.api.cookies import session_token
from sonde.platform.api.gate import PUBLIC, GateConfig, is_public, security_headers
from tests.integration.routes import routes_of

pytestmark = pytest.mark.integration

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _filled(path):
    path = path.replace("/public/{name}", "/public/mark.svg")
    return "/".join(ULID if part.startswith("{") else part for part in path.split("/"))


def test_check_01_every_route_refuses_strangers(web):
    seen = []
    with web.anonymous() as client:
        for route in routes_of(web):
            path = _filled(route.path)
            if is_public(path):
                continue
            for method in route.methods or METHODS:
                answer = client.request(method, path)
                seen.append(path)
                assert answer.status_code == 401, (method, path, answer.status_code)
                assert answer.headers["www-authenticate"] == 'Cookie realm="Sonde"'
                if path == "/v2" or path.startswith("/v2/"):  # has errors of its own shape
                    assert method == "HEAD" or answer.json() == {"error": "Sign in first."}
                elif method != "HEAD":
                    assert answer.json()["code"] == "signed_out"
    assert len(seen) > 20
    assert any("_dash-update-component" in path for path in seen)
    assert any(path.startswith("/api/v1/") for path in seen)


def test_check_01_strangers_reach_nothing_that_is_not_a_route(web):
    with web.anonymous() as client:
        for path in (
            "/",
            "/datasets",
            "/_reload-hash",
            "/_alive_x",
            "/metrics",
            "/docs",
            "/redoc",
            "/openapi.json",
            "/assets/sonde.css",
            "/_favicon.ico",
            "/.env",
        ):
            assert client.get(path).status_code == 401, path
        page = client.get("/datasets?page=2", headers={"Accept": "text/html"})
        assert page.status_code == 303
        assert page.headers["location"] == "/sign-in?next=%2Fdatasets%3Fpage%3D2"


def test_check_01_sockets_refuse_strangers(web):
    with (
        pytest.raises((InvalidStatus, ConnectionClosed)),
        connect(web.url.replace("http", "ws") + "/ws/hints") as socket,
    ):
        socket.recv(timeout=5)


def test_the_public_list_is_short():
    assert {"/healthz", "/readyz", "/sign-in", "/api/v1/session"} == PUBLIC
    for path in ("/public/sign-in.css", "/public/mark.svg", "/sign-in/link/Ab-_9"):
        assert is_public(path)
    for path in (
        "/public/",
        "/public/a/b.css",
        "/public/../datasets",
        "/public/..",
        "/sign-in/link/",
        "/sign-in/link/a/b",
        "/sign-in/",
        "/healthz/",
        "//healthz",
        "/HEALTHZ",
        "/healthz\n",
        "/public/mark.svg\n",
        "/sign-in/link/a%2f..",
    ):
        assert not is_public(path), path


def test_signed_in_people_pass(web, actor):
    with web.signed_in(actor) as client:
        assert client.get("/").status_code == 200
        me = client.get("/api/v1/session")
        assert me.json()["id"] == actor.user_id
        assert client.get("/api/v1/nothing").status_code == 404
        assert client.get("/api/v1/nothing").json()["code"] == "not_found"


def test_check_14_unsafe_requests_from_elsewhere_are_refused(web, actor):
    with web.signed_in(actor) as client:
        for route in routes_of(web):
            for method in route.methods - {"GET", "HEAD", "OPTIONS"}:
                path = _filled(route.path)
                for headers in (
                    {"Origin": "https://evil.example"},
                    {"Origin": "null"},
                    {"Sec-Fetch-Site": "cross-site"},
                    {"Sec-Fetch-Site": "same-site"},
                ):
                    answer = client.request(method, path, headers=headers)
                    assert answer.status_code == 403, (method, path, headers)
        assert client.get("/api/v1/session").status_code == 200


def test_check_14_sockets_from_elsewhere_are_refused(web, actor):
    token = web.token_of(actor)
    address = web.url.replace("http", "ws") + "/ws/hints"
    cookie = {"Cookie": f"sonde={token}"}
    with (
        pytest.raises((InvalidStatus, ConnectionClosed)),
        connect(address, origin="https://evil.example", additional_headers=cookie) as socket,
    ):
        socket.recv(timeout=5)
    with connect(address, origin=web.url, additional_headers=cookie) as page:
        assert page.protocol.state.name == "OPEN"


def test_hints_reach_the_page_of_their_person(web, actor, other_actor, valkey):
    import time

    token = web.token_of(actor)
    address = web.url.replace("http", "ws") + "/ws/hints"
    with connect(address, origin=web.url, additional_headers={"Cookie": f"sonde={token}"}) as page:
        for _ in range(40):
            web.ports.hints.publish(other_actor.user_id, "secret")
            web.ports.hints.publish(actor.user_id, "jobs")
            try:
                assert page.recv(timeout=0.25) == "jobs"
                break
            except TimeoutError:
                time.sleep(0.05)
        else:
            pytest.fail("no hint arrived")


def test_foreign_host_names_are_refused(web, actor):
    with web.signed_in(actor) as client:
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421


def test_check_10_a_planted_session_is_never_taken_over(web, people):
    person = people("Fay")
    planted = "planted-by-an-attacker"
    from sonde.platform.services import sessions
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(web.ports):
        link = sessions.issue_link(person.user_id)
    with httpx.Client(base_url=web.url, cookies={"sonde": planted}) as client:
        assert client.get("/api/v1/session", headers={"Accept": "*/*"}).status_code == 401
        answer = client.post(f"/sign-in/link/{link}")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/welcome"
        cookie = answer.headers["set-cookie"]
        assert planted not in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    with httpx.Client(base_url=web.url, cookies={"sonde": planted}) as client:
        assert client.get("/jobs").status_code == 401


def test_the_whole_way_in_and_out(web, people):
    person = people("Ida")
    from sonde.platform.services import sessions
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(web.ports):
        link = sessions.issue_link(person.user_id)
    password = "a rather long sentence"
    with web.anonymous() as client:
        assert "ends the moment" in client.get(f"/sign-in/link/{link}").text
        client.post(f"/sign-in/link/{link}")
        assert "Your account" in client.get("/welcome").text
        bad = client.post("/welcome", data={"name": "Ida", "email": "x", "password": password})
        assert bad.status_code == 422
        assert "not an e-mail address" in bad.text
        done = client.post(
            "/welcome", data={"name": "Ida", "email": "ida@example.org", "password": password}
        )
        assert done.headers["location"] == "/"
        assert client.post("/sign-out").status_code == 303
        assert client.get("/api/v1/session").status_code == 401
        assert client.post(f"/sign-in/link/{link}").status_code == 404
        wrong = client.post("/sign-in", data={"email": "ida@example.org", "password": "wrong one"})
        assert wrong.status_code == 422
        assert "do not belong together" in wrong.text
        form = {"email": "ida@example.org", "password": password, "next": "//evil.example"}
        assert client.post("/sign-in", data=form).headers["location"] == "/"
        assert client.get("/sign-in").status_code == 303
        assert client.post("/sign-out/everywhere").status_code == 303
        credentials = {"email": "ida@example.org", "password": password}
        assert client.post("/api/v1/session", json=credentials).status_code == 204
        assert client.delete("/api/v1/session").status_code == 204
        client.post("/api/v1/session", json=credentials)
        assert client.delete("/api/v1/session/all").json() == {"ended": 1}


def test_every_answer_carries_the_security_headers(web, actor):
    with web.signed_in(actor) as client:
        for path in ("/", "/api/v1/session", "/api/v1/nothing", "/healthz", "/assets/mark.svg"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            scripts = policy.split("script-src")[1].split(";")[0]
            assert "unsafe" not in scripts
            assert headers["x-content-type-options"] == "nosniff"
            assert len(headers["x-request-id"]) == 26
        assert client.get("/api/v1/session").headers["cache-control"] == "no-store"


def test_https_hardens_headers():
    headers = security_headers(["sha256-x"], secure=True)
    assert "max-age" in headers["Strict-Transport-Security"]
    assert "'sha256-x'" in headers["Content-Security-Policy"]


def test_static_files_are_compressed_and_kept(web, actor):
    with web.signed_in(actor) as client:
        page = client.get("/").text
        script = next(
            part.split('"')[0]
            for part in page.split('src="')
            if part.startswith("/_dash-component")
        )
        first, second = client.get(script), client.get(script)
        assert first.headers["content-encoding"] == "gzip"
        assert first.text == second.text
        assert "immutable" in first.headers["cache-control"]


def test_component_files_that_do_not_exist_are_no_error(web, actor):
    with web.signed_in(actor) as client:
        for path in ("dash/nothing.js", "nothing/at_all.js", "dash/%2e%2e/%2e%2e/x.py"):
            answer = client.get(f"/_dash-component-suites/{path}")
            assert answer.status_code == 404, path


def test_too_large_requests_are_refused_before_they_are_read(web):
    host, port = web.url.removeprefix("http://").split(":")
    head = (
        f"POST /api/v1/session HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {10**12}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(head.encode())
        answer = raw.recv(65536).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "too_large" in answer


def test_health_answers_without_signing_in(web):
    with web.anonymous() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert set(ready.json()["parts"].values()) == {"ok"}


def test_the_api_describes_itself_without_foreign_hosts(web, actor):
    with web.signed_in(actor) as client:
        described = client.get("/api/openapi.json").json()
        assert "/api/v1/session" in described["paths"]
        assert "http" not in client.get("/api/docs").text.replace("http-equiv", "")
        assert client.get("/api/docs/swagger-ui.css").status_code == 200
        assert client.get("/api/docs/other.js").status_code == 404
        json.dumps(described)


@pytest.mark.parametrize(
    "foreign", ['prefs={"x": "y"}', "a=b c", "flag", "x[0]=1", "a@b=1", "caf\xe9=1"]
)
def test_cookies_of_other_applications_lock_nobody_out(foreign):
    headers = [(b"cookie", f"{foreign}; sonde=token".encode("latin-1"))]
    assert session_token(headers, secure=False) == "token"


def test_hosts_are_what_browsers_send():
    config = GateConfig("https://Sonde.example:443", 80, list)
    assert {"sonde.example", "127.0.0.1", "localhost"} <= config.hosts
    assert "https://sonde.example" in config.origins
    assert GateConfig("http://127.0.0.1:8050", 8050, list).hosts >= {"127.0.0.1:8050"}
