"""Training: the whole run behind one experiment, from its data to a stored model and its score."""

import importlib.metadata
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core import result as results
from sonde.learning.core.bundle import Bundle, ModelCard, dump
from sonde.learning.core.evaluating.deploying import calibrate
from sonde.learning.core.evaluation import Evaluation, evaluate
from sonde.learning.core.held_out import HeldOut, held_out
from sonde.learning.core.held_out import dump as dump_held_out
from sonde.learning.core.novelty import NoveltyScorer, fit_novelty, measure_unseen
from sonde.learning.core.problem import Problem
from sonde.learning.core.result import ExperimentResult, LeakyScore, NoveltyReport
from sonde.learning.core.runs import PartProgress
from sonde.learning.core.splits.catalogue import policy
from sonde.learning.persistence import experiments as rows
from sonde.learning.persistence import runs
from sonde.learning.services import experiments, saved_searches
from sonde.learning.services.checkpoints import Checkpoint
from sonde.learning.services.rerunning import compared
from sonde.learning.services.run_recorder import Recorder
from sonde.learning.services.training_fits import (
    FINAL,
    SHARE_OF_FEATURES,
    SHARE_OF_NOVELTY,
    Fits,
    Told,
)
from sonde.learning.services.training_plan import (
    Plan,
    configuration_of,
    make_plan,
    provenance_of,
    stamp_of,
)
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.core.jobs import JobCancelled, JobOutcome, JobRun
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

FINISHED = "learning.experiment_finished"
_FEATURE_BATCH = 32
_FEATURE_CHUNK = 1024
_LEAKY_WARNING = (
    "Windows of the same recording were on both sides: this model recognised recordings, not "
    "faults. Most published scores near 100 % are of this kind."
)


@dataclass(frozen=True)
class _Run:
    """One attempt at a training."""

    job: JobRun
    plan: Plan
    checkpoint: Checkpoint
    recorder: Recorder
    started: float

    def progress(self, phase: str, fraction: float, message: str = "") -> None:
        self.recorder.wait_while_paused()
        self.job.progress(phase, fraction, message)


def train(job: JobRun, experiment_id: str) -> JobOutcome:
    """Train and judge an experiment; ends with its result and model stored exactly once.

    Raises Leaking for a split that was not asked for by name, Invalid for data that cannot be
    learned from, and what the job's progress raises. Emits ``learning.experiment_finished``.
    """
    started = time.monotonic()
    job.progress("Reading the data", 0.0)
    plan, files = make_plan(job, experiment_id)
    checkpoint = Checkpoint.resume(job, files, experiment_id, stamp_of(plan))
    if job.attempt == 1 and job.checkpoint() is None:
        with job.work():
            runs.begin_anew(experiment_id)
    try:
        with Recorder(job, experiment_id, plan.owner, parts=_parts(plan)) as recorder:
            return _run(_Run(job, plan, checkpoint, recorder, started))
    except JobCancelled:
        experiments.delete_files(files, experiment_id)
        raise


def _parts(plan: Plan) -> dict[str, PartProgress]:
    titles = {f"fold {number}": fold.name for number, fold in enumerate(plan.folds, 1)}
    titles |= {f"leaky fold {number}": fold.name for number, fold in enumerate(plan.leaky_folds, 1)}
    titles[FINAL] = "on all data"
    return {name: PartProgress(name, title, 0.0) for name, title in titles.items()}


def _run(run: _Run) -> JobOutcome:
    plan, recorder = run.plan, run.recorder
    _tell_beginning(run)
    features = _read_features(run)
    problem = replace(plan.problem, read_features=lambda indices: features[indices])
    run = replace(run, plan=replace(plan, problem=problem))
    fits = Fits(run.job, run.plan, run.checkpoint, recorder)
    told = fits.honest()
    evaluation = evaluate(problem, told.predictions, plan.certificate.honest_classes)
    leaky = None if told.stopped else _leaky(run.plan, fits)
    fitted = told.stopped or fits.final()
    scorer, novelty = _novelty(run, features)
    table = held_out(problem, told.predictions, _learned(plan, told))
    content, model_hash = dump(Bundle(_card(run.plan, evaluation, table), fitted, scorer))
    result = ExperimentResult(
        evaluation=evaluation,
        certificate=plan.certificate,
        leaky=leaky,
        novelty=novelty,
        class_counts=_class_counts(problem),
        feature_recipe=problem.feature_recipe,
        n_features=len(problem.feature_names),
        window_shape=_window_shape(problem),
        sampling_rate_hz=problem.sampling_rate_hz,
        unit=problem.unit,
        data_hash=problem.data_hash,
        model_hash=model_hash,
        model_bytes=len(content),
        train_seconds=time.monotonic() - run.started,
        versions=_versions(),
        provenance=provenance_of(plan),
        stopped=_stopped_words(plan, told),
    )
    return _outcome(run, result, _kept(run, table, content))


