"""Predictions of many recordings: as a job, resumed, cancelled, fetched as a table."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.problem import Problem
from sonde.learning.services import (
    batch_predicting,
    experiments,
    model_batches,
    prediction_log,
    registry,
)
from sonde.learning.services.held_out import held_out
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobCancelled, JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.registry_data import trained
from tests.integration.learning.toy_source import PROBLEMS, HandRun, Killed, with_toys
from tests.unit.learning.toy_problem import toy_windows

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def outside(ports: Ports, actor: Actor) -> Ports:
    toys = with_toys(ports)
    found = trained(toys, actor, "strong", "windows")
    with unit_of_work(toys):
        registry.register(actor, found["strong"], "tones")
        registry.register(actor, found["windows"], "waves")
    return toys


def rows_of(outside: Ports, actor: Actor, name: str, batch_id: str) -> list[Mapping[str, str]]:
    with unit_of_work(outside):
        file_name, content = model_batches.results(actor, name, batch_id)
    assert file_name.endswith(".csv")
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize("name", ["tones", "waves"])
def test_acceptance_registry_a_whole_data_set_is_predicted_as_a_job(
    outside: Ports, actor: Actor, name: str
) -> None:
    with unit_of_work(outside):
        made = model_batches.predict_problem(actor, name, "", ("tones", "lonely"))
    assert made.job is not None
    with unit_of_work(outside), pytest.raises(Conflict, match="not finished"):
        model_batches.results(actor, name, made.id)
    assert run_job(outside, made.job.id, "test worker") == "succeeded"
    with unit_of_work(outside):
        done = model_batches.get(actor, name, made.id)
        (newest, *_) = prediction_log.page(actor, name).items
    n_recordings = len(np.unique(PROBLEMS["lonely"].recordings))
    assert done.summary is not None
    assert done.summary.n_recordings == done.summary.n_known == n_recordings == 40
    assert done.summary.is_training_data  # the toys share one data hash
    rows = rows_of(outside, actor, name, made.id)
    assert [row["recording"] for row in rows[:2]] == ["r0-0-0", "r0-0-1"]
    right = sum(row["verdict"] == row["known_class"] for row in rows)
    assert right == done.summary.n_right
    known = [row for row in rows if row["unlike_training"] == "no"]
    assert all(row["verdict"] in row["set"].split(" | ") for row in known)
    assert all(row["reject"] == "yes" for row in rows if row not in known)
    shares = [float(rows[0][f"p({label})"]) for label in PROBLEMS["lonely"].class_names]
    assert sum(shares) == pytest.approx(1.0, abs=1e-5)
    assert (newest.way.value, newest.answered.n_samples) == ("batch", 4)


def test_a_grown_data_set_with_recordings_that_were_learned_is_no_test(
    outside: Ports, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = replace(PROBLEMS["tones"], data_hash="grown")
    elsewhere = replace(grown, recordings=np.char.add("other ", grown.recordings))
    monkeypatch.setitem(PROBLEMS, "grown", grown)
    monkeypatch.setitem(PROBLEMS, "elsewhere", elsewhere)
    for ref, is_known in (("grown", True), ("elsewhere", False)):
        with unit_of_work(outside):
            made = model_batches.predict_problem(actor, "tones", "", ("tones", ref))
        assert made.job is not None
        assert run_job(outside, made.job.id, "test worker") == "succeeded"
        with unit_of_work(outside):
            done = model_batches.get(actor, "tones", made.id)
        assert done.summary is not None
        assert done.summary.is_training_data is is_known


def _only(problem: Problem, kept: np.ndarray, data_hash: str) -> Problem:
    """Return some of a problem's samples as a data set of its own."""
    of_sample = {"labels", "recordings", "groups", "spans", "fingerprints"}
    return replace(
        problem,
        **{name: getattr(problem, name)[kept] for name in of_sample},
        attributes={name: values[kept] for name, values in problem.attributes.items()},
        read_windows=lambda indices: problem.read_windows(kept[indices]),
        read_features=lambda indices: problem.read_features(kept[indices]),
        data_hash=data_hash,
    )


