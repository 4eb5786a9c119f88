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


def test_everything_about_an_experiment_is_told_and_taken_away(
    outside: Ports, tmp_path: Path
) -> None:
    wanted = ("train", "--dataset", "tones", "--model", "k-nn", "--tag", "night", "--title", "One")
    told = sonde(*wanted, "--estimate")
    assert told.exit_code == 0, told.output
    assert "Honest: no bearing" in told.stdout
    assert "fits of about" in told.stdout
    assert json.loads(sonde(*wanted, "--estimate", "--json").stdout)["work"]["n_fits"] > 1
    split = ("--split", "stratified-group-hold-out", "--test-fraction", "0.34")
    first = json.loads(sonde(*wanted, *split, "--json").stdout)["summary"]
    run_job(outside, first["job_id"], "test worker")
    one = first["id"]
    assert sonde("results", "show", one).stdout.startswith("Macro-F1 ")
    assert "load" in sonde("results", "conditions", one).stdout
    assert "inner" in sonde("results", "intervals", one).stdout
    assert len(json.loads(sonde("results", "intervals", one, "--json").stdout)["classes"]) == 4
    assert json.loads(sonde("results", "conditions", one, "--json").stdout)[0]["attribute"]
    assert " of " in sonde("results", "samples", one, "--most", "3").stdout
    assert sonde("results", "card", one).stdout.startswith("# One")
    assert json.loads(sonde("results", "config", one).stdout)["model"]["model"] == "k-nn"
    assert sonde("results", "notebook", one, str(tmp_path / "a.ipynb")).exit_code == 0
    assert sonde("results", "bundle", one, str(tmp_path / "a.zip")).exit_code == 0
    assert (tmp_path / "a.zip").read_bytes()[:2] == b"PK"
    assert json.loads((tmp_path / "a.ipynb").read_text())["cells"]
    nowhere = sonde("results", "bundle", one, str(tmp_path / "none" / "a.zip"))
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (2, True)
    assert sonde("runs", "files", one).exit_code == 0
    assert "kept no file 'x'" in sonde("runs", "file", one, "x", str(tmp_path / "x")).stderr

    assert sonde("templates", "save", "Baseline", "--experiment", one).exit_code == 0
    assert "Baseline: k-nn" in sonde("templates", "list").stdout
    assert json.loads(sonde("templates", "show", "Baseline").stdout)["ref"] == "tones"
    again = sonde("templates", "train", "Baseline", "--set", "n_neighbours=3", "--json")
    second = json.loads(again.stdout)
    assert second["model"]["values"]["n_neighbours"] == 3
    run_job(outside, second["summary"]["job_id"], "test worker")
    two = second["summary"]["id"]
    assert two in sonde("results", "rivals", one).stdout
    assert "Baseline" in sonde("templates", "delete", "Baseline").stdout
    assert sonde("templates", "show", "Baseline").exit_code == 2

    assert "1 of 1" in sonde("change", "pin", f"id:{one.lower()}").stdout
    assert "One" in sonde("experiments", "is:pinned").stdout
    assert "is one of" in sonde("change", "burn", f"id:{one.lower()}").stderr
    assert sonde("searches", "save", "Pins", "is:pinned", "--alert").exit_code == 0
    assert "Pins: is:pinned  (alert)" in sonde("searches", "list").stdout
    assert sonde("searches", "delete", "Pins").exit_code == 0
    assert "night" in sonde("tags", "list").stdout
    assert "late  red" in sonde("tags", "change", "night", "--to", "late", "--colour", "red").stdout
    assert sonde("tags", "delete", "late").exit_code == 0
    assert sonde("tags", "create", "late").exit_code == 0
    assert sonde("compare", one, two, "--keep", "Two ways").exit_code == 0
    (kept,) = json.loads(sonde("comparisons", "list", "--json").stdout)
    assert kept["name"] == "Two ways"
    assert sonde("comparisons", "delete", kept["id"]).exit_code == 0
    for place in (one, two):
        assert "1 of 1" in sonde("change", "trash", f"id:{place.lower()}").stdout
        assert "1 of 1" in sonde("change", "remove", f"id:{place.lower()} is:trashed").stdout


