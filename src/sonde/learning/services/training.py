"""Training: the whole run behind one experiment, from its data to a stored model and its score."""

import importlib.metadata
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core import result as results
from sonde.learning.core.bundle import Bundle, ModelCard, dump
from sonde.learning.core.certificate import SplitCertificate, require_honest
from sonde.learning.core.evaluation import Evaluation, FoldPrediction, evaluate
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.held_out import dump as dump_held_out
from sonde.learning.core.held_out import held_out
from sonde.learning.core.models.catalogue import model, predict
from sonde.learning.core.models.specification import (
    FittedModel,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.novelty import NoveltyScorer, fit_novelty, measure_unseen
from sonde.learning.core.planning import plan_split
from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.result import ExperimentResult, LeakyScore, NoveltyReport
from sonde.learning.core.sources import ProblemSource
from sonde.learning.core.splits.catalogue import plan_folds, policy
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.persistence import experiments as rows
from sonde.learning.services import experiments
from sonde.learning.services.checkpoints import Checkpoint
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.core.jobs import JobCancelled, JobOutcome, JobRun
from sonde.platform.core.ports import FileStore
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

FINISHED = "learning.experiment_finished"
_FEATURE_BATCH = 32
_FEATURE_CHUNK = 1024
_SHARE_OF_FEATURES = 0.25
_SHARE_OF_NOVELTY = 0.05
_LEAKY_WARNING = (
    "Windows of the same recording were on both sides: this model recognised recordings, not "
    "faults. Most published scores near 100 % are of this kind."
)


@dataclass(frozen=True)
class _Plan:
    """What is to be done, fixed before anything is computed."""

    experiment: Experiment
    specification: ModelSpecification
    problem: Problem
    folds: tuple[Fold, ...]
    certificate: SplitCertificate
    leaky_folds: tuple[Fold, ...]

    @property
    def n_fits(self) -> int:
        return len(self.folds) + len(self.leaky_folds) + 1


def train(job: JobRun, experiment_id: str) -> JobOutcome:
    """Train and judge an experiment; ends with its result and model stored exactly once.

    Raises Leaking for a split that was not asked for by name, Invalid for data that cannot be
    learned from, and what the job's progress raises. Emits ``learning.experiment_finished``.
    """
    started = time.monotonic()
    job.progress("Reading the data", 0.0)
    plan, files = _plan(job, experiment_id)
    checkpoint = Checkpoint.resume(job, files, experiment_id, _stamp(plan))
    try:
        return _run(job, plan, checkpoint, started)
    except JobCancelled:
        experiments.delete_files(files, experiment_id)
        raise


def _plan(job: JobRun, experiment_id: str) -> tuple[_Plan, FileStore]:
    with job.work():
        experiment = experiments.get(job.actor, experiment_id)
        summary = experiment.summary
        source = cast(ProblemSource, ports().parts.problem_source(summary.source))
        problem = source.load(job.actor, summary.ref, experiment.options)
        files = ports().files
    planned = plan_split(problem, experiment.split)
    require_honest(planned.certificate)
    leaky = SplitConfig("random-windows", seed=experiment.split.seed)
    asks_for_leak = policy(planned.certificate.policy).is_leaky
    return _Plan(
        experiment=experiment,
        specification=model(experiment.model.model),
        problem=planned.problem,
        folds=planned.folds,
        certificate=planned.certificate,
        leaky_folds=() if asks_for_leak else plan_folds(planned.problem, leaky),
    ), files


def _stamp(plan: _Plan) -> str:
    experiment = plan.experiment
    return json.dumps(
        [
            plan.problem.data_hash,
            len(plan.problem),
            plan.problem.feature_recipe,
            asdict(experiment.model),
            asdict(experiment.split),
            dict(experiment.options),
        ],
        sort_keys=True,
    )


def _run(job: JobRun, plan: _Plan, checkpoint: Checkpoint, started: float) -> JobOutcome:
    features = _read_features(job, plan.problem, checkpoint)
    problem = replace(plan.problem, read_features=lambda indices: features[indices])
    plan = replace(plan, problem=problem)
    honest = _predictions(job, plan, checkpoint, plan.folds, 0)
    evaluation = evaluate(problem, honest, plan.certificate.honest_classes)
    leaky = _leaky(job, plan, checkpoint)
    fitted = _final_model(job, plan)
    scorer, novelty = _novelty(job, problem, features)
    content, model_hash = dump(Bundle(_card(plan, evaluation), fitted, scorer))
    key = checkpoint.put(content)
    table = held_out(problem, honest)
    kept = {
        "bundle_key": key,
        "held_out_key": checkpoint.put(dump_held_out(table)),
        "test_key": table.test_key,
    }
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
        train_seconds=time.monotonic() - started,
        versions=_versions(),
    )
    return JobOutcome(
        result={
            "macro_f1": round(evaluation.macro_f1, 4),
            "honest": plan.certificate.is_honest,
            "link": experiments.result_path(plan.experiment.id),
        },
        effect=lambda: _store(job, plan.experiment, result, kept, checkpoint),
    )


