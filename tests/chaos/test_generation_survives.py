"""A generation outlives its killed workers, makes nothing twice, and leaves no files behind."""

import random
import time
from pathlib import Path

import h5py
import pytest

from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.services import datasets, generations
from sonde.bearings.services.generation_files import PREFIX
from sonde.platform.core.jobs import JobState
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from tests.chaos.generation_worker import make_generation_ports
from tests.conftest import wait_until

pytestmark = pytest.mark.timeout(600)
WORKER = Path(__file__).with_name("generation_worker.py")
CONFIG = GenerationConfig(per_class=40, duration_s=2.0, seed=3)


@pytest.fixture
def outside(team, tmp_path):
    """The ports of the workers."""
    team.servers["folder"] = str(tmp_path / "files")
    ports = make_generation_ports(**team.servers)
    yield ports
    ports.database.engine.dispose()


@pytest.fixture
def begin(outside, owner, monkeypatch):
    """Ask for a generation of many small parts that takes some seconds."""
    monkeypatch.setattr("sonde.bearings.core.generations._PART_BYTES", 2_000_000)

    def start(name):
        with unit_of_work(outside):
            return generations.start(owner, CONFIG, name).id

    return start


def test_acceptance_simulate_a_killed_generation_resumes_and_ends_once(
    team, owner, outside, begin, soak
):
    workers = [team.hire(role, script=WORKER) for role in ("default", "train")]
    team.hire("beat", script=WORKER)
    job_id = begin("Killed")
    dice = random.Random(5)

    def job():
        with unit_of_work(outside):
            return jobs.get(owner, job_id)

    for number in range(20 if soak else 2):
        wait_until(lambda: job().fraction > 0 or job().state.is_final, 60)
        time.sleep(dice.uniform(0.2, 0.6))
        if job().state.is_final:
            break
        workers[number % 2].child().kill()
        wait_until(lambda: job().state is JobState.RUNNING or job().state.is_final, 60)
    wait_until(lambda: job().state.is_final, 180)
    assert job().state is JobState.SUCCEEDED, team.words()
    with unit_of_work(outside):
        dataset = datasets.find(owner, "Killed")
        recordings = datasets.recordings(owner, dataset.id)
        path = datasets.signal_file(dataset)
    assert len(recordings) == len({one.content_hash for one in recordings}) == CONFIG.n_signals
    with h5py.File(path) as file:
        for index in (0, 100, 439):
            stored = file[recordings[index].signal_path][...]
            assert (stored == simulate(CONFIG, index).samples).all()
    wait_until(lambda: not list(outside.files.keys(PREFIX)), 30)
    assert len(list(outside.files.keys("signals/"))) == 1


def test_acceptance_simulate_a_cancelled_generation_leaves_no_files(team, owner, outside, begin):
    for role in ("default", "train"):
        team.hire(role, script=WORKER)
    job_id = begin("Cancelled")

    def job():
        with unit_of_work(outside):
            return jobs.get(owner, job_id)

    wait_until(lambda: len(list(outside.files.keys(PREFIX))) > 2, 60)
    with unit_of_work(outside):
        jobs.cancel(owner, job_id)

    def is_quiet():
        with unit_of_work(outside):
            return jobs.active(owner) == ()

    wait_until(is_quiet, 20)
    wait_until(lambda: not list(outside.files.keys(PREFIX)), 10)
    time.sleep(0.5)
    assert not list(outside.files.keys(PREFIX)) + list(outside.files.keys("signals/"))
    assert job().state is JobState.CANCELLED
