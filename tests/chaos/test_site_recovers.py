"""The site while the database or Valkey is gone, and how soon it is back."""

import signal
import time

import psutil

from tests.conftest import wait_until


def test_check_36_the_site_says_so_and_recovers_within_ten_seconds(web, actor, postgres):
    with web.signed_in(actor) as client, web.anonymous() as probe:
        assert client.get("/api/v1/jobs").status_code == 200
        backends = psutil.Process(postgres.server.process.pid).children(recursive=True)
        postgres.server.stop(signal.SIGKILL)
        psutil.wait_procs(backends, timeout=10)
        try:
            assert probe.get("/healthz").status_code == 200
            assert probe.get("/readyz").status_code == 503
            refused = client.get("/api/v1/jobs")
            assert refused.status_code == 503
            assert refused.json()["code"] == "unavailable"
            page = client.get("/", headers={"Accept": "text/html"})
            assert page.status_code == 503
            assert "Traceback" not in page.text
        finally:
            postgres.server.start()
        back_at = time.monotonic()
        wait_until(lambda: client.get("/api/v1/jobs").status_code == 200, 10)
        wait_until(lambda: probe.get("/readyz").status_code == 200, 10)
        assert time.monotonic() - back_at < 10


def test_check_33_the_site_works_without_valkey(web, actor, valkey):
    with web.signed_in(actor) as client, web.anonymous() as probe:
        valkey.server.stop(signal.SIGKILL)
        try:
            started = time.monotonic()
            assert client.get("/api/v1/jobs").status_code == 200
            assert client.get("/").status_code == 200
            assert time.monotonic() - started < 5
            assert probe.get("/readyz").status_code == 503
        finally:
            valkey.server.start()
        wait_until(lambda: probe.get("/readyz").status_code == 200, 10)