def _tell_beginning(run: _Run) -> None:
    plan, attempt = run.plan, run.job.attempt
    run.recorder.line(
        f"{plan.specification.title}, {len(plan.folds)} folds, {len(plan.problem)} windows."
        if attempt == 1
        else f"Going on from the last checkpoint, attempt {attempt}."
    )
    if plan.certificate.summary:
        run.recorder.line(plan.certificate.summary, level="debug")


def _learned(plan: Plan, told: Told) -> NDArray[np.intp]:
    """Return the samples that the kept model was trained on: all, or those of the last fold."""
    if told.stopped is None:
        return np.arange(len(plan.problem))
    return plan.folds[len(told.predictions) - 1].train


def _stopped_words(plan: Plan, told: Told) -> str:
    if told.stopped is None:
        return ""
    return (
        f"Stopped by its owner after {len(told.predictions)} of {len(plan.folds)} folds: the score "
        "is of what these held out, and the model is that of the last of them."
    )


def _kept(run: _Run, table: HeldOut, content: bytes) -> dict[str, str]:
    return {
        "bundle_key": run.checkpoint.put(content),
        "held_out_key": run.checkpoint.put(dump_held_out(table)),
        "test_key": table.test_key,
    }


def _outcome(run: _Run, result: ExperimentResult, kept: Mapping[str, str]) -> JobOutcome:
    evaluation = result.evaluation
    run.recorder.line(
        f"Finished: macro-F1 {evaluation.macro_f1:.4f}. {result.stopped}".strip(),
    )
    return JobOutcome(
        result={
            "macro_f1": round(evaluation.macro_f1, 4),
            "honest": result.certificate.is_honest,
            "link": experiments.result_path(run.plan.experiment.id),
        },
        effect=lambda: _store(run, result, kept),
    )


def _store(run: _Run, result: ExperimentResult, kept: Mapping[str, str]) -> None:
    """Write the result; called inside the transaction that ends the job."""
    experiment, checkpoint, evaluation = run.plan.experiment, run.checkpoint, result.evaluation
    stored = rows.finish(
        experiment.id,
        macro_f1=evaluation.macro_f1,
        interval_low=evaluation.interval.low,
        interval_high=evaluation.interval.high,
        is_honest=result.certificate.is_honest,
        leaky_macro_f1=result.leaky.macro_f1 if result.leaky else None,
        n_groups=evaluation.interval.n_groups,
        result=results.to_json(result),
        **kept,
    )
    if not stored:
        experiments.delete_files(checkpoint.files, experiment.id)
        raise Conflict("This experiment was deleted while it was trained.")
    by_name = checkpoint.files_by_name
    runs.write(experiment.id, run.plan.owner, files=by_name)
    runs.add_lines(_comparison_lines(run, result))
    ports().cache.invalidate(f"learning:experiment:{experiment.id}:")
    after_commit(lambda: checkpoint.drop({*kept.values(), *by_name.values()}))
    mark = "" if result.certificate.is_honest else " (leaky)"
    emit(
        run.job.actor,
        kind=FINISHED,
        title=f"{experiment.summary.title}: macro-F1 {evaluation.macro_f1:.3f}{mark}",
        body=result.stopped or result.certificate.summary,
        link=experiments.result_path(experiment.id),
    )
    saved_searches.tell_of(experiment.id, run.plan.owner["workspace_id"])


