"""What the job of a batch does: it asks a model about one recording after the other."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.batch_prediction import (
    BatchRow,
    as_csv,
    check_fits,
    recordings_of,
    summarise,
)
from sonde.learning.core.held_out import load as load_held_out
from sonde.learning.core.learned import Learned, learned_from
from sonde.learning.core.model_inputs import input_hash
from sonde.learning.core.prediction import judge_mean
from sonde.learning.core.problem import Problem
from sonde.learning.core.result import from_json
from sonde.learning.core.served import Answered, Way
from sonde.learning.core.sources import ProblemSource, accept_answers
from sonde.learning.persistence import model_predictions as rows
from sonde.learning.services import inference, model_batches, registry
from sonde.learning.services.inference import Serving
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobOutcome, JobRun
from sonde.platform.core.ports import FileStore
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

FINISHED = "learning.batch_predicted"
_SAVE_EVERY_S = 5.0
_BATCH = 64


@dataclass
class _Asking:
    """One attempt: what is asked, and the rows that are known so far."""

    job: JobRun
    files: FileStore
    batch_id: str
    serving: Serving
    names: Sequence[str]
    ask: Callable[[int], BatchRow]
    rows: list[BatchRow] = field(default_factory=list)
    saved_as: str = ""

    def resume(self) -> None:
        """Take up the rows that an earlier attempt has stored."""
        saved = self.job.checkpoint() or {}
        if "key" not in saved:
            return
        try:
            kept = json.loads(self.files.read(saved["key"]))
        except NotFound:
            return
        self.rows = [BatchRow(**row) for row in kept]
        self.saved_as = saved["key"]

    def save(self) -> None:
        """Store the rows so far, so that a killed worker loses seconds at most."""
        key = f"{model_batches.prefix(self.batch_id)}rows-{new_id()}"
        self.files.put(key, json.dumps([asdict(row) for row in self.rows]).encode())
        self.job.save_checkpoint({"key": key})
        if self.saved_as:
            self.files.delete(self.saved_as)
        self.saved_as = key


def run(job: JobRun, name: str, batch_id: str) -> JobOutcome:
    """Ask about every recording of a batch; the table is stored exactly once.

    Raises Invalid for a data set that does not fit the model, and what the job's progress raises.
    Emits ``learning.batch_predicted``.
    """
    job.progress("Opening the model", 0.0)
    asking = _open(job, name, batch_id)
    asking.resume()
    saved_at = time.monotonic()
    for number in range(len(asking.rows), len(asking.names)):
        job.progress("Predicting", number / len(asking.names), asking.names[number])
        asking.rows.append(asking.ask(number))
        if time.monotonic() - saved_at > _SAVE_EVERY_S:
            asking.save()
            saved_at = time.monotonic()
    return _outcome(asking)


def _open(job: JobRun, name: str, batch_id: str) -> _Asking:
    with job.work():
        row = model_batches.find(job.actor, name, batch_id)
        serving = inference.open_version(job.actor, name, str(row.number))
        files, asked = ports().files, row.asked
        problem = _problem(job, serving, asked) if "source" in asked else None
        learned = _learned(job, serving)
    if problem is None:
        return _of_files(job, files, batch_id, serving, asked)
    check_fits(serving.bundle, problem)
    found = recordings_of(problem)
    return _Asking(
        job,
        files,
        batch_id,
        serving,
        [known_as for known_as, _ in found],
        lambda number: _ask_samples(serving, problem, learned, *found[number]),
    )


def _problem(job: JobRun, serving: Serving, asked: Mapping[str, Any]) -> Problem:
    source = cast(ProblemSource, ports().parts.problem_source(asked["source"]))
    if asked["source"] != serving.bundle.card.source:
        raise Invalid("This data set is of another kind than the model's training data.")
    options = serving.version.lineage.config.get("options", {})
    return source.load(job.actor, asked["ref"], options)


def _learned(job: JobRun, serving: Serving) -> Learned:
    """Return what a model has learned from, held out in some fold or only trained on.

    A later version of a data set has another hash, and the recordings of the one before.
    """
    row = registry.version_row(job.actor, serving.version)
    certificate = from_json(row.facts["result"]).certificate
    if not row.held_out_key:
        return learned_from(certificate, ())
    table = load_held_out(ports().files.read(row.held_out_key))
    return learned_from(certificate, {*table.recordings.tolist(), *table.learned})


def _of_files(
    job: JobRun, files: FileStore, batch_id: str, serving: Serving, asked: Mapping[str, Any]
) -> _Asking:
    accept_answers(serving.source.asks, asked["given"])

    def ask(number: int) -> BatchRow:
        one = asked["files"][number]
        return _ask_file(serving, files, one, asked["given"])

    names = [one["name"] for one in asked["files"]]
    return _Asking(job, files, batch_id, serving, names, ask)


def _ask_file(
    serving: Serving, files: FileStore, one: Mapping[str, str], given: Mapping[str, Any]
) -> BatchRow:
    """Ask about one file; what cannot be read is a row that says why."""
    try:
        told, answered = inference.ask_file(
            serving, files.local_path(one["key"]), one["name"], given
        )
    except Invalid as error:
        return BatchRow(one["name"], error=error.message)
    return BatchRow(
        recording=one["name"],
        verdict=told.verdict,
        probabilities=answered.probabilities,
        n_samples=told.n_windows,
        is_unlike_training=told.is_unlike_training,
        novelty=told.novelty,
        input_hash=answered.input_hash,
        latency_ms=answered.latency_ms,
        prediction_set=told.prediction_set,
        is_rejected=told.is_rejected,
    )


def _ask_samples(
    serving: Serving,
    problem: Problem,
    learned: Learned,
    recording: str,
    indices: NDArray[np.intp],
) -> BatchRow:
    """Ask about one recording of a data set."""
    started = time.perf_counter()
    card, scorer = serving.bundle.card, serving.bundle.novelty
    on_windows = serving.version.eats == "windows"
    inputs = _read(problem.read_windows if on_windows else problem.read_features, indices)
    mean = serving.bundle.fitted.predict_proba(inputs).mean(axis=0)
    novelty = None
    if scorer is not None:
        novelty = scorer.score(_read(problem.read_features, indices) if on_windows else inputs)
    is_unlike = novelty > scorer.threshold if scorer and novelty is not None else None
    judged = judge_mean(card, mean, is_unlike)
    group = str(problem.groups[indices[0]])
    return BatchRow(
        recording=recording,
        group=group,
        known_class=problem.class_names[int(problem.labels[indices[0]])],
        verdict=card.class_names[int(mean.argmax())],
        probabilities=dict(zip(card.class_names, judged.probabilities.tolist(), strict=True)),
        n_samples=len(indices),
        is_unlike_training=is_unlike,
        novelty=novelty,
        input_hash=input_hash(inputs),
        latency_ms=1000.0 * (time.perf_counter() - started),
        prediction_set=judged.prediction_set,
        is_rejected=judged.is_rejected,
        learned_from=learned.part_of(problem, recording, group).value,
    )


def _read(
    read: Callable[[NDArray[np.intp]], NDArray[Any]], indices: NDArray[np.intp]
) -> NDArray[Any]:
    """Read samples in batches."""
    starts = range(0, len(indices), _BATCH)
    return np.concatenate([read(indices[start : start + _BATCH]) for start in starts])


def _outcome(asking: _Asking) -> JobOutcome:
    version = asking.serving.version
    certificate = asking.serving.bundle.card.certificate
    noun, titles = certificate.get("group_noun", "group"), certificate.get("class_titles", {})
    summary = replace(summarise(asking.rows), class_titles=titles)
    key = f"{model_batches.prefix(asking.batch_id)}result-{new_id()}"
    asking.files.put(key, as_csv(asking.rows, version.class_names, noun).encode())
    link = f"{registry.model_path(version.model_name)}?tab=batches"

    def effect() -> None:
        if not rows.finish_batch(asking.batch_id, summary=asdict(summary), result_key=key):
            model_batches.drop_files(asking.files, asking.batch_id)
            raise Conflict("This prediction was deleted while it ran.")
        inference.note(asking.job.actor, asking.serving, Way.BATCH, _answered(asking.rows))
        after_commit(lambda: model_batches.drop_files(asking.files, asking.batch_id, key))
        title = f"{version.model_name} was asked about {summary.n_recordings} recordings"
        emit(asking.job.actor, kind=FINISHED, title=title, body=summary.told, link=link)

    return JobOutcome(
        result={"recordings": summary.n_recordings, "verdicts": summary.told, "link": link},
        effect=effect,
    )


def _answered(found: Sequence[BatchRow]) -> list[Answered]:
    return [
        Answered(
            name=row.recording,
            input_hash=row.input_hash,
            n_samples=row.n_samples,
            verdict=row.verdict,
            probabilities=row.probabilities or {},
            is_unlike_training=row.is_unlike_training,
            latency_ms=row.latency_ms,
        )
        for row in found
        if not row.error
    ]