def test_a_registered_model_is_described_judged_and_taken_away(
    outside: Ports, tmp_path: Path
) -> None:
    made = json.loads(sonde("train", "--dataset", "tones", "--model", "k-nn", "--json").stdout)
    run_job(outside, made["summary"]["job_id"], "test worker")
    one = made["summary"]["id"]
    assert sonde("models", "register", "tones", "--experiment", one).exit_code == 0
    assert "tones: For tones" in sonde("models", "describe", "tones", "For tones").stdout
    assert sonde("models", "judge", "tones", "1").stdout.startswith("Yes. ")
    assert "Honest" in sonde("models", "certificate", "tones").stdout
    target = tmp_path / "model.safetensors"
    assert "version 1" in sonde("models", "download", "tones", "1", str(target)).stdout
    assert target.stat().st_size > 1000
    told = sonde("models", "batch", "tones", "--dataset", "tones")
    batch = told.stdout.split()[1].rstrip(":")
    (listed,) = json.loads(sonde("models", "batches", "tones", "--json").stdout)
    assert listed["id"] == batch
    table = tmp_path / "told.csv"
    assert sonde("models", "batch-results", "tones", batch, str(table)).exit_code == 2
    run_job(outside, listed["job"]["id"], "test worker")
    assert sonde("models", "batch-results", "tones", batch, str(table)).exit_code == 0
    assert table.read_text().startswith("recording,")
    assert "v1  " in sonde("models", "verdicts", "tones").stdout
    assert sonde("models", "batch-delete", "tones", batch).exit_code == 0
    with unit_of_work(outside):
        boss = accounts.actor_for(accounts.first_administrator().id)
        experiments.delete(boss, one)


def test_many_files_are_asked_about_at_once(outside: Ports, tmp_path: Path) -> None:
    made = json.loads(sonde("train", "--dataset", "tones", "--model", "k-nn", "--json").stdout)
    run_job(outside, made["summary"]["job_id"], "test worker")
    one = made["summary"]["id"]
    assert sonde("models", "register", "many", "--experiment", one).exit_code == 0
    np.save(tmp_path / "a.npy", toy_windows(np.full(4, 3), 3.0, np.random.default_rng(2)))
    (tmp_path / "b.npy").write_bytes(b"no recording")
    files = [str(tmp_path / name) for name in ("a.npy", "b.npy")]
    given = ("--given", "sampling_rate_hz=256")
    thread = run_the_next_job(outside)
    table = tmp_path / "told.csv"
    page = sonde("models", "batch", "many", *files, *given, "--as", "table", "--out", str(table))
    thread.join()
    assert page.exit_code == 0, page.output
    assert "many version 1 about 2 files" in page.stderr
    assert "100%" in page.stderr
    said = page.stdout.splitlines()
    good, bad = (
        next(line for line in said if line.startswith(name)) for name in ("a.npy", "b.npy")
    )
    assert "ball" in good
    assert "b.npy is not a recording." in bad
    batch = json.loads(sonde("models", "batches", "many", "--json").stdout)[0]["id"]
    results = ("models", "batch-results", "many", batch, "--as")
    first, second = json.loads(sonde(*results, "json").stdout)
    assert (first["recording"], first["windows"]) == ("a.npy", 4)
    assert good.split()[1] == first["verdict"]
    assert f"2 recordings: 1 {first['verdict']}; 1 could not be read" in page.stderr
    assert second["error"] == "b.npy is not a recording."
    assert sum(first["probabilities"].values()) == pytest.approx(1.0, abs=1e-5)
    assert sonde(*results, "csv").stdout == table.read_text()
    for words, sentence in (
        ((), "Name files, or --dataset"),
        ((*files, "--dataset", "tones"), "Name files, or --dataset"),
        ((str(tmp_path / "none.npy"),), "There is no file"),
        ((*files, "--as", "xml"), "table, csv or json"),
        ((*files, "--given", "colour=red"), "colour"),
    ):
        refused = sonde("models", "batch", "many", *words)
        assert (refused.exit_code, sentence in refused.stderr) == (2, True), refused.stderr
    with unit_of_work(outside):
        experiments.delete(accounts.actor_for(accounts.first_administrator().id), one)