def _store(
    job: JobRun,
    experiment: Experiment,
    result: ExperimentResult,
    kept: Mapping[str, str],
    checkpoint: Checkpoint,
) -> None:
    """Write the result; called inside the transaction that ends the job."""
    evaluation = result.evaluation
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
    ports().cache.invalidate(f"learning:experiment:{experiment.id}:")
    after_commit(lambda: checkpoint.drop(set(kept.values())))
    mark = "" if result.certificate.is_honest else " (leaky)"
    emit(
        job.actor,
        kind=FINISHED,
        title=f"{experiment.summary.title}: macro-F1 {evaluation.macro_f1:.3f}{mark}",
        body=result.certificate.summary,
        link=experiments.result_path(experiment.id),
    )


def _read_features(job: JobRun, problem: Problem, checkpoint: Checkpoint) -> NDArray[np.float64]:
    pieces = [
        checkpoint.array(f"features {start}", partial(_read_chunk, job, problem, start))
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


def _read_chunk(job: JobRun, problem: Problem, first: int) -> NDArray[np.float64]:
    """Measure the features of some samples in small batches, each of them progress."""
    last, whole = min(first + _FEATURE_CHUNK, len(problem)), len(problem)
    pieces = []
    for start in range(first, last, _FEATURE_BATCH):
        fraction = _SHARE_OF_FEATURES * start / whole
        job.progress("Measuring features", fraction, f"{start} of {whole}")
        batch = np.arange(start, min(start + _FEATURE_BATCH, last))
        pieces.append(problem.read_features(batch))
    return np.concatenate(pieces).astype(np.float64)


def _predictions(
    job: JobRun, plan: _Plan, checkpoint: Checkpoint, folds: tuple[Fold, ...], first: int
) -> list[FoldPrediction]:
    """Fit and ask one model for each fold; `first` fits are done before."""
    kind = "leaky comparison" if first else "fold"
    told = []
    for number, fold in enumerate(folds):
        phase = f"Training {kind} {number + 1} of {len(folds)}"
        step = f"{kind} {number} {fold.name}"
        progress = _part(job, plan, phase, first + number, fold.name)
        told.append(
            FoldPrediction(
                fold.name,
                fold.test,
                checkpoint.array(step, partial(_fit_and_ask, plan, fold, progress)),
            )
        )
    return told


def _part(job: JobRun, plan: _Plan, phase: str, n_before: int, message: str) -> Progress:
    """Return the progress of one fit among all."""
    share = (1.0 - _SHARE_OF_FEATURES - _SHARE_OF_NOVELTY) / plan.n_fits
    begin = _SHARE_OF_FEATURES + n_before * share
    return lambda fraction: job.progress(phase, begin + share * fraction, message)


def _fit_and_ask(plan: _Plan, fold: Fold, progress: Progress) -> NDArray[np.float64]:
    if len(np.unique(plan.problem.labels[fold.train])) < 2:
        raise Invalid(f"Fold {fold.name} would train on one class only; choose another split.")
    fitted = plan.specification.fit(
        plan.problem, fold.train, plan.experiment.model, lambda done: progress(0.9 * done)
    )
    return predict(
        plan.specification,
        fitted,
        plan.problem,
        fold.test,
        lambda done: progress(0.9 + 0.1 * done),
    )


def _leaky(job: JobRun, plan: _Plan, checkpoint: Checkpoint) -> LeakyScore | None:
    if not plan.leaky_folds:
        return None
    told = _predictions(job, plan, checkpoint, plan.leaky_folds, len(plan.folds))
    judged = evaluate(plan.problem, told, (), n_draws=10)
    title = policy("random-windows").title
    return LeakyScore(judged.macro_f1, judged.accuracy, title, _LEAKY_WARNING)


def _novelty(
    job: JobRun, problem: Problem, features: NDArray[np.float64]
) -> tuple[NoveltyScorer | None, NoveltyReport | None]:
    if len(np.unique(problem.groups)) < 3:
        return None, None
    unseen = measure_unseen(
        problem,
        features,
        lambda done: job.progress(
            "Measuring novelty", 1.0 - _SHARE_OF_NOVELTY * (1.0 - 0.9 * done)
        ),
    )
    scorer = fit_novelty(problem, np.arange(len(problem)), features)
    return scorer, NoveltyReport(scorer.threshold, unseen)


def _final_model(job: JobRun, plan: _Plan) -> FittedModel:
    """Train on everything: the model that predictions will ask."""
    progress = _part(job, plan, "Training the final model", plan.n_fits - 1, "on all data")
    every = np.arange(len(plan.problem))
    return plan.specification.fit(plan.problem, every, plan.experiment.model, progress)


def _card(plan: _Plan, evaluation: Evaluation) -> ModelCard:
    problem, experiment = plan.problem, plan.experiment
    return ModelCard(
        title=experiment.summary.title,
        model=plan.specification.name,
        config=asdict(experiment.model),
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
