"""`sonde models` and `sonde predict --model` as a person at the machine uses them."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from sonde.learning.api.models_command import models
from sonde.learning.api.predict_command import predict
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts, jobs
from sonde.platform.services.local import LOCAL, LocalAccess
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.conftest import wait_until
from tests.integration.learning.registry_data import trained
from tests.integration.learning.toy_source import with_toys
from tests.unit.learning.toy_problem import toy_windows

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    toys = with_toys(ports)
    with unit_of_work(toys):
        accounts.first_administrator()
    return toys


@pytest.fixture(scope="module")
def boss(outside: Ports) -> Actor:
    with unit_of_work(outside):
        return accounts.actor_for(accounts.first_administrator().id)


@pytest.fixture(scope="module")
def done(outside: Ports, boss: Actor) -> dict[str, str]:
    return trained(outside, boss, "weak", "strong")


@pytest.fixture
def sonde(outside: Ports) -> Iterator[Callable[..., Result]]:
    token = LOCAL.set(LocalAccess(lambda: outside))
    app = typer.Typer()
    app.command("predict")(predict)
    app.add_typer(models, name="models")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    yield run
    LOCAL.reset(token)


def test_acceptance_registry_the_terminal_can_do_what_the_page_does(
    sonde: Callable[..., Result], done: dict[str, str], tmp_path: Path
) -> None:
    for which in ("weak", "strong"):
        made = sonde("models", "register", "fan", "--experiment", done[which])
        assert made.exit_code == 0, made.output
    assert "champion 1" in sonde("models", "promote", "fan", "1").output
    assert "champion 2" in sonde("models", "promote", "fan", "2").output
    refused = sonde("models", "promote", "fan", "1")
    assert refused.exit_code == 2
    assert "Version 2 is better than version 1 on these 12 bearings" in refused.output
    overridden = sonde("models", "promote", "fan", "1", "--override", "The edge box is small")
    assert "champion 1" in overridden.output
    assert "champion 2" in sonde("models", "rollback", "fan", "--reason", "too coarse").output
    assert "shadow 1" in sonde("models", "alias", "fan", "shadow", "1").output
    assert "shadow" not in sonde("models", "alias", "fan", "shadow").output
    shown = sonde("models", "show", "fan").output
    assert "rolled back by" in shown
    assert "too coarse" in shown
    assert json.loads(sonde("models", "show", "fan", "--json").output)["aliases"] == {"champion": 2}
    assert sonde("models", "list").output.startswith("fan  2 versions  champion 2  macro-F1 0.")

    files = []
    for number in (1, 2):
        path = tmp_path / f"{number}.npy"
        np.save(path, toy_windows(np.array([number]), 3.0, np.random.default_rng(number)))
        files.append(str(path))
    told = sonde("predict", "--model", "fan@champion", *files, "--json")
    assert told.exit_code == 0, told.output
    lines = [json.loads(line) for line in told.output.splitlines()]
    assert [line["file_name"] for line in lines] == ["1.npy", "2.npy"]
    logged = json.loads(sonde("models", "log", "fan", "--json").output)
    assert [one["answered"]["name"] for one in logged] == ["2.npy", "1.npy"]
    assert {one["way"] for one in logged} == {"terminal"}
    assert "archived" in sonde("models", "archive", "fan").output
    assert "archived" not in sonde("models", "archive", "fan", "--back").output


def test_a_batch_is_waited_for_and_written(
    sonde: Callable[..., Result], outside: Ports, boss: Actor, done: dict[str, str], tmp_path: Path
) -> None:
    sonde("models", "register", "pump", "--experiment", done["strong"])

    def queued() -> list[str]:
        with unit_of_work(outside):
            return [job.id for job in jobs.active(boss)]

    def work() -> None:
        wait_until(lambda: bool(queued()))
        run_job(outside, queued()[0], "test worker")

    thread = Thread(target=work, daemon=True)
    thread.start()
    out = tmp_path / "told.csv"
    told = sonde("models", "batch", "pump", "--dataset", "tones", "--out", str(out))
    thread.join(20)
    assert told.exit_code == 0, told.output
    assert len(list(csv.DictReader(out.read_text().splitlines()))) == 24


def test_what_was_asked_wrongly_is_told(
    sonde: Callable[..., Result], done: dict[str, str], tmp_path: Path
) -> None:
    assert "There is no registered model 'none'" in sonde("models", "show", "none").output
    both = sonde("predict", "--model", "a", "--experiment", "b", str(tmp_path / "x"))
    assert (both.exit_code, "either --model or --experiment" in both.output) == (2, True)
    gone = sonde("predict", "--model", "a", str(tmp_path / "x.npy"))
    assert "There is no file" in gone.output