def _comparison_lines(run: _Run, result: ExperimentResult) -> list[dict[str, Any]]:
    """Return what is to be said of a repetition and the experiment that it repeats."""
    line = {
        "experiment_id": run.plan.experiment.id,
        **run.plan.owner,
        "at": ports().clock(),
        "level": "info",
        "part": "",
    }
    return [{**line, "text": text} for text in compared(run.job.actor, run.plan.experiment, result)]


def _read_features(run: _Run) -> NDArray[np.float64]:
    problem = run.plan.problem
    pieces = [
        run.checkpoint.array(f"features {start}", partial(_read_chunk, run, start))
        for start in range(0, len(problem), _FEATURE_CHUNK)
    ]
    features: NDArray[np.float64] = np.concatenate(pieces)
    broken = ~np.isfinite(features).all(axis=1)
    if broken.any():
        recording = problem.recordings[np.flatnonzero(broken)[0]]
        raise Invalid(
            f"{int(broken.sum())} windows have features that are no numbers, the first one in "
            f"{recording}. Leave that recording out.",
            recording=str(recording),
        )
    return features


def _read_chunk(run: _Run, first: int) -> NDArray[np.float64]:
    """Measure the features of some samples in small batches, each of them progress."""
    problem = run.plan.problem
    last, whole = min(first + _FEATURE_CHUNK, len(problem)), len(problem)
    pieces = []
    for start in range(first, last, _FEATURE_BATCH):
        fraction = SHARE_OF_FEATURES * start / whole
        run.progress("Measuring features", fraction, f"{start} of {whole}")
        batch = np.arange(start, min(start + _FEATURE_BATCH, last))
        pieces.append(problem.read_features(batch))
    return np.concatenate(pieces).astype(np.float64)


def _leaky(plan: Plan, fits: Fits) -> LeakyScore | None:
    if not plan.leaky_folds:
        return None
    judged = evaluate(plan.problem, fits.leaky(), (), n_draws=10)
    title = policy("random-windows").title
    return LeakyScore(judged.macro_f1, judged.accuracy, title, _LEAKY_WARNING)


def _novelty(
    run: _Run, features: NDArray[np.float64]
) -> tuple[NoveltyScorer | None, NoveltyReport | None]:
    problem = run.plan.problem
    if len(np.unique(problem.groups)) < 3:
        return None, None
    unseen = measure_unseen(
        problem,
        features,
        lambda done: run.progress("Measuring novelty", 1.0 - SHARE_OF_NOVELTY * (1.0 - 0.9 * done)),
    )
    scorer = fit_novelty(problem, np.arange(len(problem)), features)
    return scorer, NoveltyReport(scorer.threshold, unseen)


def _card(plan: Plan, evaluation: Evaluation, table: HeldOut) -> ModelCard:
    problem, experiment = plan.problem, plan.experiment
    calibration, uncalibrated = calibrate(table, plan.certificate)
    return ModelCard(
        title=experiment.summary.title,
        model=plan.specification.name,
        config=configuration_of(experiment)["model"],
        class_names=problem.class_names,
        feature_recipe=problem.feature_recipe,
        feature_names=problem.feature_names,
        sampling_rate_hz=problem.sampling_rate_hz,
        unit=problem.unit,
        window_shape=_window_shape(problem),
        source=experiment.summary.source,
        source_options={**experiment.options, **problem.upload_options},
        certificate=asdict(plan.certificate),
        macro_f1=evaluation.macro_f1,
        data_hash=problem.data_hash,
        created_at=experiment.summary.created_at.isoformat(),
        calibration=calibration,
        uncalibrated=uncalibrated,
    )


def _window_shape(problem: Problem) -> tuple[int, int]:
    first = problem.read_windows(np.array([0]))
    return first.shape[1], first.shape[2]


def _class_counts(problem: Problem) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (
            name,
            int((problem.labels == label).sum()),
            len(np.unique(problem.groups[problem.labels == label])),
        )
        for label, name in enumerate(problem.class_names)
    )


def _versions() -> tuple[tuple[str, str], ...]:
    names = ("sonde", "numpy", "scipy", "scikit-learn", "aeon")
    return tuple((name, importlib.metadata.version(name)) for name in names)