def test_recordings_that_were_only_trained_on_are_named_row_by_row(
    outside: Ports, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = trained(outside, actor, "other test")["other test"]  # a hold-out of a third
    with unit_of_work(outside):
        registry.register(actor, one, "held")
        tested = set(held_out(actor, one).recordings.tolist())
    whole = PROBLEMS["tones"]
    (trained_on,) = np.nonzero(~np.isin(whole.recordings, list(tested)))
    learned = _only(whole, trained_on, "trained on")
    new = np.arange(len(learned)) < len(learned) // 2
    names = np.where(new, np.char.add("new ", learned.recordings), learned.recordings)
    groups = np.where(new & (learned.labels == 0), "another", learned.groups)
    mixed = replace(learned, recordings=names, groups=groups)
    monkeypatch.setitem(PROBLEMS, "mixed", mixed)
    with unit_of_work(outside):
        made = model_batches.predict_problem(actor, "held", "", ("tones", "mixed"))
    assert made.job is not None
    assert run_job(outside, made.job.id, "test worker") == "succeeded"
    rows = rows_of(outside, actor, "held", made.id)
    told = {row["recording"]: (row["group"], row["learned_from"]) for row in rows}
    assert {words for _, words in told.values()} == {"this recording", "this bearing", ""}
    for name, (group, words) in told.items():
        if not name.startswith("new "):
            assert words == "this recording"
        else:
            assert words == ("" if group == "another" else "this bearing")
    with unit_of_work(outside):
        summary = model_batches.get(actor, "held", made.id).summary
    assert summary is not None
    assert summary.is_training_data
    assert summary.n_learned == sum(words == "this recording" for _, words in told.values())
    assert summary.n_same_group == sum(words == "this bearing" for _, words in told.values())


def test_a_killed_batch_goes_on_where_it_was(
    outside: Ports, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_predicting, "_SAVE_EVERY_S", -1.0)
    with unit_of_work(outside):
        made = model_batches.predict_problem(actor, "tones", "1", ("tones", "tones"))
    asked: list[int] = []
    before = batch_predicting._ask_samples

    def counting(*given: Any) -> Any:
        asked.append(1)
        if len(asked) == 10:
            raise Killed
        return before(*given)

    monkeypatch.setattr(batch_predicting, "_ask_samples", counting)
    first = HandRun(outside, actor)
    with pytest.raises(Killed):
        batch_predicting.run(first, "tones", made.id)
    outcome = batch_predicting.run(HandRun(outside, actor, saved=first.saved), "tones", made.id)
    assert len(asked) == 24 + 1  # nine were kept, the tenth was asked twice
    assert outcome.effect is not None
    with unit_of_work(outside):
        outcome.effect()
    rows = rows_of(outside, actor, "tones", made.id)
    assert len({row["recording"] for row in rows}) == len(rows) == 24
    assert len(list(outside.files.keys(model_batches.prefix(made.id)))) == 1


def test_files_are_predicted_and_what_cannot_be_read_says_why(
    outside: Ports, actor: Actor, tmp_path: Path
) -> None:
    np.save(tmp_path / "a.npy", toy_windows(np.array([1, 1]), 3.0, np.random.default_rng(1)))
    (tmp_path / "b.npy").write_bytes(b"no recording")
    files = [(name, tmp_path / name) for name in ("a.npy", "b.npy")]
    with unit_of_work(outside):
        made = model_batches.predict_files(actor, "tones", "", files, {"sampling_rate_hz": "256"})
        assert made.title == "2 files"
    assert made.job is not None
    assert run_job(outside, made.job.id, "test worker") == "succeeded"
    good, bad = rows_of(outside, actor, "tones", made.id)
    assert good["verdict"]
    assert len(good["input_hash"]) == 64
    assert (bad["verdict"], bad["error"]) == ("", "b.npy is not a recording.")
    with unit_of_work(outside):
        done = model_batches.get(actor, "tones", made.id)
    assert done.summary is not None
    assert (done.summary.n_recordings, done.summary.n_unreadable) == (2, 1)


def test_a_data_set_of_another_make_is_refused_with_what_differs(
    outside: Ports, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from tests.integration.learning import toy_source

    other = {**PROBLEMS, "other": replace(PROBLEMS["pair"], sampling_rate_hz=512.0)}
    monkeypatch.setattr(toy_source, "PROBLEMS", other)
    with unit_of_work(outside):
        made = model_batches.predict_problem(actor, "tones", "", ("tones", "other"))
    assert made.job is not None
    assert run_job(outside, made.job.id, "test worker") == "failed"
    with unit_of_work(outside):
        failed = model_batches.get(actor, "tones", made.id).job
    assert failed is not None
    assert "its sampling rate would be 512 Hz instead of 256 Hz" in failed.error


def test_a_batch_is_cancelled_with_its_removal_and_leaves_nothing(
    outside: Ports, actor: Actor
) -> None:
    with unit_of_work(outside):
        made = model_batches.predict_problem(actor, "tones", "", ("tones", "tones"))
    run = HandRun(outside, actor, die_in="Predicting", how=JobCancelled)
    with pytest.raises(JobCancelled):
        batch_predicting.run(run, "tones", made.id)
    with unit_of_work(outside):
        model_batches.remove(actor, "tones", made.id)
    with unit_of_work(outside):
        assert made.id not in {one.id for one in model_batches.list_batches(actor, "tones")}
        with pytest.raises(NotFound):
            model_batches.get(actor, "tones", made.id)
    assert made.job is not None
    from sonde.platform.services import jobs

    with unit_of_work(outside):
        assert jobs.get(actor, made.job.id).state is JobState.CANCELLED
    assert list(outside.files.keys(model_batches.prefix(made.id))) == []


def test_who_may_and_what_there_must_be(
    outside: Ports, actor: Actor, other_actor: Actor, viewer: Actor
) -> None:
    with unit_of_work(outside), pytest.raises(NotFound):
        model_batches.predict_problem(other_actor, "tones", "", ("tones", "tones"))
    with unit_of_work(outside), pytest.raises(NotFound):
        model_batches.predict_problem(actor, "tones", "", ("tones", new_id()))
    with unit_of_work(outside), pytest.raises(Invalid, match="at least one"):
        model_batches.predict_files(actor, "tones", "", [], {})
    with unit_of_work(outside), pytest.raises(Forbidden):
        model_batches.predict_files(viewer, "tones", "", [("a", Path("a"))], {})
    with unit_of_work(outside):
        assert experiments.problem_choices(actor)
