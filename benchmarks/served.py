"""The whole product, in a folder of its own, for benchmarks that measure it from outside."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sonde.app.domains import PARTS
from sonde.app.runtime import build_ports
from sonde.app.settings import Settings, environment_name, load_settings
from sonde.app.supervisor.valkey import free_port
from sonde.platform.core.actor import Actor
from sonde.platform.core.people import Visitor
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts, sessions
from sonde.platform.services.work import unit_of_work

SONDE = Path(sys.executable).with_name("sonde")
READY_WITHIN_S = 120.0


@dataclass(frozen=True)
class Served:
    """A running product, and its administrator."""

    url: str
    process_id: int
    ports: Ports
    actor: Actor
    token: str

    @property
    def cookie(self) -> dict[str, str]:
        """Headers that sign a request in."""
        return {"Cookie": f"sonde={self.token}"}


@contextmanager
def served() -> Iterator[Served]:
    """Start everything that `sonde up` starts; end it, and remove its folder."""
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "home", free_port()
        known = {environment_name(name) for name in Settings.model_fields}
        environment = {name: value for name, value in os.environ.items() if name not in known}
        with (Path(folder) / "out").open("wb") as out:
            running = subprocess.Popen(
                [SONDE, "up", "--home", home, "--port", str(port)],
                stdout=out,
                stderr=out,
                cwd=folder,
                env=environment | {"SONDE_SAMPLE_PROJECT": "false"},
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(running, url, Path(folder) / "out")
            ports = build_ports(load_settings(home=home), PARTS)
            with unit_of_work(ports):
                actor = accounts.actor_for(accounts.first_administrator().id)
                token = sessions.sign_in_by_link(sessions.issue_link(actor.user_id), Visitor())
            yield Served(url, running.pid, ports, actor, token)
        except BaseException:
            for log in (Path(folder) / "out", *(home / "logs").glob("web*")):
                print(f"== {log.name}\n{log.read_text()[-4_000:]}", file=sys.stderr)
            raise
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)


def _wait(running: "subprocess.Popen[bytes]", url: str, out: Path) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and running.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=1.0).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    sys.exit(f"The product did not start:\n{out.read_text()}")
