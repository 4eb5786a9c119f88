"""`sonde train` and `sonde predict` as a person at the machine uses them."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from sonde.learning.api.commands import COMMANDS
from sonde.learning.services import experiments
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts, jobs
from sonde.platform.services.local import LOCAL, LocalAccess
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.conftest import wait_until
from tests.integration.learning.toy_source import with_toys
from tests.unit.learning.toy_problem import toy_windows

pytestmark = pytest.mark.integration


@pytest.fixture
def outside(ports: Ports) -> Iterator[Ports]:
    toys = with_toys(ports)
    with unit_of_work(toys):
        accounts.first_administrator()
    token = LOCAL.set(LocalAccess(lambda: toys))
    yield toys
    LOCAL.reset(token)


def sonde(*words: str) -> Result:
    app = typer.Typer()
    for name, command in COMMANDS:
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return CliRunner().invoke(app, words)


def run_the_next_job(outside: Ports) -> Thread:
    """Run the next queued job on another thread, as a worker would."""

    def unfinished() -> list[str]:
        with unit_of_work(outside):
            boss = accounts.actor_for(accounts.first_administrator().id)
            return [job.id for job in jobs.active(boss)]

    def work() -> None:
        wait_until(lambda: bool(unfinished()))
        run_job(outside, unfinished()[0], "test worker")

    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_train_wait_and_predict(outside: Ports, tmp_path: Path) -> None:
    thread = run_the_next_job(outside)
    told = sonde("train", "--dataset", "lonely", "--set", "n_trees=15", "--wait")
    thread.join()
    assert told.exit_code == 0, told.output
    assert "Macro-F1" in told.stdout
    assert "healthy: 1 bearing, divided by record" in told.stdout
    assert "not to be believed" in told.stdout

    with unit_of_work(outside):
        boss = accounts.actor_for(accounts.first_administrator().id)
        made = experiments.recent(boss)[0]
    path = tmp_path / "ball.npy"
    np.save(path, toy_windows(np.full(4, 3), 3.0, np.random.default_rng(2)))
    asked = ("predict", "--experiment", made.id, str(path), "--given", "sampling_rate_hz=256")
    page = sonde(*asked)
    assert page.stdout.startswith("ball.npy: ball")
    document = json.loads(sonde(*asked, "--json").stdout)
    assert document["verdict"] == "ball"
    assert document["assumptions"] == {"sampling rate": "256 Hz"}
    for wrong in ("sampling_rate_hz=fast", "colour=red"):
        refused = sonde("predict", "--experiment", made.id, str(path), "--given", wrong)
        assert refused.exit_code == 2
        assert "--given NAME=VALUE (sampling_rate_hz)" in refused.stderr


def test_train_without_waiting_gives_the_id(outside: Ports) -> None:
    told = sonde("train", "--dataset", "tones", "--model", "rbf-svm", "--title", "Later", "--json")
    assert told.exit_code == 0
    document = json.loads(told.stdout)
    assert document["summary"]["title"] == "Later"
    assert document["summary"]["state"] == "queued"
    with unit_of_work(outside):
        boss = accounts.actor_for(accounts.first_administrator().id)
        experiments.delete(boss, document["summary"]["id"])


def test_a_family_is_trained_controlled_read_and_repeated(outside: Ports, tmp_path: Path) -> None:
    forest = ("train", "--dataset", "tones", "--set", "n_trees=10", "--notes", "Luck?")
    told = sonde(*forest, "--seeds", "1,2", "--training", "augmentations=noise,shift")
    assert told.exit_code == 0, told.output
    with unit_of_work(outside):
        boss = accounts.actor_for(accounts.first_administrator().id)
        second, first = experiments.recent(boss, limit=2)
        made = experiments.get(boss, first.id)
    assert (first.seed, second.seed, first.notes) == (1, 2, "Luck?")
    assert first.family_id == second.family_id != ""
    assert made.model.training.augmentations == ("noise", "shift")
    assert "queued, paused" in sonde("runs", "pause", first.id).stdout
    assert "queued, 0%" in sonde("runs", "resume", first.id).stdout
    assert "cancelled" in sonde("runs", "cancel", second.id).stdout
    run_job(outside, first.job_id, "test worker")
    page = sonde("runs", "show", first.id).stdout
    assert "succeeded, 100%" in page
    assert "fold 1" in page
    assert "fold/macro_f1" in page
    document = json.loads(sonde("runs", "show", first.id, "--json").stdout)
    assert document["run"]["parts"][0]["name"] == "fold 1"
    assert "asked to pause" in sonde("runs", "log", first.id).stdout
    target = tmp_path / "points.csv"
    assert sonde("runs", "metrics", first.id, str(target)).exit_code == 0
    assert target.read_text().startswith("metric,part,step,value,at\nfold/accuracy,")
    again = json.loads(sonde("runs", "rerun", first.id, "--json").stdout)
    assert again["told"] == [] or "code had changes" in again["told"][0]
    refused = sonde("runs", "stop", first.id)
    assert (refused.exit_code, refused.stderr.strip()) == (2, "This training is finished already.")
    with unit_of_work(outside):
        for one in (first.id, second.id, again["experiment"]["summary"]["id"]):
            experiments.delete(boss, one)


def test_a_failed_training_leaves_with_status_one(outside: Ports) -> None:
    thread = run_the_next_job(outside)
    told = sonde("train", "--dataset", "broken", "--wait")
    thread.join()
    assert told.exit_code == 1
    assert "features that are no numbers" in told.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("train", "--dataset", "nothing"), "no data set 'nothing'"),
        (("train", "--dataset", "tones", "--model", "oracle"), "choose one of random-forest"),
        (("train", "--dataset", "tones", "--set", "trees"), "form name=value"),
        (("train", "--dataset", "tones", "--split", "leave-one-load-out"), "Its score would be"),
        (("predict", "--experiment", "x", "no-such-file.mat"), "There is no file"),
        (("predict", "--experiment", "x", __file__), "There is no experiment x"),
    ],
)
def test_wrong_words_leave_with_status_two(
    outside: Ports, words: tuple[str, ...], sentence: str
) -> None:
    told = sonde(*words)
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_without_an_installation_the_command_says_so() -> None:
    told = sonde("train", "--dataset", "tones")
    assert told.exit_code == 2
    assert "installation" in told.stderr
