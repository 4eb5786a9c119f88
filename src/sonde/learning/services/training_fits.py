"""The fits of a training: every fold, the leaky comparison, the final model; each resumable."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluation import FoldPrediction, confusion_matrix, macro_f1
from sonde.learning.core.fitting.fit_run import FitRun, SoftTargets, soft_targets
from sonde.learning.core.fitting.specification import FittedModel, Progress
from sonde.learning.core.models.catalogue import model, predict
from sonde.learning.core.problem import Fold
from sonde.learning.core.runs import Wish
from sonde.learning.services.checkpoints import Checkpoint
from sonde.learning.services.run_recorder import Recorder
from sonde.learning.services.training_plan import Plan
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import JobRun

SHARE_OF_FEATURES = 0.25
SHARE_OF_NOVELTY = 0.05
STOPPED = "model that was kept at the stop"
FINAL = "final model"
_KEEP_EVERY_S = 1.0


@dataclass(frozen=True)
class Told:
    """What the models of some folds said.

    Parameters
    ----------
    predictions : list of FoldPrediction
    stopped : FittedModel, optional
        The last fold's model, where the person asked to stop before all folds were done.
    """

    predictions: list[FoldPrediction]
    stopped: FittedModel | None = None


@dataclass
class Fits:
    """Trains the models of a plan one after the other.

    Parameters
    ----------
    job : JobRun
    plan : Plan
    checkpoint : Checkpoint
    recorder : Recorder
    """

    job: JobRun
    plan: Plan
    checkpoint: Checkpoint
    recorder: Recorder
    _last: FittedModel | None = None

    def honest(self) -> Told:
        """Fit and ask one model for each fold, or for those until the person's stop."""
        told: list[FoldPrediction] = []
        folds = self.plan.folds
        for number, fold in enumerate(folds):
            if told and self.recorder.wish is Wish.STOP and self._keeps_stopped():
                return Told(told, self._stopped())
            part = f"fold {number + 1}"
            phase = f"Training fold {number + 1} of {len(folds)}"
            told.append(self._ask(fold, part, phase, number))
            self._tell_score(number + 1, part, told[-1])
        return Told(told)

    def leaky(self) -> list[FoldPrediction]:
        """Fit and ask the models of the leaky comparison."""
        folds, told = self.plan.leaky_folds, []
        for number, fold in enumerate(folds):
            phase = f"Training leaky comparison {number + 1} of {len(folds)}"
            before = len(self.plan.folds) + number
            told.append(self._ask(fold, f"leaky fold {number + 1}", phase, before))
        return told

    def final(self) -> FittedModel:
        """Train on everything: the model that predictions will ask."""
        every = np.arange(len(self.plan.problem))
        progress = self._progress(
            "Training the final model", self.plan.n_fits - 1, FINAL, "on all data"
        )
        fitted = self._fit(every, FINAL, progress)
        self.recorder.tell(FINAL, fraction=1.0)
        return fitted

    def _ask(self, fold: Fold, part: str, phase: str, n_before: int) -> FoldPrediction:
        self.recorder.tell(part, title=fold.name)
        progress = self._progress(phase, n_before, part, fold.name)
        probabilities = self.checkpoint.array(part, partial(self._told, fold, part, progress))
        self.recorder.tell(part, fraction=1.0)
        return FoldPrediction(fold.name, fold.test, probabilities)

    def _told(self, fold: Fold, part: str, progress: Progress) -> NDArray[np.float64]:
        problem, specification = self.plan.problem, self.plan.specification
        if len(np.unique(problem.labels[fold.train])) < 2:
            raise Invalid(f"Fold {fold.name} would train on one class only; choose another split.")
        started = time.monotonic()
        self.recorder.line(
            f"Training on {len(fold.train)} windows, held out: {fold.name} "
            f"({len(fold.test)} windows).",
            part,
        )
        fitted = self._fit(fold.train, part, lambda done: progress(0.9 * done))
        told = predict(
            specification, fitted, problem, fold.test, lambda done: progress(0.9 + 0.1 * done)
        )
        self._last = fitted
        seconds = time.monotonic() - started
        self.recorder.line(f"Trained and asked in {seconds:.1f} s.", part)
        if part.startswith("fold "):
            number = int(part.removeprefix("fold "))
            rate = len(fold.train) / max(seconds, 1e-9)
            self.recorder.log("", number, {"fold/seconds": seconds, "fold/throughput": rate})
        self.recorder.write()  # a part that is kept as done is not told again later
        return told

    def _fit(self, indices: NDArray[np.intp], part: str, progress: Progress) -> FittedModel:
        teacher = self._teacher(indices, part, progress) if self.plan.teacher else None
        run = self._run(part, progress, teacher)
        return self.plan.specification.fit(
            self.plan.problem, indices, self.plan.experiment.model, run
        )

    def _run(self, part: str, progress: Progress, teacher: SoftTargets | None) -> FitRun:
        """Return the ways of one fit to the database, the files and the person."""
        recorder, logged, kept_at = self.recorder, set[int](), [float("-inf")]

        def log(step: int, values: Mapping[str, float]) -> None:
            logged.add(step)
            recorder.log(part, step, values)

        def keep(state: bytes) -> None:
            if time.monotonic() - kept_at[0] >= _KEEP_EVERY_S:
                recorder.write()  # what is not written now would not be told again later
                self.checkpoint.keep_state(part, state)
                kept_at[0] = time.monotonic()

        return FitRun(
            on_progress=progress,
            log=log,
            note=lambda text: recorder.line(text, part),
            kept=lambda: self.checkpoint.state(part),
            keep=keep,
            keep_file=lambda name, content: self.checkpoint.keep_file(f"{part}/{name}", content),
            wants_stop=lambda: recorder.wish is Wish.STOP and bool(logged),
            teacher=teacher,
        )

    def _teacher(self, indices: NDArray[np.intp], part: str, progress: Progress) -> SoftTargets:
        """Fit the teacher's configuration on the same training side; nothing else is seen."""
        config, problem = self.plan.teacher, self.plan.problem
        if config is None:
            raise ValueError("there is no teacher")
        specification = model(config.model)

        def taught() -> NDArray[np.float64]:
            self.recorder.line(f"Training the teacher, {specification.title}.", part)
            run = self._run(f"teacher of {part}", lambda _: progress(0.0), None)
            fitted = specification.fit(problem, indices, config, run)
            told = predict(specification, fitted, problem, indices, lambda _: progress(0.0))
            self.recorder.write()
            return told

        targets = self.checkpoint.array(f"teacher of {part}", taught)
        return soft_targets(targets, indices, len(problem))

    def _progress(self, phase: str, n_before: int, part: str, message: str) -> Progress:
        """Return the progress of one fit among all; it waits while the person paused."""
        share = (1.0 - SHARE_OF_FEATURES - SHARE_OF_NOVELTY) / self.plan.n_fits
        begin = SHARE_OF_FEATURES + n_before * share

        def progress(fraction: float) -> None:
            self.recorder.tell(part, fraction=fraction)
            self.recorder.wait_while_paused()
            self.job.progress(phase, begin + share * fraction, message)

        return progress

    def _tell_score(self, number: int, part: str, told: FoldPrediction) -> None:
        labels, answers = self.plan.problem.labels[told.indices], told.probabilities.argmax(axis=1)
        confusion = confusion_matrix(labels, answers, len(self.plan.problem.class_names))
        score, right = float(macro_f1(confusion)), float((labels == answers).mean())
        self.recorder.tell(part, macro_f1=score)
        self.recorder.log_once("", number, {"fold/macro_f1": score, "fold/accuracy": right})

    def _keeps_stopped(self) -> bool:
        """Keep the last fold's model for good; say whether there is one."""
        if self.checkpoint.has(STOPPED):
            return True
        if self._last is None:
            return False
        self.checkpoint.keep_arrays(STOPPED, self._last.arrays())
        return True

    def _stopped(self) -> FittedModel:
        if self._last is not None:
            return self._last
        arrays = self.checkpoint.arrays(STOPPED)
        if arrays is None:
            raise Invalid("The model that was kept at the stop is gone; train again.")
        return self.plan.specification.restore(arrays)
