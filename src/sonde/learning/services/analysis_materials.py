"""What an analysis looks at, opened from the stores when it is first asked for."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.material import Material
from sonde.learning.core.bundle import load as load_bundle
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.fitting.fit_run import FitRun, SoftTargets, soft_targets
from sonde.learning.core.fitting.specification import FittedModel, ModelConfig, Progress
from sonde.learning.core.held_out import load as load_held_out
from sonde.learning.core.models.catalogue import model, predict
from sonde.learning.core.planning import SplitPlan, plan_split
from sonde.learning.core.problem import Problem
from sonde.learning.core.sources import ProblemSource, ShowsSamples
from sonde.learning.services import experiments
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.jobs import JobRun
from sonde.platform.core.ports import FileStore
from sonde.platform.services.work import ports

_BATCH = 64


def material(job: JobRun, experiment_id: str) -> Material:
    """Return an experiment ready to be analysed; call inside a unit of work.

    Raises NotFound for what is not the actor's to see, Conflict where it has no held-out table.
    """
    row, _ = experiments.find(job.actor, experiment_id)
    keys = require_finished(row)
    experiment = experiments.get(job.actor, experiment_id)
    files = ports().files
    facts = dict(row.result or {})
    opened = _Opened(job, experiment, files, facts)
    source = ports().parts.problem_source(row.source)
    return Material(
        id=row.id,
        title=row.title,
        config=experiment.model,
        model_bytes=int(facts.get("model_bytes", 0)),
        read_plan=opened.plan,
        read_held_out=lambda: load_held_out(files.read(keys[1])),
        read_bundle=lambda: load_bundle(files.read(keys[0])),
        read_features=opened.features,
        fit_fold=opened.fit_fold,
        sample_views=tuple(source.sample_views) if isinstance(source, ShowsSamples) else (),
    )


def require_finished(row: Any) -> tuple[str, str]:
    """Return the files of an experiment's model and held-out table; raises Conflict."""
    if not (row.bundle_key and row.held_out_key):
        raise Conflict(
            f"{row.title} has no held-out predictions: it is not finished, or was trained before "
            "they were kept. Train it again.",
            experiment_id=row.id,
        )
    return row.bundle_key, row.held_out_key


class _Opened:
    """Reads the problem of one experiment, and fits its folds again."""

    def __init__(
        self, job: JobRun, experiment: Experiment, files: FileStore, facts: Mapping[str, Any]
    ) -> None:
        self._job = job
        self._experiment = experiment
        self._files = files
        self._facts = facts
        self._plan: SplitPlan | None = None

    def plan(self) -> SplitPlan:
        """Return problem and folds; raises Conflict if the data is not what it was."""
        if self._plan is None:
            summary = self._experiment.summary
            with self._job.work():
                source = cast(ProblemSource, ports().parts.problem_source(summary.source))
                problem = source.load(self._job.actor, summary.ref, self._experiment.options)
            known = self._facts.get("data_hash", "")
            if problem.data_hash != known:
                raise Conflict(
                    f"The data of {summary.title} has changed since it was trained; "
                    "train it again.",
                    experiment_id=summary.id,
                )
            self._plan = plan_split(problem, self._experiment.split)
        return self._plan

    def features(self, progress: Progress) -> NDArray[np.float64]:
        """Return the features of every sample: the kept ones, else measured now."""
        problem = self.plan().problem
        key = self._key("features", [problem.feature_recipe])
        try:
            return arrays_from_bytes(self._files.read(key))["features"]
        except NotFound:
            pass
        parts = []
        for start in range(0, len(problem), _BATCH):
            progress(start / len(problem))
            parts.append(problem.read_features(np.arange(start, min(start + _BATCH, len(problem)))))
        features = np.concatenate(parts).astype(np.float64)
        self._files.put(key, arrays_as_bytes({"features": features}))
        return features

    def fit_fold(self, number: int, progress: Progress) -> FittedModel:
        """Return the model of one fold: the kept one, else fitted now on its training side."""
        plan = self.plan()
        fold = plan.folds[number]
        specification = model(self._experiment.model.model)
        meant = [
            plan.problem.feature_recipe,
            asdict(self._experiment.model),
            hashlib.sha256(fold.train.astype(np.int64).tobytes()).hexdigest(),
        ]
        key = self._key(f"fold-{number}", meant)
        try:
            return specification.restore(arrays_from_bytes(self._files.read(key)))
        except NotFound:
            pass
        if len(np.unique(plan.problem.labels[fold.train])) < 2:
            raise Invalid(f"Fold {fold.name} would train on one class only.")
        fitted = self._fit(fold.train, progress)
        self._files.put(key, arrays_as_bytes(fitted.arrays()))
        return fitted

    def _fit(self, indices: NDArray[np.intp], progress: Progress) -> FittedModel:
        """Fit as the experiment did: features measured once, and its teacher fitted alike."""
        config, problem, begin = self._experiment.model, self.plan().problem, 0.0
        teacher = self._teacher()
        specification = model(config.model)
        if "features" in {specification.eats, teacher and model(teacher.model).eats}:
            features = self.features(lambda done: progress(0.5 * done))
            problem = replace(problem, read_features=lambda asked: features[asked])
            begin = 0.5
        targets = _taught(teacher, problem, indices, lambda _: progress(begin)) if teacher else None
        run = FitRun(lambda done: progress(begin + (1.0 - begin) * done), teacher=targets)
        return specification.fit(problem, indices, config, run)

    def _teacher(self) -> ModelConfig | None:
        """Return the configuration of the experiment's teacher; raises NotFound if it is gone."""
        summary = self._experiment.summary
        with self._job.work():
            return experiments.teacher_of(
                self._job.actor, self._experiment.model, summary.source, summary.ref
            )

    def _key(self, what: str, meant: Sequence[Any]) -> str:
        """Return where something computed is kept; another recipe or data has another place."""
        content = [self._plan.problem.data_hash if self._plan else "", *meant]
        stamp = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return f"{experiments.file_prefix(self._experiment.id)}{what}-{stamp[:24]}"


def _taught(
    teacher: ModelConfig, problem: Problem, indices: NDArray[np.intp], progress: Progress
) -> SoftTargets:
    """Return what a teacher says that was fitted on the same training side and nothing else."""
    specification = model(teacher.model)
    fitted = specification.fit(problem, indices, teacher, FitRun(progress))
    told = predict(specification, fitted, problem, indices, progress)
    return soft_targets(told, indices, len(problem))


def arrays_as_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as the bytes of one file."""
    from safetensors.numpy import save

    content: bytes = save({name: np.ascontiguousarray(one) for name, one in arrays.items()})
    return content


def arrays_from_bytes(content: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of such a file."""
    from safetensors.numpy import load

    arrays: dict[str, NDArray[Any]] = load(content)
    return arrays