def test_templates_searches_and_comparisons_are_made_and_edited(outside: Ports) -> None:
    wanted = ("train", "--dataset", "tones", "--model", "k-nn")
    kept = sonde(*wanted, "--template", "Luck", "--notes", "Why?")
    assert kept.exit_code == 0, kept.output
    assert json.loads(sonde("templates", "show", "Luck").stdout)["notes"] == "Why?"
    more = ("--seeds", "3,4", "--training", "device=cpu", "--set", "n_neighbours=3")
    third, fourth = json.loads(sonde("templates", "train", "Luck", *more, "--json").stdout)
    assert third["summary"]["family_id"] == fourth["summary"]["family_id"] != ""
    assert [one["model"]["seed"] for one in (third, fourth)] == [3, 4]
    assert third["model"]["training"]["device"] == "cpu"
    one, two = (made["summary"]["id"] for made in (third, fourth))
    refused = sonde("templates", "train", "Luck", "--seeds", "1,1")
    assert (refused.exit_code, "different seeds" in refused.stderr) == (2, True)
    run_job(outside, fourth["summary"]["job_id"], "test worker")
    thread = run_the_next_job(outside)
    told = sonde("runs", "follow", one)
    thread.join()
    assert (told.exit_code, "Macro-F1" in told.stdout) == (0, True), told.output

    view = ("--view", "sort=-macro_f1", "--view", "columns=title,macro_f1")
    assert sonde("searches", "save", "Mine", "model:k-nn", *view).exit_code == 0
    changed = ("--to", "Ours", "--query", "model:k-nn status:completed", "--share", "--alert")
    assert sonde("searches", "change", "Mine", *changed, "--view", "group=model").exit_code == 0
    (found,) = json.loads(sonde("searches", "list", "--json").stdout)
    assert (found["name"], found["is_shared"], found["is_pinned"]) == ("Ours", True, False)
    assert found["view"] == {"sort": "-macro_f1", "columns": "title,macro_f1", "group": "model"}
    assert sonde("searches", "change", "Ours", "--no-share").exit_code == 0
    assert "Ours: model:k-nn status:completed  (alert)" in sonde("searches", "list").stdout
    assert "colour" in sonde("searches", "change", "Ours", "--view", "colour=red").stderr
    assert "status:completed" in sonde("searches", "complete", "status:comp").stdout
    assert "macro_f1" in sonde("searches", "columns").stdout
    assert sonde("searches", "delete", "Ours").exit_code == 0

    made = ("compare", one, two, "--keep", "Two", "--note", "First look")
    assert sonde(*made).exit_code == 0
    (pair,) = json.loads(sonde("comparisons", "list", "--json").stdout)
    assert pair["note"] == "First look"
    edited = ("--name", "Pair", "--note", "Seen", "--experiments", f"{two},{one}")
    assert sonde("comparisons", "change", pair["id"], *edited).exit_code == 0
    seen = json.loads(sonde("comparisons", "show", pair["id"], "--json").stdout)
    assert (seen["name"], seen["note"], seen["experiment_ids"]) == ("Pair", "Seen", [two, one])
    assert sonde("comparisons", "show", pair["id"]).stdout.startswith(f"{pair['id']}  Pair")
    refused = sonde("comparisons", "change", pair["id"], "--experiments", one)
    assert (refused.exit_code, "2 to 20" in refused.stderr) == (2, True)

    every = sonde("choices").stdout
    assert "random-forest" in every
    assert "leave-one-group-out" in every
    assert "tones" in every
    assert "n_neighbours" in sonde("choices", "--model", "k-nn").stdout
    assert "group-k-fold" in sonde("choices", "--dataset", "tones").stdout
    assert json.loads(sonde("choices", "--json").stdout)["problems"]
    assert sonde("choices", "--model", "oracle").exit_code == 2
    assert sonde("comparisons", "delete", pair["id"]).exit_code == 0
    assert sonde("templates", "delete", "Luck").exit_code == 0
    with unit_of_work(outside):
        boss = accounts.actor_for(accounts.first_administrator().id)
        for made_id in (one, two):
            experiments.delete(boss, made_id)


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
