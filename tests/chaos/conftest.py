"""Real workers, started, killed and started again as a supervisor would."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

SOAK = os.environ.get("SONDE_SOAK") == "1"
ROOT = Path(__file__).parents[2]
TOY_WORKER = Path(__file__).with_name("toy_worker.py")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.chaos)


@pytest.fixture(scope="session")
def soak():
    """Whether to run with full counts."""
    return SOAK


@dataclass
class ToyWorker:
    """One real Celery worker (or beat) with the toy jobs."""

    role: str
    servers: dict
    log: Path
    script: Path = TOY_WORKER
    process: "subprocess.Popen[bytes] | None" = None

    def start(self):
        """Start it; an earlier one is gone."""
        command = [sys.executable, str(self.script)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, self.role, json.dumps(self.servers)],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
                start_new_session=True,
            )

    def main(self):
        """The worker's main process."""
        return psutil.Process(self.process.pid)

    def child(self):
        """The process that runs jobs."""
        end = time.monotonic() + 15
        while time.monotonic() < end:
            children = self.main().children()
            if children:
                return children[0]
            time.sleep(0.05)
        return pytest.fail("the worker has no child")

    def kill(self):
        """Kill it without warning; its child goes with it."""
        family = [self.main(), *self.main().children(recursive=True)]
        self.process.kill()
        self.process.wait()
        psutil.wait_procs(family, timeout=5)


@dataclass
class Team:
    """Workers and beat, and the ports to look at what they do."""

    ports: object
    servers: dict
    folder: Path
    workers: list = field(default_factory=list)

    def hire(self, role="default", script=TOY_WORKER, **extra):
        """Start one more worker, or beat."""
        log = self.folder / f"{role}-{len(self.workers)}.log"
        worker = ToyWorker(role, {**self.servers, **extra}, log, script)
        worker.start()
        self.workers.append(worker)
        return worker

    def dismiss(self):
        """Kill all of them."""
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()

    def words(self):
        """What they logged, for the message of a failing test."""
        return "\n".join(f"== {w.log.name}\n{w.log.read_text()[-4000:]}" for w in self.workers)


@pytest.fixture
def team(app_database_url, valkey, tmp_path, ports):
    """Nobody yet; the broker is empty."""
    from redis import Redis

    from tests.chaos.toy_worker import make_ports

    with Redis.from_url(valkey.url(0)) as broker:
        broker.flushdb()
    servers = {"database_url": app_database_url, "broker_url": valkey.url(0)}
    outside = make_ports(**servers, pool_size=5)
    team = Team(outside, servers, tmp_path)
    yield team
    team.dismiss()
    outside.database.engine.dispose()


@pytest.fixture
def owner(ports, people):
    """The person whose jobs these are."""
    return people("Ada")
